//! Every place where the disk can say no, named, so that tests can make it say so.

use std::fmt;
use std::io;

use jiff::Timestamp;

use crate::evidence::Clock;

/// One act on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Step {
    /// Make a directory, or set its mode.
    MakeDir,
    /// Open or list.
    Open,
    /// Read.
    Read,
    /// Write a content file.
    Write,
    /// fsync a content file.
    Sync,
    /// Give a content file its name.
    Publish,
    /// fsync a directory.
    SyncDir,
    /// Append to the chain.
    Append,
    /// fdatasync the chain.
    SyncChain,
    /// Cut the chain back to what it was.
    Truncate,
    /// Commit the index.
    Index,
    /// Remove a file whose erasure is on record.
    Remove,
    /// Write a checkpoint or a key, or write over a key that is to be forgotten.
    WriteSeal,
    /// fsync one of these.
    SyncSeal,
    /// Give one of these its name.
    NameSeal,
    /// fsync their directory.
    SyncSealDir,
}

/// What happens at a step instead of it.
#[derive(Debug)]
pub enum Fault {
    /// Nothing: it is done.
    Pass,
    /// It fails with this error number.
    Fail(i32),
    /// A write stops after so many octets, with this error number.
    Short(usize, i32),
}

/// Asked before each step. Production has none.
pub trait Faults: Send + Sync {
    /// What is to happen at the step that comes now.
    fn at(&self, step: Step) -> Fault;

    /// What the clocks say, where a test sets them; none: the system's.
    fn clocks(&self) -> Option<(Timestamp, Option<Clock>)> {
        None
    }
}

impl Step {
    /// True where a failure leaves unknown what is on disk: a second fsync would report success without having
    /// written what the first one lost.
    pub fn is_sync(self) -> bool {
        matches!(self, Self::Sync | Self::SyncDir | Self::SyncChain | Self::SyncSeal | Self::SyncSealDir)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MakeDir => "making",
            Self::Open => "opening",
            Self::Read => "reading",
            Self::Write | Self::WriteSeal => "writing",
            Self::Sync | Self::SyncDir | Self::SyncChain | Self::SyncSeal | Self::SyncSealDir => "syncing",
            Self::Publish | Self::NameSeal => "publishing",
            Self::Append => "appending to",
            Self::Truncate => "truncating",
            Self::Index => "updating",
            Self::Remove => "removing",
        })
    }
}

impl Fault {
    /// As an error, and after how many octets of a write.
    pub(super) fn split(self) -> (usize, io::Result<()>) {
        match self {
            Self::Pass => (usize::MAX, Ok(())),
            Self::Fail(errno) => (0, Err(io::Error::from_raw_os_error(errno))),
            Self::Short(octets, errno) => (octets, Err(io::Error::from_raw_os_error(errno))),
        }
    }
}
