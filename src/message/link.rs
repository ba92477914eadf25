//! Links: what a target says about where it leads, and bare URLs in text.

use std::net::{Ipv4Addr, Ipv6Addr};

use unicode_normalization::UnicodeNormalization;

use super::{Link, Origin, Text};

/// A target longer than this is kept up to here.
const MAX_TARGET: usize = 8 * 1024;

/// Reads a target as a browser would (WHATWG URL), as far as scheme and host go. Never resolves anything.
pub(super) fn link(target: &str, text: Text) -> Link {
    // Browsers drop tabs and line ends anywhere in a URL, and white space and controls around it.
    let target: String = target
        .trim_matches(|c: char| c.is_whitespace() || c.is_control())
        .chars()
        .filter(|c| !matches!(c, '\t' | '\r' | '\n'))
        .collect();
    let target = match target.get(..target.floor_char_boundary(MAX_TARGET)) {
        Some(short) if short.len() < target.len() => short.to_owned(),
        _ => target,
    };
    let (scheme, rest) = scheme(&target);
    let host = match scheme.as_str() {
        "http" | "https" | "ftp" | "ws" | "wss" => authority(rest.trim_start_matches(['/', '\\'])),
        "mailto" => {
            let to = rest.split(['?', ',']).next().unwrap_or_default();
            to.rsplit_once('@').map(|(_, host)| clean_host(host)).unwrap_or_default()
        }
        "" if rest.starts_with("//") || rest.starts_with("\\\\") => {
            authority(rest.trim_start_matches(['/', '\\']))
        }
        "" if starts_with_www(rest) => authority(rest),
        "" => String::new(),
        // Application schemes: `line://`, `intent://`; an authority only where it is written as one.
        _ => rest.strip_prefix("//").map(authority).unwrap_or_default(),
    };
    let domain = registrable(&host);
    Link { target, scheme, host, domain, text, origin: Origin::Body }
}

fn scheme(target: &str) -> (String, &str) {
    if let Some((scheme, rest)) = target.split_once(':')
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        // `example.com:8080/` has a port, not a scheme.
        && !(scheme.contains('.') && rest.starts_with(|c: char| c.is_ascii_digit()))
    {
        return (scheme.to_ascii_lowercase(), rest);
    }
    (String::new(), target)
}

/// Whether a text is one URL and nothing else, of whatever scheme: `otpauth:`, `bitcoin:`, `line:`.
pub(super) fn is_whole(text: &str) -> bool {
    let text = text.trim();
    let (scheme, rest) = scheme(text);
    // `WIFI:` and `MECARD:` are written like schemes and are records.
    let record = matches!(scheme.as_str(), "wifi" | "mecard" | "begin" | "vcard" | "matmsg" | "smsto");
    !scheme.is_empty() && !record && !rest.is_empty() && !text.contains(|c: char| c.is_whitespace())
}

fn authority(rest: &str) -> String {
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(v6) = host.strip_prefix('[') {
        return v6.split(']').next().unwrap_or_default().to_ascii_lowercase();
    }
    let host = host.split(':').next().unwrap_or_default();
    clean_host(host)
}

fn clean_host(host: &str) -> String {
    let decoded = super::header::percent(host.as_bytes(), b'%', false);
    let host = String::from_utf8_lossy(&decoded);
    let host: String = if host.is_ascii() {
        host.to_ascii_lowercase()
    } else {
        host.nfkc()
            .filter(|c| !super::fold::ignorable(*c))
            .map(|c| if matches!(c, '。' | '｡') { '.' } else { c })
            .collect::<String>()
            .to_lowercase()
    };
    host.trim_matches(|c: char| c == '.' || c.is_whitespace()).to_owned()
}

/// The registrable domain of a host; the host itself where it is an address or a public suffix.
pub(super) fn registrable(host: &str) -> String {
    if host.parse::<Ipv4Addr>().is_ok() || host.parse::<Ipv6Addr>().is_ok() {
        return host.to_owned();
    }
    psl::domain_str(host).unwrap_or(host).to_owned()
}

fn starts_with_www(text: &str) -> bool {
    text.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www."))
}

/// What a bare URL begins with, and where in it the sign stands by which it is found.
const PREFIXES: [(&[u8], usize); 6] =
    [(b"http://", 4), (b"https://", 5), (b"ftp://", 3), (b"www.", 3), (b"mailto:", 6), (b"tel:", 3)];

/// Spans of the bare URLs of a text, in octets, in order.
pub(super) fn bare(text: &str) -> Vec<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    // Where the URL before ended.
    let mut from = 0;
    for sign in memchr::memchr2_iter(b':', b'.', bytes) {
        let Some((start, long)) = prefix(bytes, from, sign) else { continue };
        let end = url_end(text, start + long);
        if end > start + long {
            found.push(start..end);
            from = end;
        }
    }
    found
}

/// Start and length of the prefix with this sign in it, not before `from`, and not within a word.
fn prefix(bytes: &[u8], from: usize, sign: usize) -> Option<(usize, usize)> {
    let last = bytes.get(sign.checked_sub(1)?)? | 0x20;
    if !matches!(last, b'p' | b's' | b'w' | b'o' | b'l') {
        return None;
    }
    PREFIXES.iter().find_map(|(prefix, at)| {
        let start = sign.checked_sub(*at).filter(|start| *start >= from)?;
        let head = bytes.get(start..start + prefix.len())?;
        let within = start > from && bytes.get(start - 1).is_some_and(u8::is_ascii_alphanumeric);
        (head.eq_ignore_ascii_case(prefix) && !within).then_some((start, prefix.len()))
    })
}

/// Where a URL ends that has been read up to `from`. Japanese follows a URL without a space, so other than ASCII ends
/// it, but for a host that begins so.
fn url_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let idn = rest.chars().next().is_some_and(|c| !c.is_ascii() && c.is_alphanumeric());
    let mut host = idn;
    let mut end = from;
    for ch in rest.chars() {
        let ascii = ch.is_ascii_graphic() && !matches!(ch, '<' | '>' | '"' | '`' | '{' | '}' | '|' | '^');
        if matches!(ch, '/' | '?' | '#') {
            host = false;
        }
        if !(ascii || (host && ch.is_alphanumeric())) {
            break;
        }
        end += ch.len_utf8();
    }
    let url = text.get(from..end).unwrap_or_default();
    // Punctuation at the end is the sentence's; a bracket too, unless one was opened within.
    let opened = url.contains('(');
    let url = url.trim_end_matches(|c: char| {
        matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | ']' | '~') || (c == ')' && !opened)
    });
    from + url.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for (target, scheme, host, domain) in [
            ("https://User:Pw@Pay.Shop.Example.COM:8443/x", "https", "pay.shop.example.com", "example.com"),
            ("http:\\\\evil.example\\@good.example/", "http", "evil.example", "evil.example"),
            ("https:///a.example.co.jp./", "https", "a.example.co.jp", "example.co.jp"),
            ("ht\ntps://a.example.net?x@b.example.org", "https", "a.example.net", "example.net"),
            ("http://127.0.0.1:80/", "http", "127.0.0.1", "127.0.0.1"),
            ("http://[2001:DB8::1]:80/", "http", "2001:db8::1", "2001:db8::1"),
            ("https://ｅｘａｍｐｌｅ。ｃｏｍ/", "https", "example.com", "example.com"),
            ("https://ex%61mple.com/", "https", "example.com", "example.com"),
            ("mailto:a@Example.com?subject=x", "mailto", "example.com", "example.com"),
            ("tel:+81-3-0000-0000", "tel", "", ""),
            ("//cdn.example.org/x", "", "cdn.example.org", "example.org"),
            ("www.example.org/x", "", "www.example.org", "example.org"),
            ("javascript:alert(1)", "javascript", "", ""),
            ("#top", "", "", ""),
            ("", "", "", ""),
        ] {
            let link = link(target, Text::default());
            assert_eq!(
                (link.scheme.as_str(), link.host.as_str(), link.domain.as_str()),
                (scheme, host, domain),
                "{target}"
            );
        }
    }

    #[test]
    fn bare_urls() {
        let text = "下記へ https://a.example.com/x?y=1。または（HTTP://b.example.net/(z)）、www.example.orgをご覧。\
                    http://例え.テスト/あ xhttp://no.example http:// (https://c.example/).";
        let urls: Vec<_> = bare(text).into_iter().map(|span| text.get(span).unwrap()).collect();
        assert_eq!(
            urls,
            [
                "https://a.example.com/x?y=1",
                "HTTP://b.example.net/(z)",
                "www.example.org",
                "http://例え.テスト/",
                "https://c.example/"
            ]
        );
    }
}
