//! What ends a session, and what that means for the next try.

use std::time::Duration;

use crate::{imap, store};

/// Why a session ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server, the line or the credentials.
    #[error(transparent)]
    Imap(#[from] imap::Error),
    /// The evidence store: nothing is moved while it cannot be written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The selected mailbox is no longer the one it was: start again by identity.
    #[error("UIDVALIDITY changed")]
    UidvalidityChanged,
    /// A watched mailbox is not there.
    #[error("a watched mailbox does not exist on the server")]
    NoMailbox,
    /// Every message that was asked for was refused: rather the server's state than the messages'.
    #[error("the server refuses to give any message")]
    NothingGiven,
    /// STATUS of the quarantine mailbox gave no UIDVALIDITY.
    #[error("the server gives no UIDVALIDITY for the quarantine mailbox")]
    NoUidvalidity,
}

impl Error {
    /// True where trying again would only harm: lock-outs, or a certificate that is not the right one.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Imap(error) if error.is_refusal())
    }

    /// True where the store has to be opened anew.
    pub fn is_store_broken(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_broken())
    }

    /// True where one mailbox stands in the way, and the others can be watched all the same.
    pub(super) fn is_of_mailbox(&self) -> bool {
        match self {
            Self::NoMailbox => true,
            Self::Imap(imap::Error::No { command, .. } | imap::Error::Bad { command, .. }) => {
                matches!(*command, "SELECT" | "EXAMINE")
            }
            _ => false,
        }
    }

    /// True where evidence cannot be written, so that nothing is moved.
    pub fn keeps_moves_back(&self) -> bool {
        matches!(self, Self::Store(_))
    }

    /// The least wait before the next try. A server that throttles, or is short of something, is given a minute.
    pub fn least_wait(&self) -> Duration {
        match self {
            Self::Imap(error) => match error.code() {
                // Too much is asked for (RFC 5530 §3, and Gmail's own): asking again soon makes it worse. A server that
                // is only down (UNAVAILABLE, mostly in a BYE) is met again by the ordinary back-off.
                Some("LIMIT" | "INUSE" | "THROTTLED" | "OVERQUOTA") => Duration::from_secs(60),
                _ => Duration::ZERO,
            },
            Self::Store(_) => Duration::from_secs(30),
            // Nothing is wrong with the server, but the mailbox may be gone for longer.
            Self::NoMailbox => Duration::from_secs(60),
            Self::UidvalidityChanged | Self::NothingGiven | Self::NoUidvalidity => Duration::ZERO,
        }
    }
}
