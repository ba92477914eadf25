//! What the tests stand on: which servers there are, a client and a delivery agent that share no code with komainu,
//! letters to deliver, and the daemon as its operator sees it.

pub(crate) mod client;
pub(crate) mod daemon;
pub(crate) mod letters;
pub(crate) mod lmtp;
pub(crate) mod record;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use client::{Client, Stored};
use komainu::indicator::Context;
use komainu::message::Message;
use komainu::verdict::{self, Level, Thresholds};

/// One of the servers that `tests/run` starts, or that a developer named in the environment.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub(crate) kind: Kind,
    pub(crate) plain: u16,
    pub(crate) tls: u16,
    pub(crate) lmtp: Option<u16>,
    pub(crate) ca: PathBuf,
    claims: PathBuf,
    users: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Dovecot,
    Courier,
    Cyrus,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dovecot => "dovecot",
            Self::Courier => "courier",
            Self::Cyrus => "cyrus",
        }
    }

    /// What stands before the name of every mailbox of a person but INBOX.
    pub(crate) fn prefix(self) -> &'static str {
        if self == Self::Courier { "INBOX." } else { "" }
    }
}

/// A user that no other test has.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) password: String,
}

impl Server {
    /// The server, from `KOMAINU_TEST_<NAME>`: words `key=value` with `plain`, `tls`, `lmtp`, `ca`, `claims`, `users`.
    /// Where it is not set, says that `test` is skipped, in the words that `tests/run` counts.
    pub(crate) fn find(kind: Kind, test: &str) -> Option<Self> {
        let variable = format!("KOMAINU_TEST_{}", kind.name().to_uppercase());
        let Ok(value) = std::env::var(&variable) else {
            say(&format!(
                "skipped: {}::{test} ({variable} is not set; tests/run starts the server)",
                kind.name()
            ));
            return None;
        };
        let words: BTreeMap<&str, &str> =
            value.split_whitespace().filter_map(|word| word.split_once('=')).collect();
        let port = |key: &str| words.get(key).map(|port| port.parse().expect("a port"));
        Some(Self {
            kind,
            plain: port("plain").expect("plain="),
            tls: port("tls").expect("tls="),
            lmtp: port("lmtp"),
            ca: words["ca"].into(),
            claims: words["claims"].into(),
            users: words["users"].parse().expect("users="),
        })
    }

    /// Takes a user, by creating a file of its name: also tests in other processes will not get it.
    pub(crate) fn claim(&self) -> User {
        let name = (1..=self.users)
            .map(|number| format!("user{number:03}"))
            .find(|name| File::create_new(self.claims.join(name)).is_ok())
            .expect("a user that nobody has taken; start the servers anew");
        User { password: format!("pw-{name}"), name }
    }

    pub(crate) fn client(&self, user: &User) -> Client {
        let mut client = Client::connect(self.plain);
        client.login(&user.name, &user.password);
        client
    }
}

/// Whether a stored message belongs in quarantine: asked of komainu's own judge, since not what it finds is in question
/// here but what is done about it.
pub(crate) fn expect_quarantine(stored: &Stored) -> bool {
    let context = Context {
        received_at: Some(jiff::Timestamp::from_second(stored.internaldate).unwrap()),
        ..Context::default()
    };
    verdict::judge(&Message::parse(&stored.octets), &context, &Thresholds::default()).level == Level::Threat
}

/// Says a line that is seen also when the test passes; what is printed would be kept from view.
pub(crate) fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// True for the long form of a test, `tests/run --soak`.
pub(crate) fn soak() -> bool {
    std::env::var_os("KOMAINU_TEST_SOAK").is_some()
}

/// Asks every `pause` until there is an answer. For what another process does in its own time and nothing announces.
pub(crate) fn wait_for<T>(
    what: &str,
    limit: Duration,
    pause: Duration,
    mut ask: impl FnMut() -> Option<T>,
) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < limit, "not within {limit:?}: {what}");
        std::thread::sleep(pause);
    }
}
