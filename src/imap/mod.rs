//! The only door to async-imap, which serves as transport and response parser only; commands, outcomes, IDLE and
//! time-outs are komainu's own, and a framing guard stands beneath.
//!
//! Why not the crate's own methods: `uid_fetch`, `uid_search`, `uid_store`, `list` and `select` of async-imap 0.12 report
//! success on a tagged NO or BAD and on a closed connection, its IDLE hangs on NO and loses EXISTS, and COPYUID in a tagged
//! reply is dropped. A fetch that was cut off would look like "no mail". `tests/suite/traps.rs` names each.
//!
//! ```text
//! Session            select, summaries, bodies, move_to, idle, …: what the monitor calls
//! Executor           one command: written, answered with its tag, or the connection is gone
//! async_imap::Client octets to responses
//! Guard              caps, unknown lines, panic triggers
//! TLS, TCP           tokio-rustls; never plaintext
//! ```
//!
//! Three rules hold for every method of [`Session`]:
//!
//! - Ok means that the server's tagged OK was read. EOF, NO, BAD, BYE and time-outs are typed [`Error`]s, never empty results.
//! - After a time-out, a cut connection or a future that was dropped in the middle, the connection is gone: what comes next is
//!   [`Error::Poisoned`]. The effect of the command in hand is then unknown and must be looked up.
//! - Commands are an internal list (`command.rs`). CLOSE, EXPUNGE, STORE of anything but `\Deleted`, and FETCH without `.PEEK` are
//!   not on it, so that no caller can send them.
//!
//! The log target `async_imap` prints, at TRACE, what the server sends, whole messages included. Whoever sets up logging must
//! hold it above TRACE. Passwords do not pass through it: commands are written below it.

mod append;
mod auth;
mod bodies;
mod command;
mod connect;
mod error;
mod executor;
mod fetch;
mod guard;
mod idle;
mod locate;
mod mailbox;
mod outcome;
mod parts;
mod quarantine;
mod select;
mod session;
mod tls;
mod utf7;

use std::time::Duration;

pub use auth::Secret;
pub use bodies::{Body, Fetched, Gap, Limits, Part};
pub use connect::{Transport, encrypted};
pub use error::{Error, Exceeded, ServerText};
pub use fetch::{SUMMARIES_MAX, Summary};
pub use guard::Counts;
pub use idle::Wake;
pub use locate::{Located, locate, resolvers};
pub use mailbox::{Listed, Mailbox};
pub use quarantine::{MovePath, Moved, NoMove};
pub use select::{Selected, Status};
pub use session::{Capabilities, Session};
pub use tls::Trust;
pub use utf7::{decode as decode_utf7, encode as encode_utf7};

/// One account's server, and how to get in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Name or address; also the name that the certificate must carry.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the line is encrypted; there is no plaintext.
    pub security: Security,
    /// Whose certificates are believed.
    pub trust: Trust,
    /// Login name.
    pub user: String,
    /// Password or app password.
    pub password: Secret,
    /// How long anything may take.
    pub timeouts: Timeouts,
}

/// How the line is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first octet (port 993).
    Tls,
    /// STARTTLS before anything else (port 143); a server that does not offer it is refused.
    StartTls,
}

/// How long things may take. async-imap has no time-outs at all; these are the only ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// One TCP connection attempt, for each address.
    pub connect: Duration,
    /// Silence while a reply is awaited. Octets that arrive start it anew.
    pub read: Duration,
    /// One write.
    pub write: Duration,
    /// A whole command, however chatty the server is.
    pub command: Duration,
    /// From DONE to the end of IDLE.
    pub done: Duration,
    /// The same where the caller stops: the service must end within 2 s.
    pub stop: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            read: Duration::from_mins(1),
            write: Duration::from_mins(1),
            command: Duration::from_mins(15),
            done: Duration::from_secs(15),
            stop: Duration::from_secs(1),
        }
    }
}
