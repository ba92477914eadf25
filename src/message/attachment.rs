//! Attached files by their octets: what they are, whether they are encrypted, what an archive lists.

/// Names of an archive beyond this are not read.
const MAX_MEMBERS: usize = 500;
/// A name longer than this is cut.
const MAX_NAME: usize = 1024;
/// How far into a file a mark that has no fixed place is looked for.
const SEARCH: usize = 4 * 1024 * 1024;

/// The type of a file by its first octets, or empty.
pub(super) fn sniff(octets: &[u8]) -> &'static str {
    for (magic, name) in MAGIC {
        if octets.starts_with(magic) {
            return name;
        }
    }
    match octets {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => return "webp",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => return "mp4",
        _ => {}
    }
    // ISO 9660 §8.4.1: the first volume descriptor stands in sector 16.
    if octets.get(0x8001..0x8006) == Some(b"CD001") {
        return "iso";
    }
    if octets.get(257..262) == Some(b"ustar") {
        return "tar";
    }
    // A PDF reader looks for its mark in the first 1024 octets.
    if find(octets.get(..1024).unwrap_or(octets), b"%PDF-").is_some() {
        return "pdf";
    }
    sniff_text(octets)
}

const MAGIC: [(&[u8], &str); 30] = [
    (b"MZ", "pe"),
    (b"\x7fELF", "elf"),
    (b"\xfe\xed\xfa\xce", "macho"),
    (b"\xfe\xed\xfa\xcf", "macho"),
    (b"\xce\xfa\xed\xfe", "macho"),
    (b"\xcf\xfa\xed\xfe", "macho"),
    (b"\xca\xfe\xba\xbe", "macho"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"MSCF", "cab"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "lnk"),
    (b"ITSF", "chm"),
    (b"{\\rt", "rtf"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "onenote"),
    (b"vhdxfile", "vhdx"),
];

fn sniff_text(octets: &[u8]) -> &'static str {
    let head = octets.get(..1024).unwrap_or(octets);
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if head.starts_with(b"#!") {
        return "script";
    }
    let lower = head.to_ascii_lowercase();
    let begins = |word: &[u8]| lower.starts_with(word);
    if begins(b"<svg") || (begins(b"<?xml") && find(&lower, b"<svg").is_some()) {
        "svg"
    } else if begins(b"<!doctype html")
        || begins(b"<html")
        || begins(b"<head")
        || begins(b"<body")
        || begins(b"<script")
    {
        if find(&lower, b"<hta:application").is_some() { "hta" } else { "html" }
    } else if begins(b"<?xml") {
        "xml"
    } else if begins(b"[internetshortcut]") {
        "url"
    } else if begins(b"begin:vcalendar") {
        "ics"
    } else if begins(b"@echo ") {
        "script"
    } else {
        ""
    }
}

fn find(octets: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(found) = octets.get(from..)?.iter().position(|b| *b == first) {
        let at = from + found;
        if octets.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// What can be said of a file without unpacking it: encrypted, names inside.
pub(super) fn look_inside(sniffed: &str, octets: &[u8]) -> (bool, Vec<String>) {
    let head = octets.get(..SEARCH).unwrap_or(octets);
    match sniffed {
        "zip" => zip(octets),
        // [MS-OFFCRYPTO] §1.3.2: the stream is named so, in UTF-16LE (directory entries of [MS-CFB] §2.6.1).
        "ole" => (find(head, &utf16("EncryptedPackage")).is_some(), Vec::new()),
        "pdf" => {
            let tail = octets.get(octets.len().saturating_sub(SEARCH)..).unwrap_or_default();
            (find(head, b"/Encrypt").is_some() || find(tail, b"/Encrypt").is_some(), Vec::new())
        }
        "rar" => (rar(octets), Vec::new()),
        // 7z: the names are encrypted when the header is; AES-256 has this id (7zFormat.txt, methods).
        "7z" => (
            find(octets.get(octets.len().saturating_sub(4096)..).unwrap_or(octets), b"\x06\xf1\x07\x01")
                .is_some(),
            Vec::new(),
        ),
        _ => (false, Vec::new()),
    }
}

fn utf16(word: &str) -> Vec<u8> {
    word.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// RAR 4: archive header flag 0x0080 or the first file header's 0x0004; RAR 5: an encryption header comes first.
fn rar(octets: &[u8]) -> bool {
    match octets {
        [b'R', b'a', b'r', b'!', 0x1a, 7, 0, _, _, 0x73, flags, _, rest @ ..] => {
            // The archive header is 13 octets, 5 of which are read; then crc, type, flags of the file header.
            flags & 0x80 != 0
                || rest.get(8).is_some_and(|kind| *kind == 0x74) && rest.get(9).is_some_and(|f| f & 4 != 0)
        }
        // Signature, CRC32, header size (one octet as a rule), header type 4.
        [b'R', b'a', b'r', b'!', 0x1a, 7, 1, 0, _, _, _, _, _, 4, ..] => true,
        _ => false,
    }
}

fn le16(octets: &[u8], at: usize) -> Option<usize> {
    let pair: [u8; 2] = octets.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(pair)))
}

fn le32(octets: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = octets.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}

/// Reads the central directory (APPNOTE 4.3.12); where there is none, the local headers up to the first that does
/// not say how long its data is. Nothing is unpacked.
fn zip(octets: &[u8]) -> (bool, Vec<String>) {
    let (mut encrypted, mut names) = (false, Vec::new());
    if let Some(mut at) = central_directory(octets) {
        while names.len() < MAX_MEMBERS && octets.get(at..at.saturating_add(4)) == Some(b"PK\x01\x02") {
            let Some((flags, name, next)) = entry(octets, at, 8, 28, 46) else { break };
            encrypted |= flags & 1 != 0;
            names.push(name);
            at = next;
        }
    }
    if names.is_empty() {
        let mut at = 0;
        while names.len() < MAX_MEMBERS && octets.get(at..at + 4) == Some(b"PK\x03\x04") {
            let Some((flags, name, next)) = entry(octets, at, 6, 26, 30) else { break };
            encrypted |= flags & 1 != 0;
            names.push(name);
            let Some(size) = le32(octets, at + 18) else { break };
            if flags & 8 != 0 {
                break;
            }
            at = next.saturating_add(size);
        }
    }
    (encrypted, names)
}

/// Flags, name, and where the entry ends, of a header whose fields lie at these offsets.
fn entry(
    octets: &[u8],
    at: usize,
    flags_at: usize,
    name_at: usize,
    fixed: usize,
) -> Option<(usize, String, usize)> {
    let flags = le16(octets, at + flags_at)?;
    let long = le16(octets, at + name_at)?;
    let mut next = at + fixed + long + le16(octets, at + name_at + 2)?;
    if fixed == 46 {
        next += le16(octets, at + name_at + 4)?;
    }
    let raw = octets.get(at + fixed..at + fixed + long)?;
    let raw = raw.get(..MAX_NAME).unwrap_or(raw);
    // Bit 11 says UTF-8; without it Japanese Windows writes Shift_JIS.
    let declared = if flags & 0x800 != 0 { Some("utf-8") } else { None };
    Some((flags, super::charset::decode(raw, declared).text.into_owned(), next))
}

/// Where the central directory begins: the end record is looked for from the end (its comment is at most 65,535).
fn central_directory(octets: &[u8]) -> Option<usize> {
    let from = octets.len().saturating_sub(22 + 65_535);
    let tail = octets.get(from..)?;
    let at = tail.windows(4).rposition(|w| w == b"PK\x05\x06")?;
    let start = le32(tail, at + 16)?;
    let long = le32(tail, at + 12)?;
    // Where something was put before the archive, the offset is short by so much.
    let expected = (from + at).checked_sub(long)?;
    if octets.get(expected..expected + 4) == Some(b"PK\x01\x02") { Some(expected) } else { Some(start) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magics() {
        let mut iso = vec![0; 0x8001];
        iso.extend(b"CD001");
        for (octets, name) in [
            (b"MZ\x90\0".as_slice(), "pe"),
            (b"\x7fELF\x02", "elf"),
            (b"%PDF-1.7", "pdf"),
            (b"junk\n%PDF-1.4", "pdf"),
            (b"  <!DOCTYPE HTML><html>", "html"),
            (b"\xef\xbb\xbf<html>", "html"),
            (b"#!/bin/sh\n", "script"),
            (b"<svg xmlns=", "svg"),
            (b"[InternetShortcut]\r\nURL=", "url"),
            (b"hello", ""),
            (b"", ""),
            (&iso, "iso"),
        ] {
            assert_eq!(sniff(octets), name);
        }
    }

    #[test]
    fn encrypted_forms() {
        let mut ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        assert!(!look_inside(sniff(&ole), &ole).0);
        ole.extend(utf16("EncryptedPackage"));
        assert!(look_inside(sniff(&ole), &ole).0);
        assert!(look_inside("pdf", b"%PDF-1.7 trailer << /Encrypt 5 0 R >>").0);
        assert!(!look_inside("pdf", b"%PDF-1.7 trailer << >>").0);
    }
}
