//! Character references: `&amp;`, `&#38;`.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// A character reference (§13.2.5.72 and on).
pub(super) struct Reference {
    pub(super) chars: [Option<char>; 2],
    /// Octets behind the `&` that belong to it.
    pub(super) long: usize,
    /// Octets behind these that were looked at to know that.
    pub(super) looked_at: usize,
}

impl Reference {
    fn of(chars: [Option<char>; 2], long: usize) -> Self {
        Self { chars, long, looked_at: 0 }
    }

    /// The `&` stands for itself.
    fn none(looked_at: usize) -> Self {
        Self { chars: [Some('&'), None], long: 0, looked_at }
    }

    /// What stands behind an `&`.
    pub(super) fn read(rest: &str, in_attribute: bool) -> Self {
        match rest.bytes().next() {
            Some(b'#') => Self::number(rest),
            Some(first) if first.is_ascii_alphanumeric() => Self::named(rest, in_attribute),
            _ => Self::none(0),
        }
    }

    fn number(rest: &str) -> Self {
        let hexadecimal = matches!(rest.as_bytes().get(1), Some(b'x' | b'X'));
        let (mark, base) = if hexadecimal { (2, 16) } else { (1, 10) };
        let digits = rest.get(mark..).unwrap_or_default();
        let long = digits.chars().take_while(|ch| ch.is_digit(base)).count();
        if long == 0 {
            return Self::none(mark);
        }
        let value = digits
            .chars()
            .map_while(|ch| ch.to_digit(base))
            .fold(0_u32, |value, digit| value.saturating_mul(base).saturating_add(digit));
        let told = (value.checked_sub(0x80)).and_then(|at| *C1_REPLACEMENTS.get(at as usize)?);
        let ch = told.or_else(|| char::from_u32(value).filter(|ch| *ch != '\0')).unwrap_or('\u{fffd}');
        let closed = digits.as_bytes().get(long) == Some(&b';');
        Self::of([Some(ch), None], mark + long + usize::from(closed))
    }

    fn named(rest: &str, in_attribute: bool) -> Self {
        let mut found = None;
        let mut read = 0;
        for ch in rest.chars() {
            read += ch.len_utf8();
            match rest.get(..read).and_then(|name| NAMED_ENTITIES.get(name)) {
                // Zero: others begin so.
                Some(&(first, second)) if first != 0 => found = Some((read, first, second)),
                Some(_) => {}
                None => break,
            }
        }
        let Some((long, first, second)) = found else {
            // To the end of the word, and the sign behind it.
            let word = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            let sign = rest.get(word..).and_then(|rest| rest.chars().next());
            return Self::none(word + sign.map_or(0, char::len_utf8));
        };
        let open = rest.get(..long).is_some_and(|name| !name.ends_with(';'));
        let next = rest.get(long..read).and_then(|rest| rest.bytes().next());
        if in_attribute && open && next.is_some_and(|octet| octet == b'=' || octet.is_ascii_alphanumeric()) {
            return Self::none(read);
        }
        let second = char::from_u32(second).filter(|ch| *ch != '\0');
        Self { chars: [char::from_u32(first), second], long, looked_at: read - long }
    }
}
