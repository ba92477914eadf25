//! ISO 9660: the names of the files on a disk image.

use encoding_rs::UTF_16BE;

use super::Inspection;
use super::search::{le32, name};

const SECTOR: usize = 2048;
/// Records read of all directories.
const MAX_RECORDS: usize = 300;
/// Directories followed.
const MAX_DIRECTORIES: usize = 20;

/// The Joliet names where there are any, because these are what Windows shows (ECMA-119 §8.5, Joliet specification).
pub(super) fn read(octets: &[u8], seen: &mut Inspection) {
    let descriptors = (16..32).map(|sector| octets.get(sector * SECTOR..).unwrap_or_default());
    let mut root = None;
    for descriptor in descriptors.take_while(|d| d.get(1..6) == Some(b"CD001")) {
        let joliet = descriptor.first() == Some(&2) && matches!(descriptor.get(88..90), Some(b"%/"));
        if joliet || (descriptor.first() == Some(&1) && root.is_none()) {
            root = Some((descriptor.get(156..).unwrap_or_default(), joliet));
        }
    }
    let Some((record, wide)) = root else { return };
    let mut directories = vec![(record, 0usize)];
    let mut records = 0;
    let mut done = 0;
    while let Some((record, depth)) = directories.pop() {
        done += 1;
        let area = extent(octets, record).unwrap_or_default();
        let mut at = 0;
        while let Some(rest) = area.get(at..).filter(|rest| !rest.is_empty()) {
            records += 1;
            let long = usize::from(rest.first().copied().unwrap_or(0));
            if records > MAX_RECORDS {
                return;
            }
            if long < 34 {
                // Records do not cross sectors; what is left of one is zero.
                at = (at / SECTOR + 1) * SECTOR;
                continue;
            }
            at += long;
            let named = usize::from(rest.get(32).copied().unwrap_or(0));
            let raw = rest.get(33..33 + named).unwrap_or_default();
            if raw.len() == 1 && raw.first().is_some_and(|b| *b < 2) {
                continue;
            }
            if rest.get(25).is_some_and(|flags| flags & 2 != 0) {
                if depth < 4 && done + directories.len() < MAX_DIRECTORIES {
                    directories.push((rest, depth + 1));
                }
            } else {
                let text = if wide {
                    UTF_16BE.decode_without_bom_handling(raw).0.into_owned()
                } else {
                    name(raw, None)
                };
                seen.member(text.split(';').next().unwrap_or_default().to_owned());
            }
        }
    }
}

fn extent<'a>(octets: &'a [u8], record: &[u8]) -> Option<&'a [u8]> {
    let from = le32(record, 2)?.checked_mul(SECTOR)?;
    let long = le32(record, 10)?.min(64 * SECTOR);
    let rest = octets.get(from..)?;
    Some(rest.get(..long).unwrap_or(rest))
}
