//! A message's identity across servers that re-serialise it.

use sha2::{Digest as _, Sha256};

use crate::evidence::Digest;

/// Fields that say what a message is. Servers and relays add, drop and re-order others (Received, X-…, Return-Path).
const FIELDS: [&str; 11] = [
    "cc",
    "content-disposition",
    "content-id",
    "content-transfer-encoding",
    "content-type",
    "date",
    "from",
    "message-id",
    "mime-version",
    "subject",
    "to",
];

/// SHA-256 over a form that survives servers which re-serialise: From, To, Cc, Subject, Date, Message-ID and the MIME
/// fields, unfolded, runs of white space as one space, sorted; then the body with line ends and trailing white space
/// made equal and trailing empty lines dropped. Total: any octets have one.
///
/// What does not look like a header field (RFC 5322 §2.2) ends the header, so that no octet of a broken message is
/// left out of its digest.
pub fn canonical_digest(octets: &[u8]) -> Digest {
    let (fields, body) = split(octets);
    let mut hash = Sha256::new_with_prefix(b"komainu canonical message, form 1\n");
    for (name, value) in &fields {
        hash.update(name);
        hash.update(b":");
        hash.update(value);
        hash.update(b"\n");
    }
    hash.update(b"\n");
    let mut empty_lines = 0_usize;
    for line in body.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end) {
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        // Held back until something follows: trailing empty lines do not count.
        for _ in 0..std::mem::take(&mut empty_lines) {
            hash.update(b"\n");
        }
        hash.update(line);
        hash.update(b"\n");
    }
    Digest(hash.finalize().into())
}

/// Name and value.
type Field = (Vec<u8>, Vec<u8>);

/// The chosen fields, sorted, and the body.
fn split(octets: &[u8]) -> (Vec<Field>, &[u8]) {
    let mut fields: Vec<Field> = Vec::new();
    let mut keep = false;
    let mut first = true;
    let mut rest = octets;
    while !rest.is_empty() {
        let end = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        if line.trim_ascii().is_empty() {
            // A line of white space only is the end too: some servers strip it, and then it is.
            rest = after;
            break;
        }
        if line.first().is_some_and(|b| matches!(b, b' ' | b'\t')) && !first {
            if keep && let Some((_, value)) = fields.last_mut() {
                append(value, line);
            }
        } else if let Some((name, value)) = field(line) {
            keep = FIELDS.iter().any(|wanted| wanted.as_bytes() == name);
            if keep {
                let mut text = Vec::new();
                append(&mut text, value);
                fields.push((name, text));
            }
        } else {
            break;
        }
        first = false;
        rest = after;
    }
    fields.sort();
    (fields, rest)
}

/// `name: value` with the name in lower case.
fn field(line: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let colon = line.iter().position(|b| *b == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let name = name.trim_ascii_end();
    let plain = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    plain.then(|| (name.to_ascii_lowercase(), value.get(1..).unwrap_or_default()))
}

/// Adds words with one space between each two.
fn append(text: &mut Vec<u8>, more: &[u8]) {
    for word in more.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        if !text.is_empty() {
            text.push(b' ');
        }
        text.extend_from_slice(word);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAIL: &str = "Received: from a.example by b.example\r\nFrom: A <a@example.com>\r\nTo: b@example.net\r\n\
        Subject: last\r\n notice\r\nMessage-ID: <1@example.com>\r\nContent-Type: text/plain;\r\n\tcharset=utf-8\r\n\r\n\
        pay now\r\n\r\nor else\r\n";

    #[test]
    fn what_a_server_may_change_is_not_in_it() {
        let digest = canonical_digest(MAIL.as_bytes());
        let changed = "X-Seen: 1\nSubject: last notice\nfrom: A <a@example.com>\nTo: b@example.net\n\
            Content-Type: text/plain; charset=utf-8\nMessage-ID: <1@example.com>\n\npay now  \n\nor else\n\n\n";
        assert_eq!(digest, canonical_digest(changed.as_bytes()));
        assert_eq!(digest, canonical_digest(MAIL.trim_end().as_bytes()));
    }

    #[test]
    fn what_makes_it_another_message_is_in_it() {
        let digest = canonical_digest(MAIL.as_bytes());
        for (was, is) in
            [("pay now", "pay soon"), ("<1@", "<2@"), ("last", "first"), ("\r\n\r\nor", "\r\nor")]
        {
            assert_ne!(digest, canonical_digest(MAIL.replacen(was, is, 1).as_bytes()), "{was}");
        }
    }

    #[test]
    fn broken_octets_do_not_fall_together() {
        let broken: [&[u8]; 6] =
            [b"", b"no colon", b"no colon either", b" : x", b"\xff\xfe: y", b"Subject: a\njunk"];
        let mut digests: Vec<_> = broken.iter().map(|octets| canonical_digest(octets)).collect();
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), broken.len());
    }

    proptest! {
        #[test]
        fn line_ends_trailing_blanks_and_field_order_do_not_count(
            lines in prop::collection::vec("[ -~あ]{0,12}", 0..12), blanks in "[ \t]{0,3}", turn in 0_usize..3,
        ) {
            let mut fields = ["From: a@example.com", "Subject: x  y", "Date: Tue, 24 Nov 2026 00:00:00 +0900"];
            let plain = format!("{}\n\n{}\n", fields.join("\n"), lines.join("\n"));
            fields.rotate_left(turn);
            let other = format!("{}\r\n\r\n{}\r\n", fields.join("\r\n"), lines.join(&format!("{blanks}\r\n")));
            prop_assert_eq!(canonical_digest(plain.as_bytes()), canonical_digest(other.as_bytes()));
        }

        #[test]
        fn any_octets_have_one(octets in prop::collection::vec(any::<u8>(), 0..200)) {
            canonical_digest(&octets);
        }
    }
}
