//! One text of a message with its lines and its cues.

use std::cell::OnceCell;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::message::{Excerpt, Place, Text};

use super::Quote;
use super::cue::{self, Found};

/// Octets of one text that are read; what asks for something says so before.
const MOST_OCTETS: usize = 64 * 1024;
/// Lines of one text that are read.
const MOST_LINES: usize = 2_000;
/// Characters of a value that was read out of a message.
const LONGEST_VALUE: usize = 300;

/// One text.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) place: Place,
    text: &'a Text,
    /// The normal text, as far as it is read.
    pub(super) normal: &'a str,
    pub(super) lines: Vec<Line<'a>>,
    pub(super) cues: Found,
}

/// One line.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// As it was written, without its end.
    pub(super) written: &'a str,
    /// Where it stands in the normal text.
    pub(super) span: Range<usize>,
    /// True where it quotes an earlier message.
    pub(super) quoted: bool,
    /// See [`Line::clean`].
    clean: OnceCell<String>,
}

impl Line<'_> {
    /// As [`clean`] makes it; once, whoever asks.
    pub(super) fn clean(&self) -> &str {
        self.clean.get_or_init(|| clean(self.written))
    }
}

impl<'a> Page<'a> {
    pub(super) fn new(place: Place, text: &'a Text) -> Self {
        let normal = text.normal();
        let normal = normal.get(..normal.floor_char_boundary(MOST_OCTETS)).unwrap_or(normal);
        let lines = lines(text, normal.len());
        let mut cues = cue::search(normal);
        let quoted: Vec<Range<usize>> =
            lines.iter().filter(|line| line.quoted).map(|line| line.span.clone()).collect();
        if !quoted.is_empty() {
            cues.leave_out(&joined(&quoted));
        }
        Self { place, text, normal, lines, cues }
    }

    /// The words of a span, with what stands around them.
    pub(super) fn quote(&self, span: Range<usize>) -> Quote {
        Quote { place: self.place.clone(), excerpt: self.text.excerpt(span) }
    }

    /// The words as they were written.
    pub(super) fn written(&self, span: Range<usize>) -> String {
        clean(self.text.quote(span))
    }

    /// A quote of words that were taken from the original.
    pub(super) fn quote_of(&self, words: &str) -> Quote {
        Quote { place: self.place.clone(), excerpt: Excerpt::new(words) }
    }

    /// The lines that are the message's own.
    pub(super) fn own_lines(&self) -> impl Iterator<Item = &Line<'a>> {
        self.lines.iter().filter(|line| !line.quoted)
    }

    /// The line in which an octet of the normal text stands.
    pub(super) fn line_of(&self, at: usize) -> Option<(usize, &Line<'a>)> {
        let index = self.lines.partition_point(|line| line.span.start <= at).checked_sub(1)?;
        self.lines.get(index).map(|line| (index, line))
    }

    /// True where an octet of the normal text stands in a quotation of an earlier message.
    pub(super) fn is_quoted(&self, at: usize) -> bool {
        self.line_of(at).is_some_and(|(_, line)| line.quoted)
    }

    /// The text between the start of its line and an octet, at most `most` octets of it.
    pub(super) fn lead(&self, at: usize, most: usize) -> &'a str {
        let start = self.line_of(at).map_or(0, |(_, line)| line.span.start).max(at.saturating_sub(most));
        let start = self.normal.ceil_char_boundary(start.min(at));
        self.normal.get(start..at).unwrap_or_default()
    }
}

fn lines(text: &Text, end: usize) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut at = 0;
    let mut start = 0;
    let mut older = false;
    for written in text.original().split_inclusive('\n').take(MOST_LINES) {
        at += written.len();
        let stop = text.position(at).max(start).min(end);
        let written = written.trim_end();
        let lead = written.trim_start();
        older |= lead.starts_with("-----Original Message-----");
        lines.push(Line {
            written,
            span: start..stop,
            quoted: older || lead.starts_with('>'),
            clean: OnceCell::new(),
        });
        start = stop;
        if stop >= end {
            break;
        }
    }
    // A message that is nothing but a quotation is read as it stands.
    if lines.iter().all(|line| line.quoted || line.written.trim().is_empty()) {
        for line in &mut lines {
            line.quoted = false;
        }
    }
    lines
}

/// Neighbouring spans put together.
fn joined(spans: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if last.end == span.start => last.end = span.end,
            _ => out.push(span.clone()),
        }
    }
    out
}

/// A text in which digits stand apart (`2 9 8 0 0 0 円`, against readers like this one), with these put together; none where no
/// three in a row do.
pub(super) fn put_together(original: &str) -> Option<String> {
    let single = |word: &str| {
        let mut chars = word.chars();
        let alone = chars.next().filter(|_| chars.next().is_none());
        alone.is_some_and(|c| {
            matches!(c, '0'..='9' | '０'..='９' | '-' | '－' | ',' | '，' | '.' | '．' | '/' | '／' | ':' | '：' | '￥' | '¥' | '$' | '円' | '年' | '月' | '日' | '時')
        })
    };
    if !original
        .as_bytes()
        .windows(4)
        .any(|w| matches!(w, [a, b' ', c, b' '] if a.is_ascii_digit() && c.is_ascii_digit()))
        && !has_wide_digit(original)
    {
        return None;
    }
    let mut out = String::with_capacity(original.len());
    let mut joined = 0;
    for line in original.split_inclusive('\n') {
        let words: Vec<&str> = line.split([' ', '\u{3000}']).collect();
        for (at, word) in words.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| words.get(at));
            let glue = single(word.trim_end()) && before.is_some_and(|before| single(before));
            if at > 0 && !glue {
                out.push(' ');
            }
            joined += usize::from(glue);
            out.push_str(word);
        }
    }
    (joined >= 3).then_some(out)
}

fn has_wide_digit(text: &str) -> bool {
    // U+FF10 to U+FF19 in UTF-8.
    memchr::memmem::find_iter(text.as_bytes(), &[0xEF, 0xBC])
        .any(|at| text.as_bytes().get(at + 2).is_some_and(|last| (0x90..=0x99).contains(last)))
}

/// Text for people and programs: compatibility forms resolved (NFKC), white space closed up, what has no picture gone,
/// bounded.
pub(super) fn clean(text: &str) -> String {
    let text = text.trim();
    let room = text.len().min(LONGEST_VALUE * 4);
    let plain: Option<String> = tidied(text.chars().map(plain), room);
    plain.or_else(|| tidied(text.nfkc().map(Some), room)).unwrap_or_default()
}

/// As [`clean`] says, of characters in NFKC; none where one of them is not there.
fn tidied(chars: impl Iterator<Item = Option<char>>, room: usize) -> Option<String> {
    let mut out = String::with_capacity(room);
    let mut space = false;
    let mut count = 0;
    for ch in chars {
        let ch = ch?;
        if ch.is_whitespace() {
            space = true;
        } else if !ch.is_control() && !is_invisible(ch) {
            if space && !out.is_empty() {
                out.push(' ');
            }
            space = false;
            out.push(ch);
            count += 1;
            if count >= LONGEST_VALUE {
                break;
            }
        }
    }
    Some(out)
}

/// What NFKC makes of a character that nothing beside it changes: most of Japanese and English text. None for any other.
pub(super) fn plain(ch: char) -> Option<char> {
    match u32::from(ch) {
        0..=0x7F
        | 0xC0..=0xFF
        | 0x410..=0x44F
        | 0x200B..=0x200D
        | 0x2013
        | 0x2014
        | 0x2018
        | 0x2019
        | 0x201C
        | 0x201D
        | 0x2022
        | 0x203B
        | 0x2190..=0x21FF
        | 0x2500..=0x26FF
        | 0x3001..=0x3029
        | 0x3041..=0x3096
        | 0x30A1..=0x30FE
        | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF
        | 0xFE0F
        | 0xFEFF
        | 0x1_F300..=0x1_FAFF => Some(ch),
        0xA0 | 0x3000 => Some(' '),
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0),
        _ => None,
    }
}

/// Zero-width, bidirectional and filler characters.
pub(super) fn is_invisible(ch: char) -> bool {
    matches!(
        u32::from(ch),
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x2028..=0x202E
            | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xE0000..=0xE0FFF
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_stand_apart_are_put_together() {
        assert_eq!(
            put_together("請 求 額  ２ ９ ８ ０ ０ ０ 円\n電話 0 3 - 0 0 0 0 - 1 2 3 4").as_deref(),
            Some("請 求 額  ２９８０００円\n電話 03-0000-1234")
        );
        for none in ["", "1 2", "第 1 回 ２ 名", "03 0000 1234"] {
            assert_eq!(put_together(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_plain_is_what_nfkc_makes_of_it() {
        for ch in ('\0'..=char::MAX).filter(|ch| plain(*ch).is_some()) {
            assert_eq!(ch.nfkc().collect::<Vec<_>>(), [plain(ch).unwrap()], "{ch:?}");
            assert_eq!(unicode_normalization::char::canonical_combining_class(ch), 0, "{ch:?}");
        }
        // None of them goes together with the one before.
        for ch in ('\0'..=char::MAX).filter_map(plain) {
            assert!(
                ("a".nfkc().chain("か".nfkc()).chain("ア".nfkc()))
                    .all(|before| unicode_normalization::char::compose(before, ch).is_none())
            );
        }
    }

    #[test]
    fn quotations_are_told_from_what_is_new() {
        let text = Text::new("new: pay 5 dollars\n> old: pay 7 dollars\n");
        let page = Page::new(Place::Text(1), &text);
        assert!(!page.is_quoted(0) && page.is_quoted(page.normal.find('7').unwrap()));
        let text = Text::new("> pay 7 dollars\n\n");
        assert!(!Page::new(Place::Text(1), &text).is_quoted(3));
    }
}
