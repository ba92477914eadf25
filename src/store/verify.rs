//! Reads a store, without its lock and without changing anything, for the verification in [`crate::evidence::audit`].
//!
//! The service may be writing: where something is wrong and the chain has grown meanwhile, it is read again.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::evidence::audit::{Audit, Grade, Kind, Name, Report, What};
use crate::evidence::{Digest, EvidenceId, LINE_MAX, NOTE_MAX, PublicKey, is_name};
use crate::store::error::Error;
use crate::store::fault::Step;

/// Read so often where the chain grows under it.
const ATTEMPTS: usize = 3;
/// Milliseconds that a line without an end is given to become whole.
const MOMENTS: usize = 20;

/// Where things are, and what they are called in findings.
struct Place {
    root: PathBuf,
    origin: &'static str,
    chain: &'static str,
    checkpoints: &'static str,
    keys: &'static str,
    blobs: &'static str,
    /// The data folder of a bundle: the whole chain, but the content of one case, in flat folders.
    part: bool,
}

/// What stands directly below `evidence/`.
const ROOMS: [&str; 10] = [
    "origin",
    "chain",
    "blobs",
    "meta",
    "context",
    "notes",
    "quarantine-tail",
    "checkpoints",
    "checkpoint",
    "keys",
];

/// Up to where the chain was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct End {
    segment: u32,
    offset: u64,
}

/// A checkpoint from outside, and what it is called in findings.
#[derive(Debug, Clone)]
pub struct Outside {
    /// Its name.
    pub name: String,
    /// The note.
    pub octets: Vec<u8>,
}

/// A store that was verified.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What was found.
    pub report: Report,
    /// The log's name.
    pub origin: String,
    /// The first key that was believed; none where there is none.
    pub key: Option<PublicKey>,
}

/// Verifies the store in a state directory (or the `evidence` folder itself) with a first key that is trusted; without
/// one the store's own is believed, which proves nothing against somebody who could write there.
pub fn verify(dir: &Path, trusted: Option<PublicKey>, outside: &[Outside]) -> Result<Verified, Error> {
    let place = Place::of(dir);
    let mut left = ATTEMPTS;
    loop {
        let before = lengths(&place)?;
        let verified = once(&place, trusted, outside)?;
        left -= 1;
        if verified.report.grade() == Grade::Notice || left == 0 || lengths(&place)? == before {
            return Ok(verified);
        }
    }
}

impl Place {
    fn of(dir: &Path) -> Self {
        let evidence = dir.join("evidence");
        let root = if evidence.is_dir() { evidence } else { dir.to_owned() };
        if dir.join("chain/whole").is_dir() {
            Self {
                root: dir.to_owned(),
                origin: "chain/origin",
                chain: "chain/whole",
                checkpoints: "chain/whole/checkpoints",
                keys: "chain/keys",
                blobs: "eml",
                part: true,
            }
        } else {
            let (checkpoints, keys) = ("checkpoints", "keys");
            Self { root, origin: "origin", chain: "chain", checkpoints, keys, blobs: "blobs", part: false }
        }
    }
}

fn once(place: &Place, trusted: Option<PublicKey>, outside: &[Outside]) -> Result<Verified, Error> {
    let Place { root, part, .. } = place;
    let origin = bounded(&root.join(place.origin), 256)?.and_then(|octets| String::from_utf8(octets).ok());
    let name = origin.as_deref().and_then(|text| text.strip_suffix('\n')).filter(|name| is_name(name));
    let genesis = format!("{}/genesis.pub.pem", place.keys);
    let own = read_key(&root.join(&genesis))?;
    let key = trusted.or(own);
    let mut audit = Audit::new(name.unwrap_or_default(), key);
    if *part {
        audit.part(case_lines(&root.join("chain/records.jsonl"))?);
    }
    if name.is_none() {
        audit.find(What::Origin, None, place.origin);
    }
    if own.is_none() {
        audit.find(What::KeyFile, None, &genesis);
    } else if own != key {
        audit.find(What::GenesisKey, None, &genesis);
    }
    // What is written after something else is listed before it, so that the other is found.
    let listed = list(&root.join(place.keys))?;
    notes(&mut audit, place, outside)?;
    let end = chain(place, &mut audit, End::default(), Audit::line)?;
    keys(&mut audit, place, listed)?;
    let shard = |shard| Some(shard).filter(|_| !part);
    for (room, kind, shard, suffix) in [
        (place.blobs, Kind::Blob, shard(Shard::First), ".eml"),
        ("meta", Kind::Meta, shard(Shard::Last), ".json"),
        ("context", Kind::Context, None, ".json"),
        ("notes", Kind::Note, None, ".json"),
        ("quarantine-tail", Kind::Tail, None, ".bin"),
    ] {
        contents(&mut audit, root, room, kind, shard, suffix)?;
    }
    // What went meanwhile went with a record.
    chain(place, &mut audit, end, |audit, line, _| audit.later(line))?;
    for name in list(root)?.into_keys().filter(|name| !part && !ROOMS.contains(&name.as_str())) {
        audit.find(What::Extra, None, &name);
    }
    Ok(Verified { report: audit.finish(), origin: name.unwrap_or_default().to_owned(), key })
}

fn notes(audit: &mut Audit, place: &Place, outside: &[Outside]) -> Result<(), Error> {
    let copied = if place.part { "chain/checkpoint.note" } else { "checkpoint" };
    let copy = bounded(&place.root.join(copied), NOTE_MAX)?;
    let listed = list(&place.root.join(place.checkpoints))?;
    for (name, path) in &listed {
        let file = format!("{}/{name}", place.checkpoints);
        match name.strip_suffix(".note").and_then(size) {
            Some(size) => {
                let octets = bounded(path, NOTE_MAX)?.unwrap_or_default();
                audit.note(&file, size, &octets);
            }
            // A timestamp authority's reply, which `openssl ts -verify` reads.
            None if stamped(name).is_some_and(|note| listed.contains_key(&note)) => {}
            None => audit.find(What::Extra, None, &file),
        }
    }
    if let Some(octets) = copy {
        audit.copy(copied, &octets);
    }
    for Outside { name, octets } in outside {
        audit.witness(name, octets);
    }
    Ok(())
}

/// Digests of the lines of a bundle's case, LF included; none where there are none.
fn case_lines(path: &Path) -> Result<Vec<Digest>, Error> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::io(Step::Read, path, e)),
    };
    let mut reader = BufReader::new(file);
    let mut digests = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        whole_line(&mut reader, &mut line).map_err(|e| Error::io(Step::Read, path, e))?;
        if line.is_empty() {
            return Ok(digests);
        }
        digests.push(Digest::of(&line));
    }
}

/// The note that `<size:010>.<8 hex>.tsr` is about.
fn stamped(name: &str) -> Option<String> {
    let (size, reply) = name.strip_suffix(".tsr")?.split_once('.')?;
    let digits = |text: &str, radix| text.chars().all(|c| c.is_digit(radix) && !c.is_ascii_uppercase());
    (size.len() == 10 && digits(size, 10) && reply.len() == 8 && digits(reply, 16))
        .then(|| format!("{size}.note"))
}

/// Reads the chain from a place on, and returns where it ended.
fn chain(
    place: &Place,
    audit: &mut Audit,
    from: End,
    mut take: impl FnMut(&mut Audit, &[u8], &str),
) -> Result<End, Error> {
    let mut segments = BTreeMap::new();
    for (name, path) in list(&place.root.join(place.chain))? {
        let file = format!("{}/{name}", place.chain);
        match name
            .strip_suffix(".jsonl")
            .filter(|number| number.len() >= 6)
            .and_then(|n| n.parse::<u32>().ok())
        {
            Some(number) => _ = segments.insert(number, (file, path)),
            None if place.part && name == "checkpoints" => {}
            None if from == End::default() => audit.find(What::Extra, None, &file),
            None => {}
        }
    }
    let mut end = from;
    let mut line = Vec::new();
    for (number, (file, path)) in segments.split_off(&from.segment) {
        let failed = |e| Error::io(Step::Read, &path, e);
        let mut reader = BufReader::with_capacity(1 << 18, File::open(&path).map_err(failed)?);
        end = End { segment: number, offset: if number == from.segment { from.offset } else { 0 } };
        reader.seek(SeekFrom::Start(end.offset)).map_err(failed)?;
        loop {
            line.clear();
            whole_line(&mut reader, &mut line).map_err(failed)?;
            if line.is_empty() {
                break;
            }
            end.offset += line.len() as u64;
            take(audit, &line, &file);
        }
    }
    Ok(end)
}

/// Reads a line with its LF; without one at the end of the file, or where it is too long. One that is being written at
/// this moment is there in full a moment later.
fn whole_line(reader: &mut BufReader<File>, line: &mut Vec<u8>) -> std::io::Result<()> {
    for _ in 0..MOMENTS {
        let left = (LINE_MAX - line.len()) as u64;
        reader.take(left).read_until(b'\n', line)?;
        if line.is_empty() || line.ends_with(b"\n") || line.len() >= LINE_MAX {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

fn keys(audit: &mut Audit, place: &Place, listed: BTreeMap<String, PathBuf>) -> Result<(), Error> {
    for (name, path) in listed {
        let file = format!("{}/{name}", place.keys);
        match name.strip_suffix(".pub.pem") {
            Some("genesis") => {}
            Some(number) if let Some(size) = size(number) => audit.key_file(&file, size, read_key(&path)?),
            _ => audit.find(What::Extra, None, &file),
        }
    }
    Ok(())
}

/// Which two digits of its name the folder of a file is called after.
#[derive(Clone, Copy, PartialEq)]
enum Shard {
    First,
    Last,
}

fn contents(
    audit: &mut Audit,
    root: &Path,
    room: &str,
    kind: Kind,
    shard: Option<Shard>,
    suffix: &str,
) -> Result<(), Error> {
    let mut files = Vec::new();
    for (name, path) in list(&root.join(room))? {
        let file = format!("{room}/{name}");
        if shard.is_some() && path.is_dir() {
            let within = list(&path)?.into_iter();
            files.extend(
                within.map(|(inner, path)| (format!("{file}/{inner}"), inner, Some(name.clone()), path)),
            );
        } else {
            files.push((file, name, None, path));
        }
    }
    for (file, name, folder, path) in files {
        let stem = name.strip_suffix(suffix);
        let id = stem.and_then(|stem| match kind {
            // One spelling an id.
            Kind::Meta => {
                let id = stem.parse().ok().map(EvidenceId).filter(|id| id.to_string() == stem);
                id.map(Name::Id)
            }
            _ => stem.parse().ok().map(Name::Digest),
        });
        let expected = stem.and_then(|stem| match shard? {
            Shard::First => stem.get(..2),
            Shard::Last => stem.get(stem.len().checked_sub(2)?..),
        });
        let regular = path.symlink_metadata().is_ok_and(|meta| meta.is_file());
        match id.filter(|_| regular && expected == folder.as_deref()) {
            None => audit.find(What::Extra, None, &file),
            Some(id) => match File::open(&path).and_then(Digest::of_reader) {
                Ok(sha256) => audit.content(kind, id, sha256, &file),
                // Erased at this moment.
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(Error::io(Step::Read, &path, e)),
            },
        }
    }
    Ok(())
}

/// What stands in a folder, by name; without writes that did not come to their end. A folder that is not there is empty.
fn list(dir: &Path) -> Result<BTreeMap<String, PathBuf>, Error> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(BTreeMap::new());
        }
        Err(e) => return Err(Error::io(Step::Open, dir, e)),
    };
    let mut found = BTreeMap::new();
    for entry in entries {
        let entry = entry.map_err(|e| Error::io(Step::Open, dir, e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.strip_suffix(".tmp").is_none() {
            found.insert(name, entry.path());
        }
    }
    Ok(found)
}

/// The length of each segment: whether the chain grows.
fn lengths(place: &Place) -> Result<Vec<(String, u64)>, Error> {
    let dir = place.root.join(place.chain);
    // Missing, or not ours to read: the caller says which.
    dir.read_dir().map_err(|e| Error::io(Step::Open, &dir, e))?;
    let lengths = list(&dir)?.into_iter().map(|(name, path)| {
        let length = path.metadata().map_or(0, |meta| meta.len());
        (name, length)
    });
    Ok(lengths.collect())
}

/// A size as file names have it: ten digits, or as many as it takes.
fn size(text: &str) -> Option<u64> {
    let size: u64 = text.parse().ok()?;
    (format!("{size:010}") == text).then_some(size)
}

fn read_key(path: &Path) -> Result<Option<PublicKey>, Error> {
    let text = bounded(path, 1024)?.and_then(|octets| String::from_utf8(octets).ok());
    Ok(text.and_then(|text| PublicKey::from_pem(&text).ok()))
}

/// A small file; one octet more than `most` where it is larger. None where it is not there.
fn bounded(path: &Path, most: usize) -> Result<Option<Vec<u8>>, Error> {
    let mut octets = Vec::new();
    match File::open(path).and_then(|file| file.take(most as u64 + 1).read_to_end(&mut octets)) {
        Ok(_) => Ok(Some(octets)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::io(Step::Read, path, e)),
    }
}
