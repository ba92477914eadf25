//! ZIP: the listing (APPNOTE 4.3.12), and as much of the members as tells what they are.

use super::budget::{Budget, MAX_MEMBERS, Wrapper};
use super::search::{le16, le32, name};
use super::{Feature, Inspection, Kind, acts, extension, inner, ooxml};

/// Members whose first octets are looked at.
const MAX_PEEKED: usize = 16;
/// Octets that tell what a member is.
const PEEK: usize = 1024;
/// Members that are read as far as the budget goes, because they can act or hold more.
const MAX_READ: usize = 8;

/// One entry of the listing.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    encrypted: bool,
    /// Compression method: 0 stored, 8 deflated.
    method: usize,
    packed: usize,
    /// Where the local header stands.
    local: usize,
}

impl Entry {
    /// The member's octets, at most `most`; empty where they are encrypted or packed in another way.
    pub(super) fn octets(&self, archive: &[u8], most: usize, whole: bool, budget: &mut Budget) -> Vec<u8> {
        let Some(packed) = self.packed(archive) else { return Vec::new() };
        match self.method {
            _ if self.encrypted => Vec::new(),
            0 => budget.look(packed.get(..most).unwrap_or(packed), most).to_vec(),
            8 => budget.inflate(packed, Wrapper::Deflate, most, whole),
            _ => Vec::new(),
        }
    }

    fn packed<'a>(&self, archive: &'a [u8]) -> Option<&'a [u8]> {
        let at = self.local;
        if archive.get(at..at.checked_add(4)?)? != b"PK\x03\x04" {
            return None;
        }
        let from = at + 30 + le16(archive, at + 26)? + le16(archive, at + 28)?;
        let rest = archive.get(from..)?;
        // Without a size in the headers the stream itself says where it ends.
        Some(if self.packed == 0 { rest } else { rest.get(..self.packed).unwrap_or(rest) })
    }
}

pub(super) fn read(octets: &[u8], depth: usize, budget: &mut Budget, seen: &mut Inspection) {
    let (entries, cut) = list(octets);
    budget.cut |= cut;
    seen.encrypted |= entries.iter().any(|entry| entry.encrypted);
    // Programs that open these take the names of parts in any case.
    let has = |name: &str| entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name));
    seen.kind = if has("[Content_Types].xml") {
        Kind::Ooxml
    } else if has("AndroidManifest.xml") {
        Kind::Apk
    } else if has("AppxManifest.xml") || has("AppxBundleManifest.xml") {
        Kind::Appx
    } else if has("META-INF/MANIFEST.MF") && entries.iter().any(|entry| extension(&entry.name) == "class") {
        Kind::Jar
    } else if has("mimetype") && has("content.xml") {
        Kind::OpenDocument
    } else {
        Kind::Zip
    };
    match seen.kind {
        Kind::Ooxml => ooxml::read(octets, &entries, budget, seen),
        Kind::OpenDocument => {
            if entries.iter().any(|entry| entry.name.starts_with("Basic/") && extension(&entry.name) == "xml")
            {
                seen.features.insert(Feature::Macro);
            }
        }
        _ => members(octets, &entries, depth, budget, seen),
    }
    for entry in entries {
        seen.member(entry.name);
    }
}

/// What the members are by their octets.
fn members(octets: &[u8], entries: &[Entry], depth: usize, budget: &mut Budget, seen: &mut Inspection) {
    let files = entries.iter().filter(|entry| !entry.name.ends_with('/') && !entry.encrypted);
    let mut left = MAX_READ;
    for entry in files.take(MAX_PEEKED) {
        let head = entry.octets(octets, PEEK, false, budget);
        let kind = Kind::of(&head, &entry.name);
        if let Some(feature) = acts(kind) {
            seen.features.insert(feature);
            continue;
        }
        // Disk images tell what they are in their middle only.
        let more = kind.is_archive()
            || matches!(kind, Kind::Html | Kind::Svg | Kind::Ole | Kind::Rtf | Kind::OneNote | Kind::Pdf)
            || Kind::promised(&entry.name) == Kind::DiskImage;
        if more && left > 0 {
            left -= 1;
            let whole = entry.octets(octets, usize::MAX, true, budget);
            inner(&whole, &entry.name, depth, budget, seen);
        }
    }
}

/// The entries of the central directory; where there is none, the local headers up to the first that does not say how
/// long its data is. The flag says that there are more.
fn list(octets: &[u8]) -> (Vec<Entry>, bool) {
    let mut entries = Vec::new();
    if let Some((mut at, shift)) = central_directory(octets) {
        while octets.get(at..at.saturating_add(4)) == Some(b"PK\x01\x02") {
            if entries.len() >= MAX_MEMBERS {
                return (entries, true);
            }
            let Some((entry, next)) = central(octets, at, shift) else { break };
            entries.push(entry);
            at = next;
        }
    }
    if entries.is_empty() {
        let mut at = 0usize;
        while octets.get(at..at.saturating_add(4)) == Some(b"PK\x03\x04") {
            if entries.len() >= MAX_MEMBERS {
                return (entries, true);
            }
            let Some((entry, next)) = local(octets, at) else { break };
            entries.push(entry);
            let Some(next) = next else { break };
            at = next;
        }
    }
    (entries, false)
}

fn central(octets: &[u8], at: usize, shift: usize) -> Option<(Entry, usize)> {
    let flags = le16(octets, at + 8)?;
    let long = le16(octets, at + 28)?;
    let raw = octets.get(at + 46..at + 46 + long)?;
    let entry = Entry {
        name: decoded(raw, flags),
        encrypted: flags & 1 != 0,
        method: le16(octets, at + 10)?,
        packed: le32(octets, at + 20)?,
        local: le32(octets, at + 42)?.saturating_add(shift),
    };
    Some((entry, at + 46 + long + le16(octets, at + 30)? + le16(octets, at + 32)?))
}

/// An entry by its local header, and where the next one stands if that can be known.
fn local(octets: &[u8], at: usize) -> Option<(Entry, Option<usize>)> {
    let flags = le16(octets, at + 6)?;
    let long = le16(octets, at + 26)?;
    let raw = octets.get(at + 30..at + 30 + long)?;
    let packed = le32(octets, at + 18)?;
    let entry = Entry {
        name: decoded(raw, flags),
        encrypted: flags & 1 != 0,
        method: le16(octets, at + 8)?,
        packed,
        local: at,
    };
    let end = (at + 30 + long + le16(octets, at + 28)?).saturating_add(packed);
    Some((entry, (flags & 8 == 0).then_some(end)))
}

fn decoded(raw: &[u8], flags: usize) -> String {
    // Bit 11 says UTF-8.
    name(raw, (flags & 0x800 != 0).then_some("utf-8")).replace('\\', "/")
}

/// Where the central directory begins, and by how much its offsets are short because something was put before the
/// archive. The end record is looked for from the end (its comment is at most 65,535 octets).
fn central_directory(octets: &[u8]) -> Option<(usize, usize)> {
    let from = octets.len().saturating_sub(22 + 65_535);
    let tail = octets.get(from..)?;
    let at = memchr::memmem::rfind(tail, b"PK\x05\x06")?;
    let start = le32(tail, at + 16)?;
    let long = le32(tail, at + 12)?;
    let expected = (from + at).checked_sub(long)?;
    if octets.get(expected..expected.saturating_add(4)) == Some(b"PK\x01\x02") {
        Some((expected, expected.saturating_sub(start)))
    } else {
        Some((start, 0))
    }
}
