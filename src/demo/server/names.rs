//! Mailbox names: modified UTF-7 on the wire (RFC 3501 §5.1.3), and the patterns of LIST.

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const CODEC: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// A name as people write it, to the name on the wire.
pub(super) fn to_wire(name: &str) -> String {
    let mut wire = String::new();
    let mut pending: Vec<u8> = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            shift_out(&mut wire, &mut pending);
            wire.push(c);
            if c == '&' {
                wire.push('-');
            }
        } else {
            let mut units = [0_u16; 2];
            pending.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    shift_out(&mut wire, &mut pending);
    wire
}

fn shift_out(wire: &mut String, pending: &mut Vec<u8>) {
    if !pending.is_empty() {
        wire.push('&');
        wire.push_str(&CODEC.encode(&*pending));
        wire.push('-');
        pending.clear();
    }
}

/// A name on the wire, to the name as people write it; `None` where it is not modified UTF-7.
pub(super) fn from_wire(wire: &str) -> Option<String> {
    if !wire.is_ascii() {
        return None;
    }
    let mut name = String::new();
    let mut rest = wire;
    while let Some((plain, shifted)) = rest.split_once('&') {
        name.push_str(plain);
        let (coded, after) = shifted.split_once('-')?;
        if coded.is_empty() {
            name.push('&');
        } else {
            let octets = CODEC.decode(coded).ok()?;
            let (pairs, left) = octets.as_chunks::<2>();
            if !left.is_empty() {
                return None;
            }
            let units = pairs.iter().map(|pair| u16::from_be_bytes(*pair));
            for c in char::decode_utf16(units) {
                name.push(c.ok()?);
            }
        }
        rest = after;
    }
    name.push_str(rest);
    Some(name)
}

/// Whether a name answers to a LIST pattern: `*` is anything, `%` anything within one level.
pub(super) fn matches(pattern: &str, name: &str, delimiter: char) -> bool {
    // The set of places in the pattern that are reached so far: linear in both, whatever the pattern.
    let pattern: Vec<char> = pattern.chars().collect();
    let mut reached = vec![false; pattern.len() + 1];
    let spread = |reached: &mut Vec<bool>| {
        for (at, c) in pattern.iter().enumerate() {
            if reached.get(at) == Some(&true)
                && matches!(c, '*' | '%')
                && let Some(next) = reached.get_mut(at + 1)
            {
                *next = true;
            }
        }
    };
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    spread(&mut reached);
    for c in name.chars() {
        let mut next = vec![false; pattern.len() + 1];
        for (at, wanted) in pattern.iter().enumerate() {
            if reached.get(at) != Some(&true) {
                continue;
            }
            let stays = *wanted == '*' || (*wanted == '%' && c != delimiter);
            let goes = !matches!(wanted, '*' | '%') && *wanted == c;
            let place = if stays { at } else { at + 1 };
            if (stays || goes)
                && let Some(place) = next.get_mut(place)
            {
                *place = true;
            }
        }
        spread(&mut next);
        reached = next;
    }
    reached.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::{from_wire, matches, to_wire};

    #[test]
    fn names_in_modified_utf7_go_there_and_back() {
        for (name, wire) in [
            ("日本語 フォルダ「隔離」", "&ZeVnLIqe- &MNUwqTDrMMAwDJaUluIwDQ-"),
            ("Tom & Jerry", "Tom &- Jerry"),
            ("INBOX", "INBOX"),
            ("😀", "&2D3eAA-"),
        ] {
            assert_eq!(to_wire(name), wire);
            assert_eq!(from_wire(wire).as_deref(), Some(name));
        }
        for bad in ["&", "&AA-", "&ZeVn", "&2D0-", "隔離"] {
            assert_eq!(from_wire(bad), None, "{bad}");
        }
    }

    #[test]
    fn patterns_know_levels() {
        assert!(matches("*", "A/B", '/'));
        assert!(matches("%", "A", '/'));
        assert!(!matches("%", "A/B", '/'));
        assert!(matches("A/%", "A/B", '/'));
        assert!(!matches("A/%", "A/B/C", '/'));
        assert!(matches("*B*", "A/B/C", '/'));
        assert!(!matches("INBOX.", "INBOX", '.'));
        assert!(!matches("", "INBOX", '.'));
    }
}
