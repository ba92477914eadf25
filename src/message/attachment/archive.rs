//! Archives other than ZIP: names where they are cheap to read, and whether they are encrypted.

use super::budget::{Budget, MAX_MEMBERS, MAX_STREAM, Wrapper};
use super::search::{has, le16, le32, le64, name as named};
use super::{Feature, Inspection, Kind, inner, packed};

/// Octets of a listing.
const MAX_LISTING: usize = 256 * 1024;

pub(super) fn read(octets: &[u8], name: &str, depth: usize, budget: &mut Budget, seen: &mut Inspection) {
    match seen.kind {
        Kind::Gzip => gzip(octets, name, depth, budget, seen),
        Kind::Bzip2 | Kind::Xz | Kind::Zstd => seen.member(stem(name)),
        Kind::Tar => tar(octets, depth, budget, seen),
        Kind::SevenZip => packed::seven_zip(octets, seen),
        Kind::Rar => packed::rar(octets, seen),
        Kind::Cab => cab(octets, seen),
        Kind::Lzh => lzh(octets, seen),
        _ => {}
    }
}

/// The name of what lies in a compressed file: the file's own without its last extension, `.tgz` for `.tar.gz`.
fn stem(name: &str) -> String {
    let (before, last) = name.trim_end().rsplit_once('.').unwrap_or((name, ""));
    if matches!(last.to_ascii_lowercase().as_str(), "tgz" | "tbz" | "tbz2" | "txz") {
        return format!("{before}.tar");
    }
    before.to_owned()
}

/// One compressed file (RFC 1952), which may be a tar archive.
fn gzip(octets: &[u8], name: &str, depth: usize, budget: &mut Budget, seen: &mut Inspection) {
    let own = gzip_name(octets).unwrap_or_else(|| stem(name));
    let whole = budget.inflate(octets, Wrapper::Gzip, MAX_STREAM, true);
    let kind = Kind::of(&whole, &own);
    seen.member(own.clone());
    if kind == Kind::Tar {
        tar(&whole, depth, budget, seen);
    } else {
        inner(&whole, &own, depth, budget, seen);
    }
}

/// The original name, where the header has one (RFC 1952 §2.3.1).
fn gzip_name(octets: &[u8]) -> Option<String> {
    let flags = *octets.get(3)?;
    let mut at = 10;
    if flags & 4 != 0 {
        at += 2 + le16(octets, at)?;
    }
    if flags & 8 == 0 {
        return None;
    }
    let rest = octets.get(at..)?;
    let end = rest.iter().take(1024).position(|b| *b == 0)?;
    let text = named(rest.get(..end)?, None);
    (!text.is_empty()).then_some(text)
}

/// Headers of 512 octets, each before its file (POSIX.1 pax, ustar).
fn tar(octets: &[u8], depth: usize, budget: &mut Budget, seen: &mut Inspection) {
    let mut at = 0usize;
    let mut long_name: Option<String> = None;
    for _ in 0..MAX_MEMBERS {
        let Some(header) = at.checked_add(512).and_then(|end| octets.get(at..end)) else { return };
        if header.first() == Some(&0) {
            return;
        }
        let size = octal(header.get(124..136).unwrap_or_default());
        let from = at + 512;
        let to = from.saturating_add(size).min(octets.len());
        let data = octets.get(from..to).unwrap_or_default();
        let name =
            long_name.take().unwrap_or_else(|| named(until_nul(header.get(..100).unwrap_or_default()), None));
        match header.get(156) {
            // A long name of GNU tar, for the entry that follows.
            Some(b'L') => long_name = Some(named(until_nul(data), None)),
            Some(b'x') => long_name = pax_path(data),
            Some(b'0' | 0) => {
                inner(data, &name, depth, budget, seen);
                seen.member(name);
            }
            _ => {}
        }
        at = from.saturating_add(size.div_ceil(512).saturating_mul(512));
    }
    budget.cut = true;
}

fn octal(field: &[u8]) -> usize {
    let digits = field.iter().skip_while(|b| **b == b' ').take_while(|b| (b'0'..=b'7').contains(b));
    digits.fold(0usize, |all, b| all.saturating_mul(8).saturating_add(usize::from(b - b'0')))
}

fn until_nul(octets: &[u8]) -> &[u8] {
    octets.split(|b| *b == 0).next().unwrap_or_default()
}

fn pax_path(data: &[u8]) -> Option<String> {
    let at = super::search::find(data, b" path=")? + 6;
    let line = data.get(at..)?.split(|b| *b == b'\n').next()?;
    Some(named(line, Some("utf-8")))
}

/// [MS-CAB] §2: the names stand together, uncompressed.
fn cab(octets: &[u8], seen: &mut Inspection) {
    let (Some(mut at), Some(files)) = (le32(octets, 16), le16(octets, 28)) else { return };
    for _ in 0..files.min(MAX_MEMBERS) {
        let Some(rest) = at.checked_add(16).and_then(|from| octets.get(from..)) else { return };
        let Some(end) = rest.iter().take(260).position(|b| *b == 0) else { return };
        seen.member(named(rest.get(..end).unwrap_or_default(), None));
        at += 16 + end + 1;
    }
}

/// LHA, which Japanese mail used for twenty years: headers of level 0, 1 and 2.
fn lzh(octets: &[u8], seen: &mut Inspection) {
    let mut at = 0usize;
    for _ in 0..MAX_MEMBERS {
        let Some((name, next)) = lzh_entry(octets, at) else { return };
        seen.member(name);
        if next <= at {
            return;
        }
        at = next;
    }
}

fn lzh_entry(octets: &[u8], at: usize) -> Option<(String, usize)> {
    let header = octets.get(at..)?;
    let packed = le32(header, 7)?;
    if header.get(2..4)? != b"-l" {
        return None;
    }
    if *header.get(20)? < 2 {
        let base = usize::from(*header.first()?) + 2;
        let long = usize::from(*header.get(21)?);
        let name = named(header.get(22..22 + long)?, None);
        return Some((name, at.saturating_add(base).saturating_add(packed)));
    }
    let size = le16(header, 0)?;
    let mut from = 24;
    let mut name = String::new();
    for _ in 0..16 {
        let long = le16(header, from)?;
        if long < 3 {
            break;
        }
        if header.get(from + 2) == Some(&1) {
            name = named(header.get(from + 3..from + long)?, None);
        }
        from += long;
    }
    Some((name, at.saturating_add(size).saturating_add(packed)))
}

/// Whether octets that stand for a listing hold the id of AES in 7z (7zFormat.txt, methods).
pub(super) fn seven_zip_aes(listing: &[u8]) -> bool {
    has(listing, b"\x06\xf1\x07\x01")
}

/// The listing of a 7z archive: where the signature header says it is.
pub(super) fn seven_zip_listing(octets: &[u8]) -> Option<&[u8]> {
    let from = le64(octets, 12)?.checked_add(32)?;
    let long = le64(octets, 20)?.min(MAX_LISTING);
    octets.get(from..from.checked_add(long)?)
}

/// Marks that a listing could not be read.
pub(super) fn hidden(seen: &mut Inspection) {
    seen.encrypted = true;
    seen.features.insert(Feature::NamesHidden);
}
