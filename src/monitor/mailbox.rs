//! A watched mailbox: opening it, catching up, rescanning, backlog, and starting again after a UIDVALIDITY change.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use super::Error;
use super::account::Account;
use super::assemble::Received;
use super::event::Event;
use super::quarantine::Quarantine;
use crate::evidence::{Digest, Entry, Position};
use crate::imap::{Mailbox, SUMMARIES_MAX, Session, Summary};
use crate::store::{Batch, Identity};

/// Messages in one batch of the path: enough to fill two pipelined fetches, few enough to hold in memory.
const BATCH_MESSAGES: usize = 200;
/// Octets in one batch of the path; hits are held until they are on disk, and a hit of Japanese text, parsed, normalised
/// and mapped back, takes about ten times its octets.
const BATCH_OCTETS: u64 = 2 * 1024 * 1024;
/// How far below the cursor late-visible UIDs are looked for.
const OVERLAP: u32 = 1000;
/// UIDs asked for in one command when a whole mailbox is walked.
const WINDOW: u32 = 5000;
/// How far back a mailbox is read again when its UIDVALIDITY has changed.
const RESYNC_HORIZON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A mailbox as this connection sees it.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) mailbox: Mailbox,
    pub(super) uidvalidity: u32,
    /// First UID ever judged; below it nothing is "late".
    pub(super) start_uid: u32,
    /// The next UID to judge; every lower one from `start_uid` on is handled.
    pub(super) next_uid: u32,
    /// False where the server keeps no lasting UIDs or lets nothing be changed.
    pub(super) may_move: bool,
    /// True where hits are kept and never moved (`also-preserve`): it is only ever examined.
    pub(super) look_only: bool,
}

impl Open {
    pub(super) fn position(&self, account: &str, uid: u32) -> Position {
        Position {
            account: account.to_owned(),
            mailbox: self.mailbox.name().to_owned(),
            uidvalidity: self.uidvalidity,
            uid,
        }
    }
}

impl Account {
    /// Selects a mailbox and finds out where to go on. The first time, only what comes from now on is judged.
    pub(super) async fn open(
        &mut self,
        session: &mut Session,
        name: &str,
        quarantine: Option<&mut Quarantine>,
    ) -> Result<Open, Error> {
        let mailbox = session.find_mailbox(name).await?.ok_or(Error::NoMailbox)?;
        self.open_mailbox(session, mailbox, false, quarantine).await
    }

    /// The same for a mailbox that was found. `look_only`: nothing is ever moved out of it.
    pub(super) async fn open_mailbox(
        &mut self,
        session: &mut Session,
        mailbox: Mailbox,
        look_only: bool,
        quarantine: Option<&mut Quarantine>,
    ) -> Result<Open, Error> {
        self.beat();
        let changes = self.may_move() && !look_only;
        let selected =
            if changes { session.select(&mailbox).await? } else { session.examine(&mailbox).await? };
        // Under a prefix two names may be one mailbox; what stands in quarantine is not moved into it again and again.
        let is_quarantine = quarantine.as_deref().is_some_and(|quarantine| quarantine.mailbox == mailbox);
        let may_move = !selected.read_only && !selected.uid_not_sticky && !is_quarantine && !look_only;
        if changes && !may_move {
            warn!(account = self.name(), "no lasting change can be made in this mailbox: nothing is moved");
        }
        let uid_next = match selected.uidnext {
            Some(uid_next) => uid_next,
            None => session.uid_next(&mailbox).await?,
        };
        let mut open = Open {
            mailbox,
            uidvalidity: selected.uidvalidity,
            start_uid: uid_next,
            next_uid: uid_next,
            may_move,
            look_only,
        };
        match self.store.watched(self.name(), open.mailbox.name()).await? {
            None => {
                let position = open.position(self.name(), uid_next);
                let entries = vec![Entry::WatchStart { position: position.clone() }];
                self.store.commit(Batch { entries, cursor: Some(position), ..Batch::default() }).await?;
                info!(
                    account = self.name(),
                    uidvalidity = open.uidvalidity,
                    uid_next,
                    "watching from here on"
                );
            }
            Some(watched) if watched.cursor.uidvalidity == open.uidvalidity => {
                open.start_uid = watched.start_uid;
                open.next_uid = watched.cursor.uid;
                if uid_next < watched.cursor.uid {
                    // A server that counts down without changing UIDVALIDITY breaks RFC 9051 §2.3.1.1; new mail
                    // would get UIDs that are taken for handled. What has no row is found by the rescan.
                    warn!(account = self.name(), uid_next, cursor = watched.cursor.uid, "UIDNEXT went down");
                    open.next_uid = uid_next;
                }
            }
            Some(watched) => self.resync(session, &mut open, quarantine, watched.cursor.uidvalidity).await?,
        }
        Ok(open)
    }

    /// Makes `open` the selected mailbox, and notices when it is no longer the same one.
    pub(super) async fn select(&mut self, session: &mut Session, open: &mut Open) -> Result<(), Error> {
        if session.selected() == Some(&open.mailbox) {
            return Ok(());
        }
        self.beat();
        let selected = if self.may_move() && !open.look_only {
            session.select(&open.mailbox).await?
        } else {
            session.examine(&open.mailbox).await?
        };
        if selected.uidvalidity == open.uidvalidity { Ok(()) } else { Err(Error::UidvalidityChanged) }
    }

    /// Judges everything from the cursor on. Returns how many messages that were.
    pub(super) async fn catch_up(
        &mut self,
        session: &mut Session,
        open: &mut Open,
        mut quarantine: Option<&mut Quarantine>,
        woke: Instant,
    ) -> Result<usize, Error> {
        self.beat();
        let mut total = 0_usize;
        loop {
            let mut new = session.summaries(open.next_uid, None).await?;
            let more = new.len() >= SUMMARIES_MAX;
            // What is on its way out is passed over, and so is its UID.
            let past = new.last().map_or(open.next_uid, |last| last.uid.saturating_add(1));
            self.drop_handled(open, open.next_uid, &mut new).await?;
            let handled = self.handle_all(session, open, quarantine.as_deref_mut(), new, woke, false).await?;
            open.next_uid = open.next_uid.max(past);
            total = total.saturating_add(handled);
            if !more {
                return Ok(total);
            }
        }
    }

    /// Judges UIDs below the cursor that have no row: a server may show a message later than its UID suggests.
    pub(super) async fn rescan(
        &mut self,
        session: &mut Session,
        open: &mut Open,
        quarantine: Option<&mut Quarantine>,
    ) -> Result<(), Error> {
        let first = open.next_uid.saturating_sub(OVERLAP).max(open.start_uid).max(1);
        if first >= open.next_uid {
            return Ok(());
        }
        let late = self.unhandled(session, open, first, open.next_uid.saturating_sub(1)).await?;
        if !late.is_empty() {
            info!(account = self.name(), messages = late.len(), "late messages found below the cursor");
        }
        self.handle_all(session, open, quarantine, late, Instant::now(), false).await?;
        Ok(())
    }

    /// Judges what was there before, as far back as the person asked; at most once a run.
    pub(super) async fn backlog(
        &mut self,
        session: &mut Session,
        open: &mut Open,
        quarantine: Option<&mut Quarantine>,
    ) -> Result<(), Error> {
        let Some(since) = self.watch.backlog.filter(|_| !self.backlog_done) else {
            return Ok(());
        };
        let mut earlier = Vec::new();
        let mut first = 1_u32;
        while first < open.next_uid {
            self.beat();
            let last = first.saturating_add(WINDOW - 1).min(open.next_uid.saturating_sub(1));
            let window = self.unhandled(session, open, first, last).await?;
            earlier.extend(
                window.into_iter().filter(|summary| summary.received_at().is_none_or(|at| at >= since)),
            );
            first = last.saturating_add(1);
        }
        if let Some(lowest) = earlier.iter().map(|summary| summary.uid).min()
            && lowest < open.start_uid
        {
            open.start_uid = lowest;
            let entries = vec![Entry::WatchStart { position: open.position(self.name(), lowest) }];
            self.store.commit(Batch { entries, ..Batch::default() }).await?;
        }
        info!(account = self.name(), messages = earlier.len(), "backlog");
        self.handle_all(session, open, quarantine, earlier, Instant::now(), true).await?;
        Ok(())
    }

    /// Messages of a UID range that stand on the server and have no row.
    async fn unhandled(
        &self,
        session: &mut Session,
        open: &Open,
        first: u32,
        last: u32,
    ) -> Result<Vec<Summary>, Error> {
        let mut there = session.summaries(first, Some(last)).await?;
        self.drop_handled(open, first, &mut there).await?;
        Ok(there)
    }

    /// Leaves out what has a row, from `first` on: no message is judged twice, whatever a cursor says.
    async fn drop_handled(&self, open: &Open, first: u32, messages: &mut Vec<Summary>) -> Result<(), Error> {
        if messages.is_empty() {
            return Ok(());
        }
        let at = open.position(self.name(), first);
        let handled: BTreeSet<u32> = self.store.handled(&at, first).await?.into_iter().collect();
        messages.retain(|summary| !handled.contains(&summary.uid));
        Ok(())
    }

    /// Batch after batch through the path.
    async fn handle_all(
        &mut self,
        session: &mut Session,
        open: &mut Open,
        mut quarantine: Option<&mut Quarantine>,
        mut messages: Vec<Summary>,
        woke: Instant,
        progress: bool,
    ) -> Result<usize, Error> {
        // Another client's \Deleted message is on its way out; it is not ours to touch.
        messages.retain(|summary| !summary.deleted);
        let total = messages.len();
        let mut rest = messages.as_slice();
        while !rest.is_empty() {
            self.beat();
            let (batch, after) = rest.split_at(self.batch_length(open, rest));
            self.handle(session, open, quarantine.as_deref_mut(), batch, woke).await?;
            rest = after;
            if progress {
                let done = total.saturating_sub(rest.len()) as u64;
                let account = self.name().to_owned();
                self.observer.tell(Event::Progress { account, done, total: total as u64 });
            }
        }
        Ok(total)
    }

    /// All stored UIDs are void. What stands there now is told apart by identity: known messages are neither judged nor
    /// moved again; unknown ones that came since the mailbox is watched (and within the horizon) are new; what was there
    /// before is left alone, as it was at the first start.
    ///
    /// The new UIDVALIDITY is recorded when all that is new is handled: cut short, this begins again, and passes over what
    /// has a row by then.
    async fn resync(
        &mut self,
        session: &mut Session,
        open: &mut Open,
        mut quarantine: Option<&mut Quarantine>,
        was: u32,
    ) -> Result<(), Error> {
        warn!(
            account = self.name(),
            was,
            now = open.uidvalidity,
            "UIDVALIDITY changed: starting again by identity"
        );
        let horizon = Timestamp::now().checked_sub(RESYNC_HORIZON).unwrap_or(Timestamp::MIN);
        let since = self.store.watched_since(self.name(), open.mailbox.name()).await?;
        let since = since.map_or(horizon, |since| since.max(horizon));
        let uid_next = open.next_uid;
        let mut recent = Vec::new();
        let mut first = 1_u32;
        while first < uid_next {
            self.beat();
            let last = first.saturating_add(WINDOW - 1).min(uid_next.saturating_sub(1));
            let window = self.unhandled(session, open, first, last).await?;
            recent.extend(
                window.into_iter().filter(|summary| summary.received_at().is_some_and(|at| at >= since)),
            );
            first = last.saturating_add(1);
        }
        let mut rest = recent.as_slice();
        while !rest.is_empty() {
            let (batch, after) = rest.split_at(self.batch_length(open, rest));
            let mut digests = BTreeMap::new();
            self.bodies(session, open, batch, &mut |summary, received| {
                if let Received::Whole(octets) | Received::Head(octets) = received {
                    digests.insert(summary.uid, Digest::of(&octets));
                }
            })
            .await?;
            let mut new = Vec::new();
            for summary in batch {
                if !self.is_known(summary.server_identity.as_ref(), digests.get(&summary.uid)).await? {
                    new.push(summary.clone());
                }
            }
            self.handle_all(session, open, quarantine.as_deref_mut(), new, Instant::now(), false).await?;
            rest = after;
        }
        open.start_uid = uid_next;
        open.next_uid = uid_next;
        let position = open.position(self.name(), uid_next);
        let entries = vec![Entry::UidvalidityChanged { position: position.clone(), was }];
        self.store.commit(Batch { entries, cursor: Some(position), ..Batch::default() }).await?;
        Ok(())
    }

    /// Whether a message was settled under an earlier UID. One that was moved to quarantine is not: if it stands here, the
    /// person took it out, or it was sent again, and the path tells which.
    async fn is_known(
        &self,
        server_identity: Option<&String>,
        sha256: Option<&Digest>,
    ) -> Result<bool, Error> {
        let mut identities: Vec<Identity> = sha256.copied().map(Identity::Octets).into_iter().collect();
        identities.extend(server_identity.cloned().map(Identity::Server));
        for identity in identities {
            if self.store.was_clean(self.name(), &identity).await? {
                return Ok(true);
            }
            let known = self.store.by_identity(self.name(), &identity).await?;
            if known.iter().any(|known| known.moved_to.is_none() && !self.void.contains(&known.id)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Puts the counts of clean mail into the chain.
    pub(super) async fn scan_batch(&self, open: &Open) -> Result<(), Error> {
        while let Some(entry) = self.store.unbatched_clean(self.name(), open.mailbox.name()).await? {
            self.store.commit(Batch { entries: vec![entry], ..Batch::default() }).await?;
        }
        Ok(())
    }

    /// How many of the first messages make one batch; at least one. A suspect is one of its own.
    fn batch_length(&self, open: &Open, messages: &[Summary]) -> usize {
        let mut octets = 0_u64;
        let fitting = messages
            .iter()
            .take(BATCH_MESSAGES)
            .take_while(|summary| {
                octets = octets.saturating_add(summary.size.map_or(0, u64::from));
                octets <= BATCH_OCTETS && !self.strikes.is_suspect(open, summary)
            })
            .count();
        fitting.max(1)
    }
}
