//! Header fields: where they begin and end, and what their values say (RFC 5322 §2.2, RFC 2047, RFC 2231).

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;

use super::charset;

/// Fields beyond this are not read.
pub(super) const MAX_FIELDS: usize = 2_000;
/// Octets of one value beyond this are not read.
pub(super) const MAX_VALUE: usize = 64 * 1024;
/// Octets of all values beyond this are not read: thirty times what the longest header sections of mailing lists have.
const MAX_VALUES: usize = 1024 * 1024;
/// Characters of broken base64 that are repaired, whole groups of four. Repairing takes a copy, and what is read of a
/// text is less than that.
const MAX_REPAIRED: usize = 1024 * 1024;

/// A header field as it stands in the octets.
#[derive(Debug, Clone)]
pub(super) struct Field<'a> {
    /// Lower case.
    pub(super) name: String,
    /// With its folds.
    pub(super) raw: &'a [u8],
}

/// The header section and what comes after it.
#[derive(Debug, Clone, Default)]
pub(super) struct Head<'a> {
    pub(super) fields: Vec<Field<'a>>,
    pub(super) body: &'a [u8],
    /// Fields or parts of values were left out.
    pub(super) cut: bool,
}

impl<'a> Head<'a> {
    pub(super) fn first(&self, name: &str) -> Option<&'a [u8]> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.raw)
    }
}

/// Splits off the next line without its line end, and says how long it is with it.
fn line(octets: &[u8]) -> (&[u8], usize) {
    let (line, long) = match memchr::memchr(b'\n', octets) {
        Some(at) => (octets.get(..at).unwrap_or_default(), at + 1),
        None => (octets, octets.len()),
    };
    (line.strip_suffix(b"\r").unwrap_or(line), long)
}

/// Name and offset of the value, if a line begins a field. RFC 5322 §4.5.2 allows white space before the colon.
fn field_start(line: &[u8]) -> Option<(&[u8], usize)> {
    let colon = line.iter().take(256).position(|b| *b == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    (!name.is_empty() && name.iter().all(|b| (33..=126).contains(b))).then_some((name, colon + 1))
}

/// Reads the header section. A line that is neither a field nor a fold ends it, unless a field follows at once: mail
/// programs differ, and this way neither a stray line nor a missing blank one hides anything.
pub(super) fn split(octets: &[u8]) -> Head<'_> {
    let mut head = Head { body: octets, ..Head::default() };
    let mut at = 0;
    let mut values = 0;
    if octets.starts_with(b"From ") || octets.starts_with(b">From ") {
        at = line(octets).1;
    }
    loop {
        let rest = octets.get(at..).unwrap_or_default();
        head.body = rest;
        if rest.is_empty() {
            return head;
        }
        let (text, long) = line(rest);
        if text.is_empty() {
            head.body = rest.get(long..).unwrap_or_default();
            return head;
        }
        let Some((name, skip)) = field_start(text) else {
            let next = line(rest.get(long..).unwrap_or_default()).0;
            // A part's delimiter without the blank line before it: what follows are the part's fields.
            let delimiter = text.starts_with(b"--");
            if delimiter || head.fields.is_empty() || field_start(next).is_none() {
                return head;
            }
            at += long;
            continue;
        };
        let mut end = long;
        while rest.get(end).is_some_and(|b| matches!(b, b' ' | b'\t')) {
            end += line(rest.get(end..).unwrap_or_default()).1;
        }
        if head.fields.len() < MAX_FIELDS && values < MAX_VALUES {
            let full = rest.get(skip..end).unwrap_or_default();
            let raw = full.get(..MAX_VALUE).unwrap_or(full);
            values += raw.len();
            head.cut |= raw.len() < full.len();
            head.fields.push(Field { name: String::from_utf8_lossy(name).to_ascii_lowercase(), raw });
        } else {
            head.cut = true;
        }
        at += end;
    }
}

/// Fields that nothing but a message begins with.
const MESSAGE: [&str; 12] = [
    "received",
    "return-path",
    "delivered-to",
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "x-mailer",
    "dkim-signature",
    "content-type",
];

/// Whether octets are a message, whatever they were called: three fields of a message, From or Subject among them.
pub(super) fn is_message(octets: &[u8]) -> bool {
    let start = octets.trim_ascii_start();
    if !start.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'>') {
        return false;
    }
    let head = split(start.get(..8 * 1024).unwrap_or(start));
    let known = MESSAGE.iter().filter(|name| head.first(name).is_some()).count();
    known >= 3 && (head.first("from").is_some() || head.first("subject").is_some())
}

/// Line ends go, the white space after them stays (RFC 5322 §2.2.3).
fn unfold(raw: &[u8]) -> Cow<'_, [u8]> {
    let trimmed = raw.trim_ascii();
    if memchr::memchr2(b'\r', b'\n', trimmed).is_none() {
        return Cow::Borrowed(trimmed);
    }
    let mut out = Vec::with_capacity(trimmed.len());
    let mut from = 0;
    for end in memchr::memchr2_iter(b'\r', b'\n', trimmed) {
        out.extend_from_slice(trimmed.get(from..end).unwrap_or_default());
        from = end + 1;
    }
    out.extend_from_slice(trimmed.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// A value as text: unfolded, raw charsets repaired, encoded-words not yet decoded. The flag says that a charset had
/// to be guessed.
pub(super) fn text(raw: &[u8], hint: Option<&str>) -> (String, bool) {
    let octets = match unfold(raw) {
        Cow::Owned(octets) if charset::is_plain(&octets) => match String::from_utf8(octets) {
            Ok(text) => return (text, false),
            Err(error) => Cow::Owned(error.into_bytes()),
        },
        octets => octets,
    };
    let decoded = charset::header(&octets, hint);
    (decoded.text.into_owned(), decoded.repaired)
}

/// An unstructured value, decoded.
pub(super) fn unstructured(raw: &[u8], hint: Option<&str>) -> (String, bool) {
    let (text, repaired) = text(raw, hint);
    if !has_words(&text) {
        return (text, repaired);
    }
    let (decoded, again) = decode_words(&text);
    (decoded, repaired || again)
}

/// A piece of a value in which encoded-words may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Plain(&'a str),
    /// One encoded-word or several that stood side by side.
    Word(String),
}

fn has_words(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"=?").is_some()
}

/// Decodes every encoded-word of a text.
pub(super) fn decode_words(text: &str) -> (String, bool) {
    if !has_words(text) {
        return (text.to_owned(), false);
    }
    let (pieces, repaired) = pieces(text);
    let mut out = String::with_capacity(text.len());
    for piece in pieces {
        match piece {
            Piece::Plain(plain) => out.push_str(plain),
            Piece::Word(word) => out.push_str(&word),
        }
    }
    (out, repaired)
}

/// An encoded-word that is being put together with its neighbours.
struct Run<'a> {
    charset: &'a str,
    octets: Vec<u8>,
}

/// Splits a text into plain pieces and decoded words. Neighbours of one charset are put together before they are
/// decoded, because senders split characters across them (RFC 2047 §5 forbids it, many do).
pub(super) fn pieces(text: &str) -> (Vec<Piece<'_>>, bool) {
    let mut repaired = false;
    let pieces = pieces_by(text, &mut |octets, label| {
        let decoded = charset::decode(octets, Some(label));
        repaired |= decoded.repaired;
        decoded.text.into_owned()
    });
    (pieces, repaired)
}

fn pieces_by<'t>(text: &'t str, decode: &mut dyn FnMut(&[u8], &str) -> String) -> Vec<Piece<'t>> {
    let mut out = Vec::new();
    let mut run: Option<Run<'_>> = None;
    let mut plain_from = 0;
    let mut at = 0;
    let mut flush = |run: &mut Option<Run<'_>>, out: &mut Vec<Piece<'_>>| {
        if let Some(run) = run.take() {
            out.push(Piece::Word(decode(&run.octets, run.charset)));
        }
    };
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("=?")) {
        let start = at + found;
        let Some(word) = text.get(start..).and_then(encoded_word) else {
            at = start + 2;
            continue;
        };
        let between = text.get(plain_from..start).unwrap_or_default();
        // White space between two words is only what keeps them apart (RFC 2047 §6.2).
        let adjacent = run.is_some() && between.bytes().all(|b| b.is_ascii_whitespace());
        let same = adjacent && run.as_ref().is_some_and(|run| run.charset.eq_ignore_ascii_case(word.charset));
        if !same {
            flush(&mut run, &mut out);
            if !adjacent && !between.is_empty() {
                out.push(Piece::Plain(between));
            }
        }
        run.get_or_insert_with(|| Run { charset: word.charset, octets: Vec::new() })
            .octets
            .extend(word.octets);
        at = start + word.long;
        plain_from = at;
    }
    flush(&mut run, &mut out);
    let tail = text.get(plain_from..).unwrap_or_default();
    if !tail.is_empty() {
        out.push(Piece::Plain(tail));
    }
    out
}

/// Another reading of an unstructured value, where the charset is uncertain.
pub(super) fn second_reading(raw: &[u8], hint: Option<&str>) -> Option<String> {
    let octets = unfold(raw);
    if !octets.is_ascii() {
        let first = charset::header(&octets, hint).text;
        return charset::second(&octets, hint, &first);
    }
    let text = std::str::from_utf8(&octets).ok().filter(|text| text.contains("=?"))?;
    let mut other = false;
    let pieces = pieces_by(text, &mut |octets, label| {
        let first = charset::decode(octets, Some(label)).text;
        let second = charset::second(octets, Some(label), &first);
        other |= second.is_some();
        second.unwrap_or_else(|| first.into_owned())
    });
    let joined = pieces.iter().map(|piece| match piece {
        Piece::Plain(plain) => *plain,
        Piece::Word(word) => word.as_str(),
    });
    other.then(|| joined.collect())
}

struct Word<'a> {
    charset: &'a str,
    octets: Vec<u8>,
    long: usize,
}

/// Reads `=?charset*language?B|Q?text?=` at the start of a text. White space within the text and a missing end are
/// forgiven, as mail programs do.
fn encoded_word(text: &str) -> Option<Word<'_>> {
    let inner = text.get(2..)?;
    let mark = inner.bytes().take(64).position(|b| b == b'?')?;
    let charset = inner.get(..mark)?;
    if !charset.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    let charset = charset.split('*').next().unwrap_or_default();
    let rest = inner.get(mark + 1..)?;
    let mut bytes = rest.bytes();
    let kind = bytes.next()?;
    if bytes.next()? != b'?' {
        return None;
    }
    let body = rest.get(2..)?;
    let (body, end) = match body.find("?=") {
        Some(end) => (body.get(..end)?, end + 2),
        None => (body, body.len()),
    };
    let octets = match kind {
        b'B' | b'b' => base64(body.as_bytes()).0,
        b'Q' | b'q' => q(body.as_bytes()),
        _ => return None,
    };
    Some(Word { charset, octets, long: 2 + mark + 1 + 2 + end })
}

/// The Q encoding (RFC 2047 §4.2); what is no escape stands for itself.
fn q(text: &[u8]) -> Vec<u8> {
    percent(text, b'=', true)
}

/// Decodes `<mark>XX` escapes; `_` is a space where asked.
pub(super) fn percent(text: &[u8], mark: u8, underscore: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == mark
            && let [a, b, after @ ..] = tail
            && let (Some(a), Some(b)) = (hex(*a), hex(*b))
        {
            out.push(a << 4 | b);
            rest = after;
        } else {
            out.push(if underscore && *first == b'_' { b' ' } else { *first });
        }
    }
    out
}

pub(super) fn hex(octet: u8) -> Option<u8> {
    char::from(octet).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// Base64; octets outside the alphabet are passed over, and the flag says that there were any.
pub(super) fn base64(text: &[u8]) -> (Vec<u8>, bool) {
    if let Some(octets) = base64_decode(text) {
        return (octets, false);
    }
    let clean: Vec<u8> = text
        .iter()
        .copied()
        .filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
        .take(MAX_REPAIRED)
        .collect();
    (base64_decode(&clean).unwrap_or_default(), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (from, to) in [
            ("=?UTF-8?B?5pyA57WC?= =?UTF-8?B?6YCa5ZGK?=", "最終通告"),
            // A character split across two words.
            ("=?utf-8?B?5pyA57U=?= =?utf-8?B?gumAmuWRig==?=", "最終通告"),
            ("=?utf-8?Q?=E6=9C=80=E7?=\t=?UTF-8?q?=B5=82?=", "最終"),
            ("=?iso-2022-jp?B?GyRCOkc9KhsoQg==?= =?ISO-2022-JP?B?GyRCREw5cBsoQg==?=", "最終通告"),
            ("Re: =?utf-8?B?5pyA57WC?= x =?utf-8*ja?B?6YCa5ZGK?=", "Re: 最終 x 通告"),
            ("=?iso-8859-1?Q?a_b=E9?=", "a bé"),
            ("=?utf-8?B?5pyA57WC", "最終"),
            ("no =?word here ?= at =?all", "no =?word here ?= at =?all"),
            ("=?x?Z?abc?=", "=?x?Z?abc?="),
        ] {
            assert_eq!(decode_words(from).0, to, "{from}");
        }
    }

    #[test]
    fn stray_lines() {
        let head = split(b"From me Mon\nA: 1\r\n 2\r\nstray line\r\nB : 3\r\n\r\nbody");
        let names: Vec<_> = head.fields.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(head.body, b"body");
        assert_eq!(text(head.fields[0].raw, None).0, "1 2");
        let head = split(b"A: 1\nno blank line\nmore text: here, yes\n");
        assert_eq!(head.fields.len(), 1);
        assert!(head.body.starts_with(b"no blank"));
        let head = split(b"A: 1\n--b\nC: 2\n");
        assert_eq!((head.fields.len(), head.body), (1, b"--b\nC: 2\n".as_slice()));
        assert!(split(b"no header at all\n").fields.is_empty());
        assert!(split(b"").fields.is_empty());
    }
}
