//! The chain on disk: segments, one a month, `000001.jsonl` and on; sequence and digests go on across them.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::evidence::{Break, Chain, Digest, Head, LINE_MAX, ends_batch, link};
use crate::store::disk::{Disk, create};
use crate::store::error::Error;
use crate::store::fault::Step;

/// Where a line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// From 1.
    pub(super) segment: u32,
    /// In octets.
    pub(super) offset: u64,
}

impl Place {
    pub(super) const START: Self = Self { segment: 1, offset: 0 };
}

/// The chain, open for appending.
pub(super) struct Segments {
    disk: Disk,
    dir: PathBuf,
    file: File,
    /// Where the next line begins.
    end: Place,
    head: Head,
    /// `2026-11`, of the current segment's first line.
    month: Option<String>,
    /// Octets behind `end` that a crash left.
    torn: bool,
    /// The last whole line, as it was found at the opening.
    last: Vec<u8>,
}

impl Segments {
    /// Opens `dir` and verifies: each earlier segment by its first and last line, the last one line by line.
    /// A torn tail is left as it is ([`Segments::torn_tail`]).
    pub(super) fn open(disk: &Disk, dir: &Path) -> Result<Self, Error> {
        let last = count(dir)?.max(1);
        let mut head = Head::GENESIS;
        let mut line = Vec::new();
        for segment in 1..last {
            (head, line) = skim(&path(dir, segment), head)?;
        }
        let path = path(dir, last);
        let fresh = !path.exists();
        let file = create(&path, false).map_err(|e| Error::io(Step::Open, &path, e))?;
        if fresh {
            disk.sync_dir(dir)?;
        }
        let found = read_last(&path, head)?;
        Ok(Self {
            disk: disk.clone(),
            dir: dir.to_owned(),
            file,
            end: Place { segment: last, offset: found.offset },
            head: found.head,
            month: found.month,
            torn: found.torn,
            last: found.line.unwrap_or(line),
        })
    }

    pub(super) fn head(&self) -> Head {
        self.head
    }

    /// The last whole line, as it was found at the opening; empty where there was none.
    pub(super) fn last(&self) -> &[u8] {
        &self.last
    }

    pub(super) fn end(&self) -> Place {
        self.end
    }

    /// What stands behind the last whole batch: a cut line, or lines whose batch is not complete.
    pub(super) fn torn_tail(&self) -> Result<Option<Vec<u8>>, Error> {
        if !self.torn {
            return Ok(None);
        }
        let path = path(&self.dir, self.end.segment);
        let read = || {
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(self.end.offset))?;
            let mut tail = Vec::new();
            file.read_to_end(&mut tail)?;
            Ok(tail)
        };
        read().map(Some).map_err(|e| Error::io(Step::Read, &path, e))
    }

    /// Cuts the torn tail off, which the caller has put in safety.
    pub(super) fn cut_tail(&mut self) -> Result<(), Error> {
        self.truncate()?;
        self.sync()?;
        self.torn = false;
        Ok(())
    }

    /// Appends whole lines, which lead to `head`, in one write and one fdatasync. After an error nothing of them is in
    /// the chain, or the error [is one](Error::is_broken) that closes the store.
    pub(super) fn append(&mut self, lines: &[u8], head: Head, at: Timestamp) -> Result<(), Error> {
        let month = at.strftime("%Y-%m").to_string();
        // Later only: a clock that jumps about does not make a segment at each jump.
        if self.month.as_ref().is_some_and(|current| month > *current) {
            self.roll()?;
        }
        if let Err(e) = self.write(lines) {
            // Where the octets cannot be taken back, nobody knows what the file ends on.
            let error = Error::io(Step::Append, &path(&self.dir, self.end.segment), e);
            return match self.truncate() {
                Ok(()) if error.is_full() => Err(error),
                _ => Err(Error::Broken { after: Box::new(error) }),
            };
        }
        if let Err(error) = self.sync() {
            // The store is closed now; the lines should not be found there by the next one, but may be.
            let _ = self.truncate();
            return Err(error);
        }
        self.end.offset += lines.len() as u64;
        self.head = head;
        self.month.get_or_insert(month);
        Ok(())
    }

    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        let (octets, error) = self.disk.fault(Step::Append).split();
        let written = lines.get(..octets).unwrap_or(lines);
        self.file.write_all(written)?;
        error
    }

    fn sync(&self) -> Result<(), Error> {
        let path = path(&self.dir, self.end.segment);
        self.disk.hit(Step::SyncChain, &path)?;
        self.file.sync_data().map_err(|e| Error::io(Step::SyncChain, &path, e))
    }

    fn truncate(&self) -> Result<(), Error> {
        let path = path(&self.dir, self.end.segment);
        self.disk.hit(Step::Truncate, &path)?;
        self.file.set_len(self.end.offset).map_err(|e| Error::io(Step::Truncate, &path, e))
    }

    fn roll(&mut self) -> Result<(), Error> {
        let segment = self.end.segment.saturating_add(1);
        let path = path(&self.dir, segment);
        self.file = create(&path, false).map_err(|e| Error::io(Step::Open, &path, e))?;
        self.end = Place { segment, offset: 0 };
        self.month = None;
        self.disk.sync_dir(&self.dir)
    }

    /// The lines from a place on up to the end, verified from `head` on; `f` takes each and where the next begins.
    pub(super) fn replay(
        &self,
        from: Place,
        head: Head,
        mut f: impl FnMut(&str, Place, Head) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut chain = Chain::from(head);
        for segment in from.segment..=self.end.segment {
            let offset = if segment == from.segment { from.offset } else { 0 };
            let path = path(&self.dir, segment);
            let mut lines = Lines::open(&path, offset)?;
            while chain.head().seq < self.head.seq
                && let Some(line) = lines.next()?
            {
                chain.push(&line).map_err(|why| lines.broken(why))?;
                let text = std::str::from_utf8(&line).map_err(|_| lines.broken(Break::NotARecord))?;
                f(text, Place { segment, offset: lines.offset }, chain.head())?;
            }
        }
        Ok(())
    }
}

/// How many segments there are: the greatest number.
pub(super) fn count(dir: &Path) -> Result<u32, Error> {
    let names = std::fs::read_dir(dir).map_err(|e| Error::io(Step::Open, dir, e))?;
    let number = |name: std::ffi::OsString| name.to_str()?.strip_suffix(".jsonl")?.parse::<u32>().ok();
    Ok(names.filter_map(|entry| number(entry.ok()?.file_name())).max().unwrap_or(0))
}

pub(super) fn path(dir: &Path, segment: u32) -> PathBuf {
    dir.join(format!("{segment:06}.jsonl"))
}

/// A closed segment: its first line follows `head`, its last line gives the next one.
fn skim(path: &Path, head: Head) -> Result<(Head, Vec<u8>), Error> {
    if !path.is_file() {
        return Err(Error::Segment(path.to_owned()));
    }
    let mut lines = Lines::open(path, 0)?;
    let first = lines.next()?.ok_or_else(|| Error::Segment(path.to_owned()))?;
    Chain::from(head).push(&first).map_err(|why| lines.broken(why))?;
    let broken = |why| Error::Chain { file: path.to_owned(), line: 0, why };
    let tail = tail(path).map_err(|e| Error::io(Step::Read, path, e))?;
    let body = tail.strip_suffix(b"\n").ok_or(broken(Break::Torn))?;
    let start = body.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let last = tail.get(start..).unwrap_or_default();
    let (_, seq) = link(last).map_err(broken)?;
    Ok((Head { seq: seq.saturating_add(1), prev: Digest::of(last) }, last.to_vec()))
}

/// The end of a file, long enough to hold a line.
fn tail(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LINE_MAX as u64 + 1)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    Ok(tail)
}

/// What the segment that is written to ends on.
struct Found {
    /// Behind the last whole batch.
    head: Head,
    offset: u64,
    /// The last line of it.
    line: Option<Vec<u8>>,
    month: Option<String>,
    /// Whether more follows.
    torn: bool,
}

fn read_last(path: &Path, head: Head) -> Result<Found, Error> {
    let mut lines = Lines::open(path, 0)?;
    let mut chain = Chain::from(head);
    let mut found = Found { head, offset: 0, line: None, month: None, torn: false };
    while let Some(line) = lines.next()? {
        match chain.push(&line) {
            Ok(()) => {}
            // Only the end of the file can be torn.
            Err(Break::Torn) => break,
            Err(why) => return Err(lines.broken(why)),
        }
        found.month = found.month.or_else(|| month_of(&line));
        if ends_batch(&line) {
            (found.head, found.offset, found.line) = (chain.head(), lines.offset, Some(line));
        }
    }
    let length = std::fs::metadata(path).map_err(|e| Error::io(Step::Read, path, e))?.len();
    found.torn = length > found.offset;
    found.month = found.month.filter(|_| found.offset > 0);
    Ok(found)
}

fn month_of(line: &[u8]) -> Option<String> {
    let (_, rest) = std::str::from_utf8(line).ok()?.split_once("\"@timestamp\":\"")?;
    rest.get(..7).map(str::to_owned)
}

/// Lines of a segment, each bounded.
pub(super) struct Lines {
    path: PathBuf,
    file: BufReader<File>,
    offset: u64,
    line: u64,
    /// False where reading began in the middle.
    counted: bool,
}

impl Lines {
    pub(super) fn open(path: &Path, offset: u64) -> Result<Self, Error> {
        let mut file = File::open(path).map_err(|e| Error::io(Step::Open, path, e))?;
        file.seek(SeekFrom::Start(offset)).map_err(|e| Error::io(Step::Read, path, e))?;
        Ok(Self {
            path: path.to_owned(),
            file: BufReader::with_capacity(1 << 16, file),
            offset,
            line: 0,
            counted: offset == 0,
        })
    }

    /// The next line with its LF; without one at the end of the file or where it is too long.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let mut line = Vec::new();
        (&mut self.file)
            .take(LINE_MAX as u64)
            .read_until(b'\n', &mut line)
            .map_err(|e| Error::io(Step::Read, &self.path, e))?;
        self.offset += line.len() as u64;
        self.line += 1;
        Ok((!line.is_empty()).then_some(line))
    }

    pub(super) fn broken(&self, why: Break) -> Error {
        let line = if self.counted { self.line } else { 0 };
        Error::Chain { file: self.path.clone(), line, why }
    }
}
