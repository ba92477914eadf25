//! What the monitor tells those who watch it live: the demo, a progress bar, tests. Never the journal.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::evidence::{EvidenceId, Outcome, Position};
use crate::message::Excerpt;
use crate::verdict::{Action, Verdict};

/// Something that happened to an account or a message.
#[derive(Debug, Clone)]
pub enum Event {
    /// Signed in; mailboxes are being read.
    Connected {
        /// The account's name.
        account: String,
    },
    /// Caught up and waiting for mail.
    Watching {
        /// The account's name.
        account: String,
    },
    /// The connection ended; it will be tried again.
    Lost {
        /// The account's name.
        account: String,
        /// Why.
        error: String,
        /// When.
        retry_in: Duration,
    },
    /// The server refuses this account; it is not tried again.
    Refused {
        /// The account's name.
        account: String,
        /// Why.
        error: String,
    },
    /// A message was judged, and what follows.
    Judged {
        /// Where it stands.
        position: Position,
        /// Subject, safe to print.
        subject: Excerpt,
        /// The judgement.
        verdict: Box<Verdict>,
        /// What follows.
        action: Action,
        /// Its name in the record, where it is recorded.
        id: Option<EvidenceId>,
    },
    /// A message could not be judged; it stays where it is.
    NotJudged {
        /// Where it stands.
        position: Position,
        /// Machine word.
        reason: String,
    },
    /// The person had taken it out of quarantine: it stays.
    Released {
        /// Where it stands.
        position: Position,
        /// The message that was in quarantine.
        id: EvidenceId,
    },
    /// The person had put it into quarantine: it stays there.
    Reported {
        /// Where it stands.
        position: Position,
        /// Its name in the record.
        id: EvidenceId,
    },
    /// A move has ended.
    Settled {
        /// What.
        id: EvidenceId,
        /// Where it stood.
        position: Position,
        /// How it ended.
        outcome: Outcome,
        /// Since the wake (or the start of the batch) that brought it.
        after: Duration,
    },
    /// The move of a message that the person asked to have back has ended.
    GivenBack {
        /// What.
        id: EvidenceId,
        /// How it ended.
        outcome: Outcome,
    },
    /// A backlog: how far.
    Progress {
        /// The account's name.
        account: String,
        /// Messages handled.
        done: u64,
        /// Messages in all.
        total: u64,
    },
}

/// Where events go; [`Observer::none`] where nobody watches.
#[derive(Debug, Clone)]
pub struct Observer(Option<mpsc::UnboundedSender<Event>>);

impl Observer {
    /// Nobody watches.
    pub fn none() -> Self {
        Self(None)
    }

    /// Somebody watches.
    pub fn channel() -> (Self, mpsc::UnboundedReceiver<Event>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(Some(sender)), receiver)
    }

    pub(super) fn tell(&self, event: Event) {
        if let Some(sender) = &self.0 {
            // A watcher that has gone away is not the monitor's concern.
            let _ = sender.send(event);
        }
    }
}
