//! 7z and RAR: their listings, nothing unpacked but a 7z listing itself.

use super::Inspection;
use super::archive::{hidden, seven_zip_aes, seven_zip_listing};
use super::budget::MAX_MEMBERS;
use super::search::{le16, le32, name};

/// 7zFormat.txt: a listing is plain, or packed itself; with encrypted names it is packed by AES.
pub(super) fn seven_zip(octets: &[u8], seen: &mut Inspection) {
    let Some(listing) = seven_zip_listing(octets) else { return };
    let aes = seven_zip_aes(listing);
    seen.encrypted = aes;
    match listing.first() {
        Some(1) => seven_zip_names(listing, seen),
        Some(0x17) if aes => hidden(seen),
        _ => {}
    }
}

/// kNames (0x11): size, "not external" (0), then the names in UTF-16LE, each with its NUL.
fn seven_zip_names(listing: &[u8], seen: &mut Inspection) {
    let mut from = 0;
    while let Some(at) = listing.get(from..).and_then(|rest| rest.iter().position(|b| *b == 0x11)) {
        let at = from + at;
        from = at + 1;
        let Some((size, skip)) = number(listing.get(at + 1..).unwrap_or_default()) else { return };
        let start = at + 1 + skip;
        let Some(names) = start.checked_add(size).and_then(|end| listing.get(start..end)) else { continue };
        let Some((0, names)) = names.split_first().map(|(external, rest)| (*external, rest)) else {
            continue;
        };
        if names.len() < 4 || names.len() % 2 != 0 || !names.ends_with(b"\0\0") {
            continue;
        }
        let units: Vec<u16> = names.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
        for part in units.split(|unit| *unit == 0).filter(|part| !part.is_empty()).take(MAX_MEMBERS) {
            seen.member(String::from_utf16_lossy(part));
        }
        return;
    }
}

/// A number of 7z: the leading ones of the first octet say how many octets follow.
fn number(octets: &[u8]) -> Option<(usize, usize)> {
    let first = *octets.first()?;
    let more = usize::try_from(first.leading_ones()).ok()?;
    if more > 3 {
        return None;
    }
    let mut value = 0usize;
    for (i, octet) in octets.get(1..=more)?.iter().enumerate() {
        value |= usize::from(*octet) << (8 * i);
    }
    let high = usize::from(first & (0x7F >> more));
    Some((value | high << (8 * more), 1 + more))
}

pub(super) fn rar(octets: &[u8], seen: &mut Inspection) {
    if octets.get(6) == Some(&1) {
        rar5(octets, seen);
    } else {
        rar4(octets, seen);
    }
}

/// RAR 2.9 to 4: blocks of crc, type, flags, size. Archive header flag 0x80: all headers are encrypted.
fn rar4(octets: &[u8], seen: &mut Inspection) {
    let mut at = 7usize;
    for _ in 0..MAX_MEMBERS {
        let Some(block) = octets.get(at..) else { return };
        let (Some(kind), Some(flags), Some(size)) = (block.get(2), le16(block, 3), le16(block, 5)) else {
            return;
        };
        if *kind == 0x73 && flags & 0x80 != 0 {
            hidden(seen);
            return;
        }
        let mut data = if flags & 0x8000 != 0 { le32(block, 7).unwrap_or(0) } else { 0 };
        if *kind == 0x74 {
            data = le32(block, 7).unwrap_or(0);
            seen.encrypted |= flags & 4 != 0;
            let from = if flags & 0x100 != 0 { 40 } else { 32 };
            let long = le16(block, 26).unwrap_or(0);
            let raw = block.get(from..from + long).unwrap_or_default();
            // With flag 0x200 the name stands there twice: plain, NUL, packed Unicode.
            let raw = raw.split(|b| *b == 0).next().unwrap_or_default();
            seen.member(name(raw, None));
        }
        if size < 7 {
            return;
        }
        at = at.saturating_add(size).saturating_add(data);
    }
}

/// RAR 5: crc, then sizes in octets of seven bits. Header type 4: all that follows is encrypted.
fn rar5(octets: &[u8], seen: &mut Inspection) {
    let mut at = 8usize;
    for _ in 0..MAX_MEMBERS {
        let mut fields = Fields { octets, at: at.saturating_add(4) };
        let Some(size) = fields.next() else { return };
        let start = fields.at;
        let (Some(kind), Some(flags)) = (fields.next(), fields.next()) else { return };
        let extra = if flags & 1 != 0 { fields.next().unwrap_or(0) } else { 0 };
        let data = if flags & 2 != 0 { fields.next().unwrap_or(0) } else { 0 };
        let end = start.saturating_add(size);
        match kind {
            4 => {
                hidden(seen);
                return;
            }
            2 => {
                if let Some(file) = file5(&mut fields) {
                    seen.member(file);
                }
                let area = end.checked_sub(extra).and_then(|from| octets.get(from..end)).unwrap_or_default();
                seen.encrypted |= extra > 0 && area.get(1) == Some(&1);
            }
            5 => return,
            _ => {}
        }
        at = end.saturating_add(data);
    }
}

fn file5(fields: &mut Fields<'_>) -> Option<String> {
    let flags = fields.next()?;
    let _size = fields.next()?;
    let _attributes = fields.next()?;
    fields.at += if flags & 2 != 0 { 4 } else { 0 };
    fields.at += if flags & 4 != 0 { 4 } else { 0 };
    let _compression = fields.next()?;
    let _system = fields.next()?;
    let long = fields.next()?;
    let raw = fields.octets.get(fields.at..fields.at.checked_add(long)?)?;
    Some(name(raw, Some("utf-8")))
}

struct Fields<'a> {
    octets: &'a [u8],
    at: usize,
}

impl Fields<'_> {
    fn next(&mut self) -> Option<usize> {
        let mut value = 0usize;
        for shift in 0..5 {
            let octet = *self.octets.get(self.at)?;
            self.at += 1;
            value |= usize::from(octet & 0x7F) << (7 * shift);
            if octet & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}
