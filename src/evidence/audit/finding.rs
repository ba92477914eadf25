//! What a verification found.

use crate::evidence::Break;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// For people to know; says nothing against the record.
    Notice,
    /// Not covered by any signature: whoever can write to the disk could have made it. Never counts as verified.
    Unsigned,
    /// The record was changed, or is damaged.
    Fail,
}

/// Which files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Octets of a message.
    Blob,
    /// What was read out of it.
    Meta,
    /// What a verdict depended on, or which server a message came from.
    Context,
    /// The person's own words.
    Note,
    /// Octets that a crash left.
    Tail,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: What,
    /// At which record, where it is about one.
    pub seq: Option<u64>,
    /// In which file, below `evidence/`; empty where it is about none.
    pub file: String,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A line does not follow the one before.
    Chain(Break),
    /// The chain ends within a line, or within what was committed together.
    TornTail,
    /// A line that follows but is not a record, or one without the fields that its action has to have.
    Unreadable,
    /// CLOCK_BOOTTIME went back within a boot.
    BootClockBack,
    /// The wall clock was set by so many milliseconds, and no `clock-step` says so.
    ClockSet(i64),
    /// A `clock-step` says so.
    ClockStep(i64),
    /// Another boot; the clocks cannot be compared over it. True where the wall clock was behind afterwards.
    Boot {
        /// The wall clock was behind afterwards.
        back: bool,
    },
    /// A note in `checkpoints/` is not one, or its name is not its size.
    NoNote,
    /// `checkpoint` is not a copy of one of them.
    NoCopy,
    /// `checkpoint` is empty, as a loss of power leaves it.
    EmptyCopy,
    /// A line of the case, in a bundle, that is not in the chain.
    CaseLine,
    /// A checkpoint of another log.
    Origin,
    /// The lines are not those that were signed.
    Root,
    /// Not signed with the key whose turn it was.
    Signature,
    /// More records were signed than there are.
    Missing {
        /// How many were signed.
        signed: u64,
    },
    /// A new key that the old one did not sign for.
    Roll,
    /// A file in `keys/` is not the key that its name says.
    KeyFile,
    /// The store's first key is not the one that is trusted.
    GenesisKey,
    /// What a record names is not there.
    ContentMissing(Kind),
    /// It is there with other octets.
    ContentChanged(Kind),
    /// It is not there, and the record that it was erased is not covered by a signature.
    ErasureUnsigned(Kind),
    /// The record says that it was erased, and it is there.
    ErasedIsThere(Kind),
    /// Nothing names this file.
    Extra,
    /// So many records at the end are not covered by any signature.
    Uncovered {
        /// How many.
        records: u64,
    },
    /// So many findings of the same kind are not listed.
    More(u64),
}

impl What {
    /// How much it weighs.
    pub fn grade(self) -> Grade {
        match self {
            Self::ClockStep(_)
            | Self::Boot { .. }
            | Self::EmptyCopy
            | Self::ErasedIsThere(_)
            | Self::Extra
            | Self::More(_) => Grade::Notice,
            Self::ErasureUnsigned(_) | Self::Uncovered { .. } => Grade::Unsigned,
            _ => Grade::Fail,
        }
    }

    /// A machine word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Chain(_) => "chain-broken",
            Self::TornTail => "torn-tail",
            Self::Unreadable => "record-unreadable",
            Self::BootClockBack => "boot-clock-back",
            Self::ClockSet(_) => "clock-set",
            Self::ClockStep(_) => "clock-step",
            Self::Boot { .. } => "boot",
            Self::NoNote => "checkpoint-unreadable",
            Self::NoCopy => "checkpoint-copy",
            Self::EmptyCopy => "checkpoint-copy-empty",
            Self::CaseLine => "case-line",
            Self::Origin => "checkpoint-origin",
            Self::Root => "checkpoint-root",
            Self::Signature => "checkpoint-signature",
            Self::Missing { .. } => "records-missing",
            Self::Roll => "key-roll",
            Self::KeyFile => "key-file",
            Self::GenesisKey => "genesis-key",
            Self::ContentMissing(_) => "content-missing",
            Self::ContentChanged(_) => "content-changed",
            Self::ErasureUnsigned(_) => "erasure-unsigned",
            Self::ErasedIsThere(_) => "erased-is-there",
            Self::Extra => "extra-file",
            Self::Uncovered { .. } => "uncovered",
            Self::More(_) => "more",
        }
    }
}
