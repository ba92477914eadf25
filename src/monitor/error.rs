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
    /// STATUS of the quarantine mailbox gave no UIDVALIDITY.
    #[error("the server gives no UIDVALIDITY for the quarantine mailbox")]
    NoUidvalidity,
}

impl Error {
    /// True where trying again would only harm: lock-outs, or a certificate that is not the right one.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Imap(error) if !error.is_transient())
    }

    /// True where the store has to be opened anew.
    pub fn is_store_broken(&self) -> bool {
        matches!(self, Self::Store(error) if !error.is_full())
    }

    /// True where evidence cannot be written, so that nothing is moved.
    pub fn keeps_moves_back(&self) -> bool {
        matches!(self, Self::Store(_))
    }

    /// The least wait before the next try. A server that throttles, or is short of something, is given a minute.
    pub fn least_wait(&self) -> Duration {
        match self {
            Self::Imap(error) if error.is_throttling() => Duration::from_secs(60),
            Self::Store(_) => Duration::from_secs(30),
            Self::UidvalidityChanged => Duration::ZERO,
            Self::Imap(_) | Self::NoUidvalidity => Duration::ZERO,
        }
    }
}
