//! Finding out where a message stands: in its source, in quarantine, in both or in neither.

use std::collections::{BTreeMap, BTreeSet};

use super::Error;
use super::account::Account;
use super::assemble::{Assembler, Received};
use super::mailbox::Open;
use super::quarantine::Intent;
use crate::evidence::Digest;
use crate::imap::{Mailbox, SUMMARIES_MAX, Session, Summary};
use crate::store::Identity;

/// Above this many candidates in the quarantine mailbox, only those of the announced size are read.
const READ_ALL_UP_TO: usize = 50;

/// Where a message was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Source,
    /// In quarantine; under which UID, where that can be recorded.
    Destination(Option<u32>),
    Both(Option<u32>),
    Nowhere,
}

/// What may be a copy of an announced message: UIDs of one mailbox by the digests of their octets.
#[derive(Debug, Default)]
pub(super) struct Copies {
    mailbox: String,
    uidvalidity: u32,
    uids: BTreeMap<Digest, BTreeSet<u32>>,
}

impl Account {
    /// Looks for messages in their source and in quarantine; copies that are `taken` are those of other messages. Selects
    /// both; `source` is selected at the end.
    pub(super) async fn locate<'i>(
        &mut self,
        session: &mut Session,
        source: &mut Open,
        intents: &[&'i Intent],
        taken: &BTreeSet<u32>,
    ) -> Result<Vec<(&'i Intent, Found)>, Error> {
        let Some(first) = intents.first() else { return Ok(Vec::new()) };
        self.beat();
        self.select(session, source).await?;
        let uids: Vec<u32> = intents.iter().map(|intent| intent.position.uid).collect();
        let in_source = session.present(&uids).await?;
        let mut copies = match session.find_mailbox(&first.destination).await? {
            Some(destination) => self.copies(session, &destination, intents).await?,
            None => Copies::default(),
        };
        for uids in copies.uids.values_mut() {
            uids.retain(|uid| !taken.contains(uid));
        }
        self.select(session, source).await?;
        let mut found = Vec::new();
        for intent in intents {
            let copy = self.claim(&mut copies, intent).await?;
            found.push((
                *intent,
                match (in_source.contains(&intent.position.uid), copy) {
                    (true, None) => Found::Source,
                    (true, Some(uid)) => Found::Both(uid),
                    (false, Some(uid)) => Found::Destination(uid),
                    (false, None) => Found::Nowhere,
                },
            ));
        }
        Ok(found)
    }

    /// The messages in the destination that may be copies of these.
    pub(super) async fn copies(
        &self,
        session: &mut Session,
        destination: &Mailbox,
        intents: &[&Intent],
    ) -> Result<Copies, Error> {
        let selected = session.examine(destination).await?;
        let first = intents
            .iter()
            .map(|intent| {
                if intent.destination_uidvalidity == selected.uidvalidity {
                    intent.destination_uidnext
                } else {
                    1
                }
            })
            .min()
            .unwrap_or(1);
        let sizes: BTreeSet<u64> = intents.iter().map(|intent| intent.size).collect();
        let uids = self.digests_from(session, first, &sizes).await?;
        Ok(Copies { mailbox: destination.name().to_owned(), uidvalidity: selected.uidvalidity, uids })
    }

    /// Digests of what the selected mailbox holds from a UID on: of all where that is little, else of those of these sizes.
    pub(super) async fn digests_from(
        &self,
        session: &mut Session,
        mut first: u32,
        sizes: &BTreeSet<u64>,
    ) -> Result<BTreeMap<Digest, BTreeSet<u32>>, Error> {
        let mut candidates: Vec<Summary> = Vec::new();
        loop {
            self.beat();
            let some = session.summaries(first, None).await?;
            let last = some.last().map(|summary| summary.uid);
            let more = some.len() >= SUMMARIES_MAX;
            candidates.extend(some);
            if candidates.len() > READ_ALL_UP_TO {
                candidates.retain(|summary| summary.size.is_none_or(|size| sizes.contains(&u64::from(size))));
            }
            match last {
                Some(last) if more && last < u32::MAX => first = last + 1,
                _ => break,
            }
        }
        let mut digests: BTreeMap<Digest, BTreeSet<u32>> = BTreeMap::new();
        let mut parts = Assembler::default();
        session
            .bodies(&candidates, &self.watch.limits, &mut |summary, body| {
                self.beat();
                parts.take(summary, body, |received| {
                    if let Received::Whole(octets) | Received::Head(octets) = received {
                        digests.entry(Digest::of(&octets)).or_default().insert(summary.uid);
                    }
                });
            })
            .await?;
        Ok(digests)
    }

    /// Takes one copy of the intent's octets that no other message of the record claims. The inner value is its UID where
    /// it can be recorded.
    pub(super) async fn claim(
        &self,
        copies: &mut Copies,
        intent: &Intent,
    ) -> Result<Option<Option<u32>>, Error> {
        let Copies { mailbox, uidvalidity, uids } = copies;
        let Some(uids) = uids.get_mut(&intent.sha256) else { return Ok(None) };
        let same = intent.destination_uidvalidity == *uidvalidity;
        if let Some(copied) = intent.copied.filter(|_| same)
            && uids.remove(&copied)
        {
            return Ok(Some(Some(copied)));
        }
        for known in self.store.by_identity(self.name(), &Identity::Octets(intent.sha256)).await? {
            if let Some((name, under, Some(uid))) = known.moved_to
                && name == *mailbox
                && under == *uidvalidity
            {
                uids.remove(&uid);
            }
        }
        Ok(uids.pop_first().map(|uid| intent.recordable(Some(*uidvalidity), uid)))
    }
}
