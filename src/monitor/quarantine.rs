//! The quarantine mailbox: announcing moves, making them, and finding out how each one ended.
//!
//! An OK from the server is no proof. Each message settles on its own: by COPYUID, or by looking for it in both
//! mailboxes (`imap.md` §4.4).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use tracing::{info, warn};

use super::Error;
use super::account::Account;
use super::assemble::{Assembler, Received};
use super::event::Event;
use super::mailbox::Open;
use crate::evidence::{Digest, Entry, EvidenceId, Method, Outcome, Position};
use crate::imap::{self, Mailbox, MovePath, SUMMARIES_MAX, Session, Summary};
use crate::store::{Batch, Identity, OpenIntent};

/// UIDs in one move command: short command lines, and one bad message holds up few others.
const MOVES_A_COMMAND: usize = 100;
/// Above this many candidates in the quarantine mailbox, only those of the announced size are read.
const READ_ALL_UP_TO: usize = 50;

/// The quarantine mailbox as this connection sees it.
#[derive(Debug)]
pub(super) struct Quarantine {
    pub(super) mailbox: Mailbox,
    pub(super) uidvalidity: u32,
    /// A lower bound: others may have added since, and a search that starts too low only reads more.
    pub(super) uidnext: u32,
    path: MovePath,
}

/// A move that is on disk as announced, or about to be.
pub(super) type Intent = OpenIntent;

/// Where a message was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Source,
    /// In quarantine; under which UID, where that can be recorded.
    Destination(Option<u32>),
    Both(Option<u32>),
    Nowhere,
}

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
        }
    }
}

/// What may be a copy of an announced message: UIDs of one mailbox by the digests of their octets.
#[derive(Debug, Default)]
pub(super) struct Copies {
    mailbox: String,
    uidvalidity: u32,
    uids: BTreeMap<Digest, BTreeSet<u32>>,
}

impl Intent {
    /// A UID of the copy as it can be recorded: only under the UIDVALIDITY that was announced does it name anything.
    fn recordable(&self, uidvalidity: Option<u32>, uid: u32) -> Option<u32> {
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
    /// Finds or creates the quarantine mailbox. None in observe mode, where nothing is written on the wire.
    pub(super) async fn find_quarantine(&self, session: &mut Session) -> Result<Option<Quarantine>, Error> {
        if !self.may_move() {
            return Ok(None);
        }
        let path = session.move_path();
        if let MovePath::None(reason) = &path {
            warn!(account = self.name(), %reason, "this server offers no safe way to move: nothing is moved");
        }
        Ok(Some(self.ensure_quarantine(session, path).await?))
    }

    async fn ensure_quarantine(&self, session: &mut Session, path: MovePath) -> Result<Quarantine, Error> {
        let mailbox = session.ensure_mailbox(&self.watch.quarantine).await?;
        let status = session.status(&mailbox).await?;
        let uidvalidity = status.uidvalidity.ok_or(Error::NoUidvalidity)?;
        Ok(Quarantine { mailbox, uidvalidity, uidnext: status.uidnext.unwrap_or(1), path })
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

    async fn by_move(
        &mut self,
        session: &mut Session,
        source: &mut Open,
        quarantine: &mut Quarantine,
        intents: &[Intent],
    ) -> Result<Vec<Settled>, Error> {
        let uids: Vec<u32> = intents.iter().map(|intent| intent.position.uid).collect();
        let mut moved = session.move_to(&uids, &quarantine.mailbox).await;
        if moved.as_ref().is_err_and(is_try_create) {
            *quarantine = self.ensure_quarantine(session, quarantine.path).await?;
            moved = session.move_to(&uids, &quarantine.mailbox).await;
        }
        let (moved, reason) = match moved {
            Ok(moved) => (moved, "not-moved".to_owned()),
            // The set may have been moved in part (RFC 6851 §3.3): each message is looked for.
            Err(error) if is_refused(&error) => (imap::Moved::default(), reason(&error)),
            Err(error) => return Err(error.into()),
        };
        quarantine.met(&moved);
        let imap::Moved { pairs, dest_uidvalidity } = moved;
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
        let uids: Vec<u32> = intents.iter().map(|intent| intent.position.uid).collect();
        let mut copied = session.copy_to(&uids, &quarantine.mailbox).await;
        if copied.as_ref().is_err_and(is_try_create) {
            *quarantine = self.ensure_quarantine(session, quarantine.path).await?;
            copied = session.copy_to(&uids, &quarantine.mailbox).await;
        }
        let (moved, reason) = match copied {
            Ok(copied) => (copied, "not-copied".to_owned()),
            Err(error) if is_refused(&error) => (imap::Moved::default(), reason(&error)),
            Err(error) => return Err(error.into()),
        };
        quarantine.met(&moved);
        let imap::Moved { pairs, dest_uidvalidity } = moved;
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

    /// Looks for messages in their source and in quarantine; copies that are `taken` are those of other messages. Selects
    /// both; `source` is selected at the end.
    pub(super) async fn locate<'i>(
        &mut self,
        session: &mut Session,
        source: &mut Open,
        intents: &[&'i Intent],
        taken: &BTreeSet<u32>,
    ) -> Result<Vec<(&'i Intent, Found)>, Error> {
        let Some(first) = intents.first() else { return Ok(Vec::new()) };
        self.beat();
        self.select(session, source).await?;
        let uids: Vec<u32> = intents.iter().map(|intent| intent.position.uid).collect();
        let in_source = session.present(&uids).await?;
        let mut copies = match session.find_mailbox(&first.destination).await? {
            Some(destination) => self.copies(session, &destination, intents).await?,
            None => Copies::default(),
        };
        for uids in copies.uids.values_mut() {
            uids.retain(|uid| !taken.contains(uid));
        }
        self.select(session, source).await?;
        let mut found = Vec::new();
        for intent in intents {
            let copy = self.claim(&mut copies, intent).await?;
            found.push((
                *intent,
                match (in_source.contains(&intent.position.uid), copy) {
                    (true, None) => Found::Source,
                    (true, Some(uid)) => Found::Both(uid),
                    (false, Some(uid)) => Found::Destination(uid),
                    (false, None) => Found::Nowhere,
                },
            ));
        }
        Ok(found)
    }

    /// The messages in the destination that may be copies of these.
    pub(super) async fn copies(
        &self,
        session: &mut Session,
        destination: &Mailbox,
        intents: &[&Intent],
    ) -> Result<Copies, Error> {
        let selected = session.examine(destination).await?;
        let first = intents
            .iter()
            .map(|intent| {
                if intent.destination_uidvalidity == selected.uidvalidity {
                    intent.destination_uidnext
                } else {
                    1
                }
            })
            .min()
            .unwrap_or(1);
        let sizes: BTreeSet<u64> = intents.iter().map(|intent| intent.size).collect();
        let uids = self.digests_from(session, first, &sizes).await?;
        Ok(Copies { mailbox: destination.name().to_owned(), uidvalidity: selected.uidvalidity, uids })
    }

    /// Digests of what the selected mailbox holds from a UID on: of all where that is little, else of those of these sizes.
    pub(super) async fn digests_from(
        &self,
        session: &mut Session,
        mut first: u32,
        sizes: &BTreeSet<u64>,
    ) -> Result<BTreeMap<Digest, BTreeSet<u32>>, Error> {
        let mut candidates: Vec<Summary> = Vec::new();
        loop {
            self.beat();
            let some = session.summaries(first, None).await?;
            let last = some.last().map(|summary| summary.uid);
            let more = some.len() >= SUMMARIES_MAX;
            candidates.extend(some);
            if candidates.len() > READ_ALL_UP_TO {
                candidates.retain(|summary| summary.size.is_none_or(|size| sizes.contains(&u64::from(size))));
            }
            match last {
                Some(last) if more && last < u32::MAX => first = last + 1,
                _ => break,
            }
        }
        let mut digests: BTreeMap<Digest, BTreeSet<u32>> = BTreeMap::new();
        let mut parts = Assembler::default();
        session
            .bodies(&candidates, &self.watch.limits, &mut |summary, body| {
                self.beat();
                parts.take(summary, body, |received| {
                    if let Received::Whole(octets) | Received::Head(octets) = received {
                        digests.entry(Digest::of(&octets)).or_default().insert(summary.uid);
                    }
                });
            })
            .await?;
        Ok(digests)
    }

    /// Takes one copy of the intent's octets that no other message of the record claims. The inner value is its UID where
    /// it can be recorded.
    pub(super) async fn claim(
        &self,
        copies: &mut Copies,
        intent: &Intent,
    ) -> Result<Option<Option<u32>>, Error> {
        let Copies { mailbox, uidvalidity, uids } = copies;
        let Some(uids) = uids.get_mut(&intent.sha256) else { return Ok(None) };
        let same = intent.destination_uidvalidity == *uidvalidity;
        if let Some(copied) = intent.copied.filter(|_| same)
            && uids.remove(&copied)
        {
            return Ok(Some(Some(copied)));
        }
        for known in self.store.by_identity(self.name(), &Identity::Octets(intent.sha256)).await? {
            if let Some((name, under, Some(uid))) = known.moved_to
                && name == *mailbox
                && under == *uidvalidity
            {
                uids.remove(&uid);
            }
        }
        Ok(uids.pop_first().map(|uid| intent.recordable(Some(*uidvalidity), uid)))
    }

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

/// The destination is missing and may be created (RFC 9051 §7.1).
fn is_try_create(error: &imap::Error) -> bool {
    error.code() == Some("TRYCREATE")
}

/// The server said NO or BAD, or no longer offers what the step needs, and the connection can still be used.
pub(super) fn is_refused(error: &imap::Error) -> bool {
    error.keeps_connection()
}

/// A refusal in a machine word: the response code, where there is one.
fn reason(error: &imap::Error) -> String {
    error.code().map_or_else(|| "refused".to_owned(), str::to_ascii_lowercase)
}
