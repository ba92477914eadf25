//! Signs to lines. Japanese breaks between any two characters but for kinsoku (JIS X 4051 §6.1); a word of Latin letters is
//! kept whole; what is longer than a word (a URL, a digest) breaks where the line ends.

use std::ops::Range;

use super::sign::{Hand, Sign, is_latin};

/// How lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Where reading allows it.
    Words,
    /// Where the measure ends: every sign counts, spaces, too.
    Anywhere,
}

/// More signs without a place to break than this are no word.
const WORD: usize = 24;

/// Signs of `[U+10FFFF]`, but for the last.
const NUMBER: usize = 9;

/// Of what is no word, so many signs are given up to end the line at a stroke or a dot.
const GIVEN_UP: usize = 10;

/// Which signs stand on which line. Every sign is on one line, each line has at least one; time grows with the signs
/// and not with the measure. Spaces at the end of a line may reach beyond the measure ([`trimmed`]).
pub(super) fn wrap(signs: &[Sign], measure: f32, size: f32, manner: Manner) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    while let Some(rest) = signs.get(start..).filter(|rest| !rest.is_empty()) {
        let taken = fit(rest, measure / size, manner).max(1);
        lines.push(start..start + taken);
        start += taken;
    }
    lines
}

/// Without the spaces at its end.
pub(super) fn trimmed(line: &[Sign]) -> &[Sign] {
    let kept = line.iter().rposition(|sign| !is_space(sign.ch)).map_or(0, |at| at + 1);
    line.get(..kept).unwrap_or_default()
}

/// Width in ems.
pub(super) fn width(signs: &[Sign]) -> f32 {
    signs.iter().map(|sign| sign.advance()).sum()
}

/// Width of the longest stretch without a place to break, in ems.
pub(super) fn longest(signs: &[Sign]) -> f32 {
    let mut longest = 0.0_f32;
    let mut stretch = 0.0;
    let mut before: Option<Sign> = None;
    for sign in signs {
        if is_space(sign.ch) || before.is_some_and(|before| may_break(before, *sign)) {
            stretch = 0.0;
        }
        if !is_space(sign.ch) {
            stretch += sign.advance();
        }
        longest = longest.max(stretch);
        before = Some(*sign);
    }
    longest
}

/// How many of the signs stand on the first line.
fn fit(signs: &[Sign], measure: f32, manner: Manner) -> usize {
    let mut width = 0.0;
    let mut last = 0;
    let mut before: Option<Sign> = None;
    for (at, sign) in signs.iter().enumerate() {
        if before.is_some_and(|before| may_break(before, *sign)) {
            last = at;
        }
        width += sign.advance();
        if width > measure && (manner == Manner::Anywhere || !is_space(sign.ch)) {
            return match manner {
                Manner::Anywhere => whole_number(signs, at),
                Manner::Words => end(signs, last, at),
            };
        }
        before = Some(*sign);
    }
    signs.len()
}

/// That place, or the one before the `[U+XXXX]` that it would break.
fn whole_number(signs: &[Sign], at: usize) -> usize {
    let shown = |at: &usize| signs.get(*at).is_some_and(|sign| matches!(sign.hand, Hand::Shown(_)));
    let begins = |at: &usize| signs.get(*at).copied().is_some_and(starts_number);
    let from = (at.saturating_sub(NUMBER)..=at).rev().take_while(shown).find(begins);
    from.filter(|from| *from > 0).unwrap_or(at)
}

/// Where a line ends whose measure ends at `full`, the last place to break being `last` (0: none).
fn end(signs: &[Sign], last: usize, full: usize) -> usize {
    let tail = signs.get(last..).unwrap_or_default();
    let unbroken = tail
        .iter()
        .zip(tail.iter().skip(1))
        .take(WORD)
        .position(|(before, after)| may_break(*before, *after) || is_space(after.ch));
    let is_word = unbroken.is_some() || tail.len() <= WORD;
    if is_word && last > 0 {
        return last;
    }
    let from = full.saturating_sub(GIVEN_UP).max(last + 1);
    let ends = signs.get(from..full).unwrap_or_default();
    ends.iter().rposition(|sign| ends_part(sign.ch)).map_or(full, |at| from + at + 1)
}

/// Whether a line may end between the two.
fn may_break(before: Sign, after: Sign) -> bool {
    if is_space(after.ch) {
        return false;
    }
    if ends_number(before) && starts_number(after) {
        return true;
    }
    if is_space(before.ch) {
        return !starts_no_line(after.ch);
    }
    if starts_no_line(after.ch) || ends_no_line(before.ch) || (before.ch == after.ch && is_pair(after.ch)) {
        return false;
    }
    if is_latin(before.ch) && is_latin(after.ch) {
        return before.ch == '-' && after.ch.is_alphabetic();
    }
    true
}

/// The `]` of `[U+XXXX]`, and the `[` of the next.
fn ends_number(sign: Sign) -> bool {
    sign.ch == ']' && matches!(sign.hand, Hand::Shown(_))
}

fn starts_number(sign: Sign) -> bool {
    sign.ch == '[' && matches!(sign.hand, Hand::Shown(_))
}

fn is_space(ch: char) -> bool {
    matches!(ch, ' ' | '\u{3000}')
}

/// Whether a URL may as well end a line here.
fn ends_part(ch: char) -> bool {
    matches!(ch, '/' | '?' | '&' | '=' | '-' | '_' | '.' | '@' | ',' | ';' | ':' | '|')
}

/// What is never parted from its like: ――, ……, ‥‥.
fn is_pair(ch: char) -> bool {
    matches!(ch, '―' | '—' | '…' | '‥')
}

/// Gyōtō kinsoku: closing brackets, points, small kana, marks of repetition and length, and units.
fn starts_no_line(ch: char) -> bool {
    matches!(
        ch,
        ')' | ']' | '}' | ',' | '.' | '!' | '?' | ':' | ';' | '%'
            | '’' | '”' | '»' | '›' | '）' | '］' | '｝' | '〕' | '〉' | '》' | '」' | '』' | '】' | '〙' | '〗' | '〟' | '｠'
            | '、' | '。' | '，' | '．' | '・' | '：' | '；' | '？' | '！' | '‼' | '⁇' | '⁈' | '⁉'
            | '｡' | '｣' | '､' | '･' | 'ｰ' | 'ﾞ' | 'ﾟ' | 'ｧ'..='ｯ'
            | 'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' | 'ゕ' | 'ゖ'
            | 'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' | 'ヵ' | 'ヶ' | 'ㇰ'..='ㇿ'
            | 'ー' | '゛' | '゜' | 'ゝ' | 'ゞ' | 'ヽ' | 'ヾ' | '々' | '〻' | '〜' | '～' | '‐' | '–' | '゠'
            | '％' | '‰' | '℃' | '°' | '′' | '″' | '￠' | '¢'
    )
}

/// Gyōmatsu kinsoku: opening brackets and what stands before a number.
fn ends_no_line(ch: char) -> bool {
    matches!(
        ch,
        '(' | '['
            | '{'
            | '‘'
            | '“'
            | '«'
            | '‹'
            | '（'
            | '［'
            | '｛'
            | '〔'
            | '〈'
            | '《'
            | '「'
            | '『'
            | '【'
            | '〘'
            | '〖'
            | '〝'
            | '｟'
            | '｢'
            | '¥'
            | '￥'
            | '$'
            | '＄'
            | '£'
            | '￡'
            | '€'
            | '#'
            | '＃'
            | '№'
            | '−'
            | '±'
    )
}

#[cfg(test)]
mod tests;
