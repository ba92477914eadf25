//! Reading a store that somebody else may be writing: no lock, no index, nothing is made or mended.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use crate::case::{Basis, Case, Ledger, Letter, Member, Note, Subject};
use crate::evidence::{Break, CaseId, Chain, Digest, Entry, EvidenceId, Head, SenderNote, ends_batch};
use crate::store::error::Error;
use crate::store::fault::Step;
use crate::store::layout::Layout;
use crate::store::segments::{Lines, count, path};

/// What is read of a store to show cases: its chain up to the last whole batch, notes, and what was read out of messages.
#[derive(Debug)]
pub struct Reading {
    layout: Layout,
    /// The chain's records, sorted.
    pub ledger: Ledger,
    /// What the person wrote.
    pub notes: BTreeMap<Digest, Note>,
    /// What was read out of the messages that a case may have.
    letters: BTreeMap<EvidenceId, Letter>,
    /// Where the chain ended.
    pub head: Head,
}

impl Reading {
    /// Reads the store in a state directory. A chain that does not verify is an error.
    pub fn of(layout: &Layout) -> Result<Self, Error> {
        let mut ledger = Ledger::default();
        let head = lines(layout, None, |seq, line| ledger.take_line(seq, line))?;
        let mut notes = BTreeMap::new();
        for sha256 in ledger.notes() {
            // One that was erased is not there; one that was changed is not what was recorded.
            let octets = some(&layout.note(sha256))?.filter(|octets| Digest::of(octets) == sha256);
            if let Some(note) = octets.and_then(|octets| Note::from_octets(&octets).ok()) {
                notes.insert(sha256, note);
            }
        }
        let mut reading = Self { layout: layout.clone(), ledger, notes, letters: BTreeMap::new(), head };
        // Only a case of a sender has to know who sent each message: years of mail are then read for it.
        let of_sender = reading.notes.values().any(|note| matches!(note.subject, Subject::Sender(_)));
        let wanted: Vec<EvidenceId> =
            if of_sender { reading.ledger.messages().collect() } else { reading.ledger.added().collect() };
        for id in wanted {
            if let Some(letter) = reading.letter(id)? {
                reading.letters.insert(id, letter);
            }
        }
        Ok(reading)
    }

    /// What was read out of a message; none where that was erased.
    pub fn letter(&self, id: EvidenceId) -> Result<Option<Letter>, Error> {
        let octets = some(&self.layout.meta(id))?;
        Ok(octets.and_then(|octets| Letter::from_octets(&octets).ok()))
    }

    /// Whom a lesson is about; none where its note was erased, or is not what was recorded.
    pub fn sender(&self, note: Digest) -> Result<Option<SenderNote>, Error> {
        let octets = some(&self.layout.note(note))?.filter(|octets| Digest::of(octets) == note);
        Ok(octets.and_then(|octets| SenderNote::from_octets(&octets).ok()))
    }

    /// A message's octets; none where they were erased.
    pub fn octets(&self, sha256: Digest) -> Result<Option<Vec<u8>>, Error> {
        Ok(some(&self.layout.blob(sha256))?.filter(|octets| Digest::of(octets) == sha256))
    }

    /// What a message was judged by; nothing where that is not there.
    pub fn basis(&self, context: Digest) -> Result<Basis, Error> {
        Ok(some(&self.layout.context(context))?.map(|octets| Basis::from_octets(&octets)).unwrap_or_default())
    }

    /// A message of the record; none where it was never taken in.
    pub fn member(&self, id: EvidenceId) -> Result<Option<Member>, Error> {
        Ok(Member::find(id, &self.ledger, self.letter(id)?.as_ref()))
    }

    /// Where it was read.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// What has to be on record before these messages are erased: a case of a sender knows its mail by what is about to
    /// go, and has to know these by their ids.
    pub fn keep_in_cases(&self, messages: &[EvidenceId]) -> Vec<Entry> {
        let of_sender = |case: &Case| matches!(case.subject, Some(Subject::Sender(_)));
        let cases = self.cases().into_iter().filter(of_sender);
        let added: BTreeSet<EvidenceId> = self.ledger.added().collect();
        cases
            .filter_map(|case| {
                let of_case = case.members.iter().map(|member| member.id);
                let ids: Vec<_> = of_case.filter(|id| messages.contains(id) && !added.contains(id)).collect();
                (!ids.is_empty()).then_some(Entry::CaseAdded { case: case.id, ids })
            })
            .collect()
    }

    /// A case, where there is one of that number.
    pub fn case(&self, id: CaseId) -> Option<Case> {
        Case::of(id, &self.ledger, &self.notes, &self.letters)
    }

    /// Every case, by number.
    pub fn cases(&self) -> Vec<Case> {
        self.ledger.cases().filter_map(|id| self.case(id)).collect()
    }
}

/// Every line of the chain with its LF and its place, verified from the first on, up to the last whole batch, and no
/// further than `until` records. What stands behind that is being written, or was torn by a crash.
pub fn lines(layout: &Layout, until: Option<u64>, mut take: impl FnMut(u64, &str)) -> Result<Head, Error> {
    let dir = layout.chain();
    let mut chain = Chain::from(Head::GENESIS);
    let mut whole = chain.head();
    let mut batch: Vec<String> = Vec::new();
    let last = count(&dir)?;
    for segment in 1..=last {
        let mut lines = Lines::open(&path(&dir, segment), 0)?;
        while until.is_none_or(|until| whole.seq < until)
            && let Some(line) = lines.next()?
        {
            match chain.push(&line) {
                Ok(()) => {}
                Err(Break::Torn) if segment == last => return Ok(whole),
                Err(why) => return Err(lines.broken(why)),
            }
            let ends = ends_batch(&line);
            batch.push(String::from_utf8(line).map_err(|_| lines.broken(Break::NotARecord))?);
            if ends {
                for line in batch.drain(..) {
                    take(whole.seq, &line);
                    whole.seq += 1;
                }
                whole = chain.head();
            }
        }
    }
    Ok(whole)
}

/// A file's octets; none where there is no such file.
pub(super) fn some(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(octets) => Ok(Some(octets)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::io(Step::Read, path, e)),
    }
}
