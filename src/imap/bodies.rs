//! Fetching messages: in batches, streamed, bounded, and so that one message that cannot be had never stops the others.

use std::collections::{BTreeMap, VecDeque};

use async_imap::imap_proto::{AttributeValue, Response};

use super::command::{Command, Items, Set};
use super::error::Error;
use super::fetch::{Summary, uid_of};
use super::guard::Guard;
use super::outcome::{End, Outcome};
use super::session::Session;

/// How much is fetched at once. All in octets but `batch_count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Messages announced larger than this are not fetched, only their beginning.
    pub max_message: u64,
    /// How much of it.
    pub head: u32,
    /// Messages announced larger than this (or without a size) come in parts.
    pub whole: u32,
    /// Size of a part.
    pub part: u32,
    /// Announced sizes in one command.
    pub batch_octets: u64,
    /// Messages in one command.
    pub batch_count: usize,
    /// What a server may really send in one response, whatever size it announced; more ends the connection.
    pub literal_cap: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const KIB: u32 = 1024;
        const MIB: u64 = 1024 * 1024;
        Self {
            max_message: 50 * MIB,
            head: 256 * KIB,
            whole: 1024 * KIB,
            part: 512 * KIB,
            batch_octets: 8 * MIB,
            batch_count: 100,
            // Only messages announced up to `whole` come in one piece. async-imap holds a response twice for a moment,
            // and the process is to stay below 64 MiB whatever a server sends.
            literal_cap: 12 * MIB,
        }
    }
}

/// A message, or what is to be said of it. Borrowed: nothing is collected here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body<'a> {
    /// All of it; may be empty.
    Whole(&'a [u8]),
    /// A piece of a large message, in order.
    Part {
        /// Where it stands.
        offset: u64,
        /// The octets; the last piece may be empty.
        octets: &'a [u8],
        /// Whether more follow.
        end: Part,
    },
    /// The beginning of a message that is announced larger than [`Limits::max_message`].
    Head(&'a [u8]),
    /// It cannot be had now. Pieces that were handed out before it are void.
    Missing(Gap),
}

/// Whether more pieces follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Yes.
    More,
    /// The message is complete.
    Complete,
    /// The message goes on beyond [`Limits::max_message`], though its size said otherwise.
    Cut,
}

/// Why a message cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// The server says NIL for it.
    Nil,
    /// The server says OK and leaves it out, also when asked for it alone: expunged meanwhile, or Exchange's fault.
    NotReturned,
    /// NO or BAD to this message alone (Yahoo: `[UNAVAILABLE]`).
    Refused,
    /// The pieces do not fit together.
    Unusable,
}

/// How many of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fetched {
    /// Handed out whole or in all their parts.
    pub complete: usize,
    /// Handed out in part, because of their size.
    pub partial: usize,
    /// Not to be had.
    pub missing: usize,
}

pub(super) type Sink<'a> = &'a mut (dyn FnMut(&Summary, Body<'_>) + Send);

/// Commands that are on their way at once: the second is being answered while the first is worked on.
const PIPELINED: usize = 2;

impl Session {
    /// Fetches messages of the selected mailbox, by `BODY.PEEK[]` only, and hands each to `sink` once, in no certain order.
    ///
    /// Every one of `wanted` reaches `sink`, at least as [`Body::Missing`], unless this ends in an error: then what was not
    /// handed out is still to be fetched. NO to a batch is not an error; its messages are asked for one by one.
    pub async fn bodies(
        &mut self,
        wanted: &[Summary],
        limits: &Limits,
        sink: Sink<'_>,
    ) -> Result<Fetched, Error> {
        self.executor.expect_literals(limits.literal_cap);
        let mut fetched = Fetched::default();
        let result = self.all(wanted, limits, sink, &mut fetched).await;
        self.executor.expect_literals(Guard::<()>::SMALL);
        result.map(|()| fetched)
    }

    async fn all(
        &mut self,
        wanted: &[Summary],
        limits: &Limits,
        sink: Sink<'_>,
        fetched: &mut Fetched,
    ) -> Result<(), Error> {
        let (small, large): (Vec<&Summary>, Vec<&Summary>) =
            wanted.iter().partition(|summary| summary.size.is_some_and(|size| size <= limits.whole));
        let mut open: BTreeMap<u32, &Summary> = small.iter().map(|summary| (summary.uid, *summary)).collect();
        let alone = self.batches(&small, limits, &mut open, sink, fetched).await?;
        for uid in alone {
            let Some(&summary) = open.get(&uid) else { continue };
            let outcome = self.one(uid, &mut open, sink, fetched).await?;
            if open.remove(&uid).is_some() {
                let gap = if outcome.end == End::Ok { Gap::NotReturned } else { Gap::Refused };
                fetched.missing += 1;
                sink(summary, Body::Missing(gap));
            }
        }
        for summary in large {
            if summary.size.is_some_and(|size| u64::from(size) > limits.max_message) {
                self.head(summary, limits, sink, fetched).await?;
            } else {
                self.parts(summary, limits, sink, fetched).await?;
            }
        }
        Ok(())
    }

    /// Batches, pipelined. Gives back what did not come.
    async fn batches(
        &mut self,
        small: &[&Summary],
        limits: &Limits,
        open: &mut BTreeMap<u32, &Summary>,
        sink: Sink<'_>,
        fetched: &mut Fetched,
    ) -> Result<Vec<u32>, Error> {
        let mut batches = cut(small, limits).into_iter();
        let mut sent = VecDeque::new();
        let mut alone = Vec::new();
        loop {
            while sent.len() < PIPELINED {
                let Some(batch) = batches.next() else { break };
                let Some(set) = Set::exactly(&batch) else { continue };
                let command = Command::Fetch(&set, Items::Body);
                let tag = if sent.is_empty() {
                    self.executor.send(command).await?
                } else {
                    self.executor.send_more(command).await?
                };
                sent.push_back((tag, batch));
            }
            let Some((tag, batch)) = sent.pop_front() else { return Ok(alone) };
            self.executor.finish(tag, &mut |response| deliver(response, open, sink, fetched)).await?;
            alone.extend(batch.into_iter().filter(|uid| open.contains_key(uid)));
        }
    }

    async fn one(
        &mut self,
        uid: u32,
        open: &mut BTreeMap<u32, &Summary>,
        sink: Sink<'_>,
        fetched: &mut Fetched,
    ) -> Result<Outcome, Error> {
        let Some(set) = Set::exactly(&[uid]) else { return Err(Error::Unsupported { what: "UID 0" }) };
        let command = Command::Fetch(&set, Items::Body);
        self.executor.run(command, &mut |response| deliver(response, open, sink, fetched)).await
    }
}

/// UIDs in batches of at most so many messages and so many announced octets.
fn cut(small: &[&Summary], limits: &Limits) -> Vec<Vec<u32>> {
    let mut batches: Vec<Vec<u32>> = Vec::new();
    let mut octets = u64::MAX;
    for summary in small {
        let size = u64::from(summary.size.unwrap_or(0));
        let fits = batches.last().is_some_and(|batch| batch.len() < limits.batch_count.clamp(1, Set::MAX));
        match batches.last_mut() {
            Some(batch) if fits && octets.saturating_add(size) <= limits.batch_octets => {
                batch.push(summary.uid);
                octets += size;
            }
            _ => {
                batches.push(vec![summary.uid]);
                octets = size;
            }
        }
    }
    batches
}

/// Hands out a body that is waited for, once, whichever command it answers.
fn deliver(
    response: &Response<'_>,
    open: &mut BTreeMap<u32, &Summary>,
    sink: Sink<'_>,
    fetched: &mut Fetched,
) {
    let Some((index, data)) = body_of(response) else { return };
    if index.is_some_and(|index| index != 0) {
        return;
    }
    let Some(summary) = uid_of(response).and_then(|uid| open.remove(&uid)) else { return };
    if let Some(octets) = data {
        fetched.complete += 1;
        sink(summary, Body::Whole(octets));
    } else {
        fetched.missing += 1;
        sink(summary, Body::Missing(Gap::Nil));
    }
}

/// `BODY[]` of a FETCH response: its offset, where given, and its octets, unless NIL.
pub(super) fn body_of<'r>(response: &'r Response<'_>) -> Option<(Option<u32>, Option<&'r [u8]>)> {
    let Response::Fetch(_, attributes) = response else { return None };
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { section: None, index, data } => Some((*index, data.as_deref())),
        _ => None,
    })
}
