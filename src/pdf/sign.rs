//! Text to signs: what the font can show, and for the rest `[U+XXXX]`.

use std::fmt::Write as _;

use unicode_normalization::char::{compose, is_combining_mark};

use super::face::{EM, Face, Glyph, SLASHED_ZERO};
use crate::document::{Text, Tone};

/// Whose hand a sign is in: a [`Tone`], or ours where we name what cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hand {
    Plain,
    Strong,
    Quiet,
    Quoted,
    Code,
    /// `[U+XXXX]` in a place where our words stand; `true`: where others' do.
    Shown(bool),
}

impl From<Tone> for Hand {
    fn from(tone: Tone) -> Self {
        match tone {
            Tone::Plain => Self::Plain,
            Tone::Strong => Self::Strong,
            Tone::Quiet => Self::Quiet,
            Tone::Quoted => Self::Quoted,
            Tone::Code => Self::Code,
        }
    }
}

/// Put between the signs of [`Hand::Code`], in ems. Above 0.1 readers of PDF take it for a space.
const TRACKING: f32 = 0.02;

/// The font's Latin letters and digits are drawn large beside its kana; so much smaller, they are of one size to the eye.
const LATIN: f32 = 0.9;

/// A character on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    pub(super) ch: char,
    pub(super) glyph: Glyph,
    pub(super) hand: Hand,
}

impl Sign {
    /// From its origin to that of the next, in ems of its line.
    pub(super) fn advance(self) -> f32 {
        self.own_advance() * self.scale()
    }

    /// The same, in ems of its own size.
    pub(super) fn own_advance(self) -> f32 {
        let tracking = if self.hand == Hand::Code { TRACKING } else { 0.0 };
        f32::from(self.glyph.advance) / EM + tracking
    }

    /// Whether both are drawn in one run.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.hand == other.hand && is_latin(self.ch) == is_latin(other.ch)
    }

    /// Its size, in ems of its line.
    pub(super) fn scale(self) -> f32 {
        if is_latin(self.ch) { LATIN } else { 1.0 }
    }
}

/// Letters, digits and points before the CJK blocks, but for arrows and figures.
pub(super) fn is_latin(ch: char) -> bool {
    ch < '\u{2E80}'
        && !matches!(ch, '\u{2014}' | '\u{2015}' | '\u{2025}' | '\u{2026}' | '\u{2190}'..='\u{2BFF}')
}

/// Signs of a text, a `Vec` for each of its lines: one at least.
pub(super) fn signs(text: &Text, face: &Face) -> Vec<Vec<Sign>> {
    let mut lines = vec![Vec::new()];
    for span in &text.0 {
        for (at, line) in span.text.split('\n').enumerate() {
            if at > 0 {
                lines.push(Vec::new());
            }
            let line = line.strip_suffix('\r').unwrap_or(line);
            if let Some(into) = lines.last_mut() {
                put(line, span.tone.into(), face, into);
            }
        }
    }
    lines
}

/// Signs of one line; a line feed in it is shown as any other control.
pub(super) fn line(text: &str, hand: Hand, face: &Face) -> Vec<Sign> {
    let mut into = Vec::with_capacity(text.len());
    put(text, hand, face, &mut into);
    into
}

/// What stands on the page for a text that is not on a page: title and bookmarks.
pub(super) fn shown(text: &str, face: &Face) -> String {
    line(text, Hand::Plain, face).into_iter().map(|sign| sign.ch).collect()
}

fn put(text: &str, hand: Hand, face: &Face, into: &mut Vec<Sign>) {
    for ch in text.chars() {
        match ch {
            '\t' => (0..4).for_each(|_| put_one(' ', hand, face, into)),
            // HTML is full of these; where the line may not break is the only thing that they say.
            '\u{A0}' => put_one(' ', hand, face, into),
            _ if is_combining_mark(ch) => put_mark(ch, hand, face, into),
            _ => put_one(ch, hand, face, into),
        }
    }
}

/// A mark joins the sign before it where the two are canonically equal to one that the font has: か and U+3099 to が.
/// Any other is shown by its number: marks could be piled up over the lines above.
fn put_mark(mark: char, hand: Hand, face: &Face, into: &mut Vec<Sign>) {
    if let Some(last) = into.last_mut()
        && let Some(ch) = compose(last.ch, mark)
        && last.hand == hand
        && let Some(glyph) = face.glyph(ch)
    {
        *last = Sign { ch, glyph, hand };
    } else {
        put_number(mark, hand, face, into);
    }
}

fn put_one(ch: char, hand: Hand, face: &Face, into: &mut Vec<Sign>) {
    match face.glyph(ch) {
        // U+00AD has a glyph, and no reader of mail shows it.
        Some(_) if ch == '\u{AD}' || ch.is_control() => put_number(ch, hand, face, into),
        Some(mut glyph) => {
            if ch == '0' && hand == Hand::Code {
                glyph.id = SLASHED_ZERO;
            }
            into.push(Sign { ch, glyph, hand });
        }
        None => put_number(ch, hand, face, into),
    }
}

fn put_number(ch: char, hand: Hand, face: &Face, into: &mut Vec<Sign>) {
    let mut number = String::with_capacity(10);
    // Writing to a String cannot fail.
    let _ = write!(number, "[U+{:04X}]", u32::from(ch));
    let hand = Hand::Shown(hand == Hand::Quoted);
    into.extend(number.chars().filter_map(|ch| Some(Sign { ch, glyph: face.glyph(ch)?, hand })));
}

#[cfg(test)]
mod tests;
