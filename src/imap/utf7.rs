//! Mailbox names on the wire: modified UTF-7 (RFC 3501 §5.1.3), both ways, and quoted strings.
//!
//! Every server takes it, also those that would take UTF-8 after ENABLE; raw UTF-8 in SELECT is answered NO by Dovecot, Cyrus and
//! Courier alike (measured).

use base64::Engine as _;
use base64::alphabet::Alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use std::sync::LazyLock;

static BASE64: LazyLock<Option<GeneralPurpose>> = LazyLock::new(|| {
    let alphabet = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").ok()?;
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone);
    Some(GeneralPurpose::new(&alphabet, config))
});

/// A name as it goes on the wire: printable ASCII only.
pub fn encode(name: &str) -> String {
    let mut wire = String::with_capacity(name.len());
    let mut shifted = String::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut wire, &mut shifted);
            wire.push(c);
            if c == '&' {
                wire.push('-');
            }
        } else {
            shifted.push(c);
        }
    }
    flush(&mut wire, &mut shifted);
    wire
}

fn flush(wire: &mut String, shifted: &mut String) {
    if shifted.is_empty() {
        return;
    }
    let octets: Vec<u8> = shifted.encode_utf16().flat_map(u16::to_be_bytes).collect();
    if let Some(base64) = BASE64.as_ref() {
        wire.push('&');
        base64.encode_string(octets, wire);
        wire.push('-');
    }
    shifted.clear();
}

/// A name from the wire. Total: what is not modified UTF-7 (raw UTF-8, broken shifts) is kept as it came, because it must still
/// be possible to show and to compare it.
pub fn decode(wire: &str) -> String {
    let mut name = String::with_capacity(wire.len());
    let mut rest = wire;
    while let Some((before, after)) = rest.split_once('&') {
        name.push_str(before);
        let Some((shifted, next)) = after.split_once('-') else {
            name.push('&');
            rest = after;
            continue;
        };
        if shifted.is_empty() {
            name.push('&');
            rest = next;
        } else if let Some(decoded) = unshift(shifted) {
            name.push_str(&decoded);
            rest = next;
        } else {
            name.push('&');
            rest = after;
        }
    }
    name.push_str(rest);
    name
}

fn unshift(shifted: &str) -> Option<String> {
    let octets = BASE64.as_ref()?.decode(shifted).ok()?;
    if octets.len() % 2 != 0 {
        return None;
    }
    let units =
        octets.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(u16::from_be_bytes);
    char::decode_utf16(units).collect::<Result<String, _>>().ok()
}

/// A quoted string (RFC 3501 §4.3), or none where the text cannot be one: CR, LF, NUL and anything beyond ASCII.
pub(super) fn quote(text: &str) -> Option<String> {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if !c.is_ascii() || c.is_control() {
            return None;
        }
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    Some(quoted)
}

/// A string as imap-proto gives it, which leaves the escapes of quoted strings in and does not say that it was quoted. Where each
/// backslash stands before `"` or another one, they are escapes; a name that came otherwise cannot hold such a pair by accident
/// but would have to be called so.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped @ ('"' | '\\')) => plain.push(escaped),
                _ => return text.to_owned(),
            },
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, quote, unescape};
    use proptest::prelude::*;

    #[test]
    fn japanese_names_become_what_real_servers_were_seen_to_take() {
        assert_eq!(encode("komainu隔離"), "komainu&lpSW4g-");
        assert_eq!(encode("日本語 フォルダ「隔離」"), "&ZeVnLIqe- &MNUwqTDrMMAwDJaUluIwDQ-");
        assert_eq!(encode("Tom & Jerry"), "Tom &- Jerry");
        assert_eq!(decode("Tom &- Jerry"), "Tom & Jerry");
        assert_eq!(decode("~peter/mail/&U,BTFw-/&ZeVnLIqe-"), "~peter/mail/台北/日本語");
    }

    #[test]
    fn what_is_not_modified_utf7_is_kept_as_it_came() {
        for wire in ["&", "a&b", "&!!!-", "&AAA-", "隔離", "&2AA-", "&-&"] {
            let decoded = decode(wire);
            assert!(!decoded.is_empty(), "{wire}");
        }
        assert_eq!(decode("隔離"), "隔離");
        assert_eq!(decode("a&b-c"), "a&b-c");
    }

    #[test]
    fn quoting_escapes_and_refuses() {
        assert_eq!(quote(r#"a"b\c"#).as_deref(), Some(r#""a\"b\\c""#));
        assert_eq!(quote("a\r\nA2 LOGOUT"), None);
        assert_eq!(quote("隔離"), None);
        assert_eq!(quote("\0"), None);
    }

    #[test]
    fn escapes_are_taken_out_where_they_are_escapes() {
        assert_eq!(unescape(r#"a\"b\\c"#), r#"a"b\c"#);
        assert_eq!(unescape(r"a\b"), r"a\b");
        assert_eq!(unescape(r"a\"), r"a\");
    }

    proptest! {
        #[test]
        fn every_name_comes_back(name in "\\PC*") {
            let wire = encode(&name);
            prop_assert!(wire.bytes().all(|b| (0x20..0x7f).contains(&b)));
            prop_assert_eq!(decode(&wire), name);
        }

        #[test]
        fn decoding_is_total(wire in any::<String>()) {
            let _ = decode(&wire);
        }
    }
}
