//! ISO-2022-JP with every extension that mail carries.

use encoding_rs::EUC_JP;

/// True where one of the escape sequences of ISO-2022-JP and its extensions stands in the octets.
pub(super) fn has_escape(octets: &[u8]) -> bool {
    memchr::memchr_iter(0x1B, octets).any(|at| {
        let after = octets.get(at + 1..).unwrap_or_default();
        matches!(after, [b'$', b'@' | b'B' | b'(', ..] | [b'(', b'J' | b'I', ..])
    })
}

/// The sets that an escape sequence can call up.
#[derive(Clone, Copy)]
enum Set {
    Ascii,
    Kana,
    /// JIS X 0208 and the first plane of JIS X 0213, which holds it.
    Kanji,
    /// JIS X 0212.
    Supplement,
}

/// ISO-2022-JP and all its extensions, by way of EUC-JP, which has room for the same sets. encoding_rs reads only the
/// WHATWG subset, and turns adjacent escape sequences (words of a header field put together) into U+FFFD.
pub(super) fn decode(octets: &[u8]) -> (String, usize) {
    let mut euc = Vec::with_capacity(octets.len());
    let mut set = Set::Ascii;
    let mut before_shift = Set::Ascii;
    let mut rest = octets;
    loop {
        rest = match (rest, set) {
            ([], _) => break,
            ([0x1B, b'$', b'(', b'D', tail @ ..], _) => {
                set = Set::Supplement;
                tail
            }
            (
                [0x1B, b'$', b'(', b'@' | b'B' | b'O' | b'P' | b'Q', tail @ ..]
                | [0x1B, b'$', b'@' | b'B', tail @ ..],
                _,
            ) => {
                set = Set::Kanji;
                tail
            }
            ([0x1B, b'(', b'I', tail @ ..], _) => {
                set = Set::Kana;
                tail
            }
            ([0x1B, b'(', b'B' | b'J' | b'H', tail @ ..] | [0x1B, b'&', b'@', tail @ ..], _) => {
                set = Set::Ascii;
                tail
            }
            // SO and SI call up kana in JIS7.
            ([0x0E, tail @ ..], _) => {
                before_shift = set;
                set = Set::Kana;
                tail
            }
            ([0x0F, tail @ ..], _) => {
                set = before_shift;
                tail
            }
            ([a @ 0x21..=0x7E, b @ 0x21..=0x7E, tail @ ..], Set::Kanji) => {
                euc.extend([a | 0x80, b | 0x80]);
                tail
            }
            ([a @ 0x21..=0x7E, b @ 0x21..=0x7E, tail @ ..], Set::Supplement) => {
                euc.extend([0x8F, a | 0x80, b | 0x80]);
                tail
            }
            ([a @ 0x21..=0x5F, tail @ ..], Set::Kana) => {
                euc.extend([0x8E, a | 0x80]);
                tail
            }
            // JIS8: kana in the upper half.
            ([a @ 0xA1..=0xDF, tail @ ..], _) => {
                euc.extend([0x8E, *a]);
                tail
            }
            ([a, tail @ ..], _) => {
                // A lone octet of a pair, a control, or rubbish: kept where it can stand for itself.
                euc.push(if a.is_ascii() { *a } else { b'?' });
                tail
            }
        };
    }
    let (text, _) = EUC_JP.decode_without_bom_handling(&euc);
    let errors = text.chars().filter(|c| *c == '\u{FFFD}').count();
    (text.into_owned(), errors)
}
