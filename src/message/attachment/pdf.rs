//! PDF (ISO 32000-1): links and actions, also in object streams. Names may be written with escapes (§7.3.5).

use std::borrow::Cow;

use memchr::{memchr_iter, memmem};

use super::budget::{Budget, Wrapper};
use super::search::find;
use super::{Feature, Inspection};

/// Octets of a document that are looked at.
const SEARCH: usize = 16 * 1024 * 1024;
/// Object streams that are unpacked (§7.5.7).
const MAX_STREAMS: usize = 48;
/// Octets of one object stream.
const MAX_STREAM: usize = 256 * 1024;
/// How far before a stream its dictionary is looked for.
const DICTIONARY: usize = 1024;

pub(super) fn read(octets: &[u8], budget: &mut Budget, seen: &mut Inspection) {
    let all = budget.look(octets, SEARCH);
    // The trailer stands at the end.
    let tail = octets.get(octets.len().saturating_sub(4096)..).unwrap_or_default();
    seen.encrypted = find(all, b"/Encrypt").is_some() || find(tail, b"/Encrypt").is_some();
    let mut at = 0;
    let mut streams = 0;
    while let Some(rest) = all.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(begin) = find(rest, b"stream") else {
            names(rest, seen);
            return;
        };
        let objects = rest.get(..begin).unwrap_or_default();
        names(objects, seen);
        let data = rest.get(begin + 6..).unwrap_or_default();
        let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
        let long = find(data, b"endstream").unwrap_or(data.len());
        let dictionary = objects.get(objects.len().saturating_sub(DICTIONARY)..).unwrap_or_default();
        let dictionary =
            memmem::rfind(dictionary, b"obj").and_then(|from| dictionary.get(from..)).unwrap_or(dictionary);
        let packed_objects = find(dictionary, b"ObjStm").is_some() && find(dictionary, b"Fl").is_some();
        if packed_objects && streams < MAX_STREAMS && !seen.encrypted {
            streams += 1;
            let packed = data.get(..long).unwrap_or_default();
            names(&budget.inflate(packed, Wrapper::Zlib, MAX_STREAM, true), seen);
        }
        at = all.len() - data.len() + (long + 9).min(data.len());
    }
}

/// Every name of a piece of syntax.
fn names(piece: &[u8], seen: &mut Inspection) {
    for at in memchr_iter(b'/', piece) {
        let rest = piece.get(at + 1..).unwrap_or_default();
        let long = rest.iter().take(64).position(|b| !is_regular(*b)).unwrap_or(rest.len().min(64));
        let (name, after) = rest.split_at(long);
        let name = unescaped(name);
        let feature = match name.as_ref() {
            b"JavaScript" | b"JS" => Feature::PdfScript,
            b"OpenAction" | b"AA" => Feature::PdfOpenAction,
            b"Launch" => Feature::PdfLaunch,
            b"URI" => {
                if let Some(target) = string(after.trim_ascii_start()) {
                    seen.target(&target);
                }
                continue;
            }
            _ => continue,
        };
        seen.features.insert(feature);
    }
}

/// §7.2.2: neither white space nor a delimiter.
fn is_regular(octet: u8) -> bool {
    !octet.is_ascii_whitespace() && octet != 0 && !b"()<>[]{}/%".contains(&octet)
}

fn unescaped(name: &[u8]) -> Cow<'_, [u8]> {
    if name.contains(&b'#') {
        Cow::Owned(crate::message::header::percent(name, b'#', false))
    } else {
        Cow::Borrowed(name)
    }
}

/// A string in parentheses or in hexadecimal digits (§7.3.4), bounded.
fn string(octets: &[u8]) -> Option<String> {
    const LONGEST: usize = 2048;
    let mut out = Vec::new();
    if let Some(rest) = octets.strip_prefix(b"<") {
        let digits = rest.iter().take(2 * LONGEST).take_while(|b| **b != b'>');
        let nibbles: Vec<u8> =
            digits.filter_map(|b| char::from(*b).to_digit(16)).filter_map(|d| u8::try_from(d).ok()).collect();
        out.extend(nibbles.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low));
    } else {
        let mut depth = 0usize;
        let mut rest = octets.strip_prefix(b"(")?.iter().take(LONGEST);
        while let Some(octet) = rest.next() {
            match octet {
                b'\\' => out.extend(rest.next()),
                b'(' => {
                    depth += 1;
                    out.push(b'(');
                }
                b')' if depth == 0 => break,
                b')' => {
                    depth -= 1;
                    out.push(b')');
                }
                _ => out.push(*octet),
            }
        }
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn seen(octets: &[u8]) -> Inspection {
        let mut seen = Inspection::default();
        read(octets, &mut Budget::default(), &mut seen);
        seen
    }

    #[test]
    fn links_and_actions_in_the_open_and_in_object_streams() {
        let objects =
            b"1 0 2 40 << /A << /S /URI /URI (https://evil.example/a\\(b\\)) >> >> << /J#61vaScript 3 0 R >>";
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(objects).unwrap();
        let packed = encoder.finish().unwrap();
        let mut pdf = b"%PDF-1.5\n1 0 obj << /OpenAction << /S /Launch >> >> endobj\n\
            2 0 obj << /URI <68747470733A2F2F622E6578616D706C652F> >> endobj\n\
            3 0 obj << /Type /ObjStm /Filter /FlateDecode >>\nstream\r\n"
            .to_vec();
        pdf.extend(&packed);
        pdf.extend(
            b"\nendstream endobj\n4 0 obj << /Type /Page >> stream\nq /JS\nendstream endobj trailer << >>",
        );
        let seen = seen(&pdf);
        assert_eq!(seen.targets, ["https://b.example/", "https://evil.example/a(b)"]);
        let all = [Feature::PdfScript, Feature::PdfOpenAction, Feature::PdfLaunch];
        assert!(all.iter().all(|feature| seen.features.contains(feature)), "{:?}", seen.features);
        assert!(!seen.encrypted);
    }

    #[test]
    fn a_plain_document_does_nothing() {
        let plain = seen(b"%PDF-1.4\n1 0 obj << /Type /Catalog >> stream\n/JavaScript /Launch\nendstream\ntrailer << /Encrypt 5 0 R >>");
        assert!(plain.features.is_empty() && plain.encrypted);
    }
}
