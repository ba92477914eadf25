//! The last door: whatever stands in a [`Day`](super::Day), also in one that was read from a file that somebody wrote
//! into, leaves as lines of bounded width in which nothing acts.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::message::Excerpt;

/// Columns of a terminal, and of a mail program's window.
pub(super) const WIDTH: usize = 72;

/// A piece of so many columns goes to the next line with the closing mark behind it.
const SHORT: usize = 16;

/// Controls, direction marks and the like as `[U+XXXX]`; no scheme that a program would make a link of. What is an
/// [`Excerpt`] stays as it is.
pub(super) fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        if Excerpt::is_plain(ch) {
            out.push(ch);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "[U+{:04X}]", u32::from(ch));
        }
    }
    let lower = out.to_ascii_lowercase();
    if !lower.contains("://") {
        return out;
    }
    let mut tame = String::with_capacity(out.len());
    let mut rest = out.as_str();
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        tame.push_str(before);
        tame.push_str(":[//]");
        rest = after.get(3..).unwrap_or_default();
        let scheme = tame.len().saturating_sub(":[//]".len());
        if tame.get(..scheme).is_some_and(|head| head.ends_with("hxxp") || head.ends_with("hxxps")) {
            tame.truncate(scheme);
            tame.push_str("://");
        }
    }
    tame.push_str(rest);
    tame
}

/// Text under way, in lines of at most [`WIDTH`] columns.
#[derive(Debug, Default)]
pub(super) struct Lines {
    out: String,
}

impl Lines {
    /// A line, or as many as it takes: `first` before the first, as many spaces before the others. Where `first` takes
    /// most of the line, it has its own.
    pub(super) fn put(&mut self, first: &str, text: &str) {
        let (first, text) = (inert(first), inert(text));
        if first.width() > WIDTH - 16 {
            let stripped = first.trim_start();
            let depth = (first.width() - stripped.width()).min(WIDTH / 2);
            let before = " ".repeat(depth);
            self.rows(&before, &before, stripped);
            let deeper = " ".repeat(depth + 2);
            if !text.is_empty() {
                self.rows(&deeper, &deeper, &text);
            }
        } else {
            self.rows(&first, &" ".repeat(first.width()), &text);
        }
    }

    fn rows(&mut self, first: &str, rest: &str, text: &str) {
        let room = WIDTH.saturating_sub(first.width());
        for (n, line) in wrapped(text, room).iter().enumerate() {
            let whole = format!("{}{line}", if n == 0 { first } else { rest });
            self.out.push_str(whole.trim_end());
            self.out.push('\n');
        }
    }

    /// A line between parts.
    pub(super) fn gap(&mut self) {
        self.out.push('\n');
    }

    /// A line that is as it is, however long.
    pub(super) fn verbatim(&mut self, line: &str) {
        self.out.push_str(&inert(line));
        self.out.push('\n');
    }

    pub(super) fn finish(self) -> String {
        self.out
    }
}

/// Lines of at most `width` columns. Japanese may break between any two characters, but a line begins with no closing
/// mark; other text breaks at spaces, and within a word that is longer than a line.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    const CLOSING: &str = "、。，．・）」』】〉》！？…ー)]}.,;:!?";
    let mut lines = Vec::new();
    let mut line = String::new();
    // Where the last piece of the line begins.
    let mut last = 0;
    for piece in pieces(text, width) {
        let stays = piece.chars().next().is_some_and(|first| CLOSING.contains(first));
        let wide = piece.trim_end().width();
        if !line.is_empty() && line.width() + wide > width {
            // What stands before a closing mark goes with it, where there is room.
            let carried = line.get(last..).filter(|carried| {
                stays && last > 0 && carried.width() <= SHORT && carried.width() + wide <= width
            });
            let next = carried.map(str::to_owned).unwrap_or_default();
            line.truncate(line.len() - next.len());
            lines.push(line.trim_end().to_owned());
            line = next;
        }
        last = line.len();
        line.push_str(&piece);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// What is not broken within: a wide character, or a run of others with the space behind it, no wider than `width`.
fn pieces(text: &str, width: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut open = false;
    for ch in text.chars() {
        let wide = ch.width().unwrap_or(0) > 1;
        match pieces.last_mut() {
            Some(last) if open && !wide && last.width() + ch.width().unwrap_or(0) <= width => last.push(ch),
            _ => pieces.push(ch.to_string()),
        }
        open = !wide && ch != ' ';
    }
    pieces
}
