//! The one normaliser: text as it is matched, with a map back to the text as it was written.
//!
//! Lexicon phrases go through [`normalise`], mail through [`super::Text::new`]; both take the same path, so a fold need not
//! be "right", only the same on both sides. In order:
//!
//! 1. NFKC, cluster by cluster (a character with the marks that follow it), so that each result knows where it came
//!    from. Half-width kana become full-width here, full-width Latin becomes ASCII.
//! 2. Zero-width, bidi, soft hyphen, variation selectors, controls and combining marks left over go; Latin, Greek and
//!    Cyrillic lose their accents and their case. Hiragana and katakana stay apart, small kana become large.
//! 3. Kanji variants, confusables and circles fold to one representative ([`super::fold`]).
//! 4. White space runs become one space; it stays only between two characters that are not Japanese, because
//!    Japanese is written without, and mail wraps its lines anywhere. Signs that stand between single Japanese
//!    characters at least twice in a row ("架.空.請求") go.
//! 5. Within a word, Greek and Cyrillic letters become the Latin ones they are drawn like if the word has a Latin
//!    letter as well, or if every letter of it has a look-alike. Other Greek and Russian stays as it is.
//! 6. `ー`, `一` and dashes are one sign beside Japanese (`一`), and `-` beside Latin letters and digits.

mod stretch;

use std::iter::Peekable;
use std::str::CharIndices;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::fold;
use stretch::offset;

pub(super) use stretch::mapped;

/// Marks beyond this on one character are dropped unread: normalisation sorts them, and thousands are only noise.
const MAX_MARKS: usize = 16;

/// One character of the normal text, and the octets of the original that it stands for.
#[derive(Debug, Clone, Copy)]
struct Unit {
    ch: char,
    at: u32,
    long: u32,
}

impl Unit {
    /// It is as long as what it stands for.
    fn goes_on(self) -> bool {
        self.long == offset(self.ch.len_utf8())
    }
}

/// The normal form of a phrase, for tables that are matched against `Text::normal`. Idempotent.
pub fn normalise(phrase: &str) -> String {
    mapped(phrase).0
}

/// All steps, on `room` characters at a time as far as the text can be parted. What comes of them goes to `put`, in order.
fn units(original: &str, room: usize, put: &mut impl FnMut(Unit)) {
    let mut units = Vec::with_capacity((original.len() / 3 + 1).min(room.saturating_add(16)));
    let mut chars = original.char_indices().peekable();
    let mut cluster = String::new();
    while let Some(long) = expand(&mut chars, &mut cluster, &mut units) {
        if units.len() > room
            && let Some(at) = parting(&units, long)
        {
            let rest = units.split_off(at);
            finish(&mut units, put);
            units.clear();
            units.extend(rest);
        }
    }
    finish(&mut units, put);
}

/// Where the last of the characters may be taken apart from the others, if that can be: between two of which no step
/// looks at the one because of the other. `long` came last.
fn parting(units: &[Unit], long: usize) -> Option<usize> {
    let at = units.len().checked_sub(long)?;
    let (before, after) = (units.get(at.checked_sub(1)?)?.ch, units.get(at)?.ch);
    let firm = |ch| ch != ' ' && !fold::is_separator(ch) && !matches!(ch, '-' | 'ー' | '一');
    (firm(before) && firm(after) && !(is_letter(before) && is_letter(after))).then_some(at)
}

/// Steps 4 to 6.
fn finish(units: &mut Vec<Unit>, put: &mut impl FnMut(Unit)) {
    close_up(units);
    drop_separators(units);
    latin_words(units);
    if dashes(units) {
        // A dash has become Japanese: spaces beside it go as well.
        close_up(units);
    }
    for unit in units {
        put(*unit);
    }
}

/// Steps 1 to 3 for the next character. None at the end; else how many characters it gave.
fn expand(
    chars: &mut Peekable<CharIndices<'_>>,
    cluster: &mut String,
    units: &mut Vec<Unit>,
) -> Option<usize> {
    let before = units.len();
    let (at, ch) = chars.next()?;
    let mut end = at + ch.len_utf8();
    cluster.clear();
    let mut marks = 0;
    while let Some(&(_, next)) = chars.peek() {
        if !joins(next) {
            break;
        }
        if marks == 0 {
            cluster.push(ch);
        }
        if marks < MAX_MARKS && !is_noise(next) {
            cluster.push(next);
        }
        marks += 1;
        end += next.len_utf8();
        chars.next();
    }
    let (at, long) = (offset(at), offset(end - at));
    if marks > 0 {
        for part in cluster.nfkc() {
            emit(part, at, long, units);
        }
    } else if is_plain_wide(ch) {
        units.push(Unit { ch: fold::cjk(ch), at, long });
    } else if ch.is_ascii() {
        emit(ch, at, long, units);
    } else {
        for part in std::iter::once(ch).nfkc() {
            emit(part, at, long, units);
        }
    }
    Some(units.len() - before)
}

/// True where a character belongs to the one before it: marks, half-width voicing marks, Hangul vowels and finals, and
/// noise, which may stand between a character and its mark.
fn joins(ch: char) -> bool {
    if is_plain_wide(ch) {
        return false;
    }
    is_noise(ch)
        || (ch >= '\u{300}'
            && (is_combining_mark(ch) || matches!(u32::from(ch), 0x1160..=0x11FF | 0xFF9E | 0xFF9F)))
}

/// Controls that are no white space, and characters without a picture.
fn is_noise(ch: char) -> bool {
    if ch.is_ascii() {
        return ch.is_ascii_control() && !matches!(ch, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r');
    }
    (ch.is_control() && !ch.is_whitespace()) || fold::ignorable(ch)
}

/// Japanese that NFKC gives back, and that nothing but its look-alikes is to be known of: most of Japanese text.
fn is_plain_wide(ch: char) -> bool {
    matches!(u32::from(ch), 0x3001..=0x3029 | 0x3041..=0x3096 | 0x30A1..=0x30FE | 0x3400..=0x4DBF | 0x4E00..=0x9FFF)
}

fn emit(ch: char, at: u32, long: u32, units: &mut Vec<Unit>) {
    let mut push = |ch: char| units.push(Unit { ch, at, long });
    if ch.is_ascii() {
        if ch.is_ascii_whitespace() || ch == '\u{b}' {
            push(' ');
        } else if !ch.is_ascii_control() {
            push(ch.to_ascii_lowercase());
        }
    } else if ch.is_whitespace() {
        push(' ');
    } else if is_noise(ch) || is_combining_mark(ch) {
        // Noise.
    } else if fold::is_hyphen(ch) {
        push('-');
    } else if fold::is_wide(ch) {
        push(fold::cjk(ch));
    } else if matches!(u32::from(ch), 0xAC00..=0xD7A3) {
        // Taken apart, because letters from which noise was removed would be put together only the next time.
        decompose_canonical(ch, push);
    } else {
        let mut base = |part: char| {
            if !is_combining_mark(part) {
                push(match part {
                    'ς' => 'σ',
                    _ => fold::cjk(part),
                });
            }
        };
        for lower in ch.to_lowercase() {
            decompose_canonical(lower, &mut base);
        }
    }
}

/// White space: none at the ends and beside Japanese, one space elsewhere.
fn close_up(units: &mut Vec<Unit>) {
    let mut last: Option<char> = None;
    let mut kept = 0;
    let mut at = 0;
    while let Some(&unit) = units.get(at) {
        at += 1;
        if unit.ch == ' ' {
            // The first of a run decides, and looks at what follows the run.
            while units.get(at).is_some_and(|next| next.ch == ' ') {
                at += 1;
            }
            let apart = |ch: Option<char>| ch.is_some_and(|ch| !fold::is_wide(ch));
            if !apart(last) || !apart(units.get(at).map(|next| next.ch)) {
                continue;
            }
        }
        if let Some(slot) = units.get_mut(kept) {
            *slot = unit;
        }
        kept += 1;
        last = Some(unit.ch);
    }
    units.truncate(kept);
}

/// Removes signs between single Japanese characters where that happens at least twice in a row.
fn drop_separators(units: &mut Vec<Unit>) {
    // Gaps: index of the Japanese character before, index of the one after.
    let mut gaps: Vec<(usize, usize)> = Vec::new();
    let mut left: Option<usize> = None;
    for (i, unit) in units.iter().enumerate() {
        if fold::is_cjk(unit.ch) {
            if let Some(before) = left
                && before + 1 < i
            {
                gaps.push((before, i));
            }
            left = Some(i);
        } else if !fold::is_separator(unit.ch) && unit.ch != ' ' {
            left = None;
        }
    }
    if gaps.len() < 2 {
        return;
    }
    let mut drop = Vec::new();
    for (i, &(before, after)) in gaps.iter().enumerate() {
        let follows = i.checked_sub(1).and_then(|p| gaps.get(p)).is_some_and(|gap| gap.1 == before);
        let followed = gaps.get(i + 1).is_some_and(|gap| gap.0 == after);
        if follows || followed {
            drop.push((before, after));
        }
    }
    let mut drop = drop.into_iter().peekable();
    let mut i = 0;
    units.retain(|_| {
        let here = i;
        i += 1;
        while drop.peek().is_some_and(|gap| gap.1 <= here) {
            drop.next();
        }
        !drop.peek().is_some_and(|gap| gap.0 < here && here < gap.1)
    });
}

/// Step 5, over maximal runs of letters of the three scripts.
fn latin_words(units: &mut [Unit]) {
    let mut word: &mut [Unit] = units;
    while !word.is_empty() {
        let long = word.iter().take_while(|unit| is_letter(unit.ch)).count();
        let (head, tail) = word.split_at_mut(long);
        if head.iter().any(|unit| !unit.ch.is_ascii()) {
            let latin = head.iter().any(|unit| unit.ch.is_ascii());
            let alike = || head.iter().all(|unit| fold::latin_like(unit.ch).is_some());
            if latin || alike() {
                for unit in head.iter_mut() {
                    unit.ch = fold::latin_like(unit.ch).unwrap_or(unit.ch);
                }
            }
        }
        word = tail.get_mut(1..).unwrap_or_default();
    }
}

fn is_letter(ch: char) -> bool {
    ch.is_ascii_alphabetic()
        || (ch > '\u{7F}'
            && matches!(u32::from(ch), 0xC0..=0x52F | 0x1D00..=0x1FFF | 0xA640..=0xA69F | 0xA720..=0xA7FF)
            && ch.is_alphabetic())
}

/// Step 6. True where a hyphen became Japanese.
fn dashes(units: &mut [Unit]) -> bool {
    let mut changed = false;
    let mut before: Option<char> = None;
    let mut rest = units;
    while let [unit, tail @ ..] = rest {
        if matches!(unit.ch, '-' | 'ー' | '一') {
            let after = tail.first().map(|unit| unit.ch);
            let hyphen = unit.ch == '-';
            let ascii = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_alphanumeric());
            let japanese = before.is_some_and(fold::is_cjk)
                || (!hyphen && (after.is_some_and(fold::is_cjk) || !(ascii(before) || ascii(after))));
            unit.ch = if japanese { '一' } else { '-' };
            changed |= hyphen && japanese;
        }
        // A space beside Japanese is about to go.
        if unit.ch != ' ' || !before.is_some_and(fold::is_cjk) {
            before = Some(unit.ch);
        }
        rest = tail;
    }
    changed
}

#[cfg(test)]
mod tests;
