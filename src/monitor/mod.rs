//! One task an account: connect, recover, catch up, wait, again. Core and shell meet here.
//!
//! [`Service`] is the service: it starts the accounts, replaces them when the configuration is read anew, starts one again
//! that panicked, and ends when asked or when no account is left that the server would have.
//!
//! One account is one actor (`account.rs`): everything it does happens in its own task and in order, so that what it
//! sees on the server can be told from what it did itself.

mod account;
mod asked;
mod assemble;
mod backoff;
mod digests;
mod error;
mod event;
mod give_back;
mod herald;
mod https;
mod judge;
mod lessons;
mod locate;
mod mailbox;
mod path;
mod place;
mod plan;
mod post;
mod preserve;
mod pulse;
mod quarantine;
mod recovery;
mod refetch;
mod release;
mod report;
mod second;
mod service;
mod settled;
mod strikes;
mod task;
mod telling;
mod upkeep;

use std::time::Duration;

use jiff::Timestamp;

pub use self::error::Error;
pub use self::event::{Event, Observer};
pub use self::https::Endpoint as HttpsEndpoint;
pub use self::pulse::{Pulse, State};
pub use self::service::{Ended, Service, read_program};
pub use self::telling::{LOOK, Telling};
pub use self::upkeep::Upkeep;
use crate::imap::{Endpoint, Limits};
use crate::indicator::Context;
use crate::verdict::{Mode, Thresholds};

/// How often mailboxes other than the first are looked at, and the longest single IDLE.
pub const POLL: Duration = Duration::from_secs(60);

/// One account as it is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// Names the account in the record.
    pub name: String,
    /// Where and as whom to sign in.
    pub endpoint: Endpoint,
    /// Mailboxes, decoded; IDLE waits on the first.
    pub mailboxes: Vec<String>,
    /// Where hits go.
    pub quarantine: String,
    /// Move, or only look.
    pub mode: Mode,
    /// Where `mode` would move: how long after the first watch nothing is moved yet.
    pub observe_for: Option<Duration>,
    /// Where our own notices go, decoded; none: nowhere.
    pub digest_mailbox: Option<String>,
    /// Mailboxes, decoded, or special uses (`\\Junk`), whose hits are kept and never moved.
    pub also_preserve: Vec<String>,
    /// What judging depends on beside the message.
    pub context: Context,
    /// From which score on a message is what.
    pub thresholds: Thresholds,
    /// See [`POLL`].
    pub poll: Duration,
    /// How much of a message is fetched.
    pub limits: Limits,
    /// Judge what came since then, too. Asked for, never the default.
    pub backlog: Option<Timestamp>,
}
