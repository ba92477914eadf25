//! How a move ended, and putting that on record.

use std::time::Instant;

use tracing::{info, warn};

use super::Error;
use super::account::Account;
use super::event::Event;
use super::quarantine::{Intent, Quarantine};
use crate::evidence::{Entry, EvidenceId, Outcome, Position};
use crate::store::Batch;

/// How one move ended.
#[derive(Debug)]
pub(super) struct Settled {
    id: EvidenceId,
    position: Position,
    outcome: Outcome,
    destination_uid: Option<u32>,
    reason: Option<String>,
}

impl Settled {
    pub(super) fn moved(intent: &Intent, destination_uid: Option<u32>) -> Self {
        Self::new(intent, Outcome::Moved, destination_uid, None)
    }

    pub(super) fn gone(intent: &Intent) -> Self {
        Self::new(intent, Outcome::GoneByOther, None, None)
    }

    pub(super) fn refused(intent: &Intent, reason: &str) -> Self {
        Self::new(intent, Outcome::Refused, None, Some(reason.to_owned()))
    }

    fn new(intent: &Intent, outcome: Outcome, destination_uid: Option<u32>, reason: Option<String>) -> Self {
        Self { id: intent.id, position: intent.position.clone(), outcome, destination_uid, reason }
    }

    pub(super) fn entry(&self) -> Entry {
        Entry::MoveResult {
            id: self.id,
            outcome: self.outcome,
            destination_uid: self.destination_uid,
            reason: self.reason.clone(),
        }
    }
}

impl Account {
    pub(super) async fn record_outcomes(
        &mut self,
        mut quarantine: Option<&mut Quarantine>,
        settled: Vec<Settled>,
        woke: Instant,
    ) -> Result<(), Error> {
        // The server has said so; what follows is only our own note of it.
        let after = woke.elapsed();
        let entries = settled.iter().map(Settled::entry).collect();
        self.store.commit(Batch { entries, ..Batch::default() }).await?;
        if settled.iter().any(|one| one.outcome == Outcome::Moved) {
            self.second_look.notify_one();
        }
        for one in settled {
            if let (Some(uid), Some(quarantine)) = (one.destination_uid, quarantine.as_deref_mut()) {
                quarantine.uidnext = quarantine.uidnext.max(uid.saturating_add(1));
            }
            match one.outcome {
                Outcome::Moved => {
                    info!(
                        account = self.name(),
                        uid = one.position.uid,
                        evidence = %one.id,
                        after_us = after.as_micros() as u64,
                        "moved to quarantine"
                    );
                    self.pulse.moved(self.name(), after);
                    self.pulse.count(|counts| counts.quarantined = counts.quarantined.saturating_add(1));
                }
                Outcome::GoneByOther => {
                    info!(account = self.name(), uid = one.position.uid, evidence = %one.id, "already gone; evidence kept");
                }
                Outcome::Refused => {
                    let reason = one.reason.as_deref().unwrap_or_default();
                    warn!(account = self.name(), uid = one.position.uid, evidence = %one.id, reason, "not moved; it stays");
                }
            }
            self.observer.tell(Event::Settled {
                id: one.id,
                position: one.position,
                outcome: one.outcome,
                after,
            });
        }
        Ok(())
    }
}
