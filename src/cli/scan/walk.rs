//! Every message below a path, in a stable order: files, folders, Maildirs, mboxes, standard input.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A message larger than this is not a message; it is reported as an error instead of filling the memory.
const LARGEST_FILE: u64 = 256 * 1024 * 1024;

/// Takes what is found.
pub(super) trait Visit {
    /// Comes before so many octets are read.
    fn room(&mut self, octets: u64);
    /// The octets of all files in memory are counted here.
    fn held(&self) -> &Arc<AtomicU64>;
    /// A message, or why there is none.
    fn message(&mut self, name: String, input: Result<Letter, String>);
}

/// A file in memory.
struct File {
    octets: Vec<u8>,
    held: Arc<AtomicU64>,
}

impl File {
    fn new(octets: Vec<u8>, held: &Arc<AtomicU64>) -> Arc<File> {
        held.fetch_add(octets.len() as u64, Ordering::Relaxed);
        Arc::new(File { octets, held: Arc::clone(held) })
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.held.fetch_sub(self.octets.len() as u64, Ordering::Relaxed);
    }
}

/// A message in a file. The messages of an mbox share one.
pub(super) struct Letter {
    file: Arc<File>,
    span: Range<usize>,
    /// In an mbox, lines that begin with `From ` are quoted.
    quoted: bool,
}

impl Letter {
    pub(super) fn octets(&self) -> Cow<'_, [u8]> {
        let octets = self.file.octets.get(self.span.clone()).unwrap_or_default();
        if self.quoted { unquoted(octets) } else { Cow::Borrowed(octets) }
    }
}

/// Visits every message below a path.
pub(super) fn walk(path: &Path, visit: &mut dyn Visit) {
    let name = path.to_string_lossy().into_owned();
    if path == Path::new("-") {
        visit.room(LARGEST_FILE);
        return match read(io::stdin().lock()) {
            Ok(octets) => messages(name, octets, visit),
            Err(error) => visit.message(name, Err(format!("cannot read standard input: {error}"))),
        };
    }
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return visit.message(name, Err(format!("cannot read: {error}"))),
    };
    if metadata.is_dir() {
        return walk_folder(path, visit);
    }
    if metadata.len() > LARGEST_FILE {
        return visit.message(name, Err(format!("larger than {LARGEST_FILE} octets")));
    }
    // How much a pipe or a device holds is not known before.
    visit.room(if metadata.is_file() { metadata.len() } else { LARGEST_FILE });
    let octets = if metadata.is_file() { fs::read(path) } else { fs::File::open(path).and_then(read) };
    match octets {
        Ok(octets) => messages(name, octets, visit),
        Err(error) => visit.message(name, Err(format!("cannot read: {error}"))),
    }
}

fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    from.take(LARGEST_FILE).read_to_end(&mut octets)?;
    Ok(octets)
}

fn walk_folder(path: &Path, visit: &mut dyn Visit) {
    let is_maildir = path.join("cur").is_dir() && path.join("new").is_dir();
    let entries = fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>());
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => {
            return visit.message(path.to_string_lossy().into_owned(), Err(format!("cannot list: {error}")));
        }
    };
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Maildir++ keeps further mailboxes in folders that begin with a dot; tmp holds what is still being written.
        let wanted = if is_maildir {
            entry.is_dir() && (name == "cur" || name == "new" || name.starts_with('.'))
        } else {
            !name.starts_with('.')
        };
        if wanted {
            walk(&entry, visit);
        }
    }
}

fn messages(name: String, octets: Vec<u8>, visit: &mut dyn Visit) {
    let file = File::new(octets, visit.held());
    let octets = &file.octets;
    if !octets.starts_with(b"From ") {
        let span = 0..octets.len();
        return visit.message(name, Ok(Letter { file, span, quoted: false }));
    }
    // Mail programs also save single messages with the separator line of an mbox; a body may well hold another such line.
    if Path::new(&name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("eml")) {
        let span = line_end(octets, 0)..octets.len();
        return visit.message(name, Ok(Letter { file, span, quoted: false }));
    }
    for (number, span) in mbox(octets).enumerate() {
        let letter = Letter { file: Arc::clone(&file), span, quoted: true };
        visit.message(format!("{name}#{}", number.saturating_add(1)), Ok(letter));
    }
}

/// Where the line ends that begins here, its line end included.
fn line_end(octets: &[u8], at: usize) -> usize {
    let rest = octets.get(at..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(octets.len(), |end| at + end + 1)
}

/// The messages of an mbox (RFC 4155 with mboxrd quoting): a line `From ` after an empty line begins one.
fn mbox(octets: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begin = line_end(octets, at);
        if at >= octets.len() {
            return None;
        }
        let mut end = begin;
        let mut after_empty = false;
        while let Some(rest) = octets.get(end..).filter(|rest| !rest.is_empty()) {
            if after_empty && rest.starts_with(b"From ") {
                break;
            }
            after_empty = rest.starts_with(b"\n") || rest.starts_with(b"\r\n");
            end = line_end(octets, end);
        }
        at = end;
        Some(begin..end)
    })
}

/// Takes one `>` off the lines that are quoted.
fn unquoted(octets: &[u8]) -> Cow<'_, [u8]> {
    let is_quoted = |line: &[u8]| {
        let quotes = line.iter().take_while(|octet| **octet == b'>').count();
        quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From "))
    };
    let lines = || octets.split_inclusive(|octet| *octet == b'\n');
    if !lines().any(is_quoted) {
        return Cow::Borrowed(octets);
    }
    let mut out = Vec::with_capacity(octets.len());
    for line in lines() {
        out.extend_from_slice(line.get(usize::from(is_quoted(line))..).unwrap_or(line));
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_mbox_is_split_at_from_lines_and_unquoted() {
        let octets = b"From a@example.com Mon\nSubject: 1\n\n>From here\nFrom not a separator\n\nFrom b\nSubject: 2\n\n>>From\n";
        let messages: Vec<_> = mbox(octets).map(|span| unquoted(&octets[span])).collect();
        assert_eq!(messages.len(), 2);
        assert_eq!(&*messages[0], b"Subject: 1\n\nFrom here\nFrom not a separator\n\n");
        assert_eq!(&*messages[1], b"Subject: 2\n\n>>From\n");
        assert_eq!(mbox(b"From a\n\nFrom b\n").collect::<Vec<_>>(), [7..8, 15..15]);
        assert!(mbox(b"From a").eq(std::iter::once(6..6)));
    }

    #[test]
    fn a_file_is_counted_as_long_as_one_of_its_messages_is_there() {
        let held = Arc::default();
        let file = File::new(vec![0; 10], &held);
        let letter = Letter { file: Arc::clone(&file), span: 2..5, quoted: true };
        drop(file);
        assert_eq!((held.load(Ordering::Relaxed), letter.octets().len()), (10, 3));
        drop(letter);
        assert_eq!(held.load(Ordering::Relaxed), 0);
    }
}
