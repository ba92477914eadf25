//! One account's actor: connect, recover, catch up, wait, again. Everything an account does happens in this one task.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, watch};
use tracing::{info, warn};

use super::asked::{called, stopped};
use super::backoff::Backoff;
use super::event::{Event, Observer};
use super::mailbox::Open;
use super::pulse::{Pulse, State};
use super::quarantine::Quarantine;
use super::strikes::Strikes;
use super::{Error, Watch};
use crate::evidence::{Digest, Entry, EvidenceId, Lesson};
use crate::imap::{Session, Status, Wake};
use crate::indicator::Context;
use crate::store::{Batch, Store};

/// Longest stretch without a sign of life from an account's loop. A single command may take 15 minutes on a slow line
/// ([`crate::imap::Timeouts`]), and that must not cost all accounts their service.
const STEP: Duration = Duration::from_secs(20 * 60);
/// A connection that held this long was a healthy one: the waits between tries start again.
const HEALTHY: Duration = Duration::from_secs(300);
/// Longest single IDLE, whatever the poll: Gmail and NAT forget after 10 minutes.
const LONGEST_IDLE: Duration = Duration::from_secs(300);
/// An IDLE that ends sooner than this and brings nothing was in vain; a few of them, and the next one is put off.
const IN_VAIN: Duration = Duration::from_secs(1);
const IN_VAIN_MAX: u32 = 3;
/// How often uncovered UIDs are looked for again on a connection that stays up.
const RESCAN: Duration = Duration::from_secs(6 * 3600);
/// How long an IDLE that keeps missing mail is trusted for.
const DISTRUST: Duration = Duration::from_secs(30);
/// Longest wait for counts of clean mail to enter the chain.
const SCAN_BATCH: Duration = Duration::from_secs(15 * 60);

/// A shorter loss of the connection is within how often mailboxes are looked at anyway.
const SHORTEST_GAP: SignedDuration = SignedDuration::from_mins(1);

/// Evidence could not be written, so that nothing was moved: on record however short it was.
pub(super) const NOT_RECORDED: &str = "not-recorded";

/// How an account's task ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// Asked to.
    Stopped,
    /// The server, its certificate or the credentials stand in the way; trying again would only harm.
    Refused(Error),
    /// The evidence store can no longer be written; the service has to start again.
    Store(Error),
}

/// One account at work.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) watch: Arc<Watch>,
    pub(super) store: Store,
    pub(super) pulse: Pulse,
    pub(super) observer: Observer,
    /// `context/<sha256>.json` of this account's judgements, and its digest.
    pub(super) context: (Digest, Vec<u8>),
    /// The server as it showed itself on this connection: `context/<sha256>.json`, and its digest.
    pub(super) peer: (Digest, Vec<u8>),
    /// When the connection was lost, and why in a machine word, until it is watched again.
    pub(super) lost: Option<(Timestamp, &'static str)>,
    pub(super) backlog_done: bool,
    pub(super) last_scan_batch: Instant,
    /// Messages whose fetch cost the connection, and how often.
    pub(super) strikes: Strikes,
    /// Announced moves that ended because the source's UIDVALIDITY changed: met again, they are judged again.
    pub(super) void: BTreeSet<EvidenceId>,
    /// To be notified when something was moved: it is looked at again.
    pub(super) second_look: Arc<Notify>,
    /// To be notified when something cannot wait: it is told by the ways beside the mailbox.
    pub(super) herald: Arc<Notify>,
    /// Changes when the person asked for something that this task does.
    pub(super) stirred: watch::Receiver<u64>,
    /// What is judged by: that of the configuration, and what the person's acts have taught since.
    pub(super) judging: Arc<Context>,
    /// From which messages that was learned.
    pub(super) taught: BTreeMap<EvidenceId, Lesson>,
    /// Until when it only judges (`observe-for`); none once that is over, or was never asked for.
    pub(super) observes_until: Option<Timestamp>,
}

/// How a connection ended that was not lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parted {
    /// Asked to stop.
    Stopped,
    /// From here on messages are moved: mailboxes are opened anew for that.
    Observed,
}

impl Account {
    pub(super) fn name(&self) -> &str {
        &self.watch.name
    }

    /// Says that the loop is alive.
    pub(super) fn beat(&self) {
        self.pulse.promise(self.name(), STEP);
    }

    /// Runs until asked to stop, or until trying again would harm.
    pub(super) async fn run(mut self, mut stop: watch::Receiver<bool>) -> Ended {
        let mut backoff = Backoff::new();
        loop {
            self.pulse.set(self.name(), State::Connecting, STEP);
            let begun = Instant::now();
            let error = match self.session(&mut stop).await {
                Ok(Parted::Stopped) => return Ended::Stopped,
                Ok(Parted::Observed) => continue,
                Err(error) => error,
            };
            if *stop.borrow() {
                return Ended::Stopped;
            }
            if error.is_refusal() {
                warn!(account = self.name(), %error, "refused; not tried again");
                self.pulse.set(self.name(), State::Refused(error.to_string()), STEP);
                self.observer
                    .tell(Event::Refused { account: self.name().to_owned(), error: error.to_string() });
                return Ended::Refused(error);
            }
            if error.is_store_broken() {
                return Ended::Store(error);
            }
            let reason = if error.keeps_moves_back() { NOT_RECORDED } else { "not-reached" };
            self.lost.get_or_insert_with(|| (Timestamp::now(), reason));
            if begun.elapsed() > HEALTHY {
                backoff.reset();
            }
            let wait = backoff.next(error.least_wait());
            let held_back = error.keeps_moves_back();
            let what =
                if held_back { "evidence cannot be written: nothing is moved" } else { "connection lost" };
            warn!(account = self.name(), %error, retry_in_ms = wait.as_millis() as u64, "{what}");
            self.pulse.trouble(self.name(), held_back.then(|| error.to_string()));
            self.pulse.set(
                self.name(),
                State::Lost(error.to_string()),
                wait.saturating_add(Duration::from_secs(30)),
            );
            self.observer.tell(Event::Lost {
                account: self.name().to_owned(),
                error: error.to_string(),
                retry_in: wait,
            });
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stopped(&mut stop) => return Ended::Stopped,
            }
        }
    }

    /// One connection, from signing in to its end.
    async fn session(&mut self, stop: &mut watch::Receiver<bool>) -> Result<Parted, Error> {
        let mut session = tokio::select! {
            session = Session::connect(&self.watch.endpoint) => session?,
            () = stopped(stop) => return Ok(Parted::Stopped),
        };
        self.look_at_the_clock().await?;
        self.heed_lessons().await?;
        info!(account = self.name(), "connected");
        let peer = session.peer().to_octets();
        self.peer = (Digest::of(&peer), peer);
        self.observer.tell(Event::Connected { account: self.name().to_owned() });
        self.beat();
        let mut quarantine = self.find_quarantine(&mut session).await?;
        if quarantine.is_some() || !self.may_move() {
            self.recover(&mut session, quarantine.as_mut()).await?;
        }
        self.do_what_was_asked(&mut session).await?;
        self.look_into_quarantine(&mut session, quarantine.as_ref()).await?;
        let mut open = Vec::new();
        let mut missing = Vec::new();
        for name in self.watch.mailboxes.clone() {
            match self.begin(&mut session, &name, quarantine.as_mut()).await {
                Ok(mailbox) => open.push(mailbox),
                // One that was deleted, renamed or closed to us must not keep the others from being watched.
                Err(error) if error.is_of_mailbox() => {
                    warn!(account = self.name(), %error, "a mailbox cannot be watched; it is tried again");
                    missing.push((name, error));
                }
                Err(error) => return Err(error),
            }
            if *stop.borrow() {
                break;
            }
        }
        if open.is_empty()
            && let Some((_, error)) = missing.pop()
        {
            return Err(error);
        }
        self.open_preserved(&mut session, &mut open, quarantine.as_ref()).await?;
        self.backlog_done = missing.is_empty();
        self.pulse.trouble(self.name(), self.held_back(quarantine.as_ref()));
        let missing = missing.into_iter().map(|(name, _)| name).collect();
        let ended = self.wait_and_catch_up(&mut session, &mut open, missing, quarantine.as_mut(), stop).await;
        for mailbox in &open {
            self.scan_batch(mailbox).await?;
        }
        let parted = ended?;
        session.logout().await;
        Ok(parted)
    }

    /// Opens a mailbox and handles all that came while nobody looked.
    async fn begin(
        &mut self,
        session: &mut Session,
        name: &str,
        mut quarantine: Option<&mut Quarantine>,
    ) -> Result<Open, Error> {
        let open = self.open(session, name, quarantine.as_deref_mut()).await?;
        self.catch_up_from_the_start(session, open, quarantine).await
    }

    /// All that came while nobody looked, also what shows late, and what was there before where that was asked for.
    pub(super) async fn catch_up_from_the_start(
        &mut self,
        session: &mut Session,
        mut open: Open,
        mut quarantine: Option<&mut Quarantine>,
    ) -> Result<Open, Error> {
        self.catch_up(session, &mut open, quarantine.as_deref_mut(), Instant::now()).await?;
        self.rescan(session, &mut open, quarantine.as_deref_mut()).await?;
        self.backlog(session, &mut open, quarantine).await?;
        Ok(open)
    }

    /// The steady state: wait on the first mailbox, look at the others at every tick.
    async fn wait_and_catch_up(
        &mut self,
        session: &mut Session,
        open: &mut Vec<Open>,
        mut missing: Vec<String>,
        mut quarantine: Option<&mut Quarantine>,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Parted, Error> {
        let mut rescanned = Instant::now();
        let mut looked = Instant::now();
        let mut missed_by_idle = 0_u32;
        let mut in_vain = 0_u32;
        self.record_gap().await?;
        while let Some((first, others)) = open.split_first_mut() {
            self.pulse.set(self.name(), State::Watching, STEP);
            self.observer.tell(Event::Watching { account: self.name().to_owned() });
            let tick = if missed_by_idle >= 2 { DISTRUST.min(self.watch.poll) } else { self.watch.poll };
            self.select(session, first).await?;
            // Mail may have come between the last look and this SELECT; IDLE would not tell of it.
            self.catch_up(session, first, quarantine.as_deref_mut(), Instant::now()).await?;
            let begun = Instant::now();
            // Counted from the last look, so that a busy first mailbox does not put the others off for ever.
            let left = tick.saturating_sub(looked.elapsed()).min(LONGEST_IDLE).min(self.observes_for());
            let mut wake = session.idle(left, called(stop.clone(), self.stirred.clone())).await?;
            if wake == Wake::Unsupported {
                tokio::select! {
                    () = tokio::time::sleep(left) => wake = Wake::Deadline,
                    () = called(stop.clone(), self.stirred.clone()) => wake = Wake::Stopped,
                }
            }
            let early = !matches!(wake, Wake::Deadline | Wake::Stopped) && begun.elapsed() < IN_VAIN;
            if *stop.borrow() {
                return Ok(Parted::Stopped);
            }
            if self.stirred.has_changed().unwrap_or(false) {
                self.do_what_was_asked(session).await?;
                self.select(session, first).await?;
            }
            if self.observes_until.is_some() && self.observes_for().is_zero() {
                return Ok(Parted::Observed);
            }
            let found = self.catch_up(session, first, quarantine.as_deref_mut(), Instant::now()).await?;
            if wake == Wake::Deadline && found > 0 {
                missed_by_idle = missed_by_idle.saturating_add(1);
            }
            if looked.elapsed() >= tick {
                self.look_at_others(session, others, quarantine.as_deref_mut()).await?;
                self.look_into_quarantine(session, quarantine.as_deref()).await?;
                self.look_for_missing(session, open, &mut missing, quarantine.as_deref_mut()).await?;
                looked = Instant::now();
            }
            if rescanned.elapsed() >= RESCAN {
                for mailbox in open.iter_mut() {
                    self.select(session, mailbox).await?;
                    self.rescan(session, mailbox, quarantine.as_deref_mut()).await?;
                }
                self.open_preserved(session, open, quarantine.as_deref()).await?;
                rescanned = Instant::now();
            }
            // A server that wakes us for nothing, or ends IDLE at once, is not to be asked without a pause.
            in_vain = if early && found == 0 { in_vain.saturating_add(1) } else { 0 };
            if let Some(more) = in_vain.checked_sub(IN_VAIN_MAX) {
                let pause = IN_VAIN.saturating_mul(1 << more.min(5)).min(DISTRUST).min(tick);
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stopped(stop) => return Ok(Parted::Stopped),
                }
            }
            if self.last_scan_batch.elapsed() >= SCAN_BATCH {
                for mailbox in open.iter() {
                    self.scan_batch(mailbox).await?;
                }
                self.last_scan_batch = Instant::now();
            }
        }
        stopped(stop).await;
        Ok(Parted::Stopped)
    }

    /// Watched again, and caught up: for how long nobody could look.
    async fn record_gap(&mut self) -> Result<(), Error> {
        let Some((from, reason)) = self.lost else { return Ok(()) };
        let until = Timestamp::now();
        if until.duration_since(from) >= SHORTEST_GAP || reason == NOT_RECORDED {
            let account = Some(self.name().to_owned());
            let entry = Entry::WatchGap { account, from, until, reason: reason.to_owned() };
            self.store.commit(Batch { entries: vec![entry], ..Batch::default() }).await?;
        }
        self.lost = None;
        Ok(())
    }

    async fn look_at_others(
        &mut self,
        session: &mut Session,
        others: &mut [Open],
        mut quarantine: Option<&mut Quarantine>,
    ) -> Result<(), Error> {
        for other in others {
            self.beat();
            let status = match session.status(&other.mailbox).await {
                Ok(status) => status,
                // Refused: whoever may not ask may still select it, and sees what is there.
                Err(error) if error.keeps_connection() => Status::default(),
                Err(error) => return Err(error.into()),
            };
            if status.uidvalidity == Some(other.uidvalidity) && status.uidnext == Some(other.next_uid) {
                continue;
            }
            self.select(session, other).await?;
            self.catch_up(session, other, quarantine.as_deref_mut(), Instant::now()).await?;
        }
        Ok(())
    }

    /// Whether the person put something into quarantine. A server that refuses to show it only keeps that from us.
    async fn look_into_quarantine(
        &mut self,
        session: &mut Session,
        quarantine: Option<&Quarantine>,
    ) -> Result<(), Error> {
        let Some(quarantine) = quarantine else { return Ok(()) };
        match self.take_reports(session, quarantine).await {
            Err(error) if error.is_of_mailbox() => {
                warn!(account = self.name(), %error, "the quarantine mailbox cannot be looked into");
                Ok(())
            }
            other => other,
        }
    }

    /// Whether mailboxes that were not there have come (back).
    async fn look_for_missing(
        &mut self,
        session: &mut Session,
        open: &mut Vec<Open>,
        missing: &mut Vec<String>,
        mut quarantine: Option<&mut Quarantine>,
    ) -> Result<(), Error> {
        for name in std::mem::take(missing) {
            match self.begin(session, &name, quarantine.as_deref_mut()).await {
                Ok(mailbox) => open.push(mailbox),
                Err(error) if error.is_of_mailbox() => missing.push(name),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
