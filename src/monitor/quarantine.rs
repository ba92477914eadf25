//! The quarantine mailbox: announcing moves, making them, and finding out how each one ended.
//!
//! An OK from the server is no proof. Each message settles on its own: by COPYUID, or by looking for it in both
//! mailboxes.

use std::collections::BTreeSet;
use std::time::Instant;

use tracing::warn;

use super::Error;
use super::account::Account;
use super::locate::Found;
use super::mailbox::Open;
use super::settled::Settled;
use crate::evidence::{Digest, Entry, EvidenceId, Method, Position};
use crate::imap::{self, Mailbox, MovePath, Session};
use crate::store::{Asked, Batch, OpenIntent};

/// UIDs in one move command: short command lines, and one bad message holds up few others.
const MOVES_A_COMMAND: usize = 100;

/// The mailbox that messages are moved to, as this connection sees it: the quarantine, or where a released one came from.
#[derive(Debug)]
pub(super) struct Quarantine {
    pub(super) mailbox: Mailbox,
    pub(super) uidvalidity: u32,
    /// A lower bound: others may have added since, and a search that starts too low only reads more.
    pub(super) uidnext: u32,
    pub(super) path: MovePath,
    /// True for the quarantine: made where it is missing. Where a released message came from is not.
    pub(super) is_made: bool,
}

/// A move that is on disk as announced, or about to be.
pub(super) type Intent = OpenIntent;

impl Quarantine {
    pub(super) fn can_move(&self) -> bool {
        matches!(self.path, MovePath::Move | MovePath::Copy)
    }

    /// Takes in what COPYUID tells of the mailbox: it may have been made anew by somebody else.
    fn met(&mut self, moved: &imap::Moved) {
        if let Some(uidvalidity) = moved.dest_uidvalidity.filter(|told| *told != self.uidvalidity) {
            self.uidvalidity = uidvalidity;
            self.uidnext = 1;
        }
    }

    async fn send(&self, session: &mut Session, uids: &[u32]) -> Result<imap::Moved, imap::Error> {
        match self.method() {
            Method::Move => session.move_to(uids, &self.mailbox).await,
            Method::Copy => session.copy_to(uids, &self.mailbox).await,
        }
    }

    fn method(&self) -> Method {
        if self.path == MovePath::Copy { Method::Copy } else { Method::Move }
    }

    /// The announcement of one move to here.
    pub(super) fn intent(&self, id: EvidenceId, position: Position, sha256: Digest, size: usize) -> Intent {
        Intent {
            id,
            position,
            method: self.method(),
            destination: self.mailbox.name().to_owned(),
            destination_uidvalidity: self.uidvalidity,
            destination_uidnext: self.uidnext,
            copied: None,
            sha256,
            size: size as u64,
            back: !self.is_made,
        }
    }

    /// The announcement of a move to here that the person asked for.
    pub(super) fn intent_back(&self, one: &Asked, position: Position) -> Intent {
        let size = usize::try_from(one.size).unwrap_or(usize::MAX);
        self.intent(one.id, position, one.sha256, size)
    }
}

impl Intent {
    /// A UID of the copy as it can be recorded: only under the UIDVALIDITY that was announced does it name anything.
    pub(super) fn recordable(&self, uidvalidity: Option<u32>, uid: u32) -> Option<u32> {
        uidvalidity.is_none_or(|uidvalidity| uidvalidity == self.destination_uidvalidity).then_some(uid)
    }

    /// As it goes into the chain.
    pub(super) fn entry(&self) -> Entry {
        Entry::MoveIntent {
            id: self.id,
            position: self.position.clone(),
            method: self.method,
            destination: self.destination.clone(),
            destination_uidvalidity: self.destination_uidvalidity,
            destination_uidnext: self.destination_uidnext,
        }
    }
}

impl Account {
    /// Finds or creates the quarantine mailbox. None in observe mode, where nothing is written on the wire, and where the
    /// server refuses it: then the account is watched all the same, and nothing is moved.
    pub(super) async fn find_quarantine(&self, session: &mut Session) -> Result<Option<Quarantine>, Error> {
        if !self.may_move() {
            return Ok(None);
        }
        let path = session.move_path();
        if let MovePath::None(reason) = &path {
            warn!(account = self.name(), %reason, "this server offers no safe way to move: nothing is moved");
        }
        match self.ensure_quarantine(session, path).await {
            Ok(quarantine) => Ok(Some(quarantine)),
            Err(Error::Imap(error)) if is_refused(&error) => {
                warn!(account = self.name(), %error, "the server refuses the quarantine mailbox: nothing is moved");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// What keeps this connection from moving anything, in words for the status.
    pub(super) fn held_back(&self, quarantine: Option<&Quarantine>) -> Option<String> {
        match quarantine {
            _ if !self.may_move() => None,
            None => Some("the server refuses the quarantine mailbox".to_owned()),
            Some(quarantine) if quarantine.can_move() => None,
            Some(_) => Some("the server offers no safe way to move".to_owned()),
        }
    }

    async fn ensure_quarantine(&self, session: &mut Session, path: MovePath) -> Result<Quarantine, Error> {
        let mailbox = session.ensure_mailbox(&self.watch.quarantine).await?;
        let status = session.status(&mailbox).await?;
        let uidvalidity = status.uidvalidity.ok_or(Error::NoUidvalidity)?;
        Ok(Quarantine { mailbox, uidvalidity, uidnext: status.uidnext.unwrap_or(1), path, is_made: true })
    }

    /// Makes the announced moves and records how each ended. `source` is selected, before and after.
    pub(super) async fn settle(
        &mut self,
        session: &mut Session,
        source: &mut Open,
        quarantine: &mut Quarantine,
        intents: Vec<Intent>,
        woke: Instant,
    ) -> Result<(), Error> {
        for chunk in intents.chunks(MOVES_A_COMMAND) {
            self.beat();
            let settled = match quarantine.method() {
                Method::Move => self.by_move(session, source, quarantine, chunk).await?,
                Method::Copy => self.by_copy(session, source, quarantine, chunk).await?,
            };
            self.record_outcomes(Some(&mut *quarantine), settled, woke).await?;
        }
        Ok(())
    }

    /// Sends the move or copy command; a destination that is missing is made once. What came of it as far as the server
    /// says, and in a word why not more: a set may be moved in part even so (RFC 6851 §3.3), so each message without a
    /// pair is to be looked for.
    async fn ask(
        &self,
        session: &mut Session,
        quarantine: &mut Quarantine,
        intents: &[Intent],
    ) -> Result<(imap::Moved, String), Error> {
        let uids: Vec<u32> = intents.iter().map(|intent| intent.position.uid).collect();
        let mut answer = quarantine.send(session, &uids).await;
        if quarantine.is_made && answer.as_ref().is_err_and(is_try_create) {
            *quarantine = self.ensure_quarantine(session, quarantine.path).await?;
            answer = quarantine.send(session, &uids).await;
        }
        let (moved, reason) = match answer {
            Ok(moved) => (moved, "not-moved".to_owned()),
            Err(error) if is_refused(&error) => (imap::Moved::default(), reason(&error)),
            Err(error) => return Err(error.into()),
        };
        quarantine.met(&moved);
        Ok((moved, reason))
    }

    async fn by_move(
        &mut self,
        session: &mut Session,
        source: &mut Open,
        quarantine: &mut Quarantine,
        intents: &[Intent],
    ) -> Result<Vec<Settled>, Error> {
        let (imap::Moved { pairs, dest_uidvalidity }, reason) =
            self.ask(session, quarantine, intents).await?;
        let taken: BTreeSet<u32> = pairs.values().copied().collect();
        let (proven, open): (Vec<&Intent>, Vec<&Intent>) =
            intents.iter().partition(|intent| pairs.contains_key(&intent.position.uid));
        let mut settled: Vec<Settled> = proven
            .into_iter()
            .map(|intent| {
                let uid = pairs.get(&intent.position.uid);
                Settled::moved(intent, uid.and_then(|uid| intent.recordable(dest_uidvalidity, *uid)))
            })
            .collect();
        if !open.is_empty() {
            for (intent, found) in self.locate(session, source, &open, &taken).await? {
                settled.push(match found {
                    Found::Source | Found::Both(_) => Settled::refused(intent, &reason),
                    Found::Destination(uid) => Settled::moved(intent, uid),
                    Found::Nowhere => Settled::gone(intent),
                });
            }
        }
        Ok(settled)
    }

    async fn by_copy(
        &mut self,
        session: &mut Session,
        source: &mut Open,
        quarantine: &mut Quarantine,
        intents: &[Intent],
    ) -> Result<Vec<Settled>, Error> {
        let (imap::Moved { pairs, dest_uidvalidity }, reason) =
            self.ask(session, quarantine, intents).await?;
        let taken: BTreeSet<u32> = pairs.values().copied().collect();
        let mut copied: Vec<(&Intent, Option<u32>)> = Vec::new();
        for intent in intents {
            if let Some(uid) = pairs.get(&intent.position.uid) {
                copied.push((intent, intent.recordable(dest_uidvalidity, *uid)));
            }
        }
        let mut settled = Vec::new();
        let unproven: Vec<&Intent> =
            intents.iter().filter(|intent| !pairs.contains_key(&intent.position.uid)).collect();
        if !unproven.is_empty() {
            for (intent, found) in self.locate(session, source, &unproven, &taken).await? {
                match found {
                    Found::Both(uid) => copied.push((intent, uid)),
                    Found::Destination(uid) => settled.push(Settled::moved(intent, uid)),
                    Found::Source => settled.push(Settled::refused(intent, &reason)),
                    Found::Nowhere => settled.push(Settled::gone(intent)),
                }
            }
        }
        settled.extend(self.remove_copied(session, &copied).await?);
        Ok(settled)
    }

    /// The second half of the copy path: the copies are proven, the originals go, exactly these UIDs.
    pub(super) async fn remove_copied(
        &mut self,
        session: &mut Session,
        copied: &[(&Intent, Option<u32>)],
    ) -> Result<Vec<Settled>, Error> {
        if copied.is_empty() {
            return Ok(Vec::new());
        }
        let entries = copied
            .iter()
            .filter(|(intent, _)| intent.copied.is_none())
            .filter_map(|(intent, uid)| Some(Entry::Copied { id: intent.id, destination_uid: (*uid)? }))
            .collect();
        self.store.commit(Batch { entries, ..Batch::default() }).await?;
        let uids: Vec<u32> = copied.iter().map(|(intent, _)| intent.position.uid).collect();
        let reason = match session.mark_deleted(&uids).await {
            Ok(()) => match session.uid_expunge(&uids).await {
                Ok(()) => None,
                Err(error) if is_refused(&error) => Some(reason(&error)),
                Err(error) => return Err(error.into()),
            },
            Err(error) if is_refused(&error) => Some(reason(&error)),
            Err(error) => return Err(error.into()),
        };
        let left = session.present(&uids).await?;
        if !left.is_empty() {
            // It stays where it was, as it was; the copy in quarantine is harmless and recorded.
            let left: Vec<u32> = left.iter().copied().collect();
            self.unmark(session, &left).await?;
        }
        Ok(copied
            .iter()
            .map(|(intent, uid)| {
                if left.contains(&intent.position.uid) {
                    Settled::refused(intent, reason.as_deref().unwrap_or("not-expunged"))
                } else {
                    Settled::moved(intent, *uid)
                }
            })
            .collect())
    }

    /// Takes `\\Deleted` off again. A server that refuses even that (it refused the mark, too, or the right to it) must
    /// not keep the outcome from being recorded: the same would be tried at every connection, for ever.
    pub(super) async fn unmark(&self, session: &mut Session, uids: &[u32]) -> Result<(), Error> {
        match session.unmark_deleted(uids).await {
            Err(error) if is_refused(&error) => {
                warn!(account = self.name(), %error, "the server refuses to take \\Deleted off again");
                Ok(())
            }
            other => Ok(other?),
        }
    }
}

/// The destination is missing and may be created (RFC 9051 §7.1).
fn is_try_create(error: &imap::Error) -> bool {
    error.code() == Some("TRYCREATE")
}

/// The server said NO or BAD, or no longer offers what the step needs, and the connection can still be used.
pub(super) fn is_refused(error: &imap::Error) -> bool {
    error.keeps_connection()
}

/// A refusal in a machine word: the response code, where there is one.
pub(super) fn reason(error: &imap::Error) -> String {
    error.code().map_or_else(|| "refused".to_owned(), str::to_ascii_lowercase)
}
