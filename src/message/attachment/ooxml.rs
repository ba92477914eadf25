//! Office Open XML (ECMA-376): macros, what is fetched from elsewhere, links, text.

use super::budget::Budget;
use super::office::macro_starts;
use super::search::has;
use super::zip::Entry;
use super::{Feature, Inspection, extension};

/// Relationship parts read.
const MAX_RELS: usize = 24;
/// Octets of one relationship part.
const MAX_REL: usize = 64 * 1024;
/// Octets of one part with text.
const MAX_PART: usize = 256 * 1024;
/// Parts with text that are read.
const MAX_PARTS: usize = 12;
/// Images that are taken out.
const MAX_PICTURES: usize = 6;
/// Octets of one image.
const MAX_PICTURE: usize = 1024 * 1024;
/// Octets of a macro project.
const MAX_PROJECT: usize = 1024 * 1024;

pub(super) fn read(octets: &[u8], entries: &[Entry], budget: &mut Budget, seen: &mut Inspection) {
    let (mut rels, mut parts) = (0, 0);
    for entry in entries {
        let lower = entry.name.to_ascii_lowercase();
        let (name, last) = (lower.as_str(), extension(&lower));
        if name.ends_with("vbaproject.bin") {
            seen.features.insert(Feature::Macro);
            macro_starts(&entry.octets(octets, MAX_PROJECT, false, budget), seen);
        } else if name.starts_with("xl/macrosheets/") || name.starts_with("xl/intlmacrosheets/") {
            seen.features.insert(Feature::MacroSheet);
        } else if name.contains("/media/") && matches!(&*last, "png" | "jpg" | "jpeg" | "gif" | "bmp") {
            if seen.pictures.len() < MAX_PICTURES {
                seen.pictures.push(entry.octets(octets, MAX_PICTURE, false, budget));
            }
        } else if last == "rels" && rels < MAX_RELS {
            rels += 1;
            relations(&text(&entry.octets(octets, MAX_REL, false, budget)), seen);
        } else if is_text_part(name, &last) && parts < MAX_PARTS {
            parts += 1;
            let part = text(&entry.octets(octets, MAX_PART, false, budget));
            if has(part.as_bytes(), b"DDEAUTO")
                || has(part.as_bytes(), b"<ddeLink")
                || has(part.as_bytes(), b"> DDE ")
            {
                seen.features.insert(Feature::Dde);
            }
            seen.say(&plain(&part));
        }
    }
}

fn is_text_part(name: &str, last: &str) -> bool {
    matches!(name, "word/document.xml" | "xl/sharedstrings.xml")
        || (name.starts_with("ppt/slides/slide") || name.starts_with("xl/externallinks/externallink"))
            && last == "xml"
}

fn text(octets: &[u8]) -> String {
    crate::message::charset::decode(octets, Some("utf-8")).text.into_owned()
}

/// External relationships: hyperlinks are targets; a template, frame or object is fetched without being asked.
fn relations(part: &str, seen: &mut Inspection) {
    for relation in part.split("<Relationship ").skip(1) {
        let relation = relation.split('>').next().unwrap_or_default();
        let Some(target) = attribute(relation, "Target") else { continue };
        if attribute(relation, "TargetMode").is_none_or(|mode| !mode.eq_ignore_ascii_case("external")) {
            continue;
        }
        let kind = attribute(relation, "Type").unwrap_or_default();
        let kind = kind.rsplit('/').next().unwrap_or_default();
        let lower = target.to_ascii_lowercase();
        let remote = ["http:", "https:", "ftp:", "file:", "\\\\", "mhtml:"]
            .iter()
            .any(|begin| lower.starts_with(begin));
        match kind {
            "hyperlink" => seen.target(&entities(target)),
            // A template on the sender's own drive is an accident of a workplace, not a lure.
            "attachedTemplate" if lower.starts_with("file:") => {}
            "attachedTemplate" | "frame" | "oleObject" | "subDocument" if remote => {
                seen.features.insert(Feature::RemoteTemplate);
                seen.target(&entities(target));
            }
            _ => {}
        }
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some(at) = rest.find(name) {
        let before = rest.get(..at).unwrap_or_default();
        rest = rest.get(at + name.len()..)?;
        let edge = before.is_empty() || before.ends_with(|c: char| c.is_whitespace());
        if edge && let Some(value) = rest.strip_prefix("=\"") {
            return value.split('"').next();
        }
    }
    None
}

/// XML without its tags: paragraphs, strings and cells on lines of their own.
fn plain(xml: &str) -> String {
    let mut out = String::new();
    for piece in xml.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        if matches!(tag, "/w:p" | "/a:p" | "/si" | "w:br/" | "w:tab/") && !out.ends_with('\n') {
            out.push('\n');
        }
        if !text.trim().is_empty() {
            out.push_str(&entities(text));
        }
    }
    out
}

/// The five entities that XML has by itself; numeric ones are rare in what Office writes.
fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}
