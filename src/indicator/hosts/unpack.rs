//! The target within a URL that carries it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::{Class, table};
use crate::indicator::observables::registrable;

/// Targets longer than this are not read.
const MAX_TARGET: usize = 4096;

/// What a wrapper or redirector leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unpacked {
    pub(super) url: String,
    pub(super) host: String,
    /// The class of the place that carried it.
    pub(super) by: Class,
}

/// The path of a URL with an authority, from its first slash on; empty where there is none. Query and fragment included.
pub(super) fn path(url: &str) -> &str {
    let rest = url.split_once(':').map_or(url, |(_, rest)| rest).trim_start_matches(['/', '\\']);
    rest.find(['/', '?', '#']).and_then(|at| rest.get(at..)).unwrap_or_default()
}

/// The target within a URL, if its host is known for carrying one.
pub(super) fn unpack(url: &str, host: &str) -> Option<Unpacked> {
    let path = path(url);
    let entry = table::entry_of(host, path)?;
    if !matches!(entry.class, Class::Wrapper | Class::Redirector) {
        return None;
    }
    let target =
        by_form(host, path).or_else(|| entry.params.iter().find_map(|name| parameter(path, name)))?;
    let host = host_of(&target)?;
    Some(Unpacked { url: target, host, by: entry.class })
}

/// Forms of their own: the target stands in the path or in the host.
fn by_form(host: &str, path: &str) -> Option<String> {
    if let Some((site, "translate.goog")) = host.split_once('.') {
        // A dot is written as a hyphen there, and a hyphen as two.
        let site = site.replace("--", "\0").replace('-', ".").replace('\0', "-");
        return Some(format!("https://{site}{path}"));
    }
    if let Some((_, rest)) = path.split_once("/v3/__") {
        // Defense 3 ends the URL by `__;`, and writes `*` for characters that it took out.
        return rest.split("__;").next().map(str::to_owned);
    }
    if host == "urldefense.proofpoint.com" && path.starts_with("/v2/") {
        let coded = raw_parameter(path, "u")?;
        return Some(percent(&coded.replace('-', "%").replace('_', "/")));
    }
    if let Some(rest) = path.strip_prefix("/amp/s/") {
        return Some(format!("https://{rest}"));
    }
    if host.ends_with("cdn.ampproject.org") {
        let rest = path.trim_start_matches('/').split_once('/')?.1;
        return Some(format!("https://{}", rest.strip_prefix("s/").unwrap_or(rest)));
    }
    if host == "secure-web.cisco.com" {
        let decoded = percent(path);
        let at = decoded.find("/http")?;
        return decoded.get(at + 1..).map(str::to_owned);
    }
    None
}

fn parameter(path: &str, name: &str) -> Option<String> {
    let raw = raw_parameter(path, name)?;
    let value = percent(raw);
    if is_target(&value) {
        return Some(value);
    }
    // Bing writes `a1` and base64; Sophos plain base64.
    let coded = value.strip_prefix("a1").unwrap_or(&value).trim_end_matches('=');
    let decoded = URL_SAFE_NO_PAD.decode(coded).or_else(|_| STANDARD_NO_PAD.decode(coded)).ok();
    if let Some(decoded) = decoded.and_then(|octets| String::from_utf8(octets).ok())
        && is_target(&decoded)
    {
        return Some(decoded);
    }
    // `domain=shop.example`: only the host is told.
    let bare = value.contains('.')
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        && registrable(&value).is_some();
    bare.then(|| format!("https://{value}/"))
}

fn is_target(value: &str) -> bool {
    value.len() <= MAX_TARGET
        && ["http://", "https://", "//"]
            .iter()
            .any(|start| value.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

fn raw_parameter<'u>(path: &'u str, name: &str) -> Option<&'u str> {
    let (_, query) = path.split_once('?')?;
    query
        .split(['&', ';', '#'])
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| key.trim_start_matches("amp").eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// Percent-decoding; octets that are no UTF-8 are replaced.
pub(in crate::indicator) fn percent(text: &str) -> String {
    let mut octets = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let pair = (byte == b'%').then(|| Some((hex(ahead.next()?)?, hex(ahead.next()?)?))).flatten();
        if let Some((high, low)) = pair {
            octets.push(high * 16 + low);
            bytes = ahead;
        } else {
            octets.push(byte);
        }
    }
    String::from_utf8(octets).unwrap_or_else(|lossy| String::from_utf8_lossy(lossy.as_bytes()).into_owned())
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The host of an absolute http URL, lower case, without userinfo and port.
pub(super) fn host_of(url: &str) -> Option<String> {
    let rest = url.split_once("//").map(|(_, rest)| rest)?.trim_start_matches(['/', '\\']);
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?.trim_matches('.');
    (host.contains('.') && !host.contains(char::is_whitespace)).then(|| host.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_hosts() {
        assert_eq!(path("https://a.example/b?c#d"), "/b?c#d");
        assert_eq!(path("https://a.example?c"), "?c");
        assert_eq!(path("https://a.example"), "");
        assert_eq!(host_of("https://u:p@A.example:80/x").as_deref(), Some("a.example"));
        assert_eq!(host_of("/x"), None);
        assert_eq!(percent("a%2Fb%zz%4"), "a/b%zz%4");
    }
}
