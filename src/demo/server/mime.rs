//! Where the parts of a message lie. Small and of its own, so that what the server says about a message does not depend on
//! the code that komainu judges messages with.

use std::ops::Range;

/// Deeper multiparts and messages are one opaque part; no mail program nests so deep.
const DEPTH: usize = 20;
/// Parts of one multipart beyond this number stay in the last one's epilogue.
const PARTS: usize = 500;

/// One part: its places in the message's octets, and its type.
#[derive(Debug, Default)]
pub(super) struct Entity {
    /// With the empty line that ends it.
    pub(super) header: Range<usize>,
    pub(super) body: Range<usize>,
    pub(super) kind: String,
    pub(super) subtype: String,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) children: Vec<Entity>,
    pub(super) message: Option<Box<Entity>>,
}

/// One header field.
pub(super) struct Field<'a> {
    pub(super) name: &'a [u8],
    /// As it stands, with folds.
    pub(super) value: &'a [u8],
    pub(super) whole: &'a [u8],
}

impl Entity {
    /// The whole message as one part of no known type, for those who ask for no part.
    pub(super) fn whole(octets: &[u8]) -> Self {
        Self { body: 0..octets.len(), ..Self::default() }
    }

    pub(super) fn parse(octets: &[u8]) -> Self {
        Self::at(octets, 0..octets.len(), DEPTH, "text/plain")
    }

    fn at(octets: &[u8], place: Range<usize>, depth: usize, usual: &str) -> Self {
        let all = octets.get(place.clone()).unwrap_or_default();
        let middle = place.start + header_end(all);
        let mut entity = Self { header: place.start..middle, body: middle..place.end, ..Self::default() };
        let header = octets.get(entity.header.clone()).unwrap_or_default();
        let written = value(header, "Content-Type").unwrap_or_else(|| usual.to_owned());
        let (kind, parameters) = with_parameters(&written);
        let (main, sub) = kind.split_once('/').unwrap_or(("text", "plain"));
        (entity.kind, entity.subtype) = (main.trim().to_owned(), sub.trim().to_owned());
        entity.parameters = parameters;
        if depth == 0 {
            return entity;
        }
        if entity.kind.eq_ignore_ascii_case("multipart") {
            let usual =
                if entity.subtype.eq_ignore_ascii_case("digest") { "message/rfc822" } else { "text/plain" };
            let boundary = entity.parameter("boundary").unwrap_or_default().to_owned();
            let places = parts(octets, entity.body.clone(), &boundary);
            entity.children =
                places.into_iter().map(|place| Self::at(octets, place, depth - 1, usual)).collect();
        } else if entity.kind.eq_ignore_ascii_case("message") && entity.subtype.eq_ignore_ascii_case("rfc822")
        {
            let inner = Self::at(octets, entity.body.clone(), depth - 1, "text/plain");
            entity.message = Some(Box::new(inner));
        }
        entity
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Where the body begins: behind the first empty line.
fn header_end(octets: &[u8]) -> usize {
    let mut at = 0;
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        at += line.len();
        if matches!(line, b"\r\n" | b"\n") {
            return at;
        }
    }
    octets.len()
}

/// The header of a message, with the empty line that ends it.
pub(super) fn header_of(octets: &[u8]) -> &[u8] {
    octets.get(..header_end(octets)).unwrap_or_default()
}

/// The header fields in their order; lines that are none are skipped.
pub(super) fn fields(header: &[u8]) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut lines = header.split_inclusive(|octet| *octet == b'\n').peekable();
    while let Some(line) = lines.next() {
        at += line.len();
        let folds = lines
            .peek()
            .is_some_and(|next| matches!(next.first(), Some(b' ' | b'\t')) && !next.trim_ascii().is_empty());
        if folds {
            continue;
        }
        let whole = header.get(start..at).unwrap_or_default();
        start = at;
        if let Some(colon) = whole.iter().position(|octet| *octet == b':') {
            let (name, value) = whole.split_at(colon);
            fields.push(Field { name: name.trim_ascii(), value: value.get(1..).unwrap_or_default(), whole });
        }
    }
    fields
}

/// The first field of this name, unfolded.
pub(super) fn value(header: &[u8], name: &str) -> Option<String> {
    let field = fields(header).into_iter().find(|field| field.name.eq_ignore_ascii_case(name.as_bytes()))?;
    Some(unfold(field.value))
}

/// A value on one line; octets outside UTF-8 become U+FFFD.
pub(super) fn unfold(value: &[u8]) -> String {
    String::from_utf8_lossy(value).replace("\r\n", "").replace('\n', "").trim().to_owned()
}

/// A value of the form `word; name=value; …`.
pub(super) fn with_parameters(value: &str) -> (String, Vec<(String, String)>) {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut in_quotes = false;
    let mut escaped = false;
    for c in value.chars() {
        match c {
            _ if escaped => {
                piece.push(c);
                escaped = false;
            }
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            ';' if !in_quotes => pieces.push(std::mem::take(&mut piece)),
            _ => piece.push(c),
        }
    }
    pieces.push(piece);
    let mut pieces = pieces.into_iter();
    let word = pieces.next().unwrap_or_default().trim().to_owned();
    let parameters = pieces.filter_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    });
    (word, parameters.collect())
}

/// The places of a multipart's parts, without the line end in front of each boundary (RFC 2046 §5.1.1).
fn parts(octets: &[u8], body: Range<usize>, boundary: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    if boundary.is_empty() {
        return places;
    }
    let mark = format!("--{boundary}");
    let mut at = body.start;
    let mut open: Option<usize> = None;
    for line in octets.get(body.clone()).unwrap_or_default().split_inclusive(|octet| *octet == b'\n') {
        let start = at;
        at += line.len();
        let Some(rest) = line.strip_prefix(mark.as_bytes()) else { continue };
        let last = rest.starts_with(b"--");
        if !last && !rest.trim_ascii().is_empty() {
            continue;
        }
        if let Some(begun) = open.take() {
            let before = octets.get(begun..start).unwrap_or_default();
            let without = before.strip_suffix(b"\n").unwrap_or(before);
            let without = without.strip_suffix(b"\r").unwrap_or(without);
            places.push(begun..begun + without.len());
        }
        if last || places.len() >= PARTS {
            return places;
        }
        open = Some(at);
    }
    if let Some(begun) = open {
        places.push(begun..body.end);
    }
    places
}
