//! Evidence on disk: blobs, meta, contexts, the chain, and the index that is replayed from it. One writer.
//!
//! [`Store`] is a cheap handle; a thread of its own owns the files, so that fsync never blocks the connections, and
//! commits of several accounts share one append and one fdatasync (group commit).

use std::path::Path;

use crate::evidence::{Digest, Entry, EvidenceId, Method, Position};

/// Handle to the evidence store. Clones share one writer thread.
#[derive(Debug, Clone)]
pub struct Store {}

/// What cannot be done on disk. After any write or fsync error the store refuses further commits until it is opened again.
#[derive(Debug, thiserror::Error)]
#[error("store")]
pub struct Error {}

/// Content files and entries that become durable together: files first (fsynced, published without overwriting,
/// directories fsynced), then all entries in one append and fdatasync. Either all entries are in the chain or none.
#[derive(Debug, Default)]
pub struct Batch {
    /// Raw octets, each published as `blobs/<aa>/<sha256>.eml`.
    pub blobs: Vec<Vec<u8>>,
    /// `meta/<aa>/<id>.json`.
    pub metas: Vec<(EvidenceId, Vec<u8>)>,
    /// `context/<sha256>.json`, written where not there yet.
    pub contexts: Vec<Vec<u8>>,
    /// In order.
    pub entries: Vec<Entry>,
    /// Rows of the index only (not the chain): clean messages.
    pub clean: Vec<Clean>,
    /// The cursor as the index knows it (position.uid is the next UID), made durable with the rows.
    pub cursor: Option<Position>,
}

/// A clean message: only its identities are kept, in the index.
#[derive(Debug, Clone)]
pub struct Clean {
    /// Where it stands.
    pub position: Position,
    /// SHA-256 of its octets.
    pub sha256: Digest,
    /// X-GM-MSGID or EMAILID.
    pub server_identity: Option<String>,
}

/// What is known of a watched mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// UIDVALIDITY and next UID to judge.
    pub cursor: Position,
    /// First UID ever judged under this UIDVALIDITY.
    pub start_uid: u32,
}

/// A move that was announced and has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIntent {
    /// What.
    pub id: EvidenceId,
    /// From where.
    pub position: Position,
    /// How.
    pub method: Method,
    /// Quarantine mailbox, decoded.
    pub destination: String,
    /// Its UIDVALIDITY then.
    pub destination_uidvalidity: u32,
    /// Its UIDNEXT then.
    pub destination_uidnext: u32,
    /// Known UID of the copy ([`Entry::Copied`]).
    pub copied: Option<u32>,
    /// Of the octets.
    pub sha256: Digest,
    /// Octets.
    pub size: u64,
}

/// A captured message as the index knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: EvidenceId,
    /// Where it was captured.
    pub position: Position,
    /// Of the octets.
    pub sha256: Digest,
    /// Where it was moved to, if it was: (mailbox, UIDVALIDITY, UID where known).
    pub moved_to: Option<(String, u32, Option<u32>)>,
    /// True once it was released.
    pub released: bool,
    /// INTERNALDATE as given.
    pub internaldate: String,
}

/// How a message may be known again, strongest first (DESIGN invariant 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// X-GM-MSGID or EMAILID.
    Server(String),
    /// SHA-256 of the octets.
    Octets(Digest),
    /// Canonical SHA-256 with the same INTERNALDATE.
    Canonical(Digest, String),
}

impl Store {
    /// Opens or creates `dir` (0700), takes the lock, mends a torn tail (recorded), brings the index up to date.
    pub fn open(_dir: &Path) -> Result<Self, Error> {
        Ok(Self {})
    }

    /// Makes a batch durable. When this returns Ok, everything in it is on disk.
    pub async fn commit(&self, _batch: Batch) -> Result<(), Error> {
        Err(Error {})
    }

    /// What is known of a mailbox; none before its first [`Entry::WatchStart`].
    pub async fn watched(&self, _account: &str, _mailbox: &str) -> Result<Option<Watched>, Error> {
        Ok(None)
    }

    /// Moves without a result, oldest first.
    pub async fn open_intents(&self, _account: &str) -> Result<Vec<OpenIntent>, Error> {
        Ok(Vec::new())
    }

    /// The captured message at a position, if any.
    pub async fn at(&self, _position: &Position) -> Result<Option<Known>, Error> {
        Ok(None)
    }

    /// Captured messages of an account with this identity, newest first.
    pub async fn by_identity(&self, _account: &str, _identity: &Identity) -> Result<Vec<Known>, Error> {
        Ok(Vec::new())
    }

    /// Which of these UIDs of a mailbox have a row (captured, clean or not judged); ascending.
    pub async fn handled(&self, _at: &Position, _from: u32) -> Result<Vec<u32>, Error> {
        Ok(Vec::new())
    }
}
