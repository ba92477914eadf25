//! The mail server of the machine, in this process, seen from behind.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use komainu::demo::samples::{Expected, SAMPLES, Sample};
use komainu::demo::server::{Options, Server, State};
use tokio::runtime::{Builder, Runtime};

pub(crate) const USER: &str = "hanako@example.net";
pub(crate) const PASSWORD: &str = "kanaria-password-1";
pub(crate) const QUARANTINE: &str = "komainu隔離";

/// In everything that must not be found in a log.
pub(crate) const CANARY: &str = "kanaria";

const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Mail {
    server: Arc<Server>,
    delivered: usize,
}

/// For questions alone; the server has a thread of its own.
fn asking() -> &'static Runtime {
    static ASKING: OnceLock<Runtime> = OnceLock::new();
    ASKING.get_or_init(|| Builder::new_current_thread().enable_all().build().unwrap())
}

impl Mail {
    pub(crate) fn open() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let users = vec![(USER.to_owned(), PASSWORD.to_owned())];
        let options = Options { users, ..Options::default() };
        let server = Arc::new(runtime.block_on(Server::start(options)).unwrap());
        std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
        Self { server, delivered: 0 }
    }

    pub(crate) fn port(&self) -> u16 {
        self.server.addr().port()
    }

    pub(crate) fn ca_pem(&self) -> &str {
        self.server.ca_pem()
    }

    /// Delivers the first sample of a kind, each time as a message that no other equals; gives what it delivered.
    pub(crate) fn deliver_one(&mut self, expected: Expected) -> Vec<u8> {
        let sample = SAMPLES.iter().find(|sample| sample.expected == expected).unwrap();
        self.deliver(sample)
    }

    pub(crate) fn deliver(&mut self, sample: &Sample) -> Vec<u8> {
        self.delivered += 1;
        let mut octets = format!("X-Test: {CANARY}-field-{}\r\n", self.delivered).into_bytes();
        octets.extend_from_slice(sample.octets);
        self.server.deliver(USER, "INBOX", octets.clone(), None, &[]);
        octets
    }

    pub(crate) fn deliver_canary(&mut self) {
        self.delivered += 1;
        let letter = format!(
            "From: {CANARY} <{CANARY}-from@example.com>\r\nTo: {USER}\r\nSubject: {CANARY}-subject\r\n\
             Message-ID: <{CANARY}-id@example.com>\r\n\r\n{CANARY}-body\r\n"
        );
        self.server.deliver(USER, "INBOX", letter.into_bytes(), None, &[]);
    }

    pub(crate) fn until(&self, what: &str, is_so: impl FnMut(&State) -> bool) {
        let waited =
            asking().block_on(async { tokio::time::timeout(PATIENCE, self.server.wait_until(is_so)).await });
        if waited.is_err() {
            crate::manager::keep_journal();
            panic!("did not happen in time: {what}");
        }
    }

    pub(crate) fn until_waited_at(&self) {
        self.until("the daemon waits at the inbox", |state| state.idling(USER, "INBOX") == 1);
    }

    pub(crate) fn until_counts(&self, inbox: usize, quarantined: usize) {
        self.until(&format!("{inbox} in the inbox, {quarantined} in quarantine"), |state| {
            (state.count(USER, "INBOX"), state.count(USER, QUARANTINE)) == (inbox, quarantined)
        });
    }

    /// The octets of each message in quarantine.
    pub(crate) fn quarantined(&self) -> Vec<Arc<[u8]>> {
        self.server.snapshot(USER, QUARANTINE).into_iter().map(|stored| stored.octets).collect()
    }

    /// From now on no log-in succeeds.
    pub(crate) fn change_password(&self) {
        self.server.set_password(USER, "another");
        self.server.disconnect_all();
    }
}
