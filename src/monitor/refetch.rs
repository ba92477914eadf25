//! The second look: what was moved is fetched again from where it stands now, and its digest compared.
//!
//! On the account's second connection (`second.rs`), so that it never stands between new mail and its place.

use std::collections::BTreeMap;

use tracing::info;

use super::assemble::{Assembler, Received};
use super::{Error, Watch};
use crate::evidence::{Digest, Entry, Position, Refetch, canonical_digest};
use crate::imap::Session;
use crate::store::{Batch, Moved, Store};

/// UIDs that are asked for in one command, and how far apart two of them may stand.
const RUN: usize = 500;
const APART: u32 = 100;

/// Looks at all that was moved and not looked at since.
pub(super) async fn look(
    session: &mut Session,
    watch: &Watch,
    store: &Store,
    mut due: Vec<Moved>,
) -> Result<(), Error> {
    while !due.is_empty() {
        let mut by_mailbox: BTreeMap<(String, u32), Vec<Moved>> = BTreeMap::new();
        for moved in due {
            by_mailbox.entry((moved.to.mailbox.clone(), moved.to.uidvalidity)).or_default().push(moved);
        }
        for ((mailbox, uidvalidity), all) in by_mailbox {
            let entries = look_into(session, watch, &mailbox, uidvalidity, all).await?;
            let other = entries
                .iter()
                .filter(|entry| matches!(entry, Entry::Refetched { found, .. } if *found != Refetch::Same))
                .count();
            info!(account = watch.name, messages = entries.len(), other, "looked again at what was moved");
            store.commit(Batch { entries, ..Batch::default() }).await?;
        }
        due = store.not_refetched(&watch.name).await?;
    }
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
