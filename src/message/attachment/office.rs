//! Office documents that are no ZIP: compound files, RTF, OneNote. What in them acts when they are opened.

use super::budget::Budget;
use super::cfb::Compound;
use super::kind::{Kind, sniff};
use super::search::{find, has, le16, le64, utf16};
use super::{Feature, Inspection, acts as acts_inside};

/// Octets of a document that are searched.
const SEARCH: usize = 8 * 1024 * 1024;
/// Objects of one RTF document that are decoded.
const MAX_OBJECTS: usize = 8;
/// Hexadecimal digits of one object that are decoded.
const MAX_DIGITS: usize = 8 * 1024;

/// Procedures that start by themselves; VBA keeps their names uncompressed in its cache ([MS-OVBA] §2.3.4.1).
const STARTS: &[&[u8]] = &[
    b"AutoOpen",
    b"Auto_Open",
    b"AutoExec",
    b"AutoClose",
    b"Auto_Close",
    b"Document_Open",
    b"DocumentOpen",
    b"Document_Close",
    b"Workbook_Open",
    b"Workbook_Activate",
    b"Workbook_BeforeClose",
];

/// Looks for procedures that start by themselves.
pub(super) fn macro_starts(project: &[u8], seen: &mut Inspection) {
    if STARTS.iter().any(|name| has(project, name)) {
        seen.features.insert(Feature::MacroStarts);
    }
}

pub(super) fn ole(octets: &[u8], budget: &mut Budget, seen: &mut Inspection) {
    let Some(file) = Compound::read(octets) else { return };
    // The root's class (§2.6.1): {000C1084-0000-0000-C000-000000000046} and its kin are Windows Installer's.
    let installer = file
        .entries
        .first()
        .is_some_and(|root| matches!(root.class, [0x84 | 0x86 | 0x82, 0x10, 0x0C, 0, ..]));
    if installer {
        seen.kind = Kind::Msi;
        return;
    }
    if file.has("__properties_version1.0") {
        seen.kind = Kind::Msg;
        return;
    }
    // [MS-OFFCRYPTO] §1.3.2.
    seen.encrypted = file.has("EncryptedPackage");
    if file.has("_VBA_PROJECT") {
        seen.features.insert(Feature::Macro);
        macro_starts(budget.look(octets, SEARCH), seen);
    }
    if let Some(book) = file.stream("Workbook", 64 * 1024).or_else(|| file.stream("Book", 64 * 1024)) {
        workbook(&book, seen);
    }
    if let Some(fib) = file.stream("WordDocument", 64) {
        // FibBase.fEncrypted ([MS-DOC] §2.5.2).
        seen.encrypted |= le16(&fib, 10).is_some_and(|flags| flags & 0x0100 != 0);
    }
    if file.has("\u{1}Ole10Native") && file.has("Package") {
        seen.features.insert(Feature::LiveObject);
    }
}

/// The records of the workbook's globals ([MS-XLS] §2.4): the list of sheets, and whether it is encrypted.
fn workbook(book: &[u8], seen: &mut Inspection) {
    let mut at = 0;
    for _ in 0..2_000 {
        let (Some(kind), Some(long)) = (le16(book, at), le16(book, at + 2)) else { return };
        let data = book.get(at + 4..).unwrap_or_default();
        match kind {
            0x0085 if data.get(5) == Some(&1) => {
                seen.features.insert(Feature::MacroSheet);
            }
            0x002F => {
                seen.encrypted = true;
                return;
            }
            0x000A => return,
            _ => {}
        }
        at += 4 + long;
    }
}

pub(super) fn rtf(octets: &[u8], budget: &mut Budget, seen: &mut Inspection) {
    let text = budget.look(octets, SEARCH);
    let live = [b"\\objupdate".as_slice(), b"\\objautlink", b"\\objhtml"].iter().any(|word| has(text, word));
    if live || objects(text).any(|object| acts(&object)) {
        seen.features.insert(Feature::LiveObject);
    }
    if let Some(at) = find(text, b"\\*\\template") {
        let rest = text.get(at..).unwrap_or_default();
        let rest = rest.get(..512).unwrap_or(rest).split(|b| *b == b'}').next().unwrap_or_default();
        if [b"http".as_slice(), b"ftp:", b"\\\\\\\\"].iter().any(|word| has(rest, word)) {
            seen.features.insert(Feature::RemoteTemplate);
        }
    }
    if has(text, b"DDEAUTO") {
        seen.features.insert(Feature::Dde);
    }
}

/// The first octets of the objects that an RTF document carries as hexadecimal digits.
fn objects(text: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    memchr::memmem::find_iter(text, b"\\objdata").take(MAX_OBJECTS).map(|at| {
        let digits = text.get(at + 8..).unwrap_or_default().iter().take(4 * MAX_DIGITS);
        let digits = digits.take_while(|b| **b != b'}').filter_map(|b| char::from(*b).to_digit(16));
        let nibbles: Vec<u8> = digits.take(MAX_DIGITS).filter_map(|d| u8::try_from(d).ok()).collect();
        nibbles.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect()
    })
}

/// The equation editor (CVE-2017-11882), links that update (CVE-2017-0199) and packages of files.
fn acts(object: &[u8]) -> bool {
    let lower = object.to_ascii_lowercase();
    [b"equation.".as_slice(), b"ole2link", b"package\0", b"\x02\xce\x02\0\0\0\0\0\xc0"]
        .iter()
        .any(|mark| has(&lower, mark))
}

/// FileDataStoreObject ([MS-ONESTORE] §2.6.13): a file behind a picture that asks to be clicked.
pub(super) fn onenote(octets: &[u8], budget: &mut Budget, seen: &mut Inspection) {
    const GUID: &[u8] = b"\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac";
    let all = budget.look(octets, SEARCH);
    for at in memchr::memmem::find_iter(all, GUID).take(64) {
        let from = at + 36;
        let Some(long) = le64(all, at + 16) else { continue };
        let file = all.get(from..).unwrap_or_default();
        let kind = sniff(file.get(..long).unwrap_or(file));
        seen.features.extend(acts_inside(kind));
    }
    let scripts = [
        ".hta", ".vbs", ".js", ".jse", ".vbe", ".wsf", ".bat", ".cmd", ".ps1", ".exe", ".lnk", ".scr", ".msi",
    ];
    if scripts.iter().any(|end| has(all, &utf16(&format!("{end}\0")))) {
        seen.features.insert(Feature::ScriptInside);
    }
}
