//! From a draft to its digest: what the records say, put beside what was read out of the messages.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{Draft, Facts, Gap, MOST_FAULTS, MOST_ITEMS, Pending, categories};
use crate::case::Letter;
use crate::digest::day::{
    self, Account, Action, Bounds, Clocks, Corrected, Correction, Day, Fault, Hits, Integrity, Item, Kind,
    OfSeverity, Outage, Status, Storage, Verify, Versions, Witness,
};
use crate::digest::moment::Moment;
use crate::digest::period::Period;
use crate::evidence::{EvidenceId, Head, Note};
use crate::indicator::Category;
use crate::message::Excerpt;
use crate::verdict::{Level, Severity};

impl Draft {
    /// The messages that are listed, the heaviest first.
    fn listed(&self) -> Vec<&Pending> {
        let mut listed: Vec<&Pending> = self
            .items
            .iter()
            .filter(|item| item.told.level != Some(Level::Clean) || item.kind == Kind::Reported)
            .collect();
        listed.sort_by_key(|item| {
            let told = &item.told;
            (std::cmp::Reverse((told.severity, told.level, told.score.map(|score| score.0))), item.seq)
        });
        listed
    }

    /// The messages whose letters [`Draft::day`] wants: those that are listed, and those of the days before in which a
    /// sender of today may be found again.
    pub fn wanted(&self) -> Vec<EvidenceId> {
        let listed = self.listed();
        let today = listed.iter().take(MOST_ITEMS).filter_map(|item| item.id);
        let earlier = self.earlier.iter().map(|(id, _)| *id).filter(|_| !listed.is_empty());
        today.chain(earlier).collect()
    }

    /// The digest. Letters that are not there were erased.
    pub fn day(self, letters: &BTreeMap<EvidenceId, Letter>, facts: &Facts) -> Day {
        let listed = self.listed();
        let items: Vec<Item> =
            listed.iter().take(MOST_ITEMS).map(|item| self.item(item, letters, facts)).collect();
        let items_left = listed.len().saturating_sub(MOST_ITEMS) as u64;
        let repeats = self.repeats(&listed, letters);
        let outages = self.all_outages(facts);
        let of_level = |level: Level| {
            let judged = self.items.iter().filter(|item| item.kind == Kind::Judged);
            judged.filter(|item| item.told.level == Some(level)).count() as u64
        };
        let of_kind = |kind: Kind| self.items.iter().filter(|item| item.kind == kind).count() as u64;
        let clean = self.clean.saturating_add(of_level(Level::Clean));
        let (suspicious, threats) = (of_level(Level::Suspicious), of_level(Level::Threat));
        let mut day = Day {
            schema_version: day::SCHEMA_VERSION,
            date: self.period.date,
            timezone: self
                .zone
                .iana_name()
                .map_or_else(|| Moment::new(self.period.start, &self.zone).offset(), str::to_owned),
            scope: self.scope,
            period: self.bounds(),
            watching_since: self.began.map(|at| self.moment(at)),
            made: self.moment(self.now),
            status: Status::Ok,
            scanned: clean.saturating_add(suspicious).saturating_add(threats),
            clean,
            suspicious,
            threats,
            quarantined: self.quarantined(),
            not_judged: of_kind(Kind::NotJudged),
            reported: of_kind(Kind::Reported),
            hits: self.hits(),
            items,
            items_left,
            repeats,
            outages,
            errors: self.errors(),
            clock: Clocks { synchronised: self.synchronised, max_step_ms: self.max_step_ms },
            integrity: self.integrity(facts),
            storage: facts.storage.map(|(bytes, free)| Storage { bytes, free }),
            versions: Versions { app: env!("CARGO_PKG_VERSION").to_owned(), ruleset: self.ruleset },
            accounts: self.accounts(facts),
            corrections: self.corrections(),
            actions_by_user: self.acts,
            actions_later: self.laters,
            actions_left: self.acts_left,
            month: self.month,
        };
        day.status = day.judge();
        day
    }

    fn bounds(&self) -> Bounds {
        let Period { start, end, .. } = self.period;
        Bounds { start: self.moment(start), end: self.moment(end), start_utc: start, end_utc: end }
    }

    fn quarantined(&self) -> u64 {
        let moved = |item: &&Pending| {
            item.kind == Kind::Judged
                && item.told.level == Some(Level::Threat)
                && matches!(item.action, Action::Moved | Action::Released)
        };
        self.items.iter().filter(moved).count() as u64
    }

    fn hits(&self) -> Hits {
        let mut by_category: BTreeMap<Category, u64> = BTreeMap::new();
        let mut by_severity: BTreeMap<Severity, u64> = BTreeMap::new();
        let threats = self
            .items
            .iter()
            .filter(|item| item.kind == Kind::Judged && item.told.level == Some(Level::Threat));
        for item in threats {
            *by_category.entry(item.told.category.unwrap_or(Category::Other)).or_default() += 1;
            *by_severity.entry(item.told.severity.unwrap_or(Severity::Low)).or_default() += 1;
        }
        let severities = by_severity.into_iter().rev();
        Hits {
            by_category: categories(&by_category),
            by_severity: severities.map(|(severity, count)| OfSeverity { severity, count }).collect(),
        }
    }

    fn all_outages(&self, facts: &Facts) -> Vec<Outage> {
        let mut outages = self.outages.clone();
        let end = self.period.end.min(self.now);
        for (account, since, reason) in &facts.unwatched {
            let gap = Gap {
                seq: self.next,
                account: account.clone(),
                from: *since,
                until: self.now,
                reason: reason.clone(),
                open: true,
                taker: None,
            };
            outages.extend(self.outage(&gap, self.period.start, end));
        }
        outages.sort_by_key(|outage| outage.from);
        outages.truncate(MOST_FAULTS);
        outages
    }

    fn errors(&self) -> Vec<Fault> {
        self.faults
            .iter()
            .map(|((what, detail), (count, last))| Fault {
                what: what.clone(),
                detail: detail.clone(),
                count: *count,
                last: self.moment(*last),
            })
            .collect()
    }

    fn integrity(&self, facts: &Facts) -> Integrity {
        let parsed = facts.checkpoint.as_ref().and_then(|note| Note::parse(note.as_bytes()).ok());
        let checkpoint = parsed.map(|note| note.checkpoint);
        let root = checkpoint.as_ref().and_then(|checkpoint| {
            // The third line of the signed text, as it stands there.
            checkpoint.text().lines().nth(2).map(str::to_owned)
        });
        let head = facts.head.unwrap_or(Head::GENESIS);
        Integrity {
            first_seq: self.first,
            next_seq: self.next,
            records: head.seq,
            head: head.prev,
            checkpoint: facts.checkpoint.clone().filter(|_| checkpoint.is_some()),
            checkpoint_size: checkpoint.as_ref().map(|checkpoint| checkpoint.size),
            checkpoint_root: root,
            fingerprint: facts.fingerprint,
            verify: match facts.verified {
                None => Verify::Chain,
                Some(true) => Verify::Ok,
                Some(false) => Verify::Failed,
            },
            witnesses: self
                .witnesses
                .iter()
                .map(|(kind, (size, at))| Witness { kind: kind.clone(), size: *size, at: self.moment(*at) })
                .collect(),
        }
    }

    fn accounts(&self, facts: &Facts) -> Vec<Account> {
        let mut all: BTreeMap<&str, (u64, Option<Timestamp>)> = BTreeMap::new();
        for (name, checked) in &facts.accounts {
            all.insert(name, (0, *checked));
        }
        for (name, (messages, last)) in &self.accounts {
            let entry = all.entry(name).or_default();
            entry.0 += messages;
            entry.1 = entry.1.max(*last);
        }
        for item in &self.items {
            if let Some(position) = &item.position {
                let entry = all.entry(&position.account).or_default();
                entry.0 += 1;
                entry.1 = entry.1.max(Some(item.at));
            }
        }
        all.into_iter()
            .map(|(name, (messages, last))| Account {
                name: Excerpt::new(name),
                last_checked: last.map(|at| self.moment(at)),
                messages,
            })
            .collect()
    }

    fn corrections(&self) -> Vec<Correction> {
        let late = self.late.iter().map(|(seq, outage)| Correction {
            seq: *seq,
            what: Corrected::Outage,
            evidence_id: None,
            outage: Some(outage.clone()),
            level: None,
        });
        let anew = self.corrected.iter().take(MOST_FAULTS).map(|(seq, id, level)| Correction {
            seq: *seq,
            what: Corrected::Verdict,
            evidence_id: *id,
            outage: None,
            level: *level,
        });
        late.chain(anew).collect()
    }
}

impl Day {
    /// How komainu did, from all the rest.
    fn judge(&self) -> Status {
        let length = self.period.end.at().min(self.made.at()).duration_since(self.period.start.at());
        let out = self.unwatched();
        let most = SignedDuration::from_secs(60);
        if self.integrity.verify == Verify::Failed
            || (self.scanned == 0 && out > SignedDuration::ZERO && length - out <= most)
        {
            Status::Failed
        } else if out > SignedDuration::ZERO || self.not_judged > 0 || !self.errors.is_empty() {
            Status::Degraded
        } else {
            Status::Ok
        }
    }

    /// For how long something was not watched: the union of the outages.
    pub fn unwatched(&self) -> SignedDuration {
        let mut spans: Vec<(Timestamp, Timestamp)> =
            self.outages.iter().map(|outage| (outage.from.at(), outage.until.at())).collect();
        spans.sort_unstable();
        let mut total = SignedDuration::ZERO;
        let mut reached = Timestamp::MIN;
        for (from, until) in spans {
            let from = from.max(reached);
            if from < until {
                total += until.duration_since(from);
                reached = until;
            }
        }
        total
    }
}
