//! Codes that are drawn with block characters, with `#`, or with table cells and boxes: pictures without an image.

use super::bitmap::Bitmap;
use super::{corners, finder};
use crate::message::image::Budget;
use crate::message::style::Look;

/// Modules of all drawings of a text: two of the largest codes.
const MAX_MODULES: usize = 80_000;
/// Modules on a side, without margin.
const SIDE: std::ops::RangeInclusive<usize> = 21..=400;

/// A character of a drawing: whether its upper and its lower half are dark.
type Glyph = (bool, bool);

/// What is drawn, row by row as it comes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::message) struct Canvas {
    /// Rows of boxes: whether each is dark, and how wide it is. Rows of different width are different drawings.
    boxes: Vec<Vec<(bool, u16)>>,
    row: Vec<(bool, u16)>,
    /// Lines of characters; an empty one parts two drawings.
    lines: Vec<Vec<Glyph>>,
    line: Vec<Glyph>,
    /// A character of the line is no drawing.
    words: bool,
    /// One of the characters shows half of a module pair.
    halves: bool,
    modules: usize,
}

impl Canvas {
    /// A box without content.
    pub(in crate::message) fn cell(&mut self, dark: bool, wide: u16) {
        if self.modules < MAX_MODULES {
            self.modules += 1;
            self.row.push((dark, wide.max(1)));
        }
    }

    /// The end of what boxes stand side by side in.
    pub(in crate::message) fn row_end(&mut self) {
        let row = std::mem::take(&mut self.row);
        let wide: usize = row.iter().map(|(_, wide)| usize::from(*wide)).sum();
        if wide >= *SIDE.start() {
            self.boxes.push(row);
        }
    }

    /// Text of HTML, as it is written.
    pub(in crate::message) fn text(&mut self, text: &str, look: Look) {
        if self.words && !look.pre {
            return;
        }
        let (fore, back) = look.darkness();
        for ch in text.chars() {
            match ch {
                '\n' if look.pre => self.line_end(),
                // Space that is not shown, or only as one.
                ' ' | '\t' | '\n' | '\r' if !look.pre => {
                    if ch == ' ' && !self.line.is_empty() {
                        self.glyph(' ', fore, back);
                    }
                }
                _ => self.glyph(ch, fore, back),
            }
        }
    }

    fn glyph(&mut self, ch: char, fore: bool, back: bool) {
        if self.words || self.modules >= MAX_MODULES {
            return;
        }
        let (upper, lower) = match ch {
            '\u{2588}' | '\u{25A0}' | '\u{25FC}' | '\u{2B1B}' | '\u{2593}' | '#' => (true, true),
            '\u{2580}' => (true, false),
            '\u{2584}' => (false, true),
            '\u{25A1}' | '\u{25FB}' | '\u{2B1C}' => (false, false),
            _ if ch.is_whitespace() => (false, false),
            // What has no width leaves the line what it is.
            '\u{FE0E}' | '\u{FE0F}' | '\u{200B}'..='\u{200D}' | '\u{FEFF}' => return,
            _ => {
                self.words = true;
                return;
            }
        };
        self.modules += 1;
        self.halves |= upper != lower;
        let dark = |ink: bool| if ink { fore } else { back };
        self.line.push((dark(upper), dark(lower)));
    }

    /// The end of a line of characters.
    pub(in crate::message) fn line_end(&mut self) {
        let line = std::mem::take(&mut self.line);
        let words = std::mem::take(&mut self.words);
        if !words && !line.is_empty() {
            self.lines.push(line);
        } else if words && self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(Vec::new());
        }
    }

    /// The end of all.
    pub(in crate::message) fn finish(&mut self) {
        self.row_end();
        self.line_end();
    }

    /// What the codes that are drawn say.
    pub(in crate::message) fn codes(&self, budget: &mut Budget) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        let width = |row: &[(bool, u16)]| row.iter().map(|(_, wide)| usize::from(*wide)).sum::<usize>();
        for rows in self.boxes.chunk_by(|one, other| width(one) == width(other)) {
            found.extend(from_boxes(rows).into_iter().flat_map(|bitmap| read(bitmap, budget)));
        }
        for lines in self.lines.split(Vec::is_empty) {
            found.extend(from_lines(lines, self.halves).into_iter().flat_map(|bitmap| read(bitmap, budget)));
        }
        found.sort();
        found.dedup();
        found
    }
}

/// What the codes say that are drawn in a plain text. Texts without block characters cost a search for them.
pub(in crate::message) fn in_text(text: &str, budget: &mut Budget) -> Vec<Vec<u8>> {
    const SIGNS: [&str; 5] =
        ["\u{2588}\u{2588}", "\u{2580}\u{2580}", "\u{2584}\u{2584}", "\u{2B1B}", "#######"];
    if !SIGNS.iter().any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some()) {
        return Vec::new();
    }
    let mut canvas = Canvas::default();
    for line in text.lines() {
        canvas.text(line, Look::written());
        canvas.line_end();
    }
    canvas.codes(budget)
}

fn read(mut bitmap: Bitmap, budget: &mut Budget) -> Vec<Vec<u8>> {
    for _ in 0..2 {
        if !budget.pay(2 * bitmap.pixels.len() as u64) {
            return Vec::new();
        }
        let found = corners::codes(&bitmap, &finder::finders(&bitmap), budget);
        if !found.is_empty() {
            return found;
        }
        bitmap.invert();
    }
    Vec::new()
}

fn bitmap(width: usize, rows: Vec<Vec<bool>>) -> Option<Bitmap> {
    if !SIDE.contains(&width) || !SIDE.contains(&rows.len()) {
        return None;
    }
    let height = rows.len();
    let mut pixels = Vec::with_capacity(width * height);
    for mut row in rows {
        row.resize(width, false);
        pixels.extend(row.into_iter().map(u8::from));
    }
    Some(Bitmap { width, height, pixels })
}

/// Rows of boxes, whose narrowest is a module.
fn from_boxes(rows: &[Vec<(bool, u16)>]) -> Option<Bitmap> {
    if rows.len() < *SIDE.start() {
        return None;
    }
    let module = usize::from(rows.iter().flatten().map(|(_, wide)| *wide).min()?);
    let spread = |row: &Vec<(bool, u16)>| -> Vec<bool> {
        row.iter().flat_map(|(dark, wide)| std::iter::repeat_n(*dark, usize::from(*wide) / module)).collect()
    };
    let width: usize = rows.first()?.iter().map(|(_, wide)| usize::from(*wide) / module).sum();
    if !SIDE.contains(&width) || rows.len() > *SIDE.end() {
        return None;
    }
    bitmap(width, rows.iter().map(spread).collect())
}

/// Lines of characters: two modules above each other in one, or one module in two that stand side by side.
fn from_lines(lines: &[Vec<Glyph>], halves: bool) -> Option<Bitmap> {
    let width = lines.iter().map(Vec::len).max()?;
    if lines.len() > *SIDE.end() || width > 2 * SIDE.end() {
        return None;
    }
    if halves {
        let rows = lines.iter().flat_map(|line| {
            [line.iter().map(|glyph| glyph.0).collect(), line.iter().map(|glyph| glyph.1).collect()]
        });
        return bitmap(width, rows.collect());
    }
    // Characters are about twice as high as wide, so that one module takes two; square ones stand for one each.
    let each = if width * 2 > lines.len() * 3 { 2 } else { 1 };
    let rows = lines.iter().map(|line| line.iter().step_by(each).map(|glyph| glyph.0).collect());
    bitmap(width.div_ceil(each), rows.collect())
}
