//! What cannot be done on disk.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::evidence::{Break, CaseId, Digest, EvidenceId, NotAUidSet};
use crate::store::fault::Step;

/// What cannot be done on disk. Cheap to clone: one failure answers every commit of its group.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process writes this store.
    #[error("{} is in use by another process", .0.display())]
    Locked(PathBuf),
    /// The operating system refused.
    #[error("{step} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        step: Step,
        /// On which file.
        path: PathBuf,
        /// What it said.
        source: Arc<io::Error>,
    },
    /// The chain was changed, or is damaged. Nothing was mended.
    #[error("{}, line {line}: {why}", .file.display())]
    Chain {
        /// The segment.
        file: PathBuf,
        /// From 1; 0 for the file as a whole.
        line: u64,
        /// What is wrong.
        why: Break,
    },
    /// A segment of the chain is not there, or is empty though later ones follow.
    #[error("{} is missing or empty", .0.display())]
    Segment(PathBuf),
    /// The index knows of records that the chain no longer has: the chain was cut, or an old copy was put back.
    #[error(
        "the index knows {index} records, the chain has {chain}: the chain was cut, or an old copy was put back"
    )]
    IndexAhead {
        /// How many records the index has seen.
        index: u64,
        /// How many the chain has.
        chain: u64,
    },
    /// The index was made from another chain.
    #[error("record {seq} is not the one that the index was made from")]
    Diverged {
        /// The first record at which this shows.
        seq: u64,
    },
    /// The index cannot be read or written.
    #[error("state.sqlite: {0}")]
    Index(#[source] Arc<rusqlite::Error>),
    /// It is in the record already: this position has an id, this intent has an outcome, or is still open.
    #[error("{id} is in the record already", id = .id.0)]
    Duplicate {
        /// Under which id.
        id: EvidenceId,
    },
    /// The entry names a message that was never captured.
    #[error("{id} was never captured", id = .id.0)]
    NotCaptured {
        /// The id.
        id: EvidenceId,
    },
    /// A timestamp authority's reply that is none, that refuses, or that stamps no checkpoint of this record.
    #[error("this is not a granted timestamp (RFC 3161, SHA-256) of a checkpoint of this record")]
    NotATimestamp,
    /// No case of this number was opened.
    #[error("there is no case {0}")]
    NoCase(CaseId),
    /// A case of this number is there already.
    #[error("there is a case {0} already")]
    CaseExists(CaseId),
    /// An outcome for a move that was never announced.
    #[error("no move of {id} was announced", id = .id.0)]
    NoIntent {
        /// The id.
        id: EvidenceId,
    },
    /// Nothing was learned from this message, or it was taken back already.
    #[error("nothing that was learned from {id} stands", id = .id.0)]
    NoLesson {
        /// The id.
        id: EvidenceId,
    },
    /// The digest of this day is on record already, and is never changed.
    #[error("the digest of {0} is written already")]
    DigestExists(jiff::civil::Date),
    /// A message of our own was announced and has no outcome yet.
    #[error("this message is being put into the mailbox already")]
    AppendOpen,
    /// An outcome for a message of our own that was never announced.
    #[error("no such message was announced for the mailbox")]
    NoAppend,
    /// An entry names content that is neither in its batch nor on disk: evidence comes before the record of it.
    #[error("no {what} with SHA-256 {sha256}")]
    NoContent {
        /// `blob`, `meta` or `context`.
        what: &'static str,
        /// Its digest.
        sha256: Digest,
    },
    /// A file of this name has other octets: the evidence on disk is damaged.
    #[error("{} has other octets than its name says", .0.display())]
    Damaged(PathBuf),
    /// A record is longer than a line may be.
    #[error("a record of {octets} octets is too long")]
    TooLong {
        /// Its length.
        octets: usize,
    },
    /// A set of UIDs that is none.
    #[error(transparent)]
    Uids(#[from] NotAUidSet),
    /// What only the store itself may record.
    #[error("key-rotated is the store's own entry")]
    Reserved,
    /// The private key is missing, or is not the one that the record names: nothing can be signed.
    #[error("{}: not the key that the record names; checkpoints cannot be signed", .0.display())]
    Keyless(PathBuf),
    /// An earlier error left it unknown what is on disk: the store takes nothing more until it is opened again.
    #[error("the store is closed after: {after}")]
    Broken {
        /// The earlier error.
        after: Box<Error>,
    },
    /// It was closed to be opened again, and could not be.
    #[error("the store could not be opened again")]
    Reopening,
    /// The writer's thread has ended.
    #[error("the store's writer is gone")]
    Gone,
}

impl Error {
    pub(super) fn io(step: Step, path: &Path, source: io::Error) -> Self {
        Self::Io { step, path: path.to_owned(), source: Arc::new(source) }
    }

    /// No space, or no quota, left. The same commit may succeed later.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Io { source, .. } => {
                matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            }
            Self::Index(source) => source.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
            _ => false,
        }
    }

    /// Another process has the store.
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Locked(_))
    }

    /// It is in the record already; nothing was written.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Duplicate { .. })
    }

    /// The store takes nothing more until [`Store::reopen`](super::Store::reopen).
    pub fn is_broken(&self) -> bool {
        match self {
            Self::Broken { .. } | Self::Reopening | Self::Gone => true,
            Self::Io { step, .. } => step.is_sync(),
            _ => false,
        }
    }

    /// The index file itself is unusable, not merely busy or out of space.
    pub(super) fn is_corrupt_index(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        let code = match self {
            Self::Index(source) => source.sqlite_error_code(),
            _ => None,
        };
        matches!(code, Some(DatabaseCorrupt | NotADatabase))
    }
}

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Self {
        Self::Index(Arc::new(source))
    }
}
