//! Digests from a store that somebody else may be writing: no lock, nothing is changed. How they are told is
//! [`crate::digest`]'s; where they are kept, the caller's.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::case::{Ledger, Letter, Note, Subject};
use crate::digest::{Day, Draft, Facts, Form, From, Gather, Period, Scope, Written, file_name};
use crate::evidence::{CaseId, EvidenceId, NOTE_MAX, PublicKey, Record};
use crate::store::disk::{Content, Disk};
use crate::store::error::Error;
use crate::store::kept::free;
use crate::store::layout::Layout;
use crate::store::read::{lines, some};

/// What a digest is to be of.
#[derive(Debug, Clone)]
pub enum Asked {
    /// Days that are due, ascending, the first of which begins at a record.
    Days(u64, Vec<Period>),
    /// From a point on until now.
    Look(From, Scope, Period),
}

/// The digests, ascending, as the store stands at `now`. `facts` carries what only a running service knows (accounts,
/// what is not watched, whether the record was verified); the rest of them is filled in here.
pub fn digests(
    layout: &Layout,
    zone: &TimeZone,
    now: Timestamp,
    asked: Asked,
    facts: Facts,
) -> Result<Vec<Day>, Error> {
    let mut gather = match asked {
        Asked::Days(first_seq, days) => Gather::days(zone, now, first_seq, days),
        Asked::Look(from, scope, period) => Gather::look(zone, now, from, scope, period),
    };
    let mut ledger = Ledger::default();
    // Before the lines: one that is made meanwhile would cover more than is read.
    let note = some(&layout.latest_checkpoint())?.filter(|octets| octets.len() <= NOTE_MAX);
    let checkpoint = note.and_then(|octets| String::from_utf8(octets).ok()).filter(|note| !note.is_empty());
    let head = lines(layout, None, |seq, line| {
        gather.take_line(seq, line);
        // Notes only: which case is of which sender.
        if line.contains("\"event.action\":\"case-opened\"") {
            ledger.take_line(seq, line);
        }
    })?;
    let facts = facts_of(layout, &ledger, Facts { head: Some(head), checkpoint, ..facts })?;
    let mut letters = BTreeMap::new();
    gather.finish().into_iter().map(|draft| complete(layout, draft, &mut letters, &facts)).collect()
}

/// When the first record was written; none where there is none.
pub fn first_record(layout: &Layout) -> Result<Option<Timestamp>, Error> {
    let mut first = None;
    lines(layout, Some(1), |_, line| {
        first = first.or_else(|| Some(Record::from_line(line).ok()?.at));
    })?;
    Ok(first)
}

/// The digests that the chain says were written.
pub fn written(layout: &Layout) -> Result<Written, Error> {
    let mut written = Written::default();
    lines(layout, None, |_, line| written.take_line(line))?;
    Ok(written)
}

/// Adds the letters. They are kept from one day to the next, because a sender is looked for in the days before.
fn complete(
    layout: &Layout,
    draft: Draft,
    letters: &mut BTreeMap<EvidenceId, Letter>,
    facts: &Facts,
) -> Result<Day, Error> {
    let wanted = draft.wanted();
    letters.retain(|id, _| wanted.contains(id));
    for id in wanted {
        if !letters.contains_key(&id)
            && let Some(octets) = some(&layout.meta(id))?
            && let Ok(letter) = Letter::from_octets(&octets)
        {
            letters.insert(id, letter);
        }
    }
    Ok(draft.day(letters, facts))
}

fn facts_of(layout: &Layout, ledger: &Ledger, facts: Facts) -> Result<Facts, Error> {
    let key = some(&layout.genesis_key())?.and_then(|octets| String::from_utf8(octets).ok());
    let bytes = octets_below(layout.evidence());
    Ok(Facts {
        fingerprint: key.and_then(|text| PublicKey::from_pem(&text).ok()).map(|key| key.fingerprint()),
        storage: free(layout.dir()).ok().map(|free| (bytes, free)),
        senders: senders(layout, ledger)?,
        ..facts
    })
}

/// The cases of a sender, by address.
fn senders(layout: &Layout, ledger: &Ledger) -> Result<BTreeMap<String, CaseId>, Error> {
    let mut senders = BTreeMap::new();
    for (case, sha256) in ledger.openings() {
        let note = some(&layout.note(sha256))?.and_then(|octets| Note::from_octets(&octets).ok());
        if let Some(Subject::Sender(address)) = note.map(|note| note.subject) {
            senders.insert(address, case);
        }
    }
    Ok(senders)
}

/// What the files below a folder take; those that cannot be read count nothing.
fn octets_below(dir: PathBuf) -> u64 {
    let mut total = 0_u64;
    let mut folders = vec![dir];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(meta) if meta.is_dir() => folders.push(entry.path()),
                Ok(meta) => total = total.saturating_add(meta.len()),
                Err(_) => {}
            }
        }
    }
    total
}

/// The folder in which digests stand.
#[derive(Clone)]
pub struct Shelf {
    disk: Disk,
    dir: PathBuf,
}

impl Shelf {
    pub(super) fn new(disk: Disk, dir: &Path) -> Self {
        Self { disk, dir: dir.to_owned() }
    }

    /// The JSON of a day; none where there is none yet.
    pub fn json(&self, date: Date) -> Result<Option<Vec<u8>>, Error> {
        some(&self.dir.join(file_name(date, Form::Json)))
    }

    /// Writes a day whole, in an order in which a stop in between leaves nothing half: the JSON, which is the digest,
    /// then what follows from it. Files are published as evidence is (temporary name, fsync, no overwriting, fsync of the
    /// folder) and only their owner can read them. A JSON that is there already has to be the same; a text or a page is
    /// left as it is, because it may be in the language of another start.
    pub fn put(&self, date: Date, json: &[u8], text: &str, html: &str) -> Result<(), Error> {
        self.publish(date, Form::Json, json)?;
        for (form, content) in [(Form::Text, text), (Form::Html, html)] {
            if !self.dir.join(file_name(date, form)).exists() {
                self.publish(date, form, content.as_bytes())?;
            }
        }
        Ok(())
    }

    fn publish(&self, date: Date, form: Form, octets: &[u8]) -> Result<(), Error> {
        let path = self.dir.join(file_name(date, form));
        self.disk.publish(&[Content { path, octets }]).into_iter().collect()
    }
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").field("dir", &self.dir).finish_non_exhaustive()
    }
}

/// True where a digest that stands on the shelf is of this record: it begins with the record at which the last one ended,
/// and the chain was then what it says.
pub fn belongs(layout: &Layout, day: &Day, first_seq: u64) -> Result<bool, Error> {
    let said = &day.integrity;
    if said.first_seq != first_seq || said.next_seq < said.first_seq || said.next_seq > said.records {
        return Ok(false);
    }
    let head = lines(layout, Some(said.records), |_, _| {})?;
    Ok(head.seq == said.records && head.prev == said.head)
}
