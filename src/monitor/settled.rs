//! How a move ended, and putting that on record.

use std::time::{Duration, Instant};

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
    /// It led from quarantine back.
    back: bool,
    /// Where it stands now, where it was moved back and the server told.
    now: Option<Position>,
}

impl Settled {
    pub(super) fn moved(intent: &Intent, destination_uid: Option<u32>) -> Self {
        let now = destination_uid.filter(|_| intent.back).map(|uid| Position {
            account: intent.position.account.clone(),
            mailbox: intent.destination.clone(),
            uidvalidity: intent.destination_uidvalidity,
            uid,
        });
        Self { now, ..Self::new(intent, Outcome::Moved, destination_uid, None) }
    }

    pub(super) fn gone(intent: &Intent) -> Self {
        Self::new(intent, Outcome::GoneByOther, None, None)
    }

    pub(super) fn refused(intent: &Intent, reason: &str) -> Self {
        Self::new(intent, Outcome::Refused, None, Some(reason.to_owned()))
    }

    fn new(intent: &Intent, outcome: Outcome, destination_uid: Option<u32>, reason: Option<String>) -> Self {
        let (position, back) = (intent.position.clone(), intent.back);
        Self { id: intent.id, position, outcome, destination_uid, reason, back, now: None }
    }

    /// That it stands where the person wanted it, so that it is not met there as a new message.
    fn released(&self) -> Option<Entry> {
        let position = self.now.clone()?;
        Some(Entry::Released { id: self.id, position, identity: "moved".to_owned() })
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
        let entries = settled.iter().flat_map(|one| [Some(one.entry()), one.released()]).flatten().collect();
        self.store.commit(Batch { entries, ..Batch::default() }).await?;
        // Moved, it is looked at again; settled, it may be told of.
        self.second_look.notify_one();
        self.herald.notify_one();
        for one in settled {
            if let (Some(uid), Some(quarantine)) = (one.destination_uid, quarantine.as_deref_mut()) {
                quarantine.uidnext = quarantine.uidnext.max(uid.saturating_add(1));
            }
            self.tell_settled(one, after);
        }
        Ok(())
    }

    /// Logs without content, counts, and tells those who watch.
    pub(super) fn tell_settled(&self, one: Settled, after: Duration) {
        let account = self.name();
        let (uid, id) = (one.position.uid, one.id);
        match one.outcome {
            Outcome::Moved if one.back => {
                info!(account, uid, evidence = %id, "moved back, as the person asked");
            }
            Outcome::Moved => {
                info!(account, uid, evidence = %id, after_us = after.as_micros() as u64, "moved to quarantine");
                self.pulse.moved(account, after);
                self.pulse.count(|counts| counts.quarantined = counts.quarantined.saturating_add(1));
            }
            Outcome::GoneByOther => {
                info!(account, uid, evidence = %id, "already gone; evidence kept");
            }
            Outcome::Refused => {
                let reason = one.reason.as_deref().unwrap_or_default();
                warn!(account, uid, evidence = %id, reason, "not moved; it stays");
                if one.back {
                    let why = format!("{id} could not be moved back ({reason}): it stays in quarantine");
                    self.pulse.went_wrong(account, why);
                }
            }
        }
        self.observer.tell(if one.back {
            Event::GivenBack { id, outcome: one.outcome }
        } else {
            Event::Settled { id, position: one.position, outcome: one.outcome, after }
        });
    }
}
