//! A message of a draft, and the sender who wrote before.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::{Draft, Facts, MOST_FAULTS, MOST_ITEMS, Pending, Told, machine};
use crate::case::{self, Letter};
use crate::digest::day::{Action, Demanded, Item, Reason, Repeat, Valued};
use crate::digest::moment::Moment;
use crate::evidence::EvidenceId;
use crate::indicator::Hundredths;
use crate::message::Excerpt;
use crate::verdict;

/// Values of one kind in one message.
const MOST_VALUES: usize = 5;
/// Findings that say how the score is put together, and nothing of the message.
const SUMS: [&str; 3] = [verdict::BASE_RATE, verdict::FAMILY_CAP, verdict::GATE];

impl Draft {
    pub(super) fn item(&self, item: &Pending, letters: &BTreeMap<EvidenceId, Letter>, facts: &Facts) -> Item {
        let letter = item.id.and_then(|id| letters.get(&id)).filter(|_| !item.erased);
        let first = |list: &[String]| list.iter().find(|one| !one.is_empty()).map(|one| Excerpt::new(one));
        let from = letter.and_then(|letter| first(&letter.from));
        let reply =
            letter.and_then(|letter| first(&letter.reply_to)).filter(|reply| Some(reply) != from.as_ref());
        let by_sender =
            || letter.and_then(Letter::sender).and_then(|sender| facts.senders.get(&sender)).copied();
        let position = item.position.as_ref();
        Item {
            kind: item.kind,
            evidence_id: item.id,
            seq: item.seq,
            account: Excerpt::new(position.map_or("", |position| &position.account)),
            mailbox: Excerpt::new(position.map_or("", |position| &position.mailbox)),
            internaldate: item.received.map(|at| self.moment(at)),
            processed_at: self.moment(item.at),
            level: item.told.level,
            category: item.told.category,
            severity: item.told.severity,
            score: item.told.score.map(Hundredths::as_f64),
            from_display: letter.and_then(|letter| first(&letter.names)),
            from_addr: from,
            reply_to: reply,
            subject: letter.map(|letter| Excerpt::new(&letter.subject)),
            attachments: letter.map(attachments).unwrap_or_default(),
            demand: letter.and_then(demanded),
            reasons: reasons(&item.told, letter),
            not_judged: item.told.not_judged.as_deref().map(machine),
            action: item.action,
            folder: match item.action {
                Action::Moved | Action::Pending => item.destination.as_deref(),
                Action::Released => item.returned.as_deref(),
                Action::GoneByOther => None,
                Action::Kept | Action::Refused | Action::MovedByUser => {
                    position.map(|position| position.mailbox.as_str())
                }
            }
            .map(Excerpt::new),
            case: item.id.and_then(|id| self.cases.get(&id).copied()).or_else(by_sender),
            erased: item.erased,
        }
    }

    pub(super) fn repeats(&self, listed: &[&Pending], letters: &BTreeMap<EvidenceId, Letter>) -> Vec<Repeat> {
        let sender = |id: EvidenceId| letters.get(&id).and_then(Letter::sender);
        let mut today: BTreeMap<String, u64> = BTreeMap::new();
        for id in listed.iter().take(MOST_ITEMS).filter_map(|item| item.id) {
            if let Some(sender) = sender(id) {
                *today.entry(sender).or_default() += 1;
            }
        }
        let mut before: BTreeMap<String, (u64, Timestamp)> = BTreeMap::new();
        for (id, at) in &self.earlier {
            if let Some(sender) = sender(*id).filter(|sender| today.contains_key(sender)) {
                let (count, first) = before.entry(sender).or_insert((0, *at));
                *count += 1;
                *first = (*first).min(*at);
            }
        }
        let mut repeats: Vec<Repeat> = before
            .into_iter()
            .map(|(sender, (count, first))| {
                let today = today.get(&sender).copied().unwrap_or_default();
                let first_seen = self.moment(first);
                Repeat { sender: Excerpt::new(&sender), today, count: count + today, first_seen }
            })
            .collect();
        repeats.sort_by_key(|repeat| std::cmp::Reverse(repeat.count));
        repeats.truncate(MOST_FAULTS);
        repeats
    }
}

fn attachments(letter: &Letter) -> Vec<Excerpt> {
    letter.attachments.iter().take(MOST_VALUES).map(|file| Excerpt::new(&file.name)).collect()
}

fn demanded(letter: &Letter) -> Option<Demanded> {
    let demand = letter.demand.as_ref()?;
    let valued = |list: &[case::Valued]| {
        let most = list.iter().take(MOST_VALUES);
        most.map(|one| Valued { kind: Excerpt::new(&one.kind), value: Excerpt::new(&one.text()) }).collect()
    };
    Some(Demanded {
        claims_to_be: demand.claims_to_be.as_deref().map(Excerpt::new),
        amounts: valued(&demand.amounts),
        deadline: demand.deadline.as_deref().and_then(deadline),
        pay_to: valued(&demand.pay_to),
        contacts: valued(&demand.contacts),
    })
}

/// As it is kept, without seconds, in the offset in which it was read.
fn deadline(written: &str) -> Option<Moment> {
    let (minute, offset) = written.split_at_checked(16)?;
    format!("{minute}:00{offset}").parse().ok()
}

/// What spoke for the judgement, the weightiest first, with the words in which it was seen.
fn reasons(told: &Told, letter: Option<&Letter>) -> Vec<Reason> {
    let mut findings: Vec<&(String, Hundredths)> =
        told.findings.iter().filter(|(id, weight)| weight.0 > 0 && !SUMS.contains(&id.as_str())).collect();
    findings.sort_by_key(|(_, weight)| std::cmp::Reverse(weight.0));
    findings
        .into_iter()
        .take(MOST_VALUES)
        .map(|(indicator, weight)| Reason {
            indicator: machine(indicator),
            weight: weight.as_f64(),
            excerpt: letter.and_then(|letter| {
                let seen = letter.findings.iter().find(|seen| seen.indicator == *indicator)?;
                let shown = serde_json::from_value::<Excerpt>(Value::String(seen.excerpt.clone()));
                shown.ok().filter(|shown| !shown.as_str().is_empty())
            }),
        })
        .collect()
}
