//! What a record says of the day in which it was written: acts, faults, gaps, clocks.

use super::Gather;
use crate::digest::draft::{Draft, Gap};
use crate::evidence::{Appended, Entry, Lesson, Outcome, Record, Refetch};

impl Gather {
    /// What a record says of the day in which it was written.
    pub(super) fn of_day(&mut self, record: &Record) {
        let (seq, at) = (record.seq, record.at);
        match &record.entry {
            Entry::ScanBatch { clean, .. } => {
                self.count(|count| count.clean = count.clean.saturating_add(*clean));
            }
            Entry::ServiceStop => self.stopped = Some(at),
            Entry::ServiceStart { .. } => self.stopped = None,
            Entry::DigestWritten { next, .. }
                if self.drafts.first().is_some_and(|draft| draft.first == *next) =>
            {
                self.written_before = Some(seq);
            }
            _ => {}
        }
        if let Entry::WatchGap { account, from, until, reason } = &record.entry
            && !self.drafts.is_empty()
        {
            let taker = self.open.then_some(self.drafts.len().saturating_sub(1));
            self.gaps.push(Gap {
                seq,
                account: account.clone(),
                from: *from,
                until: *until,
                reason: reason.clone(),
                open: false,
                taker,
            });
        }
        let earlier = match &record.entry {
            // What the person asked for is told as that, and corrects nothing.
            Entry::MoveResult { id, .. } if self.returning.remove(id).is_some() => false,
            Entry::MoveResult { id, .. } | Entry::Refetched { id, .. } => self.is_earlier(*id),
            _ => false,
        };
        let ruleset = self.ruleset;
        let Some(draft) = self.draft() else { return };
        draft.ruleset = ruleset;
        match &record.entry {
            Entry::ScanBatch { account, clean, .. } => {
                draft.clean = draft.clean.saturating_add(*clean);
                let (messages, last) = draft.accounts.entry(account.clone()).or_default();
                *messages = messages.saturating_add(*clean);
                *last = (*last).max(Some(at));
            }
            Entry::ServiceStart { synchronised, .. } => draft.synchronised = *synchronised,
            Entry::ClockStep { step_ms } => draft.step(*step_ms),
            Entry::Recovery { what, .. } => draft.fault("recovery", Some(what), at),
            Entry::MoveResult { id, outcome, reason, .. } => {
                if *outcome == Outcome::Refused {
                    draft.fault("move-refused", reason.as_deref(), at);
                }
                if earlier {
                    draft.later(seq, at, "move-result", Some(word(*outcome)), Some(*id));
                }
            }
            Entry::Refetched { id, found, .. } => {
                let found = match found {
                    Refetch::Different => "different",
                    Refetch::Gone => "gone",
                    Refetch::Same | Refetch::Reserialised => return,
                };
                draft.fault("refetch-verified", Some(found), at);
                if earlier {
                    draft.later(seq, at, "refetch-verified", Some(found), Some(*id));
                }
            }
            Entry::AppendResult { outcome: Appended::Refused, reason, .. } => {
                draft.fault("append-result", reason.as_deref(), at);
            }
            Entry::Notified { reason: Some(reason), .. } => draft.fault("notified", Some(reason), at),
            Entry::Witness { kind, size, .. } => draft.witness(kind, *size, at),
            _ => act(draft, record),
        }
    }
}

/// What the person did.
fn act(draft: &mut Draft, record: &Record) {
    let (seq, at) = (record.seq, record.at);
    match &record.entry {
        Entry::ReleaseAsked { id } => draft.act(seq, at, "release-asked", None, Some(*id), None),
        Entry::Learned { id, lesson, .. } => {
            let lesson = match lesson {
                Lesson::Wanted => "wanted",
                Lesson::Unwanted => "unwanted",
            };
            draft.act(seq, at, "learned", Some(lesson), Some(*id), None);
        }
        Entry::Unlearned { id } => draft.act(seq, at, "unlearned", None, Some(*id), None),
        Entry::Released { id, .. } => draft.act(seq, at, "release", None, Some(*id), None),
        Entry::Reported { id, .. } => draft.act(seq, at, "report", None, Some(*id), None),
        Entry::Erased { id, reason, .. } if reason == "asked" => {
            draft.act(seq, at, "evidence-erased", Some(reason), *id, None);
        }
        Entry::CaseOpened { case, .. } => draft.act(seq, at, "case-opened", None, None, Some(*case)),
        Entry::CaseAdded { case, .. } => draft.act(seq, at, "case-added", None, None, Some(*case)),
        Entry::CaseNote { case, .. } => draft.act(seq, at, "case-note", None, None, Some(*case)),
        Entry::CaseHeld { case, held } => {
            let held = if *held { "on" } else { "off" };
            draft.act(seq, at, "case-held", Some(held), None, Some(*case));
        }
        Entry::Exported { case, variant, .. } => {
            draft.act(seq, at, "export", Some(variant), None, Some(*case));
        }
        _ => {}
    }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Moved => "moved",
        Outcome::GoneByOther => "gone-by-other",
        Outcome::Refused => "refused",
    }
}
