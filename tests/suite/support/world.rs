//! A mailbox, a server with faults, and the service at work on it: all that a story about one person needs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use komainu::control::{Answer, Listener, Request, act};
use komainu::demo::samples::{Expected, SAMPLES};
use komainu::demo::server::{Options, Server, Stored};
use komainu::evidence::{Entry, Head, Outcome, Record, verify};
use komainu::imap::{Endpoint, Limits, Secret, Security, Timeouts, Trust};
use komainu::indicator::Context;
use komainu::monitor::{Ended, Event, Observer, Pulse, Service, Telling, Watch};
use komainu::store::Store;
use komainu::store::fault::Faults;
use komainu::verdict::{Mode, Thresholds};
use tempfile::TempDir;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) const USER: &str = "hanako@example.net";
pub(crate) const PASSWORD: &str = "correct horse \"battery\" \\ staple";
pub(crate) const QUARANTINE: &str = "komainu隔離";

/// No test waits longer for anything; what takes so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) dir: TempDir,
    pub(crate) mode: Mode,
    pub(crate) digest_mailbox: Option<String>,
    /// Where digests go and who is told; none: nobody.
    pub(crate) telling: Option<Telling>,
    /// What the store's clocks say, where a story sets them.
    pub(crate) faults: Option<Arc<dyn Faults>>,
    pub(crate) pulse: Pulse,
    pub(crate) events: Option<UnboundedReceiver<Event>>,
    running: Option<(oneshot::Sender<()>, JoinHandle<Ended>)>,
    /// What commands speak to while the service runs.
    listening: Option<JoinHandle<()>>,
    /// What this story is about, for messages.
    pub(crate) label: String,
    /// Where the quarantine is on this server (`INBOX.` on some).
    prefix: &'static str,
}

/// A threat that no other one equals.
pub(crate) fn threat(number: usize) -> Vec<u8> {
    numbered(number, Expected::Quarantine)
}

/// Mail that belongs into the inbox.
pub(crate) fn letter(number: usize) -> Vec<u8> {
    numbered(number, Expected::Inbox)
}

fn numbered(number: usize, expected: Expected) -> Vec<u8> {
    let of_kind: Vec<_> = SAMPLES.iter().filter(|sample| sample.expected == expected).collect();
    let sample = of_kind[number % of_kind.len()];
    let mut octets = format!("X-Test-Number: {number}\r\n").into_bytes();
    octets.extend_from_slice(sample.octets);
    octets
}

pub(crate) async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| panic!("did not happen in time: {what}"))
}

impl World {
    pub(crate) async fn new(options: Options) -> Self {
        let server =
            Server::start(Options { users: vec![(USER.into(), PASSWORD.into())], ..options }).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        Self {
            server,
            dir,
            mode: Mode::Quarantine,
            digest_mailbox: None,
            telling: None,
            faults: None,
            pulse: Pulse::default(),
            events: None,
            running: None,
            listening: None,
            label: String::new(),
            prefix: "",
        }
    }

    /// A server whose mailboxes all stand below the inbox.
    pub(crate) async fn prefixed(options: Options) -> Self {
        Self { prefix: "INBOX.", ..Self::new(options).await }
    }

    pub(crate) fn store_dir(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    pub(crate) fn quarantine(&self) -> String {
        format!("{}{QUARANTINE}", self.prefix)
    }

    pub(crate) fn watch(&self) -> Watch {
        use tokio_rustls::rustls::pki_types::CertificateDer;
        use tokio_rustls::rustls::pki_types::pem::PemObject as _;
        let root = CertificateDer::from_pem_slice(self.server.ca_pem().as_bytes()).unwrap();
        Watch {
            name: "hanako".into(),
            endpoint: Endpoint {
                host: "localhost".into(),
                port: self.server.addr().port(),
                security: Security::Tls,
                trust: Trust { extra_roots: vec![root], spki_pins: Vec::new() },
                user: USER.into(),
                password: Secret::new(PASSWORD),
                timeouts: Timeouts::default(),
            },
            mailboxes: vec!["INBOX".into()],
            quarantine: QUARANTINE.into(),
            mode: self.mode,
            observe_for: None,
            digest_mailbox: self.digest_mailbox.clone(),
            also_preserve: Vec::new(),
            context: Context {
                own_addresses: vec![USER.into()],
                authserv_ids: vec!["mx.example.net".into()],
                ..Context::default()
            },
            thresholds: Thresholds::default(),
            poll: Duration::from_mins(1),
            limits: Limits { max_message: 20 << 20, ..Limits::default() },
            backlog: None,
        }
    }

    pub(crate) async fn start(&mut self) {
        let watch = self.watch();
        self.start_with(vec![watch]).await;
    }

    /// Starts the service and waits until it watches.
    pub(crate) async fn start_with(&mut self, watches: Vec<Watch>) {
        if std::env::var_os("KOMAINU_TEST_LOG").is_some() {
            let _ =
                tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_test_writer().try_init();
        }
        let (observer, events) = Observer::channel();
        self.events = Some(events);
        let store = match &self.faults {
            Some(faults) => Store::open_with(&self.store_dir(), faults.clone()).unwrap(),
            None => Store::open(&self.store_dir()).unwrap(),
        };
        self.pulse = Pulse::default();
        let mut service = Service::start(store.clone(), watches, self.pulse.clone(), observer).await.unwrap();
        let listener = Listener::bind(&self.store_dir()).unwrap();
        self.listening = Some(tokio::spawn(listener.serve(store, service.live())));
        if let Some(telling) = &self.telling {
            service.tell(telling.clone());
        }
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(async move {
            let ended = service.run(async { drop(stopped.await) }).await;
            service.stop().await.unwrap();
            ended
        });
        self.running = Some((stop, running));
        self.until("watching", |event| matches!(event, Event::Watching { .. })).await;
    }

    /// Waits for an event; earlier ones are passed over.
    pub(crate) async fn until(&mut self, what: &str, mut is_it: impl FnMut(&Event) -> bool) -> Event {
        let events = self.events.as_mut().unwrap();
        in_time(what, async {
            loop {
                let event = events.recv().await.expect("the service has ended");
                if is_it(&event) {
                    return event;
                }
            }
        })
        .await
    }

    pub(crate) async fn stop(&mut self) -> Ended {
        self.stop_listening().await;
        let (stop, running) = self.running.take().unwrap();
        let _ = stop.send(());
        let ended = in_time("stop", running).await.unwrap();
        self.until_free().await;
        ended
    }

    /// Ends the service where it stands, as a crash would.
    pub(crate) async fn kill(&mut self) {
        self.stop_listening().await;
        let (_stop, running) = self.running.take().unwrap();
        running.abort();
        assert!(running.await.unwrap_err().is_cancelled());
        self.until_free().await;
    }

    /// Tasks that were aborted let the store go when they are next looked at, each at its own time.
    async fn until_free(&self) {
        in_time("the store is free", async {
            while let Err(error) = Store::open(&self.store_dir()) {
                assert!(error.is_locked(), "{error}");
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// It has a handle on the store, which one process has at a time.
    async fn stop_listening(&mut self) {
        let listening = self.listening.take().unwrap();
        listening.abort();
        let _ = listening.await;
    }

    /// What a command puts on record: through the service where it runs, else under the store's lock.
    pub(crate) async fn act(&self, entries: Vec<Entry>) {
        let dir = self.store_dir();
        let request = Request::Record { entries, notes: Vec::new() };
        let acted = tokio::task::spawn_blocking(move || act(&dir, request)).await.unwrap();
        assert_eq!(acted.unwrap(), Answer::Done);
    }

    /// What the service says of its one account.
    pub(crate) fn status(&self) -> komainu::control::status::Account {
        self.pulse.report(jiff::Timestamp::UNIX_EPOCH).accounts.remove(0)
    }

    /// Waits until the inbox holds this many messages and quarantine that many, with every intent settled.
    pub(crate) async fn until_settled(&self, inbox: usize, quarantined: usize) {
        let quarantine = self.quarantine();
        in_time(
            &format!("mailboxes as expected {}", self.label),
            self.server.wait_until(|state| {
                state.snapshot(USER, "INBOX").len() == inbox
                    && state.snapshot(USER, &quarantine).len() == quarantined
            }),
        )
        .await;
    }

    pub(crate) fn inbox(&self) -> Vec<Stored> {
        self.server.snapshot(USER, "INBOX")
    }

    pub(crate) fn quarantined(&self) -> Vec<Stored> {
        self.server.snapshot(USER, &self.quarantine())
    }

    /// The chain, verified, as records.
    pub(crate) fn records(&self) -> Vec<Record> {
        records(&self.store_dir())
    }

    /// See [`check_story`].
    pub(crate) fn check_invariants(&self, delivered: &[Vec<u8>]) {
        check_story(&self.store_dir(), &self.inbox(), &self.quarantined(), delivered);
    }
}

/// The chain of a store, verified, as records.
pub(crate) fn records(store: &Path) -> Vec<Record> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(store.join("evidence/chain")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let octets: Vec<u8> = files.iter().flat_map(|file| fs::read(file).unwrap()).collect();
    verify(&octets, Head::GENESIS).expect("the chain verifies");
    String::from_utf8(octets).unwrap().lines().map(|line| Record::from_line(line).unwrap()).collect()
}

/// What must be true after any story: every message once, every move announced with its evidence on disk and
/// ended exactly once, every quarantined message recorded.
pub(crate) fn check_story(store: &Path, inbox: &[Stored], quarantined: &[Stored], delivered: &[Vec<u8>]) {
    let mut there: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    for stored in inbox.iter().chain(quarantined) {
        *there.entry(stored.octets.to_vec()).or_default() += 1;
    }
    for octets in delivered {
        assert_eq!(there.get(octets), Some(&1), "a message is lost or doubled");
    }
    assert_eq!(there.len(), delivered.len(), "a message came from nowhere");
    let records = records(store);
    let mut outcomes: BTreeMap<_, Vec<Outcome>> = BTreeMap::new();
    let mut intents: BTreeMap<_, usize> = BTreeMap::new();
    let mut captured = BTreeMap::new();
    for record in &records {
        match &record.entry {
            Entry::Captured { id, sha256, .. } => {
                let blob = blob_path(store, &sha256.to_string());
                assert!(blob.is_file(), "no blob for a captured message");
                assert!(captured.insert(*id, *sha256).is_none(), "an id given twice");
            }
            Entry::MoveIntent { id, .. } => {
                assert!(captured.contains_key(id), "an intent before its evidence");
                *intents.entry(*id).or_default() += 1;
                outcomes.entry(*id).or_default();
            }
            Entry::MoveResult { id, outcome, .. } => outcomes.get_mut(id).expect("announced").push(*outcome),
            _ => {}
        }
    }
    for (id, outcomes) in &outcomes {
        assert_eq!(outcomes.len(), intents[id], "{id}: not exactly one outcome a move: {outcomes:?}");
    }
    for stored in quarantined {
        let digest = komainu::evidence::Digest::of(&stored.octets);
        assert!(captured.values().any(|sha256| *sha256 == digest), "moved without evidence");
    }
}

fn blob_path(store: &Path, sha256: &str) -> PathBuf {
    store.join("evidence/blobs").join(&sha256[..2]).join(format!("{sha256}.eml"))
}
