//! Octets within octets.

use memchr::memmem;

/// Where `needle` first stands.
pub(super) fn find(octets: &[u8], needle: &[u8]) -> Option<usize> {
    memmem::find(octets, needle)
}

/// Whether `needle` stands anywhere.
pub(super) fn has(octets: &[u8], needle: &[u8]) -> bool {
    find(octets, needle).is_some()
}

/// As UTF-16LE, the form of names in compound files.
pub(super) fn utf16(word: &str) -> Vec<u8> {
    word.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

pub(super) fn le16(octets: &[u8], at: usize) -> Option<usize> {
    let pair: [u8; 2] = octets.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(pair)))
}

pub(super) fn le32(octets: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = octets.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}

pub(super) fn le64(octets: &[u8], at: usize) -> Option<usize> {
    let eight: [u8; 8] = octets.get(at..at.checked_add(8)?)?.try_into().ok()?;
    usize::try_from(u64::from_le_bytes(eight)).ok()
}

/// A name in an archive, bounded; without a declared charset Japanese Windows writes Shift_JIS.
pub(super) fn name(raw: &[u8], declared: Option<&str>) -> String {
    const MAX_NAME: usize = 1024;
    let raw = raw.get(..MAX_NAME).unwrap_or(raw);
    crate::message::charset::decode(raw, declared).text.into_owned()
}
