//! The chain's records, sorted by what they are about.

use std::collections::BTreeMap;

use jiff::Timestamp;
use memchr::memmem;

use crate::evidence::{CaseId, Digest, Entry, EvidenceId, Lesson, Record};

/// A record, as far as a case needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its place in the chain.
    pub seq: u64,
    /// Wall clock.
    pub at: Timestamp,
    /// What happened.
    pub entry: Entry,
}

/// Records by message and by case, each in the chain's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    pub(super) messages: BTreeMap<EvidenceId, Vec<Act>>,
    pub(super) cases: BTreeMap<CaseId, Vec<Act>>,
    pub(super) gaps: Vec<Act>,
    /// How many records were taken.
    pub(super) records: u64,
}

/// Actions that no case has anything of; half of a chain and more.
const OF_NO_CASE: [&str; 3] =
    ["\"event.action\":\"cursor\"", "\"event.action\":\"scan-batch\"", "\"event.action\":\"heartbeat\""];

impl Ledger {
    /// Takes the next line of the chain; those that say nothing of cases, or that this version cannot read, are counted.
    pub fn take_line(&mut self, seq: u64, line: &str) {
        // A quotation mark inside a JSON string is escaped, so that these stand nowhere else.
        if OF_NO_CASE.iter().all(|action| memmem::find(line.as_bytes(), action.as_bytes()).is_none())
            && let Ok(record) = Record::from_line(line)
        {
            self.take(&record);
        }
        self.records = seq.saturating_add(1);
    }

    /// Takes the next record of the chain.
    pub fn take(&mut self, record: &Record) {
        self.records = record.seq.saturating_add(1);
        let act = || Act { seq: record.seq, at: record.at, entry: record.entry.clone() };
        match &record.entry {
            Entry::Captured { id, .. }
            | Entry::Judged { id, .. }
            | Entry::NotJudged { id: Some(id), .. }
            | Entry::MoveIntent { id, .. }
            | Entry::Copied { id, .. }
            | Entry::MoveResult { id, .. }
            | Entry::Released { id, .. }
            | Entry::Refetched { id, .. }
            | Entry::Reported { id, .. }
            | Entry::Viewed { id }
            | Entry::ReleaseAsked { id }
            | Entry::Learned { id, .. }
            | Entry::Unlearned { id }
            | Entry::Erased { id: Some(id), .. } => self.messages.entry(*id).or_default().push(act()),
            Entry::CaseOpened { case, .. }
            | Entry::CaseAdded { case, .. }
            | Entry::CaseNote { case, .. }
            | Entry::CaseHeld { case, .. }
            | Entry::Exported { case, .. } => self.cases.entry(*case).or_default().push(act()),
            Entry::WatchGap { .. } => self.gaps.push(act()),
            _ => {}
        }
    }

    /// Every message that was captured.
    pub fn messages(&self) -> impl Iterator<Item = EvidenceId> + '_ {
        self.messages.keys().copied()
    }

    /// Messages whose id begins so.
    pub fn begins(&self, prefix: &str) -> Vec<EvidenceId> {
        self.messages().filter(|id| id.to_string().starts_with(prefix)).collect()
    }

    /// The lessons that stand, in the order of the record: the message, when, what, and the note that names the sender.
    pub fn lessons(&self) -> Vec<(EvidenceId, Timestamp, Lesson, Digest)> {
        let mut standing: Vec<(u64, EvidenceId, Timestamp, Lesson, Digest)> = Vec::new();
        for (id, acts) in &self.messages {
            let last = acts.iter().rev().find_map(|act| match act.entry {
                Entry::Learned { lesson, sha256, .. } => Some(Some((act.seq, *id, act.at, lesson, sha256))),
                Entry::Unlearned { .. } => Some(None),
                _ => None,
            });
            standing.extend(last.flatten());
        }
        standing.sort_unstable_by_key(|(seq, ..)| *seq);
        standing.into_iter().map(|(_, id, at, lesson, sha256)| (id, at, lesson, sha256)).collect()
    }

    /// Messages that were put into a case by hand.
    pub fn added(&self) -> impl Iterator<Item = EvidenceId> + '_ {
        self.cases
            .values()
            .flatten()
            .flat_map(|act| match &act.entry {
                Entry::CaseAdded { ids, .. } => ids.as_slice(),
                _ => &[],
            })
            .copied()
    }

    /// Every case that was opened.
    pub fn cases(&self) -> impl Iterator<Item = CaseId> + '_ {
        self.cases.iter().filter(|(_, acts)| opening(acts).is_some()).map(|(case, _)| *case)
    }

    /// Every case that was opened, with the note that says what it is called or whom it is about.
    pub fn openings(&self) -> impl Iterator<Item = (CaseId, Digest)> + '_ {
        self.cases.iter().filter_map(|(case, acts)| Some((*case, opening(acts)?.1)))
    }

    /// The number that the next case of a year gets.
    pub fn next_case(&self, year: u16) -> CaseId {
        let last = self.cases.keys().filter(|case| case.year == year).map(|case| case.number).max();
        CaseId { year, number: last.unwrap_or(0).saturating_add(1) }
    }

    /// The notes of every case: what is called, and what the person tells.
    pub fn notes(&self) -> impl Iterator<Item = Digest> + '_ {
        self.cases.values().flatten().filter_map(|act| match act.entry {
            Entry::CaseOpened { sha256, .. } | Entry::CaseNote { sha256, .. } => Some(sha256),
            _ => None,
        })
    }
}

/// The record that opened a case.
pub(super) fn opening(acts: &[Act]) -> Option<(&Act, Digest)> {
    acts.iter().find_map(|act| match act.entry {
        Entry::CaseOpened { sha256, .. } => Some((act, sha256)),
        _ => None,
    })
}
