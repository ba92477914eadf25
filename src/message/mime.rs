//! The structure of a body: where its parts begin and end, and how their octets were encoded for transfer.
//!
//! mail-parser reads fields, addresses, dates and transfer encodings here, but not the structure: it nests and drops
//! its results by recursion without a limit, so that 20,000 nested messages overflow a stack of 2 MiB and end the process
//! (tried with 0.11.9, unoptimised), and it decodes charsets before anything could be repaired.

use std::borrow::Cow;

use memchr::memmem;

use super::{header, uu};

/// Octets of quoted-printable that are decoded of a file. The decoded form stands in memory beside the message.
const MAX_QUOTED: usize = 8 * 1024 * 1024;
/// Of a text: even where three octets stand for each of its own, more than [`MAX_TEXT`](super::parse::MAX_TEXT).
const MAX_QUOTED_TEXT: usize = 2 * 1024 * 1024;

/// The parts of a multipart body between its delimiter lines (RFC 2046 §5.1.1), at most `max` of them. The flag says
/// that there were more.
pub(super) fn split<'a>(body: &'a [u8], boundary: &str, max: usize) -> (Vec<&'a [u8]>, bool) {
    let boundary = boundary.trim_end().as_bytes();
    if boundary.is_empty() {
        return (Vec::new(), false);
    }
    let exact = cut(body, boundary, max, true);
    // A line that only begins like the delimiter is one by the letter of §5.1.1; but then a boundary that begins like
    // another would end it, so this reading comes second.
    if exact.0.is_empty() { cut(body, boundary, max, false) } else { exact }
}

fn cut<'a>(body: &'a [u8], boundary: &[u8], max: usize, exact: bool) -> (Vec<&'a [u8]>, bool) {
    let mut parts = Vec::new();
    let mut open: Option<usize> = None;
    let needle = [b"--", boundary].concat();
    for at in memmem::find_iter(body, &needle) {
        let begins_line = at.checked_sub(1).is_none_or(|before| body.get(before) == Some(&b'\n'));
        if !begins_line {
            continue;
        }
        let rest = body.get(at..).unwrap_or_default();
        let long = memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1);
        let Some(last) = delimiter(rest.get(..long).unwrap_or_default(), boundary, exact) else { continue };
        if let Some(from) = open.take() {
            if parts.len() >= max {
                return (parts, true);
            }
            parts.push(without_line_end(body.get(from..at.max(from)).unwrap_or_default()));
        }
        if last {
            return (parts, false);
        }
        open = Some(at + long);
    }
    // Cut off before its end: what is there counts.
    if let Some(from) = open {
        if parts.len() >= max {
            return (parts, true);
        }
        parts.push(body.get(from..).unwrap_or_default());
    }
    (parts, false)
}

/// Whether a line is a delimiter, and whether it is the closing one.
fn delimiter(line: &[u8], boundary: &[u8], exact: bool) -> Option<bool> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary)?;
    let (last, rest) = match rest.strip_prefix(b"--") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    (!exact || rest.iter().all(u8::is_ascii_whitespace)).then_some(last)
}

/// The line end before a delimiter belongs to the delimiter.
fn without_line_end(part: &[u8]) -> &[u8] {
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    part.strip_suffix(b"\r").unwrap_or(part)
}

/// Undoes a Content-Transfer-Encoding (RFC 2045 §6). The flag says that the octets do not follow it, or that nobody
/// knows it; then as much is kept as can be read. Of a `text` less is decoded than of a
/// file.
pub(super) fn decode<'a>(body: &'a [u8], encoding: &str, text: bool) -> (Cow<'a, [u8]>, bool) {
    match encoding {
        "" | "7bit" | "8bit" | "binary" => (Cow::Borrowed(body), false),
        "base64" | "base-64" | "b64" | "b" => {
            let (octets, odd) = header::base64(body);
            // No base64 at all: a label that lies. What stands there is what there is to read.
            if octets.is_empty() && !body.trim_ascii().is_empty() {
                return (Cow::Borrowed(body), true);
            }
            (Cow::Owned(octets), odd)
        }
        "quoted-printable" | "quotedprintable" | "quoted_printable" | "qp" | "q" => {
            let most = if text { MAX_QUOTED_TEXT } else { MAX_QUOTED };
            let read = body.get(..most).unwrap_or(body);
            match quoted_printable(read) {
                Some(octets) => (Cow::Owned(octets), read.len() < body.len()),
                None => (Cow::Owned(lenient(read)), true),
            }
        }
        "x-uuencode" | "x-uue" | "uuencode" | "uue" | "x-yencode" | "x-yenc" | "yenc" => {
            match uu::files(body).into_iter().next() {
                Some(file) => (Cow::Owned(file.octets), false),
                None => (Cow::Borrowed(body), true),
            }
        }
        _ => (Cow::Borrowed(body), true),
    }
}

/// Quoted-printable by the letter (RFC 2045 §6.7): white space at the end of a line goes, line ends become those of the
/// text. None where an `=` begins no escape.
fn quoted_printable(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut line_end: &[u8] = b"\n";
    // White space that came last and is no escape.
    let mut blank = 0;
    let mut rest = body;
    while !rest.is_empty() {
        let long = memchr::memchr3(b'=', b'\r', b'\n', rest).unwrap_or(rest.len());
        let (plain, tail) = rest.split_at_checked(long)?;
        if !plain.is_empty() {
            out.extend_from_slice(plain);
            let ends = plain.iter().rev().take_while(|octet| octet.is_ascii_whitespace()).count();
            blank = if ends == plain.len() { blank + ends } else { ends };
        }
        rest = match tail {
            [b'\r', after @ ..] => {
                line_end = b"\r\n";
                after
            }
            [b'\n', after @ ..] => {
                out.truncate(out.len() - blank);
                out.extend_from_slice(line_end);
                blank = 0;
                after
            }
            [b'=', after @ ..] => {
                let (octet, after) = escape(after, &mut line_end)?;
                out.extend(octet);
                blank = 0;
                after
            }
            _ => break,
        };
    }
    Some(out)
}

/// What an `=` begins: an octet, or a line that goes on, before whose end white space may stand.
fn escape<'b>(after: &'b [u8], line_end: &mut &'static [u8]) -> Option<(Option<u8>, &'b [u8])> {
    let mut rest = after;
    loop {
        let (first, tail) = match rest {
            [first, tail @ ..] => (*first, tail),
            [] => return Some((None, rest)),
        };
        rest = tail;
        match first {
            b'\n' => return Some((None, rest)),
            b'\r' => *line_end = b"\r\n",
            _ if first.is_ascii_whitespace() => {}
            _ => {
                let [second, tail @ ..] = rest else { return header::hex(first).map(|_| (None, rest)) };
                let octet = header::hex(first)? << 4 | header::hex(*second)?;
                return Some((Some(octet), tail));
            }
        }
    }
}

/// The delimiter that a multipart body really uses, where the header names none or another: of the first lines that
/// begin with two hyphens, the first that fields or a blank line follow.
pub(super) fn guess_boundary(body: &[u8]) -> Option<String> {
    const MAX_LINES: usize = 2_000;
    let mut lines = body
        .split(|b| *b == b'\n')
        .take(MAX_LINES)
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .peekable();
    while let Some(line) = lines.next() {
        let Some(boundary) = line.strip_prefix(b"--").map(<[u8]>::trim_ascii_end) else { continue };
        let likely = (1..=200).contains(&boundary.len())
            && boundary.iter().any(u8::is_ascii_alphanumeric)
            && boundary.iter().all(|b| b.is_ascii_graphic() || *b == b' ')
            && lines.peek().is_some_and(|next| {
                next.is_empty() || next.get(..8).is_some_and(|begin| begin.eq_ignore_ascii_case(b"content-"))
            });
        if likely {
            return std::str::from_utf8(boundary).ok().map(str::to_owned);
        }
    }
    None
}

/// Quoted-printable in which an `=` that begins no escape stands for itself.
fn lenient(body: &[u8]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(body.len());
    let mut rest = body;
    while let [first, tail @ ..] = rest {
        rest = if let (b'=', [b'\r', b'\n', after @ ..] | [b'\n', after @ ..]) = (first, tail) {
            after
        } else {
            joined.push(*first);
            tail
        };
    }
    header::percent(&joined, b'=', false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let body = b"preamble\r\n--ab\r\n\r\none\r\n--abc\r\nnot a delimiter\r\n--ab \r\ntwo\r\n\r\n--ab--\r\nepilogue";
        let (parts, cut) = split(body, "ab", 10);
        assert_eq!(parts, [b"\r\none\r\n--abc\r\nnot a delimiter".as_slice(), b"two\r\n"]);
        assert!(!cut);
        assert_eq!(split(body, "ab", 1), (vec![parts[0]], true));
        assert_eq!(split(b"--x\n\nopen end", "x", 9).0, [b"\nopen end"]);
        assert_eq!(split(b"--xyz tail\n\none\n--x--", "x", 9).0.len(), 1);
        assert!(split(b"nothing", "x", 9).0.is_empty());
        assert_eq!(split(b"--x\n--x\n--x--", "x", 9).0, [b"".as_slice(), b""]);
    }

    #[test]
    fn transfer() {
        assert_eq!(
            decode(b"5pyA57WC\r\n6YCa5ZGK", "base64", false),
            (Cow::Borrowed("最終通告".as_bytes()), false)
        );
        assert_eq!(
            decode(b"5pyA*57WC\r\n!6YCa5ZGK", "base64", false),
            (Cow::Borrowed("最終通告".as_bytes()), true)
        );
        assert_eq!(decode(b"a=E6=9C=80=\r\nb=3D", "quoted-printable", true).0, "a最b=".as_bytes());
        assert_eq!(
            decode(b"100=% =E6=9C=80=\r\nb", "quoted-printable", true),
            (Cow::Borrowed("100=% 最b".as_bytes()), true)
        );
        assert_eq!(decode(b"x", "x-uue", false), (Cow::Borrowed(b"x".as_slice()), true));
        assert_eq!(decode(b"begin 644 a\n#0V%T\nend\n", "x-uuencode", false).0, b"Cat".as_slice());
    }

    proptest::proptest! {
        #[test]
        fn quoted_printable_as_others_read_it(body in "[a= \\r\\n\t4D]{0,24}") {
            if let Some(octets) = quoted_printable(body.as_bytes()) {
                let others = mail_parser::decoders::quoted_printable::quoted_printable_decode;
                proptest::prop_assert_eq!(Some(octets), others(body.as_bytes()));
            }
        }
    }

    #[test]
    fn boundaries_that_nobody_named() {
        assert_eq!(guess_boundary(b"x\r\n--\r\n--b1\r\nContent-Type: text/plain\r\n"), Some("b1".into()));
        assert_eq!(guess_boundary(b"-- \r\nsignature\r\n--- cut ---\r\nhere"), None);
    }
}
