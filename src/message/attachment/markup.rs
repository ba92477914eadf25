//! HTML and SVG as files, and shortcuts: what they would do in a browser, by the words that it takes.

use super::budget::Budget;
use super::search::{find, has};
use super::{Feature, Inspection};

/// Octets that are looked at.
const SEARCH: usize = 1024 * 1024;
/// Tags of one kind that are looked at.
const MAX_TAGS: usize = 200;
/// Octets of one tag.
const MAX_TAG: usize = 2048;
/// A run of letters, digits and signs of base64 or escapes that is too long for anything but packed content.
const PACKED: usize = 600;

pub(super) fn html(octets: &[u8], budget: &mut Budget, seen: &mut Inspection) {
    let lower = lower(octets, budget);
    if tags(&lower, b"<input").any(|tag| has(tag, b"password")) {
        seen.features.insert(Feature::PasswordField);
    }
    if tags(&lower, b"<form").any(|tag| has(tag, b"action") && has(tag, b"://")) {
        seen.features.insert(Feature::FormElsewhere);
    }
    scripts(&lower, seen);
}

pub(super) fn svg(octets: &[u8], budget: &mut Budget, seen: &mut Inspection) {
    let lower = lower(octets, budget);
    let acts = [
        b"<script".as_slice(),
        b"javascript:",
        b" onload=",
        b" onerror=",
        b" onclick=",
        b" onmouseover=",
        b" onbegin=",
    ];
    if acts.iter().any(|word| has(&lower, word)) {
        seen.features.insert(Feature::SvgScript);
    }
    if has(&lower, b"<foreignobject") || has(&lower, b"data:text/html") {
        seen.features.insert(Feature::SvgForeign);
    }
    // Lower-case octets stand where the original ones do.
    for at in memchr::memmem::find_iter(&lower, b"href=").take(MAX_TAGS) {
        let value = octets.get(at + 6..).unwrap_or_default();
        let end = value.iter().take(MAX_TAG).position(|b| matches!(b, b'"' | b'\'' | b'>')).unwrap_or(0);
        let target = String::from_utf8_lossy(value.get(..end).unwrap_or_default()).into_owned();
        if target.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("http")) {
            seen.target(&target.replace("&amp;", "&"));
        }
    }
    if tags(&lower, b"<input").any(|tag| has(tag, b"password")) {
        seen.features.insert(Feature::PasswordField);
    }
    scripts(&lower, seen);
}

fn lower(octets: &[u8], budget: &mut Budget) -> Vec<u8> {
    let some = budget.look(octets, SEARCH);
    // UTF-16 without its NULs is what it says, for words of ASCII.
    if some.starts_with(b"\xff\xfe") || some.starts_with(b"\xfe\xff") {
        return some.iter().filter(|b| **b != 0).map(u8::to_ascii_lowercase).collect();
    }
    some.to_ascii_lowercase()
}

fn tags<'a>(lower: &'a [u8], begin: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    memchr::memmem::find_iter(lower, begin).take(MAX_TAGS).map(move |at| {
        let rest = lower.get(at..).unwrap_or_default();
        let rest = rest.get(..MAX_TAG).unwrap_or(rest);
        rest.split(|b| *b == b'>').next().unwrap_or_default()
    })
}

/// A file that is put together from text in the page, made a blob and given as a download; and a page that decodes
/// what it shows.
fn scripts(lower: &[u8], seen: &mut Inspection) {
    let any = |words: &[&[u8]]| words.iter().any(|word| has(lower, word));
    let made = any(&[b"new blob(", b"createobjecturl(", b"new file("]);
    let given = any(&[b".download", b" download=", b".click()", b"mssaveoropenblob", b"mssaveblob"]);
    let decoded = any(&[b"atob(", b"fromcharcode", b"uint8array", b"unescape(", b"base64"]);
    let as_data = any(&[b"href=\"data:application/", b"href='data:application/"]) && has(lower, b"download");
    let packed = longest_run(lower) >= PACKED;
    if (packed && made && given && decoded) || any(&[b"mssaveoropenblob("]) || as_data {
        seen.features.insert(Feature::Smuggling);
    }
    let shows = any(&[
        b"document.write(",
        b"eval(",
        b"new function(",
        b".innerhtml",
        b"document.location",
        b"window.location",
    ]);
    let unpacks = any(&[b"unescape(", b"atob(", b"fromcharcode", b"decodeuricomponent("]);
    if packed && shows && unpacks {
        seen.features.insert(Feature::SelfDecoding);
    }
}

/// The longest run of the octets that base64, percent and hexadecimal escapes are written in.
fn longest_run(octets: &[u8]) -> usize {
    let (mut longest, mut run) = (0, 0);
    for octet in octets {
        run = if octet.is_ascii_alphanumeric() || b"+/=%\\_-,".contains(octet) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// A shortcut of any kind that is text: where it leads.
pub(super) fn shortcut(octets: &[u8], budget: &mut Budget, seen: &mut Inspection) {
    let text = budget.look(octets, 16 * 1024);
    let lower = text.to_ascii_lowercase();
    for (begin, end) in
        [(b"url=".as_slice(), b'\n'), (b"<url>", b'<'), (b"<string>", b'<'), (b"exec=", b'\n')]
    {
        let Some(at) = find(&lower, begin) else { continue };
        let rest = text.get(at + begin.len()..).unwrap_or_default();
        let target = rest.split(|b| *b == end).next().unwrap_or_default();
        let target = String::from_utf8_lossy(target).trim().to_owned();
        let low = target.to_ascii_lowercase();
        if low.starts_with("http") && !low.contains("@ssl") && !low.contains("davwwwroot") {
            seen.target(&target);
        } else {
            seen.features.insert(Feature::OpensElsewhere);
        }
    }
}
