//! A configuration's text: places in it, and lines of it as they are shown.

use std::ops::Range;

use unicode_width::UnicodeWidthChar as _;

use super::keys::{ACCOUNT, PASSWORD, THRESHOLD, TOP};

/// A file's text with the name that diagnostics give it. Places that hold a secret are never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// As it is to be printed.
    pub name: String,
    /// UTF-8 text.
    text: String,
    /// Octet ranges that are shown as `…`.
    secrets: Vec<Range<usize>>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({:?}, {} octets)", self.name, self.text.len())
    }
}

impl Source {
    /// Text under a name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut source = Self { name: name.into(), text: text.into(), secrets: Vec::new() };
        source.secrets = literal_passwords(&source.text);
        source
    }

    /// Text of a file that holds tables: no key of it can hold a secret.
    pub(super) fn of_tables(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), secrets: Vec::new() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Never show these octets.
    pub(super) fn hide(&mut self, span: Range<usize>) {
        self.secrets.push(span);
    }

    /// True where two octets stand on one line.
    pub(super) fn same_line(&self, one: usize, other: usize) -> bool {
        self.locate(one).line == self.locate(other).line
    }

    pub(super) fn locate(&self, offset: usize) -> Located {
        let offset = offset.min(self.text.len());
        let before = self.text.get(..offset).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let column = before.get(start..).unwrap_or_default().chars().count() + 1;
        let rest = self.text.get(start..).unwrap_or_default();
        let end = start + rest.find('\n').unwrap_or(rest.len());
        Located { line, column, octets: start..end }
    }
}

/// Where a line may hold a password in clear, even where the file cannot be parsed: the value of `password`, and of every
/// key that is not ours (`pasword`, `secret`): its name is what is to be put right, and its value may be anything. To the
/// end of the line, because an unclosed quote is the likeliest reason why a file cannot be parsed.
fn literal_passwords(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        if let Some((key, value)) = line.split_once('=')
            && may_hold_a_secret(key)
            && let value = value.trim_start()
            && !value.starts_with(['{', '['])
        {
            let start = from + line.len() - value.len();
            found.push(start..from + line.trim_end().len());
        }
        from += line.len();
    }
    found
}

/// `key` is what stands before the first `=` of a line, perhaps quoted or dotted.
fn may_hold_a_secret(key: &str) -> bool {
    let key = key.rsplit('.').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    let is_known = [&TOP, &THRESHOLD, &ACCOUNT, &PASSWORD]
        .iter()
        .any(|keys| keys.known.contains(&key) || keys.later.contains(&key));
    key == "password" || !is_known
}

pub(super) struct Located {
    /// From 1.
    pub(super) line: usize,
    /// Characters, from 1.
    pub(super) column: usize,
    /// The line without its LF.
    octets: Range<usize>,
}

impl Located {
    pub(super) fn gutter(&self) -> usize {
        self.line.to_string().len()
    }
}

/// Columns shown of a line that is longer than this are those around the place.
const WIDEST: usize = 110;

/// A line as it is shown, and where the carets stand under it, in terminal columns.
pub(super) struct Quoted {
    pub(super) text: String,
    /// Before the carets.
    pub(super) before: usize,
    /// The carets.
    pub(super) under: usize,
}

impl Quoted {
    pub(super) fn new(source: &Source, place: &Located, span: &Range<usize>) -> Self {
        let line = source.text.get(place.octets.clone()).unwrap_or_default().trim_end_matches('\r');
        let mut quoted = Self { text: String::new(), before: 0, under: 0 };
        let mut hidden = false;
        let column = place.column.saturating_sub(1);
        let long = line.chars().count() > WIDEST;
        let skip = if long { column.saturating_sub(WIDEST / 3) } else { 0 };
        if skip > 0 {
            quoted.push('…', false, true);
        }
        for (index, (at, c)) in line.char_indices().enumerate() {
            let octet = place.octets.start + at;
            let secret = source.secrets.iter().any(|range| range.contains(&octet));
            let again = std::mem::replace(&mut hidden, secret) && secret;
            if index < skip || again {
                continue;
            }
            if long && index > skip + WIDEST {
                quoted.push('…', false, false);
                break;
            }
            let shown = if secret { '…' } else { c };
            quoted.push(shown, span.contains(&octet), octet < span.start);
        }
        // A place at the end of a line, or an empty one, still gets its caret.
        quoted.under = quoted.under.max(1);
        quoted
    }

    fn push(&mut self, c: char, inside: bool, earlier: bool) {
        let mut one = |c: char| {
            let width = c.width().unwrap_or(1);
            self.text.push(c);
            if inside {
                self.under += width;
            } else if earlier {
                self.before += width;
            }
        };
        match c {
            '\t' => (0..4).for_each(|_| one(' ')),
            c if c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}') =>
            {
                one('\u{fffd}');
            }
            c => one(c),
        }
    }
}
