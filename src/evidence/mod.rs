//! The record's values: entries, lines, the chain that binds them, and their verification. No file is touched here.
//!
//! `docs/record.md` lists every action and field of a line as others see it.
#![deny(clippy::disallowed_methods)]

pub mod audit;
mod canonical;
mod case_id;
mod chain;
mod checkpoint;
mod context;
mod digest;
mod entry;
mod key;
mod meta;
mod peer;
mod record;
mod sender_note;
mod timestamp;
mod tree;
mod uid_set;
mod wire;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use canonical::canonical_digest;
pub use case_id::{CaseId, NotACaseId};
pub use chain::{Break, Chain, Head, ends_batch, link, verify};
pub use checkpoint::{Checkpoint, NOTE_MAX, NotANote, Note, SAVED_MAX, is_name};
pub use context::context;
pub use digest::{Digest, NotADigest};
pub use entry::{Appended, Entry, Lesson, Method, Notice, Outcome, Refetch, Way};
pub use key::{NotAKey, PublicKey, SecretKey};
pub use meta::meta;
pub use peer::{Peer, PeerTls};
pub use record::{Clock, LINE_MAX, Record, Unreadable, internaldate};
pub use sender_note::SenderNote;
pub use timestamp::{stamped, timestamp_request};
pub use tree::{Levels, NotATree, Tree, leaf, prove, root_by};
pub use uid_set::{NotAUidSet, UidSet};

/// One message's name in the record: a UUIDv7, given once per [`Position`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EvidenceId(pub Uuid);

impl std::fmt::Display for EvidenceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a message stood on a server. A bare UID is not passed about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// The account's name in the configuration.
    pub account: String,
    /// The mailbox, decoded (UTF-8).
    pub mailbox: String,
    /// RFC 9051 §2.3.1.1; never 0.
    pub uidvalidity: u32,
    /// Never 0.
    pub uid: u32,
}
