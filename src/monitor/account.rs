//! One account's actor: connect, recover, catch up, wait, again. Everything an account does happens in this one task.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tracing::{info, warn};

use super::backoff::Backoff;
use super::event::{Event, Observer};
use super::mailbox::Open;
use super::pulse::{Pulse, State};
use super::quarantine::Quarantine;
use super::{Error, Mode, Watch};
use crate::evidence::Digest;
use crate::imap::{Session, Wake};
use crate::store::Store;

/// Longest stretch without a sign of life from an account's loop: every read and write has a shorter time-out.
const STEP: Duration = Duration::from_secs(300);
/// How often uncovered UIDs are looked for again on a connection that stays up (`imap.md` §4.3.6).
const RESCAN: Duration = Duration::from_secs(6 * 3600);
/// How long an IDLE that keeps missing mail is trusted for.
const DISTRUST: Duration = Duration::from_secs(30);
/// Longest wait for counts of clean mail to enter the chain (DESIGN §5).
const SCAN_BATCH: Duration = Duration::from_secs(15 * 60);

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
    pub(super) backlog_done: bool,
    pub(super) last_scan_batch: Instant,
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
            let Err(error) = self.session(&mut stop).await else {
                return Ended::Stopped;
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
            if begun.elapsed() > STEP {
                backoff.reset();
            }
            let wait = backoff.next(error.least_wait());
            warn!(account = self.name(), %error, retry_in_ms = wait.as_millis() as u64, "connection lost");
            self.pulse.trouble(error.keeps_moves_back().then(|| error.to_string()).as_deref());
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

    /// One connection, from signing in to its end. Ok only when asked to stop.
    async fn session(&mut self, stop: &mut watch::Receiver<bool>) -> Result<(), Error> {
        let mut session = tokio::select! {
            session = Session::connect(&self.watch.endpoint) => session?,
            () = stopped(stop) => return Ok(()),
        };
        info!(account = self.name(), "connected");
        self.observer.tell(Event::Connected { account: self.name().to_owned() });
        self.beat();
        let mut quarantine = self.find_quarantine(&mut session).await?;
        self.recover(&mut session, quarantine.as_mut()).await?;
        let mut open = Vec::new();
        for name in self.watch.mailboxes.clone() {
            let mut mailbox = self.open(&mut session, &name).await?;
            self.catch_up(&mut session, &mut mailbox, quarantine.as_mut(), Instant::now()).await?;
            self.rescan(&mut session, &mut mailbox, quarantine.as_mut()).await?;
            self.backlog(&mut session, &mut mailbox, quarantine.as_mut()).await?;
            open.push(mailbox);
            if *stop.borrow() {
                break;
            }
        }
        self.backlog_done = true;
        self.pulse.trouble(None);
        let ended = self.wait_and_catch_up(&mut session, &mut open, quarantine.as_mut(), stop).await;
        for mailbox in &open {
            self.scan_batch(mailbox).await?;
        }
        ended?;
        session.logout().await;
        Ok(())
    }

    /// The steady state: wait on the first mailbox, look at the others at every tick.
    async fn wait_and_catch_up(
        &mut self,
        session: &mut Session,
        open: &mut [Open],
        mut quarantine: Option<&mut Quarantine>,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<(), Error> {
        let mut rescanned = Instant::now();
        let mut missed_by_idle = 0_u32;
        while let Some((first, others)) = open.split_first_mut() {
            self.pulse.set(self.name(), State::Watching, STEP);
            self.observer.tell(Event::Watching { account: self.name().to_owned() });
            let tick = if missed_by_idle >= 2 { DISTRUST.min(self.watch.poll) } else { self.watch.poll };
            self.select(session, first).await?;
            // Mail may have come between the last look and this SELECT; IDLE would not tell of it.
            self.catch_up(session, first, quarantine.as_deref_mut(), Instant::now()).await?;
            let mut wake = session.idle(tick, stopped(&mut stop.clone())).await?;
            if wake == Wake::Unsupported {
                tokio::select! {
                    () = tokio::time::sleep(tick) => wake = Wake::Deadline,
                    () = stopped(stop) => {}
                }
            }
            if *stop.borrow() {
                return Ok(());
            }
            let found = self.catch_up(session, first, quarantine.as_deref_mut(), Instant::now()).await?;
            if wake == Wake::Deadline && found > 0 {
                missed_by_idle = missed_by_idle.saturating_add(1);
            }
            if wake != Wake::Mail {
                self.look_at_others(session, others, quarantine.as_deref_mut()).await?;
            }
            if rescanned.elapsed() >= RESCAN {
                self.rescan(session, first, quarantine.as_deref_mut()).await?;
                rescanned = Instant::now();
            }
            if self.last_scan_batch.elapsed() >= SCAN_BATCH {
                for mailbox in open.iter() {
                    self.scan_batch(mailbox).await?;
                }
                self.last_scan_batch = Instant::now();
            }
        }
        stopped(stop).await;
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
            let status = session.status(&other.mailbox).await?;
            if status.uidvalidity == Some(other.uidvalidity) && status.uidnext == Some(other.next_uid) {
                continue;
            }
            self.select(session, other).await?;
            self.catch_up(session, other, quarantine.as_deref_mut(), Instant::now()).await?;
        }
        Ok(())
    }

    /// True where this account may move anything at all.
    pub(super) fn may_move(&self) -> bool {
        self.watch.mode == Mode::Quarantine
    }
}

/// Resolves when the service is asked to stop.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A sender that has gone away means the service itself is gone: stop as well.
    let _ = stop.wait_for(|stop| *stop).await;
}
