//! Compound files ([MS-CFB]): the directory, and the beginning of a stream.

use super::search::{le16, le32};

/// Directory entries read.
const MAX_ENTRIES: usize = 4096;
/// Sectors of one chain.
const MAX_CHAIN: usize = 4096;
/// Octets of an entry (§2.6.1).
const ENTRY: usize = 128;

/// One entry of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) name: String,
    /// The class that the storage belongs to; all zero where there is none.
    pub(super) class: &'a [u8],
    start: usize,
    size: usize,
}

/// A compound file as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Compound<'a> {
    octets: &'a [u8],
    /// Octets of a sector.
    sector: usize,
    pub(super) entries: Vec<Entry<'a>>,
}

impl<'a> Compound<'a> {
    pub(super) fn read(octets: &'a [u8]) -> Option<Compound<'a>> {
        let shift = le16(octets, 30).filter(|shift| (7..=16).contains(shift))?;
        let mut file = Compound { octets, sector: 1 << shift, entries: Vec::new() };
        let start = le32(octets, 48)?;
        let per_sector = file.sector / ENTRY;
        let mut entries = Vec::new();
        for sector in file.chain(start) {
            if entries.len() >= MAX_ENTRIES {
                break;
            }
            entries.extend(
                (0..per_sector).filter_map(|i| entry(file.at(sector)?.get(i * ENTRY..(i + 1) * ENTRY)?)),
            );
        }
        file.entries = entries;
        Some(file)
    }

    /// Whether an entry is named so.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// The first octets of a stream that lies in sectors of its own (those of 4,096 octets and more, §2.2).
    pub(super) fn stream(&self, name: &str, most: usize) -> Option<Vec<u8>> {
        let entry = self.entry(name).filter(|entry| entry.size >= 4096)?;
        let most = most.min(entry.size);
        let mut out = Vec::new();
        for sector in self.chain(entry.start) {
            out.extend_from_slice(self.at(sector)?);
            if out.len() >= most {
                break;
            }
        }
        out.truncate(most);
        Some(out)
    }

    fn at(&self, sector: usize) -> Option<&'a [u8]> {
        let from = sector.checked_add(1)?.checked_mul(self.sector)?;
        self.octets.get(from..from.checked_add(self.sector)?)
    }

    /// The sectors of a chain, by the FAT, whose own first 109 sectors the header lists (§2.3, §2.5).
    fn chain(&self, start: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(start), |sector| {
            let per_sector = self.sector / 4;
            let listed = sector / per_sector;
            let fat = (listed < 109).then(|| le32(self.octets, 76 + 4 * listed)).flatten()?;
            le32(self.at(fat)?, 4 * (sector % per_sector))
        })
        // Above these are the marks for the end and for what is free.
        .take_while(|sector| *sector < 0xFFFF_FFFA)
        // No chain is longer than the file, unless it goes in circles.
        .take(MAX_CHAIN.min(self.octets.len() / self.sector))
    }
}

fn entry(raw: &[u8]) -> Option<Entry<'_>> {
    let long = le16(raw, 64)?.min(64).saturating_sub(2);
    if long == 0 {
        return None;
    }
    let units: Vec<u16> =
        raw.get(..long)?.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    Some(Entry {
        name: String::from_utf16_lossy(&units),
        class: raw.get(80..96)?,
        start: le32(raw, 116)?,
        size: le32(raw, 120)?,
    })
}
