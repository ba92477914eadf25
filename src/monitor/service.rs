//! The accounts' tasks as one service: start, panic and restart, reload, stop.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use tracing::{error, info};

use super::account::{self, Account};
use super::backoff::Backoff;
use super::digests::Scribe;
use super::herald::Herald;
use super::second::Second;
use super::strikes::Strikes;
use super::telling::Telling;
use super::upkeep::Upkeep;
use super::{Error, Observer, Pulse, Watch};
use crate::control::Live;
use crate::evidence::{Digest, Entry, context};
use crate::store::{self, Batch, Store};

/// How long the message in hand may take to be finished after the service is asked to stop.
const GRACE: Duration = Duration::from_millis(1500);
/// How often the record says that the service still runs, also when nothing happens.
const HEARTBEAT: Duration = Duration::from_secs(3600);

/// How the service ended.
#[derive(Debug)]
pub enum Ended {
    /// Asked to.
    Stopped,
    /// No account is left that its server would have: the last refusal.
    Refused(Error),
    /// Evidence can no longer be written; the store has to be opened anew.
    Store(Error),
}

#[derive(Debug)]
struct Running {
    watch: Arc<Watch>,
    stop: watch::Sender<bool>,
    abort: AbortHandle,
    backoff: Backoff,
    second_look: Second,
}

/// The accounts at work. Dropping it aborts them.
#[derive(Debug)]
pub struct Service {
    store: Store,
    pulse: Pulse,
    observer: Observer,
    /// What is done for the record beside watching.
    pub upkeep: Upkeep,
    started: Timestamp,
    stirred: watch::Sender<u64>,
    /// None until it is said ([`Service::tell`]).
    telling: watch::Sender<Option<Arc<Telling>>>,
    /// Counts up when a digest was written.
    news: watch::Sender<u64>,
    scribe: Scribe,
    herald: Herald,
    tasks: JoinSet<(String, account::Ended)>,
    running: BTreeMap<String, Running>,
    names: BTreeMap<Id, String>,
}

/// Where systemd-timesyncd says that the clock was set from the network (systemd-timesyncd.service(8)).
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

fn service_start() -> Entry {
    // Other programs that set clocks leave no such sign: then nothing is said.
    let synchronised = Path::new("/run/systemd/timesync").is_dir().then(|| Path::new(SYNCHRONISED).exists());
    Entry::ServiceStart {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        program: PROGRAM.get().copied(),
        synchronised,
    }
}

/// SHA-256 of the program's own file, once [`read_program`] has read it.
static PROGRAM: OnceLock<Digest> = OnceLock::new();

/// Reads the program's own file, for the record to name it. Before the process locks itself in: afterwards it cannot be
/// read. Where it cannot be read at all, the record says nothing.
pub fn read_program() {
    if PROGRAM.get().is_none()
        && let Ok(digest) = std::fs::File::open("/proc/self/exe").and_then(Digest::of_reader)
    {
        let _ = PROGRAM.set(digest);
    }
}

impl Service {
    /// Records the start and starts one task an account.
    pub async fn start(
        store: Store,
        accounts: Vec<Watch>,
        pulse: Pulse,
        observer: Observer,
    ) -> Result<Self, store::Error> {
        let last = store.last_watched().await?;
        let mut entries = vec![service_start()];
        if let Some(from) = last {
            // Whatever ended it: from the last word of a service on, nobody watched.
            let reason = "not-running".to_owned();
            let until = store.now().await?.max(from);
            entries.push(Entry::WatchGap { account: None, from, until, reason });
        }
        store.commit(Batch { entries, ..Batch::default() }).await?;
        let (telling, news) = (watch::channel(None).0, watch::channel(0).0);
        let mut service = Self {
            scribe: Scribe::start(store.clone(), pulse.clone(), telling.subscribe(), news.clone()),
            herald: Herald::start(store.clone(), pulse.clone(), telling.subscribe(), news.subscribe()),
            store,
            pulse,
            observer,
            upkeep: Upkeep::default(),
            started: Timestamp::now(),
            stirred: watch::channel(0).0,
            telling,
            news,
            tasks: JoinSet::new(),
            running: BTreeMap::new(),
            names: BTreeMap::new(),
        };
        for account in accounts {
            service.spawn(Arc::new(account), Backoff::new(), Duration::ZERO);
        }
        Ok(service)
    }

    /// From here on digests are written, and told as this says. Said again, it takes the place of what was said before.
    pub fn tell(&self, telling: Telling) {
        self.telling.send_replace(Some(Arc::new(telling)));
    }

    /// What commands may ask of it through the socket.
    pub fn live(&self) -> Live {
        let (pulse, started) = (self.pulse.clone(), self.started);
        Live { status: Arc::new(move || pulse.report(started)), stirred: self.stirred.clone() }
    }

    fn spawn(&mut self, watch: Arc<Watch>, backoff: Backoff, delay: Duration) {
        let (stop, stopped) = watch::channel(false);
        let context = context(&watch.context, &watch.thresholds);
        let second_look = Second::start(
            Arc::clone(&watch),
            self.store.clone(),
            self.pulse.clone(),
            self.telling.subscribe(),
            self.news.subscribe(),
        );
        let account = Account {
            watch: Arc::clone(&watch),
            store: self.store.clone(),
            pulse: self.pulse.clone(),
            observer: self.observer.clone(),
            context: (Digest::of(&context), context),
            peer: (Digest::ZERO, Vec::new()),
            lost: None,
            backlog_done: false,
            last_scan_batch: Instant::now(),
            strikes: Strikes::default(),
            void: BTreeSet::new(),
            second_look: second_look.wanted(),
            herald: self.herald.wanted(),
            stirred: self.stirred.subscribe(),
            judging: Arc::new(watch.context.clone()),
            taught: BTreeMap::new(),
            observes_until: None,
        };
        let name = watch.name.clone();
        self.pulse.promise(&name, delay.saturating_add(Duration::from_secs(180)));
        let task_name = name.clone();
        let abort = self.tasks.spawn(async move {
            tokio::time::sleep(delay).await;
            (task_name, account.run(stopped).await)
        });
        self.names.insert(abort.id(), name.clone());
        self.running.insert(name, Running { watch, stop, abort, backoff, second_look });
    }

    /// Runs until `stop` resolves or nothing is left to do. Cancel-safe: it may be dropped and called again, as when
    /// the configuration is read anew in between.
    pub async fn run(&mut self, stop: impl Future<Output = ()>) -> Ended {
        tokio::pin!(stop);
        let mut heartbeat = tokio::time::interval_at(tokio::time::Instant::now() + HEARTBEAT, HEARTBEAT);
        if let Err(error) = self.upkeep.turn(&self.store).await {
            if error.is_broken() {
                return Ended::Store(error.into());
            }
            error!(%error, "upkeep of the record is put off");
        }
        loop {
            tokio::select! {
                () = &mut stop => return Ended::Stopped,
                _ = heartbeat.tick() => {
                    let entries = vec![Entry::Heartbeat];
                    let mut done = self.store.commit(Batch { entries, ..Batch::default() }).await;
                    if done.is_ok() {
                        done = self.upkeep.turn(&self.store).await;
                    }
                    match done {
                        Err(error) if error.is_broken() => return Ended::Store(error.into()),
                        Err(error) => error!(%error, "the hour could not be recorded"),
                        Ok(()) => {}
                    }
                }
                ended = self.tasks.join_next_with_id() => match ended {
                    None => return Ended::Stopped,
                    Some(Ok((id, (name, ended)))) => {
                        self.names.remove(&id);
                        if let Some(ended) = self.ended(&name, ended) {
                            return ended;
                        }
                    }
                    Some(Err(error)) => self.panicked(&error),
                },
            }
        }
    }

    /// One account's task has ended by itself. Some where that ends the service.
    fn ended(&mut self, name: &str, ended: account::Ended) -> Option<Ended> {
        self.running.remove(name);
        match ended {
            account::Ended::Stopped => {
                self.pulse.forget(name);
                None
            }
            account::Ended::Store(error) => Some(Ended::Store(error)),
            account::Ended::Refused(error) => self.running.is_empty().then_some(Ended::Refused(error)),
        }
    }

    /// A panic in one connection is a reconnect, never the end of the others.
    fn panicked(&mut self, error: &JoinError) {
        let Some(name) = self.names.remove(&error.id()) else { return };
        let Some(mut running) = self.running.remove(&name) else { return };
        if !error.is_panic() {
            return;
        }
        let wait = running.backoff.next(Duration::ZERO);
        error!(
            account = name,
            retry_in_ms = wait.as_millis() as u64,
            "the account's task panicked; it is started again"
        );
        self.spawn(running.watch, running.backoff, wait);
    }

    /// Sets or clears what of the service's own work cannot be done, and why; for the status.
    pub fn hindered(&self, what: &str, why: Option<String>) {
        self.pulse.hindered(what, why);
    }

    /// Puts something about the service itself on record.
    pub async fn record(&self, entry: Entry) -> Result<(), store::Error> {
        self.store.commit(Batch { entries: vec![entry], ..Batch::default() }).await
    }

    /// Takes a new set of accounts: those unchanged go on undisturbed, the others end in order and start anew.
    pub async fn reload(&mut self, accounts: Vec<Watch>) {
        let mut kept: BTreeMap<String, Watch> =
            accounts.into_iter().map(|watch| (watch.name.clone(), watch)).collect();
        for (name, watch) in &mut kept {
            // A backlog was asked for on the command line, not in the configuration: it goes on.
            watch.backlog = self.running.get(name).and_then(|running| running.watch.backlog);
        }
        let gone: Vec<String> = self
            .running
            .iter()
            .filter(|(name, running)| kept.get(*name) != Some(running.watch.as_ref()))
            .map(|(name, _)| name.clone())
            .collect();
        self.stop_accounts(&gone).await;
        self.pulse.keep_only(|name| kept.contains_key(name));
        let fresh: Vec<Watch> =
            kept.into_values().filter(|watch| !self.running.contains_key(&watch.name)).collect();
        info!(stopped = gone.len(), started = fresh.len(), "configuration reloaded");
        for watch in fresh {
            self.spawn(Arc::new(watch), Backoff::new(), Duration::ZERO);
        }
    }

    /// Ends all accounts in order, each with the message in hand finished, and records the stop.
    pub async fn stop(mut self) -> Result<(), store::Error> {
        let all: Vec<String> = self.running.keys().cloned().collect();
        self.stop_accounts(&all).await;
        // Those that did not end in time are gone before the store is.
        self.tasks.shutdown().await;
        self.scribe.end().await;
        self.herald.end().await;
        self.store.commit(Batch { entries: vec![Entry::ServiceStop], ..Batch::default() }).await
    }

    async fn stop_accounts(&mut self, names: &[String]) {
        for running in names.iter().filter_map(|name| self.running.get(name)) {
            running.stop.send_replace(true);
        }
        let deadline = tokio::time::Instant::now() + GRACE;
        let mut second_looks = Vec::new();
        while names.iter().any(|name| self.running.contains_key(name)) {
            match tokio::time::timeout_at(deadline, self.tasks.join_next_with_id()).await {
                Ok(Some(Ok((id, (name, _))))) => {
                    self.names.remove(&id);
                    second_looks.extend(self.running.remove(&name).map(|running| running.second_look));
                    self.pulse.forget(&name);
                }
                Ok(Some(Err(error))) => {
                    if let Some(name) = self.names.remove(&error.id()) {
                        second_looks.extend(self.running.remove(&name).map(|running| running.second_look));
                    }
                }
                Ok(None) => break,
                // The network hangs. What was announced is settled at the next start.
                Err(_) => {
                    for name in names {
                        if let Some(running) = self.running.remove(name) {
                            self.names.remove(&running.abort.id());
                            running.abort.abort();
                            second_looks.push(running.second_look);
                            self.pulse.forget(name);
                        }
                    }
                }
            }
        }
        for second_look in second_looks {
            second_look.end().await;
        }
    }
}
