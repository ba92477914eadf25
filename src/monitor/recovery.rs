//! After a crash or a cut line: every announced move that has no result is brought to its end before new mail is read.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use tracing::{info, warn};

use super::Error;
use super::account::Account;
use super::locate::{Copies, Found};
use super::mailbox::Open;
use super::quarantine::{Intent, Quarantine, is_refused};
use super::settled::Settled;
use crate::evidence::{Method, Position};
use crate::imap::{self, Session};
use crate::store::Batch;

impl Account {
    /// Settles all open intents of this account. Without a quarantine mailbox (observe mode) nothing
    /// is sent: what has not been moved stays where it is, and that is its result.
    pub(super) async fn recover(
        &mut self,
        session: &mut Session,
        mut quarantine: Option<&mut Quarantine>,
    ) -> Result<(), Error> {
        let open = self.store.open_intents(self.name()).await?;
        if open.is_empty() {
            return Ok(());
        }
        info!(account = self.name(), intents = open.len(), "settling moves that were under way");
        let mut by_source: BTreeMap<(String, u32, String, bool), Vec<Intent>> = BTreeMap::new();
        for intent in open {
            let Position { mailbox, uidvalidity, .. } = &intent.position;
            let source = (mailbox.clone(), *uidvalidity, intent.destination.clone(), intent.back);
            by_source.entry(source).or_default().push(intent);
        }
        for ((mailbox, uidvalidity, destination, back), intents) in by_source {
            let mut home = None;
            if back && self.may_move() {
                match self.destination(session, &destination, session.move_path()).await {
                    Ok(found) => home = Some(found),
                    // What cannot be looked at now is settled at the next connection, and keeps nobody from being watched.
                    Err(Error::Imap(error)) if is_refused(&error) => {
                        warn!(account = self.name(), %error, "a release cannot be settled now");
                        continue;
                    }
                    Err(error) => return Err(error),
                }
            }
            let to = if back { home.as_mut() } else { quarantine.as_deref_mut() };
            self.recover_mailbox(session, to, &mailbox, uidvalidity, intents).await?;
        }
        Ok(())
    }

    async fn recover_mailbox(
        &mut self,
        session: &mut Session,
        mut quarantine: Option<&mut Quarantine>,
        name: &str,
        uidvalidity: u32,
        intents: Vec<Intent>,
    ) -> Result<(), Error> {
        let all: Vec<&Intent> = intents.iter().collect();
        let opened = match session.find_mailbox(name).await? {
            None => None,
            Some(mailbox) => {
                let selected = if self.may_move() {
                    session.select(&mailbox).await
                } else {
                    session.examine(&mailbox).await
                };
                match selected {
                    Ok(selected) => Some((mailbox, selected)),
                    // Listed and not to be opened: gone meanwhile, or for a while. It is not waited for either way unless
                    // the server says that it is only busy.
                    Err(error) if is_refused(&error) && !is_passing(&error) => None,
                    Err(error) => return Err(error.into()),
                }
            }
        };
        let Some((mailbox, selected)) = opened else {
            // The mailbox was deleted or renamed: only the destination can tell, and the others go on.
            let settled = self.settle_by_destination(session, &all, "source-missing").await?;
            return self.record_outcomes(quarantine, settled, Instant::now()).await;
        };
        let mut source = Open {
            mailbox,
            uidvalidity: selected.uidvalidity,
            start_uid: 1,
            next_uid: 1,
            may_move: !selected.read_only && !selected.uid_not_sticky,
            look_only: false,
        };
        if selected.uidvalidity != uidvalidity {
            // The stored UIDs are void: only the destination can tell. What is not there will be met again in the
            // source under its new UID, and judged there.
            let settled = self.settle_by_destination(session, &all, "uidvalidity-changed").await?;
            return self.record_outcomes(quarantine, settled, Instant::now()).await;
        }
        let mut settled = Vec::new();
        let mut copied = Vec::new();
        let mut again = Vec::new();
        for (intent, found) in self.locate(session, &mut source, &all, &BTreeSet::new()).await? {
            match found {
                Found::Destination(uid) => settled.push(Settled::moved(intent, uid)),
                Found::Nowhere => settled.push(Settled::gone(intent)),
                // A MOVE is never half done: while the source stands, the other one is not its copy.
                Found::Both(uid) if intent.method == Method::Copy => copied.push((intent, uid)),
                Found::Both(_) | Found::Source => again.push(intent.clone()),
            }
        }
        let may_move = source.may_move && quarantine.as_deref().is_some_and(Quarantine::can_move);
        if may_move {
            settled.extend(self.remove_copied(session, &copied).await?);
        } else {
            settled.extend(copied.iter().map(|(intent, _)| Settled::refused(intent, "observe")));
        }
        if !may_move {
            settled.extend(again.iter().map(|intent| Settled::refused(intent, "observe")));
            again.clear();
        }
        self.record_outcomes(quarantine.as_deref_mut(), settled, Instant::now()).await?;
        // A copy that was cut short may have left \Deleted on the source; it is made again as a whole.
        let uids: BTreeSet<u32> = again
            .iter()
            .filter(|intent| intent.method == Method::Copy)
            .map(|intent| intent.position.uid)
            .collect();
        if !uids.is_empty() {
            self.unmark(session, &uids.into_iter().collect::<Vec<_>>()).await?;
        }
        if let (Some(quarantine), false) = (quarantine, again.is_empty()) {
            let again = self.announce_anew(quarantine, again).await?;
            self.settle(session, &mut source, quarantine, again, Instant::now()).await?;
        }
        Ok(())
    }

    /// Where the configuration has named another quarantine mailbox since, the old announcement ends and a new one says
    /// where the message really goes.
    async fn announce_anew(&self, quarantine: &Quarantine, again: Vec<Intent>) -> Result<Vec<Intent>, Error> {
        let mut batch = Batch::default();
        let mut intents = Vec::new();
        for old in again {
            if old.destination == quarantine.mailbox.name() {
                intents.push(old);
                continue;
            }
            batch.entries.push(Settled::refused(&old, "destination-changed").entry());
            let size = usize::try_from(old.size).unwrap_or(usize::MAX);
            let new = quarantine.intent(old.id, old.position, old.sha256, size);
            batch.entries.push(new.entry());
            intents.push(new);
        }
        if !batch.entries.is_empty() {
            self.store.commit(batch).await?;
        }
        Ok(intents)
    }

    async fn settle_by_destination(
        &mut self,
        session: &mut Session,
        intents: &[&Intent],
        otherwise: &str,
    ) -> Result<Vec<Settled>, Error> {
        let Some(first) = intents.first() else { return Ok(Vec::new()) };
        let mut copies = match session.find_mailbox(&first.destination).await? {
            Some(destination) => self.copies(session, &destination, intents).await?,
            None => Copies::default(),
        };
        let mut settled = Vec::new();
        for intent in intents {
            if let Some(uid) = self.claim(&mut copies, intent).await? {
                settled.push(Settled::moved(intent, uid));
            } else {
                self.void.insert(intent.id);
                settled.push(Settled::refused(intent, otherwise));
            }
        }
        Ok(settled)
    }
}

/// A refusal that will pass (RFC 5530 §3).
fn is_passing(error: &imap::Error) -> bool {
    matches!(error.code(), Some("UNAVAILABLE" | "INUSE" | "LIMIT" | "SERVERBUG" | "THROTTLED"))
}
