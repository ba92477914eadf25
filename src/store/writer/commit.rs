//! One group of commits: check, content, chain, index, in this order.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::evidence::{Clock, Digest, Entry, EvidenceId, Head, LINE_MAX, Record};
use crate::store::Batch;
use crate::store::disk::Content;
use crate::store::error::Error;
use crate::store::fault::Step;
use crate::store::index::Applied;
use crate::store::writer::{Writer, discard_corrupt};

/// A commit on its way.
pub(super) struct Pending {
    pub(super) batch: Batch,
    pub(super) reply: oneshot::Sender<Result<(), Error>>,
}

/// A batch with the digests of its content, each taken once.
pub(super) struct Prepared {
    batch: Batch,
    /// In the order of the batch's content.
    blobs: Vec<Digest>,
    contexts: Vec<Digest>,
    notes: Vec<Digest>,
    /// To look up.
    given: BTreeSet<Digest>,
    metas: BTreeMap<EvidenceId, Digest>,
}

impl From<Batch> for Prepared {
    fn from(batch: Batch) -> Self {
        let digests = |contents: &[Vec<u8>]| contents.iter().map(|octets| Digest::of(octets)).collect();
        let (blobs, contexts): (Vec<_>, Vec<_>) = (digests(&batch.blobs), digests(&batch.contexts));
        let notes: Vec<_> = digests(&batch.notes);
        let given = blobs.iter().chain(&contexts).chain(&notes).copied().collect();
        let metas = batch.metas.iter().map(|(id, octets)| (*id, Digest::of(octets))).collect();
        Self { batch, blobs, contexts, notes, given, metas }
    }
}

impl Writer {
    pub(super) fn commit(&mut self, group: Vec<Pending>) {
        let mut batches = Vec::new();
        let mut replies = Vec::new();
        for Pending { batch, reply } in group {
            // A key that nobody has the other half of would end the signing.
            if batch.entries.iter().any(|entry| matches!(entry, Entry::KeyRotated { .. })) {
                let _ = reply.send(Err(Error::Reserved));
            } else {
                batches.push(Some(Prepared::from(batch)));
                replies.push(reply);
            }
        }
        let results = match self.prepare_key(&batches) {
            Ok(()) => self.try_commit(&mut batches),
            Err(error) => batches.iter().map(|_| Err(error.clone())).collect(),
        };
        for (reply, result) in replies.into_iter().zip(results) {
            // Whoever asked may have gone; what is durable stays durable.
            let _ = reply.send(result);
        }
    }

    /// Rolls the key where the day changed. Without space it is the old one for now, except between the record of a roll
    /// and its checkpoint: there nothing may be appended.
    fn prepare_key(&mut self, batches: &[Option<Prepared>]) -> Result<(), Error> {
        let appends = batches.iter().flatten().any(|prepared| !prepared.batch.entries.is_empty());
        if !appends || self.broken.is_some() {
            return Ok(());
        }
        let rolled = self.roll_if_due();
        match self.tolerate(rolled.clone()) {
            Ok(()) if self.is_rolling() => rolled,
            other => other,
        }
    }

    /// Records what the store itself has to say.
    pub(super) fn append(&mut self, entries: Vec<Entry>) -> Result<(), Error> {
        let mut batches = [Some(Prepared::from(Batch { entries, ..Batch::default() }))];
        self.prepare_key(&batches)?;
        self.try_commit(&mut batches).into_iter().collect()
    }

    /// Commits what can be committed. One result for each batch, in order.
    pub(super) fn try_commit(&mut self, batches: &mut [Option<Prepared>]) -> Vec<Result<(), Error>> {
        let mut results: Vec<Result<(), Error>> = batches.iter().map(|_| Ok(())).collect();
        loop {
            if let Some(after) = &self.broken {
                fill(batches, &mut results, &Error::Broken { after: Box::new(after.clone()) });
                return results;
            }
            if let Err(error) = self.follow() {
                fill(batches, &mut results, &error);
                return results;
            }
            let round = self.round(batches, &mut results);
            self.index.rollback();
            match round {
                // Each turn takes at least one batch out.
                Ok(true) => {}
                Ok(false) => return results,
                Err(error) => {
                    if error.is_broken() || error.is_corrupt_index() {
                        self.broken = Some(error.clone());
                    }
                    discard_corrupt(&self.layout, &error);
                    fill(batches, &mut results, &error);
                    return results;
                }
            }
        }
    }

    /// One attempt for all batches that are left. True where one fell out because of its content, and the others have
    /// to be tried without it; an error is one of them all.
    fn round(
        &mut self,
        batches: &mut [Option<Prepared>],
        results: &mut [Result<(), Error>],
    ) -> Result<bool, Error> {
        let (at, clock) = self.now();
        let mut head = self.segments.head();
        let mut lines = Vec::new();
        let mut tree = self.seal.tree.clone();
        self.index.begin()?;
        let appends = batches.iter().flatten().any(|prepared| !prepared.batch.entries.is_empty());
        if let Some(step_ms) = self.clock_step(at, clock).filter(|_| appends) {
            let entry = Entry::ClockStep { step_ms };
            let line = line(head, at, clock, &entry, 0)?;
            self.index.apply(head.seq, at, &entry)?;
            head = head.after(&line);
            lines.extend_from_slice(line.as_bytes());
        }
        for (slot, result) in batches.iter_mut().zip(results.iter_mut()) {
            let Some(prepared) = slot else { continue };
            match self.index.attempt(|| self.enter(prepared, head, at, clock)) {
                Ok((more, next)) => {
                    lines.extend_from_slice(&more);
                    head = next;
                }
                Err(error) if matches!(error, Error::Index(_)) => return Err(error),
                Err(error) => {
                    *result = Err(error);
                    *slot = None;
                }
            }
        }
        if batches.iter().all(Option::is_none) {
            return Ok(false);
        }
        if self.write_contents(batches, results)? {
            return Ok(true);
        }
        if !lines.is_empty() {
            self.segments.append(&lines, head, at)?;
            lines.split_inclusive(|octet| *octet == b'\n').for_each(|line| tree.push(line));
            self.last = Some((at, clock));
            self.appended(batches.iter().flatten().flat_map(|prepared| &prepared.batch.entries), at);
        }
        // From here on it is in the record. Where the index cannot follow, it has to be opened again and replayed.
        let indexed = self.disk.hit(Step::Index, &self.layout.index()).and_then(|()| {
            self.index.set_applied(Applied { head, next: self.segments.end() }, &tree)?;
            self.index.commit()
        });
        self.seal.tree = tree;
        match indexed {
            // Without space the index follows when there is some again; whoever asked finds it on record then.
            Err(after) if !lines.is_empty() && after.is_full() => {
                self.behind = true;
                Err(after)
            }
            Err(after) if !lines.is_empty() => Err(Error::Broken { after: Box::new(after) }),
            other => other.map(|()| false),
        }
    }

    /// Checks a batch, makes its rows and its lines.
    fn enter(
        &self,
        prepared: &Prepared,
        mut head: Head,
        at: Timestamp,
        clock: Option<Clock>,
    ) -> Result<(Vec<u8>, Head), Error> {
        let batch = &prepared.batch;
        let mut lines = Vec::new();
        for (n, entry) in batch.entries.iter().enumerate() {
            self.index.check(entry)?;
            self.has_content(prepared, entry)?;
            let more = u32::try_from(batch.entries.len() - n - 1).unwrap_or(u32::MAX);
            let line = line(head, at, clock, entry, more)?;
            self.index.apply(head.seq, at, entry)?;
            head = head.after(&line);
            lines.extend_from_slice(line.as_bytes());
        }
        for clean in &batch.clean {
            self.index.clean(clean, at)?;
        }
        if let Some(cursor) = &batch.cursor {
            self.index.cursor(cursor, at)?;
        }
        Ok((lines, head))
    }

    /// How far the wall clock was set since the last record.
    fn clock_step(&self, at: Timestamp, clock: Option<Clock>) -> Option<i64> {
        let (before_at, before) = self.last?;
        clock?.step(at, before?, before_at)
    }

    /// Evidence before the record of it: what an entry names is in its batch or on disk.
    fn has_content(&self, prepared: &Prepared, entry: &Entry) -> Result<(), Error> {
        match entry {
            Entry::Captured { id, sha256, meta_sha256, session, .. } => {
                if let Some(session) = session {
                    self.has_context(prepared, *session)?;
                }
                if !prepared.given.contains(sha256) && !self.layout.blob(*sha256).is_file() {
                    return Err(Error::NoContent { what: "blob", sha256: *sha256 });
                }
                let given = prepared.metas.get(id);
                if given != Some(meta_sha256) && !holds(&self.layout.meta(*id), *meta_sha256) {
                    return Err(Error::NoContent { what: "meta", sha256: *meta_sha256 });
                }
            }
            Entry::Judged { context, .. } => self.has_context(prepared, *context)?,
            Entry::CaseOpened { sha256, .. }
            | Entry::CaseNote { sha256, .. }
            | Entry::Learned { sha256, .. }
                if !prepared.given.contains(sha256) && !self.layout.note(*sha256).is_file() =>
            {
                return Err(Error::NoContent { what: "note", sha256: *sha256 });
            }
            _ => {}
        }
        Ok(())
    }

    fn has_context(&self, prepared: &Prepared, sha256: Digest) -> Result<(), Error> {
        let there = self.contexts.contains(&sha256)
            || prepared.given.contains(&sha256)
            || self.layout.context(sha256).is_file();
        if there { Ok(()) } else { Err(Error::NoContent { what: "context", sha256 }) }
    }

    /// Publishes the content of all batches. True where a batch fell out; an error closes the store.
    fn write_contents(
        &mut self,
        batches: &mut [Option<Prepared>],
        results: &mut [Result<(), Error>],
    ) -> Result<bool, Error> {
        let mut contents = Vec::new();
        let mut owners = Vec::new();
        let mut contexts = Vec::new();
        for (n, prepared) in batches.iter().enumerate() {
            let Some(Prepared { batch, blobs, contexts: named, notes, .. }) = prepared else { continue };
            for (sha256, octets) in blobs.iter().zip(&batch.blobs) {
                contents.push(Content { path: self.layout.blob(*sha256), octets });
            }
            for (id, octets) in &batch.metas {
                contents.push(Content { path: self.layout.meta(*id), octets });
            }
            for (sha256, octets) in notes.iter().zip(&batch.notes) {
                contents.push(Content { path: self.layout.note(*sha256), octets });
            }
            for (sha256, octets) in named.iter().zip(&batch.contexts) {
                if !self.contexts.contains(sha256) {
                    contexts.push(*sha256);
                    contents.push(Content { path: self.layout.context(*sha256), octets });
                }
            }
            owners.resize(contents.len(), n);
        }
        let published = self.disk.publish(&contents);
        let mut fell = false;
        for (owner, outcome) in owners.into_iter().zip(published) {
            let Err(error) = outcome else { continue };
            if error.is_broken() {
                return Err(error);
            }
            fell = true;
            if let (Some(slot), Some(result)) = (batches.get_mut(owner), results.get_mut(owner)) {
                *slot = None;
                *result = Err(error);
            }
        }
        if !fell {
            self.contexts.extend(contexts);
        }
        Ok(fell)
    }
}

/// A record's line.
fn line(head: Head, at: Timestamp, clock: Option<Clock>, entry: &Entry, more: u32) -> Result<String, Error> {
    let mut record = Record::new(head.seq, head.prev, at, Uuid::now_v7(), entry.clone());
    record.clock = clock;
    record.more = more;
    let line = record.to_line().map_err(|_| Error::TooLong { octets: usize::MAX })?;
    if line.len() >= LINE_MAX { Err(Error::TooLong { octets: line.len() }) } else { Ok(line) }
}

/// Gives all that are left the same answer.
fn fill(batches: &mut [Option<Prepared>], results: &mut [Result<(), Error>], error: &Error) {
    for (batch, result) in batches.iter_mut().zip(results) {
        if batch.take().is_some() {
            *result = Err(error.clone());
        }
    }
}

fn holds(path: &Path, sha256: Digest) -> bool {
    std::fs::read(path).is_ok_and(|octets| Digest::of(&octets) == sha256)
}
