//! What commands ask of the running service, through a socket that only its owner can open.
//!
//! The service is the only writer of the record. A command that acts asks it here; where no service runs, the command
//! takes the store's lock itself ([`act`]). One line of JSON is the request, one line is the answer, then the
//! connection ends.

mod client;
mod metrics;
mod server;
pub mod status;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

pub use self::client::{Error, act, ask};
pub use self::metrics::metrics;
pub use self::server::Listener;
pub use self::status::Status;
use crate::evidence::{Digest, Entry, EvidenceId};
use crate::store::{self, Batch, Store};

/// No request or answer is longer, in octets.
const LONGEST: u64 = 4 << 20;

/// Where the service listens: below the state directory, mode 0600.
pub fn socket(state_dir: &Path) -> PathBuf {
    state_dir.join("control")
}

/// What only the running service has: its state, and ears for what is asked of it.
#[derive(Clone)]
pub struct Live {
    /// How it is now.
    pub status: Arc<dyn Fn() -> Status + Send + Sync>,
    /// Counted up when something was put on record that the service is to act on ([`Entry::ReleaseAsked`],
    /// [`Entry::Unlearned`]).
    pub stirred: watch::Sender<u64>,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Request {
    /// Put these acts of the person on record; see [`Request::is_allowed`].
    Record {
        /// In order.
        entries: Vec<Entry>,
        /// Notes that they name.
        notes: Vec<String>,
    },
    /// Erase the content of messages.
    Erase {
        /// Which.
        ids: Vec<EvidenceId>,
    },
    /// Erase a note.
    EraseNote {
        /// Which.
        sha256: Digest,
    },
    /// How is the service?
    Status,
    /// Sign a checkpoint over all that is on record now.
    Checkpoint,
    /// Keep a timestamp authority's reply (RFC 3161) beside the checkpoint that it stamps.
    Timestamp {
        /// Base64 of the reply.
        reply: String,
    },
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// Done.
    Done,
    /// So many messages were erased.
    Erased {
        /// How many.
        messages: usize,
    },
    /// So it is.
    Status(Box<Status>),
    /// Not done, and why.
    Failed {
        /// In English, for the person.
        why: String,
    },
}

impl Request {
    /// False where an entry is not the person's to write: what the service itself did is the service's to say.
    pub fn is_allowed(&self) -> bool {
        let Self::Record { entries, .. } = self else { return true };
        entries.iter().all(|entry| {
            matches!(
                entry,
                Entry::CaseOpened { .. }
                    | Entry::CaseAdded { .. }
                    | Entry::CaseNote { .. }
                    | Entry::CaseHeld { .. }
                    | Entry::Exported { .. }
                    | Entry::Viewed { .. }
                    | Entry::Witness { .. }
                    | Entry::ReleaseAsked { .. }
                    | Entry::Unlearned { .. }
            )
        })
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("stirred", &self.stirred).finish_non_exhaustive()
    }
}

/// Does what is asked, on an open store: in the service (`live`), or in a command where no service runs.
async fn carry_out(request: Request, store: &Store, live: Option<&Live>) -> Answer {
    if !request.is_allowed() {
        return Answer::Failed { why: "this is not a command's to put on record".to_owned() };
    }
    let done: Result<Answer, store::Error> = match request {
        Request::Record { entries, notes } => {
            let notes = notes.into_iter().map(String::into_bytes).collect();
            let stirs = entries
                .iter()
                .any(|entry| matches!(entry, Entry::ReleaseAsked { .. } | Entry::Unlearned { .. }));
            let done = store.commit(Batch { notes, entries, ..Batch::default() }).await;
            if let Some(live) = live.filter(|_| stirs && done.is_ok()) {
                live.stirred.send_modify(|count| *count = count.wrapping_add(1));
            }
            done.map(|()| Answer::Done)
        }
        Request::Erase { ids } => store.erase(ids, "asked").await.map(|messages| Answer::Erased { messages }),
        Request::EraseNote { sha256 } => store.erase_note(sha256, "asked").await.map(|()| Answer::Done),
        Request::Timestamp { reply } => match BASE64_STANDARD.decode(&reply) {
            Ok(reply) => store.timestamp(reply).await.map(|()| Answer::Done),
            Err(error) => return Answer::Failed { why: format!("not base64: {error}") },
        },
        Request::Status => match live {
            Some(live) => {
                let record = store.kept().await.ok().map(Into::into);
                return Answer::Status(Box::new(Status { record, ..(live.status)() }));
            }
            None => return Answer::Failed { why: "no service is running".to_owned() },
        },
        Request::Checkpoint => store.checkpoint().await.map(|_| Answer::Done),
    };
    done.unwrap_or_else(|error| Answer::Failed { why: error.to_string() })
}
