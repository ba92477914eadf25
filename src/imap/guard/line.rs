//! Judging one line, or one response whose literals were taken out, by the parser that will read it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use async_imap::imap_proto::{AttributeValue, Response};

/// In place of what the parser cannot read.
pub(super) const SKIPPED: &[u8] = b"* OK [X-SKIPPED]\r\n";

/// What a line is, by its first words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Untagged OK, NO, BAD, BYE, PREAUTH: text to the end of the line, no literals.
    Status,
    /// `* n FETCH`.
    Fetch,
    /// Other data that komainu asks for or that servers send unasked.
    Data,
    /// A continuation request.
    Continue,
    /// Anything that does not begin with `* ` or `+`.
    Tagged,
    /// Untagged, of a kind that is never asked for (SEARCH, ESEARCH, NAMESPACE, METADATA, …). Not even tried: the parser has its
    /// own faults there (METADATA unwraps UTF-8, SEARCH is quadratic).
    Unknown,
}

impl Kind {
    pub(super) fn of(line: &[u8]) -> Self {
        if line.first() == Some(&b'+') {
            return Self::Continue;
        }
        let Some(rest) = line.strip_prefix(b"* ") else {
            return if line.first() == Some(&b'*') { Self::Unknown } else { Self::Tagged };
        };
        let mut words = rest.split(|&b| b == b' ').map(<[u8]>::to_ascii_uppercase);
        let first = words.next().unwrap_or_default();
        if first.iter().all(u8::is_ascii_digit) && !first.is_empty() {
            return match words.next().unwrap_or_default().as_slice() {
                b"FETCH" => Self::Fetch,
                b"EXISTS" | b"RECENT" | b"EXPUNGE" => Self::Data,
                _ => Self::Unknown,
            };
        }
        match first.as_slice() {
            b"OK" | b"NO" | b"BAD" | b"BYE" | b"PREAUTH" => Self::Status,
            b"CAPABILITY" | b"ENABLED" | b"FLAGS" | b"LIST" | b"LSUB" | b"STATUS" | b"ID" | b"VANISHED" => {
                Self::Data
            }
            _ => Self::Unknown,
        }
    }

    /// Whether parentheses and literals mean anything in it.
    pub(super) const fn is_data(self) -> bool {
        matches!(self, Self::Fetch | Self::Data | Self::Unknown)
    }
}

/// What becomes of a whole response. Lines carry no CRLF at their end.
pub(super) enum Verdict {
    Pass(Vec<u8>),
    Mended(Vec<u8>),
    Skip,
    /// A tagged reply without a meaning: the command's outcome is unknown.
    Fatal,
}

/// The literal announced at the end of a line: its octets, and how many octets the announcement takes.
pub(super) fn literal(line: &[u8]) -> Option<(u64, usize)> {
    let inner = line.strip_suffix(b"}")?;
    let digits = inner.strip_suffix(b"+").unwrap_or(inner);
    let start = digits.iter().rposition(|b| !b.is_ascii_digit())?;
    let number = digits.get(start + 1..)?;
    if digits.get(start) != Some(&b'{') || number.is_empty() {
        return None;
    }
    let announced =
        number.iter().fold(0_u64, |sum, b| sum.saturating_mul(10).saturating_add(u64::from(b - b'0')));
    Some((announced, line.len() - start))
}

/// Depth after the line, deepest on the way (both outside quotes), and opening parentheses altogether.
pub(super) fn nesting(line: &[u8], depth: i64) -> (i64, i64, u64) {
    let (mut depth, mut deepest, mut openings) = (depth, depth, 0);
    let (mut quoted, mut escaped) = (false, false);
    for &b in line {
        match b {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'(' => {
                openings += 1;
                depth += i64::from(!quoted);
                deepest = deepest.max(depth);
            }
            b')' if !quoted => depth -= 1,
            _ => {}
        }
    }
    (depth, deepest, openings)
}

pub(super) fn judge(kind: Kind, whole: &[u8]) -> Verdict {
    if whole.is_empty() || kind == Kind::Unknown {
        return Verdict::Skip;
    }
    let mended = mend(kind, whole.to_vec());
    if reads(&mended) {
        return if mended == whole { Verdict::Pass(mended) } else { Verdict::Mended(mended) };
    }
    match kind {
        Kind::Tagged => rescue_tagged(&mended).map_or_else(|| unreadable_reply(&mended), Verdict::Mended),
        Kind::Status => rescue_status(&mended).map_or(Verdict::Skip, Verdict::Mended),
        Kind::Fetch => rescue_fetch(&mended).map_or(Verdict::Skip, Verdict::Mended),
        Kind::Continue => Verdict::Mended(b"+ continue".to_vec()),
        Kind::Data => rescue_capability(&mended).map_or(Verdict::Skip, Verdict::Mended),
        Kind::Unknown => Verdict::Skip,
    }
}

/// imap-proto refuses a list without IMAP4rev1, which a server of RFC 9051 alone may leave out.
fn rescue_capability(line: &[u8]) -> Option<Vec<u8>> {
    let word = b"* CAPABILITY";
    let (start, rest) = line.split_at_checked(word.len())?;
    let whole = [word.as_slice(), b" IMAP4rev1", rest].concat();
    (start.eq_ignore_ascii_case(word) && reads(&whole)).then_some(whole)
}

/// A reply with a tag of ours and no status leaves the outcome open; any other line is noise.
fn unreadable_reply(line: &[u8]) -> Verdict {
    let word = line.split(|&b| b == b' ').next().unwrap_or_default();
    let ours = word.strip_prefix(b"K").is_some_and(|n| !n.is_empty() && n.iter().all(u8::is_ascii_digit));
    if ours { Verdict::Fatal } else { Verdict::Skip }
}

/// Known panic triggers and octets that the grammar has no place for.
fn mend(kind: Kind, mut line: Vec<u8>) -> Vec<u8> {
    if kind != Kind::Data || literal_free(&line) {
        for b in &mut line {
            if matches!(*b, 0 | b'\r') {
                *b = b'?';
            }
        }
    }
    match kind {
        // imap-proto cuts one octet after the response code, without looking whether it is a space.
        Kind::Status | Kind::Tagged | Kind::Continue if line.contains(&b']') => {
            let mut spaced = Vec::with_capacity(line.len() + 4);
            let mut octets = line.iter().copied().peekable();
            while let Some(b) = octets.next() {
                spaced.push(b);
                if b == b']' && octets.peek().is_some_and(|&next| next != b' ') {
                    spaced.push(b' ');
                }
            }
            spaced
        }
        // imap-proto unwraps a missing INTERNALDATE.
        Kind::Fetch => replace_ignoring_case(line, b"INTERNALDATE NIL", b"INTERNALDATE \"\""),
        _ => line,
    }
}

fn literal_free(line: &[u8]) -> bool {
    !line.contains(&b'\n')
}

fn replace_ignoring_case(line: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let Some(at) = line.windows(from.len()).position(|window| window.eq_ignore_ascii_case(from)) else {
        return line;
    };
    let (before, after) = line.split_at(at);
    let after = replace_ignoring_case(after.get(from.len()..).unwrap_or_default().to_vec(), from, to);
    [before, to, &after].concat()
}

/// Whether the parser reads this as exactly one response.
fn reads(line: &[u8]) -> bool {
    let whole = [line, b"\r\n"].concat();
    // The triggers known are mended above; this holds the ones that are not known.
    catch_unwind(AssertUnwindSafe(|| matches!(Response::parse(&whole), Ok((rest, _)) if rest.is_empty())))
        .unwrap_or(false)
}

/// Whether a FETCH response reads that stops, closed, after the literals so far.
pub(super) fn reads_so_far(skeleton: &[u8]) -> bool {
    let mended = mend(Kind::Fetch, skeleton.to_vec());
    // Some values may be quoted and may not be literals (INTERNALDATE), so the last one is tried as what it is; those
    // before it were tried in their turn.
    let as_it_came = skeleton.strip_suffix(b"\"\"").map(|head| [head, b"{0}\r\n)"].concat());
    // A mended beginning cannot be passed on as it came.
    mended == skeleton
        && as_it_came.is_some_and(|response| reads(&response) && ends_in_known_attribute(&response))
}

/// The parser passes over an attribute that it does not know by counting parentheses, and so reads whatever octets a literal in
/// it holds: these would not have to be balanced.
fn ends_in_known_attribute(response: &[u8]) -> bool {
    let whole = [response, b"\r\n"].concat();
    match Response::parse(&whole) {
        Ok((_, Response::Fetch(_, attributes))) => {
            attributes.last().is_some_and(|last| !matches!(last, AttributeValue::Unknown))
        }
        _ => false,
    }
}

/// The last line of a FETCH response whose beginning was passed on, and whether it had to be mended.
pub(super) fn tail(skeleton: &[u8], line: &[u8]) -> (Vec<u8>, bool) {
    let mended = mend(Kind::Fetch, line.to_vec());
    if reads(&[skeleton, &mended].concat()) {
        let changed = mended != line;
        return (mended, changed);
    }
    let mut kept = Vec::new();
    for attribute in readable_attributes(&mended) {
        kept.push(b' ');
        kept.extend_from_slice(attribute);
    }
    kept.push(b')');
    if reads(&[skeleton, &kept].concat()) { (kept, true) } else { (b")".to_vec(), true) }
}

/// A tagged reply or status line cut down to what is certain: tag and status.
pub(super) fn rescue_tagged(line: &[u8]) -> Option<Vec<u8>> {
    let mut words = line.split(|&b| b == b' ');
    let tag = words.next().unwrap_or_default();
    let status = words.next().unwrap_or_default().to_ascii_uppercase();
    let known = matches!(status.as_slice(), b"OK" | b"NO" | b"BAD");
    let short = [tag, b" ", &status].concat();
    (known && reads(&short)).then_some(short)
}

fn rescue_status(line: &[u8]) -> Option<Vec<u8>> {
    let status = line.split(|&b| b == b' ').nth(1).unwrap_or_default();
    let short = [b"* ", status].concat();
    reads(&short).then_some(short)
}

/// A FETCH line of which one attribute cannot be read: the others are kept, because UID and FLAGS are among them.
fn rescue_fetch(line: &[u8]) -> Option<Vec<u8>> {
    let open = line.iter().position(|&b| b == b'(')?;
    let (head, body) = line.split_at(open + 1);
    let attributes = readable_attributes(body);
    if attributes.is_empty() {
        return None;
    }
    let whole = [head, &attributes.join(&b' '), b")"].concat();
    reads(&whole).then_some(whole)
}

/// The `NAME value` pairs of an attribute list that the parser reads on their own.
fn readable_attributes(list: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut rest = list.trim_ascii_start();
    while let Some(space) = rest.iter().position(|&b| b == b' ') {
        let after = rest.get(space + 1..).unwrap_or_default();
        let end = space + 1 + value_length(after);
        let pair = rest.get(..end).unwrap_or_default();
        if reads(&[b"* 1 FETCH (".as_slice(), pair, b")"].concat()) {
            found.push(pair);
        }
        let next = rest.get(end..).unwrap_or_default();
        if next.first() != Some(&b' ') {
            break;
        }
        rest = next.trim_ascii_start();
    }
    found
}

/// Octets of the value that a list begins with: a group, a quoted string or an atom.
fn value_length(list: &[u8]) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for (index, &b) in list.iter().enumerate() {
        match b {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'(' => depth += 1,
            b')' | b' ' if depth == 0 => return index,
            b')' => depth -= 1,
            _ => {}
        }
    }
    list.len()
}
