//! Verification of a whole record: lines, checkpoints, keys, clocks, content. The shell reads the files and gives them
//! here in this order: notes, lines, content files; the findings are values.
//!
//! `config/verify.sh` decides the same with bash and openssl; `tests/suite/tamper.rs` holds the two together.

mod finding;
mod look;
mod seals;

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;

pub use finding::{Finding, Grade, Kind, What};

use self::look::{Asks, Look};
use self::seals::Seals;
use crate::evidence::chain::shape;
use crate::evidence::{Break, Chain, Clock, Digest, EvidenceId, Head, PublicKey, ends_batch};

/// So many findings of one kind are listed; the others are counted.
const LISTED: u64 = 100;

/// A verification under way.
pub struct Audit {
    report: Report,
    chain: Chain,
    seals: Seals,
    /// Lines of a batch that is not whole yet.
    open_batch: bool,
    /// Lines of the one case whose content is to be there; none: all content is.
    part: Option<Part>,
    /// Nothing is read behind the first line that does not follow.
    broken: bool,
    last: Option<(Timestamp, Option<Clock>)>,
    /// What the lines name, and at which record for the last time.
    named: HashMap<(Kind, Name), (Digest, u64)>,
    /// What was erased, and at which record for the last time.
    erased: HashMap<Digest, u64>,
    found: HashSet<(Kind, Name)>,
    /// By their word.
    listed: BTreeMap<&'static str, u64>,
}

/// A bundle: the whole chain, and the content that the lines of one case name.
#[derive(Debug, Default)]
struct Part {
    /// Digests of the case's lines that were not met in the chain yet.
    lines: HashSet<Digest>,
    /// What they name.
    named: HashSet<(Kind, Name)>,
}

/// What a content file is named by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// The SHA-256 of its octets.
    Digest(Digest),
    /// The message it is about; its SHA-256 stands in the record ([`Kind::Meta`]).
    Id(EvidenceId),
}

/// What was found, and how much there was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order in which they came.
    pub findings: Vec<Finding>,
    /// Records of whole batches.
    pub records: u64,
    /// How many of them a good checkpoint covers.
    pub covered: u64,
    /// Good checkpoints in the store.
    pub checkpoints: u64,
    /// Good checkpoints from outside.
    pub witnesses: u64,
    /// Keys that came into force after the first.
    pub rolls: u64,
    /// Messages that were captured.
    pub messages: u64,
    /// Content files that are gone with a record of it.
    pub erased: u64,
    /// Boots of the machine, as far as the clocks tell.
    pub boots: u64,
}

impl Report {
    /// The heaviest grade found; [`Grade::Notice`] where there is nothing to say against the record.
    pub fn grade(&self) -> Grade {
        self.findings.iter().map(|finding| finding.what.grade()).max().unwrap_or(Grade::Notice)
    }
}

impl Audit {
    /// Begins with the log's name and the first public key that is trusted; without one no checkpoint is good.
    pub fn new(origin: &str, genesis: Option<PublicKey>) -> Self {
        Self {
            report: Report::default(),
            chain: Chain::from(Head::GENESIS),
            seals: Seals::new(origin, genesis),
            open_batch: false,
            part: None,
            broken: false,
            last: None,
            named: HashMap::new(),
            erased: HashMap::new(),
            found: HashSet::new(),
            listed: BTreeMap::new(),
        }
    }

    /// Only a part of the content is to be there: a bundle of the case that these lines (digests, LF included) are of.
    /// What is there is still looked at. Before the lines.
    pub fn part(&mut self, lines: impl IntoIterator<Item = Digest>) {
        self.part = Some(Part { lines: lines.into_iter().collect(), named: HashSet::new() });
    }

    /// Says what the caller found by itself.
    pub fn find(&mut self, what: What, seq: Option<u64>, file: &str) {
        let listed = self.listed.entry(what.word()).or_default();
        *listed += 1;
        if *listed <= LISTED {
            self.report.findings.push(Finding { what, seq, file: file.to_owned() });
        }
    }

    /// Takes a note of `checkpoints/`, whose name says that it covers `size` records. Before the lines.
    pub fn note(&mut self, file: &str, size: u64, octets: &[u8]) {
        if let Err(what) = self.seals.note(file, size, octets) {
            self.find(what, None, file);
        }
    }

    /// Takes `evidence/checkpoint`. After the notes.
    pub fn copy(&mut self, file: &str, octets: &[u8]) {
        if octets.iter().all(|octet| *octet == 0) {
            self.find(What::EmptyCopy, None, file);
        } else if !self.seals.has(octets) {
            self.find(What::NoCopy, None, file);
        }
    }

    /// Takes a checkpoint from outside. Before the lines.
    pub fn witness(&mut self, file: &str, octets: &[u8]) {
        if let Err(what) = self.seals.witness(file, octets) {
            self.find(what, None, file);
        }
    }

    /// Takes the next line of the chain, LF included; without one at its end it is torn. `file` is its segment.
    pub fn line(&mut self, line: &[u8], file: &str) {
        if self.broken {
            return;
        }
        let seq = self.chain.head().seq;
        let pushed = shape(line).and_then(|(text, prev, number)| {
            let look = Look::at(text).ok_or(Break::NotARecord)?;
            self.chain.follow(prev, number, line).map(|()| look)
        });
        match pushed {
            Ok(look) => {
                if seq == 0 {
                    let found = self.seals.begin();
                    self.find_all(found);
                }
                let found = self.seals.follow(line);
                self.find_all(found);
                self.record(look, seq, file);
                self.open_batch = !ends_batch(line);
                if !self.open_batch {
                    self.report.records = seq + 1;
                }
            }
            Err(why) => {
                self.broken = true;
                let what = if why == Break::Torn { What::TornTail } else { What::Chain(why) };
                self.find(what, Some(seq), file);
            }
        }
    }

    fn record(&mut self, look: Look<'_>, seq: u64, file: &str) {
        let (at, clock) = (look.at, look.clock());
        let Some(asks) = look.asks() else {
            self.last = Some((at, clock));
            return self.find(What::Unreadable, Some(seq), file);
        };
        self.clocks(at, clock, &asks, seq, file);
        // The head is the digest of the line that was just taken.
        let line = self.chain.head().prev;
        let mut case = self.part.as_mut().and_then(|part| part.lines.remove(&line).then_some(part));
        let mut name = |kind, name, sha256| {
            self.named.insert((kind, name), (sha256, seq));
            if let Some(case) = &mut case {
                case.named.insert((kind, name));
            }
        };
        match asks {
            Asks::Captured { id, blob, meta, session } => {
                self.report.messages += 1;
                name(Kind::Blob, Name::Digest(blob), blob);
                name(Kind::Meta, Name::Id(id), meta);
                if let Some(session) = session {
                    name(Kind::Context, Name::Digest(session), session);
                }
            }
            Asks::Context(sha256) => name(Kind::Context, Name::Digest(sha256), sha256),
            Asks::Note(sha256) => name(Kind::Note, Name::Digest(sha256), sha256),
            Asks::Tail(sha256) => name(Kind::Tail, Name::Digest(sha256), sha256),
            Asks::Erased(contents) => self.erased.extend(contents.into_iter().map(|sha256| (sha256, seq))),
            Asks::Key(key) => self.seals.rotate(seq, key),
            Asks::ClockStep(_) | Asks::Nothing => {}
        }
    }

    fn clocks(&mut self, at: Timestamp, clock: Option<Clock>, asks: &Asks, seq: u64, file: &str) {
        let before = self.last.replace((at, clock));
        let Some(clock) = clock else { return };
        let Some((before_at, Some(before))) = before else {
            self.report.boots += 1;
            return;
        };
        if clock.boot_id != before.boot_id {
            self.report.boots += 1;
            return self.find(What::Boot { back: at < before_at }, Some(seq), file);
        }
        if clock.boottime_ms < before.boottime_ms {
            self.find(What::BootClockBack, Some(seq), file);
        }
        match (clock.step(at, before, before_at), asks) {
            (Some(step), Asks::ClockStep(said)) if step == *said => {
                self.find(What::ClockStep(step), Some(seq), file);
            }
            (Some(step), _) => self.find(What::ClockSet(step), Some(seq), file),
            (None, _) => {}
        }
    }

    /// Takes a content file. After the lines.
    pub fn content(&mut self, kind: Kind, name: Name, sha256: Digest, file: &str) {
        let named = self.named.get(&(kind, name)).copied();
        self.found.insert((kind, name));
        match (named, name) {
            (Some((expected, seq)), _) if expected != sha256 => {
                self.find(What::ContentChanged(kind), Some(seq), file);
            }
            (None, Name::Digest(expected)) if expected != sha256 => {
                self.find(What::ContentChanged(kind), None, file);
            }
            (None, _) => self.find(What::Extra, None, file),
            (Some((_, seq)), _) => {
                if let Some(erased) = self.erased.get(&sha256).copied().filter(|erased| *erased > seq) {
                    self.find(What::ErasedIsThere(kind), Some(erased), file);
                }
            }
        }
    }

    /// Takes a line that was appended while the content was read: of it only counts what went since.
    pub fn later(&mut self, line: &[u8]) {
        let read = shape(line).ok().and_then(|(text, _, seq)| Some((Look::at(text)?.asks()?, seq)));
        if let Some((Asks::Erased(contents), seq)) = read {
            self.erased.extend(contents.into_iter().map(|sha256| (sha256, seq)));
        }
    }

    /// A public key in `keys/` under the size after which it signs. After the lines.
    pub fn key_file(&mut self, file: &str, size: u64, key: Option<PublicKey>) {
        if key.is_none() || self.seals.rolled_at(size) != key {
            self.find(What::KeyFile, None, file);
        }
    }

    /// What there is to say at the end.
    pub fn finish(mut self) -> Report {
        self.report.covered = self.seals.covered;
        self.report.checkpoints = self.seals.checkpoints;
        self.report.witnesses = self.seals.witnesses;
        self.report.rolls = self.seals.rolls();
        // Behind a break nothing was read: what is missing there says nothing new.
        if !self.broken {
            if self.open_batch {
                self.find(What::TornTail, Some(self.report.records), "");
            }
            let unmet = self.seals.unmet();
            self.find_all(unmet);
            self.missing();
            if self.report.covered < self.report.records || self.report.records == 0 {
                let records = self.report.records - self.report.covered;
                self.find(What::Uncovered { records }, Some(self.report.covered), "");
            }
        }
        let more = self.listed.values().map(|found| found.saturating_sub(LISTED)).sum();
        if more > 0 {
            self.report.findings.push(Finding { what: What::More(more), seq: None, file: String::new() });
        }
        self.report
    }

    /// What the lines name and is not there.
    fn missing(&mut self) {
        let part = self.part.take();
        if part.as_ref().is_some_and(|part| !part.lines.is_empty()) {
            self.find(What::CaseLine, None, "chain/records.jsonl");
        }
        let mut missing: Vec<_> = self
            .named
            .iter()
            .filter(|(key, _)| !self.found.contains(key))
            .filter(|(key, _)| part.as_ref().is_none_or(|part| part.named.contains(key)))
            .map(|(key, at)| (*key, *at))
            .collect();
        missing.sort_unstable_by_key(|((kind, name), (_, seq))| (*seq, *kind, *name));
        for ((kind, name), (sha256, seq)) in missing {
            let erased = self.erased.get(&sha256).copied().filter(|erased| *erased > seq);
            let file = match name {
                Name::Digest(sha256) => sha256.to_string(),
                Name::Id(id) => id.to_string(),
            };
            match erased {
                Some(erased) if erased < self.report.covered => self.report.erased += 1,
                Some(erased) => self.find(What::ErasureUnsigned(kind), Some(erased), &file),
                None => self.find(What::ContentMissing(kind), Some(seq), &file),
            }
        }
    }

    fn find_all(&mut self, found: Vec<seals::Found>) {
        for (what, seq, file) in found {
            self.find(what, seq, &file);
        }
    }
}

#[cfg(test)]
mod tests;
