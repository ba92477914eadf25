//! A message's header: the octets of its block, and the way it says to have come.

use crate::indicator::organisation;
use crate::message::{Excerpt, Message};

/// Received fields that are shown.
const MOST_HOPS: usize = 50;
/// Characters of a host, an address or a time.
const LONGEST: usize = 200;

/// One Received field (RFC 5321 §4.4), the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// What it was received from, as written: what the sender's machine called itself, and what the receiver saw.
    pub from: Excerpt,
    /// By which host.
    pub by: Excerpt,
    /// When, as written.
    pub when: Excerpt,
    /// Above the trust line: written by the provider's own servers, as far as komainu can tell.
    pub own: bool,
}

/// The octets of the header block: up to the first empty line, which is left out.
pub fn header_block(octets: &[u8]) -> &[u8] {
    let mut at = 0;
    while let Some(long) = memchr::memchr(b'\n', octets.get(at..).unwrap_or_default()) {
        let line = octets.get(at..at + long).unwrap_or_default();
        if line.is_empty() || line == b"\r" {
            return octets.get(..at).unwrap_or_default();
        }
        at += long + 1;
    }
    octets
}

/// The Received fields with the trust line: from the top down, those that a host of the provider wrote, and the last
/// of them is the one that took the message over from outside. What stands below, anybody may have written.
///
/// The provider is known by its pinned authserv-ids, else by the host of the uppermost field.
pub(super) fn hops(message: &Message, authserv_ids: &[String]) -> Vec<Hop> {
    let values = message.fields.iter().filter(|(name, _)| name == "received").map(|(_, value)| value);
    let mut own: Vec<String> = authserv_ids.iter().map(|id| organisation(id).to_owned()).collect();
    let mut inside = true;
    let mut hops = Vec::new();
    for value in values.take(MOST_HOPS) {
        let (from, by, when) = parts(value);
        let host = |text: &str| {
            text.split_whitespace().next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase()
        };
        if own.is_empty() {
            own.push(organisation(&host(by)).to_owned());
        }
        let of_own = |text: &str| {
            let host = host(text);
            !host.is_empty() && own.iter().any(|own| own == organisation(&host))
        };
        inside &= of_own(by);
        hops.push(Hop {
            from: Excerpt::line(from, LONGEST),
            by: Excerpt::line(by, LONGEST),
            when: Excerpt::line(when, LONGEST),
            own: inside,
        });
        // The one that took it over from outside is the last that can be believed.
        inside &= of_own(from);
    }
    hops
}

/// `from …`, `by …` and the time of a Received field.
fn parts(value: &str) -> (&str, &str, &str) {
    let (value, when) = value.rsplit_once(';').unwrap_or((value, ""));
    let from = after(value, "from").unwrap_or_default();
    let by = after(value, "by").unwrap_or_default();
    let end = |text: &'_ str, words: &[&str]| -> usize {
        words.iter().filter_map(|word| position(text, word)).min().unwrap_or(text.len())
    };
    let from = from.get(..end(from, &["by", "via", "with", "id", "for"])).unwrap_or(from);
    let by = by.get(..end(by, &["via", "with", "id", "for"])).unwrap_or(by);
    (from.trim(), by.trim(), when.trim())
}

/// What stands behind a clause's word.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    if let Some(rest) =
        text.trim_start().strip_prefix(word).filter(|rest| rest.starts_with(char::is_whitespace))
    {
        return Some(rest.trim_start());
    }
    let at = position(text, word)?;
    text.get(at + word.len() + 1..).map(str::trim_start)
}

/// Where a clause's word stands with a space on both sides, outside comments.
fn position(text: &str, word: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_whitespace() => {
                let rest = text.get(at + c.len_utf8()..)?;
                if rest.strip_prefix(word).is_some_and(|rest| rest.starts_with(char::is_whitespace)) {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_ends_at_the_first_empty_line_and_keeps_its_octets() {
        assert_eq!(header_block(b"A: 1\r\n B\r\n\r\nbody\n\n"), b"A: 1\r\n B\r\n");
        assert_eq!(header_block(b"A: \xff\n\nbody"), b"A: \xff\n");
        assert_eq!(header_block(b"no end"), b"no end");
        assert_eq!(header_block(b"\nbody"), b"");
    }

    fn shown(fields: &[&str], ids: &[&str]) -> Vec<(String, bool)> {
        let text = format!("Received: {}\r\n", fields.join("\r\nReceived: "));
        let message = Message::parse(format!("{text}From: a@example.com\r\n\r\nx\r\n").as_bytes());
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        hops(&message, &ids).into_iter().map(|hop| (hop.by.to_string(), hop.own)).collect()
    }

    #[test]
    fn the_line_is_drawn_where_the_provider_took_over() {
        let inner = "from mx2.provider.example (mx2.provider.example [192.0.2.7]) by store.provider.example with LMTP; Tue, 24 Nov 2026 10:00:02 +0900";
        let border = "from mail.sender.test (unknown [203.0.113.9]) by mx2.provider.example (Postfix) with ESMTP id 1 for <a@b>; Tue, 24 Nov 2026 10:00:01 +0900";
        let forged = "from bank.test by mx1.provider.example; Tue, 24 Nov 2026 09:00:00 +0900";
        let own: Vec<bool> = shown(&[inner, border, forged], &["mx.provider.example"])
            .into_iter()
            .map(|(_, own)| own)
            .collect();
        // The forged line names a host of the provider's, but stands below the one that took over.
        assert_eq!(own, [true, true, false]);
        let own: Vec<bool> = shown(&[inner, border], &[]).into_iter().map(|(_, own)| own).collect();
        assert_eq!(own, [true, true]);
        assert_eq!(shown(&[border], &["mx.elsewhere.test"]).first().map(|(_, own)| *own), Some(false));
    }

    #[test]
    fn a_field_in_parts() {
        assert_eq!(
            parts("from a.example (by the way [1]) by b.example with SMTP id 3 for <x@y>; Mon, 1 Jan"),
            ("a.example (by the way [1])", "b.example", "Mon, 1 Jan")
        );
        assert_eq!(parts("by b.example with HTTP; now"), ("", "b.example", "now"));
        assert_eq!(parts(""), ("", "", ""));
    }
}
