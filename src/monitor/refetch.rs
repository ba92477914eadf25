//! The second look: what was moved is fetched again from where it stands now, and its digest compared.
//!
//! On a connection of its own (the account's second and last), opened when there is something to look at and closed
//! when there is no more, so that it never stands between new mail and its place.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use super::assemble::{Assembler, Received};
use super::backoff::Backoff;
use super::{Error, Watch};
use crate::evidence::{Digest, Entry, Position, Refetch, canonical_digest};
use crate::imap::Session;
use crate::store::{Batch, Moved, Store};

/// Moves of one burst share one connection.
const GATHER: Duration = Duration::from_millis(500);
/// UIDs that are asked for in one command, and how far apart two of them may stand.
const RUN: usize = 500;
const APART: u32 = 100;

/// The task of an account's second looks. Ends when it is dropped; what it did not come to is done after the next start.
#[derive(Debug)]
pub(super) struct SecondLook {
    wanted: Arc<Notify>,
    task: JoinHandle<()>,
}

impl SecondLook {
    pub(super) fn start(watch: Arc<Watch>, store: Store) -> Self {
        let wanted = Arc::new(Notify::new());
        wanted.notify_one();
        let task = tokio::spawn(look_again(watch, store, Arc::clone(&wanted)));
        Self { wanted, task }
    }

    /// To be notified when something was moved.
    pub(super) fn wanted(&self) -> Arc<Notify> {
        Arc::clone(&self.wanted)
    }

    /// Ends it, and waits until its handle on the store is gone.
    pub(super) async fn end(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }
}

impl Drop for SecondLook {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn look_again(watch: Arc<Watch>, store: Store, wanted: Arc<Notify>) {
    let mut backoff = Backoff::new();
    loop {
        wanted.notified().await;
        tokio::time::sleep(GATHER).await;
        while let Err(error) = look(&watch, &store).await {
            if error.is_store_broken() || error.is_refusal() {
                // The account's own task says so, and does what is to be done.
                return;
            }
            let wait = backoff.next(error.least_wait());
            warn!(account = watch.name, %error, retry_in_ms = wait.as_millis() as u64, "second look put off");
            tokio::time::sleep(wait).await;
        }
        backoff.reset();
    }
}

/// Looks at all that was moved and not looked at since.
async fn look(watch: &Watch, store: &Store) -> Result<(), Error> {
    let mut due = store.not_refetched(&watch.name).await?;
    if due.is_empty() {
        return Ok(());
    }
    let mut session = Session::connect(&watch.endpoint).await?;
    while !due.is_empty() {
        let mut by_mailbox: BTreeMap<(String, u32), Vec<Moved>> = BTreeMap::new();
        for moved in due {
            by_mailbox.entry((moved.to.mailbox.clone(), moved.to.uidvalidity)).or_default().push(moved);
        }
        for ((mailbox, uidvalidity), all) in by_mailbox {
            let entries = look_into(&mut session, watch, &mailbox, uidvalidity, all).await?;
            let other = entries
                .iter()
                .filter(|entry| matches!(entry, Entry::Refetched { found, .. } if *found != Refetch::Same))
                .count();
            info!(account = watch.name, messages = entries.len(), other, "looked again at what was moved");
            store.commit(Batch { entries, ..Batch::default() }).await?;
        }
        due = store.not_refetched(&watch.name).await?;
    }
    session.logout().await;
    Ok(())
}

/// One mailbox; an entry for each message.
async fn look_into(
    session: &mut Session,
    watch: &Watch,
    mailbox: &str,
    uidvalidity: u32,
    mut all: Vec<Moved>,
) -> Result<Vec<Entry>, Error> {
    let mut there: BTreeMap<u32, (Digest, Digest)> = BTreeMap::new();
    if let Some(mailbox) = session.find_mailbox(mailbox).await?
        && session.examine(&mailbox).await?.uidvalidity == uidvalidity
    {
        all.sort_by_key(|moved| moved.to.uid);
        for run in
            all.chunk_by(|a, b| b.to.uid.saturating_sub(a.to.uid) <= APART).flat_map(|run| run.chunks(RUN))
        {
            digests(session, watch, run, &mut there).await?;
        }
    }
    Ok(all.into_iter().map(|moved| entry(moved, &there)).collect())
}

/// Octets' and canonical digest of each message of a run, by UID.
async fn digests(
    session: &mut Session,
    watch: &Watch,
    run: &[Moved],
    there: &mut BTreeMap<u32, (Digest, Digest)>,
) -> Result<(), Error> {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return Ok(()) };
    let mut summaries = session.summaries(first.to.uid, Some(last.to.uid)).await?;
    summaries.retain(|summary| run.iter().any(|moved| moved.to.uid == summary.uid));
    let mut parts = Assembler::default();
    session
        .bodies(&summaries, &watch.limits, &mut |summary, body| {
            parts.take(summary, body, |received| {
                if let Received::Whole(octets) = received {
                    there.insert(summary.uid, (Digest::of(&octets), canonical_digest(&octets)));
                }
            });
        })
        .await?;
    Ok(())
}

fn entry(moved: Moved, there: &BTreeMap<u32, (Digest, Digest)>) -> Entry {
    let Moved { id, to, sha256, canonical } = moved;
    let (found, other) = match there.get(&to.uid) {
        None => (Refetch::Gone, None),
        Some((octets, _)) if *octets == sha256 => (Refetch::Same, None),
        Some((octets, form)) if *form == canonical => (Refetch::Reserialised, Some(*octets)),
        Some((octets, _)) => (Refetch::Different, Some(*octets)),
    };
    let position: Position = to;
    Entry::Refetched { id, position, found, sha256: other }
}
