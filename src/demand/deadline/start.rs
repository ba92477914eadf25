//! Where a time or a day can begin, so that most of a text is not read as one.

use crate::demand::number;

/// Whether what [`super::Scan::read`] knows can begin with this character at all: it is asked of each word, and of each Japanese
/// character.
pub(super) fn may_begin(text: &str, at: usize, ch: char) -> bool {
    if !ch.is_ascii() {
        return is_start(ch) || number::is_numeral(ch);
    }
    if !ch.is_ascii_alphabetic() {
        return ch.is_ascii_digit() || ch == '@';
    }
    // Japan's era, `r8.11.25`.
    ch == 'r' || text.as_bytes().get(at..at + 3).is_some_and(is_head)
}

/// What times and days begin with in Japanese, numerals left out.
fn is_start(ch: char) -> bool {
    matches!(
        ch,
        '本' | '今'
            | '当'
            | 'き'
            | '明'
            | 'あ'
            | '翌'
            | '来'
            | '次'
            | '月'
            | '火'
            | '水'
            | '木'
            | '金'
            | '土'
            | '日'
            | '令'
            | '正'
            | 'お'
            | '昼'
            | '午'
            | '朝'
            | '夕'
            | '夜'
            | '深'
            | '未'
    )
}

/// The same in English: months, days of the week, words for days and numbers, `end of`, `close of`, `cob`, `eod`.
fn is_head(head: &[u8]) -> bool {
    let month = matches!(
        head,
        b"jan"
            | b"feb"
            | b"mar"
            | b"apr"
            | b"may"
            | b"jun"
            | b"jul"
            | b"aug"
            | b"sep"
            | b"oct"
            | b"nov"
            | b"dec"
    );
    let day = matches!(
        head,
        b"mon"
            | b"tue"
            | b"wed"
            | b"thu"
            | b"fri"
            | b"sat"
            | b"sun"
            | b"tod"
            | b"ton"
            | b"tom"
            | b"thi"
            | b"the"
            | b"sam"
            | b"com"
            | b"nex"
            | b"on "
            | b"noo"
            | b"mid"
    );
    let number = matches!(
        head,
        b"one"
            | b"two"
            | b"thr"
            | b"fou"
            | b"fiv"
            | b"six"
            | b"sev"
            | b"eig"
            | b"nin"
            | b"ten"
            | b"twe"
            | b"for"
    );
    month || day || number || matches!(head, b"end" | b"eod" | b"clo" | b"cob")
}

/// Whether the digit at `at` goes on a number (`12:30`, `1,500`, `$20`).
pub(super) fn within_number(text: &str, at: usize) -> bool {
    let mut head = text.get(..at).unwrap_or_default().chars().rev();
    let sign = head.next();
    match sign {
        Some('$' | '¥' | '€' | '£') => true,
        Some('.' | '/' | '-' | ':' | ',') => head.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    }
}
