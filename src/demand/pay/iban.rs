//! International bank account numbers by their check digits (ISO 13616, ISO 7064 MOD 97-10), and routing numbers by theirs.

/// Length of an IBAN by country (SWIFT IBAN registry), for the countries most seen; others are held to 15 to 34.
const LENGTHS: &[(&str, usize)] = &[
    ("ad", 24),
    ("ae", 23),
    ("at", 20),
    ("be", 16),
    ("bg", 22),
    ("ch", 21),
    ("cy", 28),
    ("cz", 24),
    ("de", 22),
    ("dk", 18),
    ("ee", 20),
    ("es", 24),
    ("fi", 18),
    ("fr", 27),
    ("gb", 22),
    ("gr", 27),
    ("hr", 21),
    ("hu", 28),
    ("ie", 22),
    ("it", 27),
    ("li", 21),
    ("lt", 20),
    ("lu", 20),
    ("lv", 21),
    ("mt", 31),
    ("nl", 18),
    ("no", 15),
    ("pl", 28),
    ("pt", 25),
    ("ro", 24),
    ("rs", 22),
    ("sa", 24),
    ("se", 24),
    ("si", 19),
    ("sk", 24),
    ("tr", 26),
    ("ua", 29),
];

/// The IBAN that begins at `at` of a normalised text, without its spaces and in capitals, and where it ends.
pub(super) fn iban(text: &str, at: usize) -> Option<(String, usize)> {
    let rest = text.get(at..)?;
    let head = rest.as_bytes().get(..4)?;
    let country = rest.get(..2)?;
    if !(head.iter().take(2).all(u8::is_ascii_lowercase) && head.iter().skip(2).all(u8::is_ascii_digit)) {
        return None;
    }
    let long = LENGTHS.iter().find(|(code, _)| *code == country).map(|(_, long)| *long);
    let mut compact = String::new();
    let mut end = at;
    for (offset, ch) in rest.char_indices().take(50) {
        if ch.is_ascii_alphanumeric() {
            compact.push(ch.to_ascii_uppercase());
            end = at + offset + 1;
        } else if !matches!(ch, ' ' | '-') {
            break;
        }
        if long == Some(compact.len()) {
            break;
        }
        if long.is_none() && compact.len() >= 15 && valid(&compact) {
            break;
        }
    }
    let glued = text.get(end..).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_alphanumeric()));
    let right = long.map_or((15..=34).contains(&compact.len()), |long| long == compact.len());
    (right && !glued && valid(&compact)).then_some((compact, end))
}

/// MOD 97-10.
fn valid(compact: &str) -> bool {
    let Some((head, tail)) = compact.split_at_checked(4) else { return false };
    let mut rest: u32 = 0;
    for ch in tail.chars().chain(head.chars()) {
        let Some(value) = ch.to_digit(36) else { return false };
        rest = if value < 10 { rest * 10 + value } else { rest * 100 + value } % 97;
    }
    rest == 1
}

/// Whether nine digits are a routing number of the American Bankers Association.
pub(super) fn is_routing(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .zip([3, 7, 1, 3, 7, 1, 3, 7, 1])
        .map(|(digit, weight)| u32::from(digit.saturating_sub(b'0')) * weight)
        .sum();
    digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit()) && sum % 10 == 0 && sum > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_decide() {
        for (written, compact) in [
            ("de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
            ("gb82 west 1234 5698 7654 32", "GB82WEST12345698765432"),
            ("fr1420041010050500013m02606", "FR1420041010050500013M02606"),
        ] {
            assert_eq!(iban(written, 0).map(|(iban, _)| iban).as_deref(), Some(compact));
        }
        for none in
            ["de89 3704 0044 0532 0130 01", "gb82", "de89370400440532013000x", "", "no93 8601 1117 94"]
        {
            assert_eq!(iban(none, 0), None, "{none}");
        }
        assert!(is_routing("021000021") && !is_routing("021000022") && !is_routing("000000000"));
    }
}
