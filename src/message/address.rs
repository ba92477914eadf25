//! Addresses, message ids and dates of header fields.

use jiff::Timestamp;
use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address as Parsed};

use super::header::{self, Piece};
use super::{Address, Text};

/// Ids beyond this are not read.
const MAX_IDS: usize = 500;

/// Every address of a field, groups opened up. The flag says that a charset had to be guessed.
pub(super) fn addresses(raw: &[u8], hint: Option<&str>) -> (Vec<Address>, bool) {
    let (text, repaired) = header::text(raw, hint);
    let (quoted, again) = quote_words(&text);
    let mut line = quoted.into_bytes();
    line.push(b'\n');
    let value = MessageStream::new(&line).parse_address();
    let mut list: Vec<Address> = match value.into_address() {
        Some(Parsed::List(list)) => list.iter().map(address).collect(),
        Some(Parsed::Group(groups)) => {
            groups.iter().flat_map(|group| &group.addresses).map(address).collect()
        }
        None => Vec::new(),
    };
    // `Name,(<a@b>)` and the like: by the grammar there is no address in it, but a person sees one.
    if list.iter().all(|address| address.domain.is_empty())
        && let Some(word) = bare_address(&text)
    {
        let found = address(&Addr { name: None, address: Some(word.into()) });
        match list.first_mut() {
            Some(first) => (first.addr, first.domain) = (found.addr, found.domain),
            None => list.push(found),
        }
    }
    (join_names(list), repaired || again)
}

/// `Shop, Inc. <a@b>` without quotes is two entries by the grammar; a person reads one name, and so do we.
fn join_names(list: Vec<Address>) -> Vec<Address> {
    let mut joined = Vec::with_capacity(list.len());
    let mut names: Vec<String> = Vec::new();
    for mut address in list {
        if address.addr.is_empty() {
            names.push(address.name.original().to_owned());
            continue;
        }
        if !names.is_empty() {
            names.push(address.name.original().to_owned());
            address.name = Text::new(names.join(", ").trim_end_matches([',', ' ']));
            names.clear();
        }
        joined.push(address);
    }
    joined.extend(names.iter().map(|name| Address { name: Text::new(name), ..Address::default() }));
    joined
}

/// The last thing of the form `local@domain` in a text.
fn bare_address(text: &str) -> Option<&str> {
    let outside =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"' | '[' | ']');
    let last = text.rsplit(outside).find(|word| word.contains('@'))?;
    let (local, domain) = last.rsplit_once('@')?;
    (!local.is_empty() && !domain.is_empty()).then_some(last)
}

fn address(parsed: &Addr<'_>) -> Address {
    let name = parsed.name.as_deref().unwrap_or_default().trim();
    let given = parsed.address.as_deref().unwrap_or_default().trim();
    let given: String = given.chars().filter(|c| !c.is_whitespace()).collect();
    let given = given.trim_matches(['<', '>']);
    match given.rsplit_once('@') {
        Some((local, domain)) => {
            let domain = domain.trim_end_matches('.').to_lowercase();
            Address { name: Text::new(name), addr: format!("{local}@{domain}"), domain }
        }
        // What cannot be an address is at least shown to the person, as a name.
        None if name.is_empty() => Address { name: Text::new(given), ..Address::default() },
        None => Address { name: Text::new(name), addr: given.to_owned(), domain: String::new() },
    }
}

/// Decodes encoded-words into quoted strings, so that a decoded comma or bracket is not read as syntax
/// (RFC 2047 §5 (3)), and so that the words that many programs put within quotes are decoded as well.
fn quote_words(text: &str) -> (String, bool) {
    let (pieces, repaired) = header::pieces(text);
    let mut out = String::with_capacity(text.len() + 8);
    let (mut quoted, mut escaped, mut depth) = (false, false, 0usize);
    for piece in pieces {
        match piece {
            Piece::Plain(plain) => {
                for ch in plain.chars() {
                    match ch {
                        _ if escaped => escaped = false,
                        '\\' => escaped = true,
                        '"' if depth == 0 => quoted = !quoted,
                        '(' if !quoted => depth += 1,
                        ')' if !quoted => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    out.push(ch);
                }
            }
            Piece::Word(word) => {
                let bare = !quoted && depth == 0;
                if bare {
                    out.push('"');
                }
                for ch in word.chars() {
                    if matches!(ch, '"' | '\\') || (depth > 0 && matches!(ch, '(' | ')')) {
                        out.push('\\');
                    }
                    out.push(if ch.is_control() { ' ' } else { ch });
                }
                if bare {
                    out.push_str("\" ");
                }
            }
        }
    }
    (out, repaired)
}

/// Ids without their angle brackets; where there are none, the words of the field.
pub(super) fn ids(text: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((id, after)) = after.split_once('>') else { break };
        if ids.len() < MAX_IDS {
            ids.push(id.trim().to_owned());
        }
        rest = after;
    }
    if ids.is_empty() {
        ids.extend(
            text.split_whitespace().filter(|word| word.contains('@')).take(MAX_IDS).map(str::to_owned),
        );
    }
    ids
}

/// The point in time of a Date field (RFC 5322 §3.3), if it is one.
pub(super) fn date(text: &str) -> Option<Timestamp> {
    let read =
        |zone: &str| MessageStream::new(format!("{text}{zone}\n").as_bytes()).parse_date().into_datetime();
    // A date without a zone is taken for UTC: better a few hours wrong than none.
    let parsed = read("").or_else(|| read(" +0000"))?;
    if !parsed.is_valid() || parsed.year == 0 {
        return None;
    }
    Timestamp::from_second(parsed.to_timestamp()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(field: &[u8]) -> Address {
        let (list, _) = addresses(field, None);
        assert_eq!(list.len(), 1, "{list:?}");
        list.into_iter().next().unwrap()
    }

    #[test]
    fn forms() {
        let (jis, _, _) = encoding_rs::ISO_2022_JP.encode("\"債権回収センター\" <a@Mail.EXAMPLE.com>");
        let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode("債権回収センター <a@mail.example.com>");
        for field in [
            "債権回収センター <a@mail.example.com>".as_bytes(),
            "\"債権回収センター\" <a@mail.example.com>".as_bytes(),
            b"=?utf-8?B?5YKs5qip5Zue5Y+O44K744Oz44K/44O8?= <a@mail.example.com>".as_slice(),
            b"=?utf-8?B?5YK15qip5Zue5Y+O?=\r\n =?utf-8?B?44K744Oz44K/44O8?= <a@mail.example.com>",
            b"\"=?utf-8?B?5YK15qip5Zue5Y+O44K744Oz44K/44O8?=\" <a@mail.example.com>",
            &jis,
            &sjis,
        ] {
            let address = one(field);
            assert!(address.name.original().ends_with("権回収センター"), "{address:?}");
            assert_eq!(
                (address.addr.as_str(), address.domain.as_str()),
                ("a@mail.example.com", "mail.example.com")
            );
        }
        let word = one(b"=?utf-8?Q?Evil=2C_=3Cx=40y=2Eexample=3E?= <real@example.net>");
        assert_eq!((word.name.original(), word.addr.as_str()), ("Evil, <x@y.example>", "real@example.net"));
        assert_eq!(one(b"bare@Example.ORG").addr, "bare@example.org");
        assert_eq!(
            addresses(b"a@example.com, \"B, C\" <b@example.com>; team: c@example.com, d@example.com;", None)
                .0
                .len(),
            4
        );
        let odd = addresses("Ihr Berater,(<news@shop.example>)".as_bytes(), None).0;
        assert_eq!(odd[0].addr, "news@shop.example");
        let comma = one(b"Offers, Inc., <a@evil.example>");
        assert_eq!((comma.name.original(), comma.addr.as_str()), ("Offers, Inc.", "a@evil.example"));
        let comma = one(b"\"Offers@shop.example\", Final Notice <a@evil.example>");
        assert_eq!(
            (comma.name.original(), comma.addr.as_str()),
            ("Offers@shop.example, Final Notice", "a@evil.example")
        );
        assert!(addresses(b"undisclosed-recipients:;", None).0.is_empty());
    }

    #[test]
    fn dates_and_ids() {
        assert_eq!(date("Tue, 24 Nov 2026 10:00:00 +0900 (JST)"), "2026-11-24T01:00:00Z".parse().ok());
        assert_eq!(date("Tue, 24 Nov 2026 10:00:00"), "2026-11-24T10:00:00Z".parse().ok());
        for bad in [
            "",
            "yesterday",
            "99 Foo 0 99:99:99 +9999",
            "Tue, 31 Feb 2026 10:00:00 +0000",
            "1 Jan 65535 00:00 -9999",
        ] {
            let _ = date(bad);
        }
        assert_eq!(ids("<a@b> (c)\t<d@e>"), ["a@b", "d@e"]);
        assert_eq!(ids("bare@id"), ["bare@id"]);
        assert!(ids("<unclosed").is_empty());
    }
}
