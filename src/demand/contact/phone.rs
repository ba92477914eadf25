//! Telephone numbers: Japanese (geographic, mobile, IP, free and navigation dial), North American, and international.

use std::ops::Range;

use crate::demand::cue::Cue;
use crate::demand::page::Page;

/// Octets within which a word for a telephone stands before its number.
const LEAD: usize = 30;

/// Every number to call, as it was written (in ASCII), with its place.
pub(super) fn phones(page: &Page<'_>) -> Vec<(String, Range<usize>)> {
    let mut out = Vec::new();
    for line in page.own_lines() {
        let mut at = line.span.start;
        let mut before: Option<char> = None;
        while at < line.span.end {
            let Some(ch) = page.normal.get(at..).and_then(|rest| rest.chars().next()) else { break };
            let begins = (ch.is_ascii_digit() || matches!(ch, '+' | '('))
                && !before.is_some_and(|c| {
                    c.is_ascii_alphanumeric()
                        || matches!(c, '-' | '/' | '.' | '=' | '&' | '_' | '$' | '¥' | '#' | '+' | ',')
                });
            if begins && let Some(end) = phone(page, at, line.span.end) {
                let written = page.normal.get(at..end).unwrap_or_default().trim().to_owned();
                out.push((written, at..end));
                before = Some('0');
                at = end;
                continue;
            }
            before = Some(ch);
            at += ch.len_utf8();
        }
    }
    out
}

/// Where the number that begins at `at` ends.
fn phone(page: &Page<'_>, at: usize, stop: usize) -> Option<usize> {
    let text = page.normal.get(at..stop)?;
    let groups = Groups::read(text)?;
    // The longest run of whole groups that is a number.
    let count = (1..=groups.ends.len()).rev().find(|count| groups.is_number(*count))?;
    let end = at + *groups.ends.get(count - 1)?;
    let after = page.normal.get(end..).unwrap_or_default();
    if after.starts_with(|c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '円' | '年' | '月' | '時' | '@' | '%')
    }) && !after.starts_with("pm")
    {
        return None;
    }
    let word = page.cues.before(Cue::PhoneWord, at, LEAD);
    let other = page.cues.before(Cue::NotPhone, at, 20);
    if let Some(other) = other
        && word.as_ref().is_none_or(|word| word.end <= other.end)
    {
        return None;
    }
    // A number without any mark of its own needs a word for it.
    (groups.plain(count) || word.is_some()).then_some(end)
}

/// Groups of digits and what stands between them.
struct Groups {
    plus: bool,
    bracket: bool,
    /// Digits of each group.
    digits: Vec<String>,
    /// Where each group ends, closing brackets included.
    ends: Vec<usize>,
    /// Whether any two groups are kept apart by more than a space.
    signs: bool,
}

impl Groups {
    fn read(text: &str) -> Option<Self> {
        let mut groups = Self {
            plus: text.starts_with('+'),
            bracket: text.starts_with('('),
            digits: Vec::new(),
            ends: Vec::new(),
            signs: false,
        };
        let mut current = String::new();
        let mut gap = 0;
        for (at, ch) in text.char_indices().take(40) {
            if ch.is_ascii_digit() {
                gap = 0;
                current.push(ch);
                continue;
            }
            let between =
                matches!(ch, '-' | ' ' | '(' | ')' | '.' | '/' | '一' | '〜') || (at == 0 && ch == '+');
            if !current.is_empty() {
                groups.digits.push(std::mem::take(&mut current));
                groups.ends.push(at);
            }
            gap += 1;
            if !between || gap > 3 || groups.digits.len() > 6 {
                break;
            }
            groups.signs |= matches!(ch, '-' | '(' | ')' | '.') && at > 0;
        }
        if !current.is_empty() {
            let end = text.char_indices().take(40).last().map_or(0, |(at, ch)| at + ch.len_utf8());
            groups.digits.push(current);
            groups.ends.push(end);
        }
        (!groups.digits.is_empty()).then_some(groups)
    }

    fn lengths(&self, count: usize) -> Vec<usize> {
        self.digits.iter().take(count).map(String::len).collect()
    }

    /// Whether the first `count` groups are a telephone number.
    fn is_number(&self, count: usize) -> bool {
        let lengths = self.lengths(count);
        let total: usize = lengths.iter().sum();
        let first = self.digits.first().map_or("", String::as_str);
        if self.plus {
            return (8..=15).contains(&total)
                && lengths.iter().all(|long| *long >= 1)
                && !first.starts_with('0');
        }
        if first.starts_with('0') {
            let japanese = match lengths.as_slice() {
                [10 | 11] => {
                    first.starts_with("0120")
                        || first.starts_with("0800")
                        || first.starts_with("0570")
                        || is_mobile(first)
                        || total == 10
                }
                [a, b] => (2..=5).contains(a) && (5..=8).contains(b),
                [a, b, c] => (2..=5).contains(a) && (1..=4).contains(b) && (3..=4).contains(c),
                [a, b, c, d] => *a >= 3 && (2..=4).contains(b) && (2..=4).contains(c) && (2..=4).contains(d),
                _ => false,
            };
            return japanese && matches!(total, 10 | 11) && !first.starts_with("00")
                || (first == "00" || first.starts_with("001") || first.starts_with("004"))
                    && total >= 10
                    && count >= 3;
        }
        let area = |digits: &str| digits.starts_with(|c: char| ('2'..='9').contains(&c));
        match lengths.as_slice() {
            [3, 3, 4] => area(first) && (self.signs || self.bracket),
            [1, 3, 3, 4] => first == "1",
            [3, 7] | [3, 4, 4] => self.bracket,
            [1, 10] | [11] => first.starts_with('1') && total == 11,
            [10] => area(first),
            _ => false,
        }
    }

    /// Whether the number shows by its form alone that it is one.
    fn plain(&self, count: usize) -> bool {
        let lengths = self.lengths(count);
        let first = self.digits.first().map_or("", String::as_str);
        self.plus
            || self.bracket
            || (count >= 3 && self.signs)
            || (lengths.len() == 1 && is_mobile(first))
            || (first.starts_with("0120") || first.starts_with("0800") || first.starts_with("0570"))
                && count >= 2
            || (first.starts_with('0') && count >= 3)
    }
}

/// 050 (IP), 070, 080, 090 (mobile), eleven digits.
fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && ["050", "070", "080", "090"].iter().any(|head| digits.starts_with(head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Place, Text};

    fn found(written: &str) -> Vec<String> {
        let text = Text::new(written);
        let page = Page::new(Place::Text(1), &text);
        phones(&page).into_iter().map(|(number, _)| number).collect()
    }

    #[test]
    fn numbers_to_call() {
        for (written, expected) in [
            ("相談窓口 03-0000-1234 まで", "03-0000-1234"),
            ("０５０－００００－９８７６（担当：佐々木）", "050-0000-9876"),
            ("電話０３（００００）１２３４", "03(0000)1234"),
            ("フリーダイヤル 0120-000-555", "0120-000-555"),
            ("携帯09000001234", "09000001234"),
            ("+81-3-0000-0000", "+81-3-0000-0000"),
            ("または +1-888-555-0147", "+1-888-555-0147"),
            ("call +1 (888) 555-0123.", "+1 (888) 555-0123"),
            ("call 202-555-0176 and", "202-555-0176"),
            ("Phone: (415) 555-0132", "(415) 555-0132"),
            ("1-800-555-0199", "1-800-555-0199"),
            ("Tel: +49 30 0000 1122,", "+49 30 0000 1122"),
            ("call us on 020 7946 0000", "020 7946 0000"),
            ("888.555.0123", "888.555.0123"),
        ] {
            assert_eq!(found(written), [expected], "{written}");
        }
        for none in [
            "2026-11-25 10:00",
            "〒100-0000 架空市",
            "FAX 03-0000-9999",
            "注文番号 20261112-0045",
            "口座番号 1234567",
            "金額 1,250,000円",
            "Order 555-010-1234",
            "invoice INV-2026-118",
            "192.168.100.200",
            "https://x.example/03-0000-1234",
        ] {
            assert_eq!(found(none), Vec::<String>::new(), "{none}");
        }
    }
}
