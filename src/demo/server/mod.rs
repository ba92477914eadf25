//! An IMAP server on the loopback address, with its mail in memory: for the demo, for a person's own mail program, and for
//! tests, which can look behind it (the oracle: [`Server::deliver`], [`Server::snapshot`]) and make it fail
//! ([`Server::fault`]).
//!
//! Commands are read by imap-codec, which is not the work of the hands that wrote komainu's client; replies are written here.
//! Passwords and mail never leave memory and are never logged. Nothing but 127.0.0.1 can reach it.

mod auth;
mod cert;
mod command;
mod fault;
mod idle;
mod listen;
mod mailboxes;
mod messages;
mod names;
mod oracle;
mod profile;
mod reply;
mod session;
mod state;
mod store;
mod view;
mod wire;

mod fetch;
mod mime;
mod search;
mod section;
mod structure;

pub use cert::Presented;
pub use fault::{Act, Cut, Fault, Refusal, When, trigger};
pub use oracle::Server;
pub use profile::Profile;
pub use state::State;

use std::collections::BTreeSet;
use std::sync::Arc;

/// How a connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Security {
    /// TLS from the first octet.
    #[default]
    Tls,
    /// In clear at first, with STARTTLS and LOGINDISABLED.
    StartTls,
    /// In clear, and STARTTLS neither offered nor accepted, as if somebody on the way had taken it out; login is accepted.
    StartTlsStripped,
    /// In clear, for tests that speak the protocol by hand.
    Plain,
}

/// What the server is to be like.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Names and passwords.
    pub users: Vec<(String, String)>,
    /// Whose manners it has.
    pub profile: Profile,
    /// How connections are secured.
    pub security: Security,
    /// Which certificate it shows.
    pub presented: Presented,
    /// Whether EMAILID can be fetched (RFC 8474).
    pub objectid: bool,
    /// Whether AUTHENTICATE takes its first answer on the same line (RFC 4959).
    pub sasl_ir: bool,
    /// Whether AUTHENTICATE XOAUTH2 is offered; tokens are set with [`Server::set_token`].
    pub tokens: bool,
    /// UIDVALIDITY of the first mailbox; each later one has a greater value.
    pub uidvalidity: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            users: vec![("hanako".to_owned(), "hanako-password".to_owned())],
            profile: Profile::default(),
            security: Security::default(),
            presented: Presented::default(),
            objectid: false,
            sasl_ir: true,
            tokens: false,
            uidvalidity: 1_700_000_000,
        }
    }
}

/// One message, as the oracle shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its UID.
    pub uid: u32,
    /// Its flags, system flags as in `\Seen`; never `\Recent`, which belongs to sessions.
    pub flags: BTreeSet<String>,
    /// Its INTERNALDATE.
    pub internaldate: jiff::Timestamp,
    /// The message, shared with the store.
    pub octets: Arc<[u8]>,
}
