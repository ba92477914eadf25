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
use super::judge::{Judged, Judgement};
use super::mailbox::Open;
use crate::evidence::{Digest, Entry, EvidenceId, Method, Outcome, Position, canonical_digest};
use crate::imap::{self, Limits, Mailbox, MovePath, Session, Summary};
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
    Destination(u32),
    Both(u32),
    Nowhere,
}

impl Quarantine {
    pub(super) fn can_move(&self) -> bool {
        matches!(self.path, MovePath::Move | MovePath::Copy)
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

impl Intent {
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
        let mailbox = session.ensure_mailbox(&self.watch.quarantine).await?;
        let status = session.status(&mailbox).await?;
        let uidvalidity = status.uidvalidity.ok_or(Error::NoUidvalidity)?;
        Ok(Some(Quarantine { mailbox, uidvalidity, uidnext: status.uidnext.unwrap_or(1), path }))
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
            quarantine.mailbox = session.ensure_mailbox(&self.watch.quarantine).await?;
            moved = session.move_to(&uids, &quarantine.mailbox).await;
        }
        let (pairs, reason) = match moved {
            Ok(moved) => (moved.pairs, "not-moved".to_owned()),
            // The set may have been moved in part (RFC 6851 §3.3): each message is looked for.
            Err(error) if is_refused(&error) => (BTreeMap::new(), reason(&error)),
            Err(error) => return Err(error.into()),
        };
        let (proven, open): (Vec<&Intent>, Vec<&Intent>) =
            intents.iter().partition(|intent| pairs.contains_key(&intent.position.uid));
        let mut settled: Vec<Settled> = proven
            .into_iter()
            .map(|intent| Settled::moved(intent, pairs.get(&intent.position.uid).copied()))
            .collect();
        if !open.is_empty() {
            for (intent, found) in self.locate(session, source, &open).await? {
                settled.push(match found {
                    Found::Source | Found::Both(_) => Settled::refused(intent, &reason),
                    Found::Destination(uid) => Settled::moved(intent, Some(uid)),
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
            quarantine.mailbox = session.ensure_mailbox(&self.watch.quarantine).await?;
            copied = session.copy_to(&uids, &quarantine.mailbox).await;
        }
        let (mut pairs, reason) = match copied {
            Ok(copied) => (copied.pairs, "not-copied".to_owned()),
            Err(error) if is_refused(&error) => (BTreeMap::new(), reason(&error)),
            Err(error) => return Err(error.into()),
        };
        let mut settled = Vec::new();
        let unproven: Vec<&Intent> =
            intents.iter().filter(|intent| !pairs.contains_key(&intent.position.uid)).collect();
        if !unproven.is_empty() {
            for (intent, found) in self.locate(session, source, &unproven).await? {
                match found {
                    Found::Both(uid) => {
                        pairs.insert(intent.position.uid, uid);
                    }
                    Found::Destination(uid) => settled.push(Settled::moved(intent, Some(uid))),
                    Found::Source => settled.push(Settled::refused(intent, &reason)),
                    Found::Nowhere => settled.push(Settled::gone(intent)),
                }
            }
        }
        let copied: Vec<(&Intent, u32)> =
            intents.iter().filter_map(|intent| Some((intent, *pairs.get(&intent.position.uid)?))).collect();
        settled.extend(self.remove_copied(session, &copied).await?);
        Ok(settled)
    }

    /// The second half of the copy path: the copies are proven, the originals go, exactly these UIDs.
    pub(super) async fn remove_copied(
        &mut self,
        session: &mut Session,
        copied: &[(&Intent, u32)],
    ) -> Result<Vec<Settled>, Error> {
        if copied.is_empty() {
            return Ok(Vec::new());
        }
        let entries = copied
            .iter()
            .filter(|(intent, _)| intent.copied.is_none())
            .map(|(intent, uid)| Entry::Copied { id: intent.id, destination_uid: *uid })
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
            session.unmark_deleted(&left).await?;
        }
        Ok(copied
            .iter()
            .map(|(intent, uid)| {
                if left.contains(&intent.position.uid) {
                    Settled::refused(intent, reason.as_deref().unwrap_or("not-expunged"))
                } else {
                    Settled::moved(intent, Some(*uid))
                }
            })
            .collect())
    }

    /// Looks for messages in their source and in quarantine. Selects both; `source` is selected at the end.
    pub(super) async fn locate<'i>(
        &mut self,
        session: &mut Session,
        source: &mut Open,
        intents: &[&'i Intent],
    ) -> Result<Vec<(&'i Intent, Found)>, Error> {
        let Some(first) = intents.first() else { return Ok(Vec::new()) };
        self.beat();
        self.select(session, source).await?;
        let uids: Vec<u32> = intents.iter().map(|intent| intent.position.uid).collect();
        let in_source = session.present(&uids).await?;
        let mut copies = match session.find_mailbox(&first.destination).await? {
            Some(destination) => self.copies(session, &destination, intents).await?,
            None => BTreeMap::new(),
        };
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

    /// UIDs in the destination by the digests of their octets: the messages that may be copies of these.
    pub(super) async fn copies(
        &self,
        session: &mut Session,
        destination: &Mailbox,
        intents: &[&Intent],
    ) -> Result<BTreeMap<Digest, BTreeSet<u32>>, Error> {
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
        let mut candidates = session.summaries(first.max(1), None).await?;
        if candidates.len() > READ_ALL_UP_TO {
            let sizes: BTreeSet<u64> = intents.iter().map(|intent| intent.size).collect();
            candidates.retain(|summary| summary.size.is_none_or(|size| sizes.contains(&u64::from(size))));
        }
        read_digests(session, &candidates, &self.watch.limits).await
    }

    /// Takes one copy of the intent's octets that no other message of the record claims.
    pub(super) async fn claim(
        &self,
        copies: &mut BTreeMap<Digest, BTreeSet<u32>>,
        intent: &Intent,
    ) -> Result<Option<u32>, Error> {
        let Some(uids) = copies.get_mut(&intent.sha256) else { return Ok(None) };
        if let Some(copied) = intent.copied
            && uids.remove(&copied)
        {
            return Ok(Some(copied));
        }
        for known in self.store.by_identity(self.name(), &Identity::Octets(intent.sha256)).await? {
            if let Some((_, _, Some(uid))) = known.moved_to {
                uids.remove(&uid);
            }
        }
        Ok(uids.pop_first())
    }

    pub(super) async fn record_outcomes(
        &mut self,
        mut quarantine: Option<&mut Quarantine>,
        settled: Vec<Settled>,
        woke: Instant,
    ) -> Result<(), Error> {
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
                        after_us = woke.elapsed().as_micros() as u64,
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
                after: woke.elapsed(),
            });
        }
        Ok(())
    }

    /// Messages of a batch that the person had taken out of quarantine (DESIGN invariant 5): strong identity equal,
    /// and the quarantined UID gone. Anything weaker is a new delivery.
    pub(super) async fn find_released(
        &mut self,
        session: &mut Session,
        source: &mut Open,
        quarantine: Option<&Quarantine>,
        judged: &[Judged],
    ) -> Result<Vec<(u32, EvidenceId, &'static str)>, Error> {
        let Some(quarantine) = quarantine else { return Ok(Vec::new()) };
        let mut released = Vec::new();
        for message in judged {
            let Judgement::Hit(hit) = &message.outcome else { continue };
            let summary = &message.summary;
            let mut identities = Vec::new();
            if let Some(identity) = &summary.server_identity {
                identities.push(("server", Identity::Server(identity.clone())));
            }
            identities.push(("sha256", Identity::Octets(message.sha256)));
            let canonical = canonical_digest(&hit.octets);
            identities.push(("canonical", Identity::Canonical(canonical, summary.internaldate.clone())));
            for (word, identity) in identities {
                let known = self.store.by_identity(self.name(), &identity).await?;
                let moved: BTreeMap<u32, EvidenceId> = known
                    .iter()
                    .filter_map(|known| match &known.moved_to {
                        Some((name, uidvalidity, Some(uid)))
                            if name == quarantine.mailbox.name()
                                && *uidvalidity == quarantine.uidvalidity =>
                        {
                            Some((*uid, known.id))
                        }
                        _ => None,
                    })
                    .collect();
                if moved.is_empty() {
                    continue;
                }
                session.examine(&quarantine.mailbox).await?;
                let uids: Vec<u32> = moved.keys().copied().collect();
                let still_there = session.present(&uids).await?;
                self.select(session, source).await?;
                if let Some((_, id)) = moved.iter().find(|(uid, _)| !still_there.contains(uid)) {
                    released.push((summary.uid, *id, word));
                }
                break;
            }
        }
        Ok(released)
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

    fn entry(&self) -> Entry {
        Entry::MoveResult {
            id: self.id,
            outcome: self.outcome,
            destination_uid: self.destination_uid,
            reason: self.reason.clone(),
        }
    }
}

async fn read_digests(
    session: &mut Session,
    candidates: &[Summary],
    limits: &Limits,
) -> Result<BTreeMap<Digest, BTreeSet<u32>>, Error> {
    let mut copies: BTreeMap<Digest, BTreeSet<u32>> = BTreeMap::new();
    let mut parts = Assembler::default();
    session
        .bodies(candidates, limits, &mut |summary, body| {
            parts.take(summary, body, |received| {
                if let Received::Whole(octets) | Received::Head(octets) = received {
                    copies.entry(Digest::of(&octets)).or_default().insert(summary.uid);
                }
            });
        })
        .await?;
    Ok(copies)
}

/// The destination is missing and may be created (RFC 9051 §7.1).
fn is_try_create(error: &imap::Error) -> bool {
    error.code() == Some("TRYCREATE")
}

/// The server said NO or BAD, and the connection can still be used.
fn is_refused(error: &imap::Error) -> bool {
    matches!(error, imap::Error::No { .. } | imap::Error::Bad { .. })
}

/// A refusal in a machine word: the response code, where there is one.
fn reason(error: &imap::Error) -> String {
    error.code().map_or_else(|| "refused".to_owned(), str::to_ascii_lowercase)
}
