//! What is wrong with a configuration, shown as rustc shows it: the title, the place, the line, carets, what to do.

use std::fmt::Write as _;
use std::ops::Range;

use super::environment::Language;
use super::source::{Quoted, Source};

/// A sentence in both languages of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Japanese.
    pub ja: String,
    /// English; same content.
    pub en: String,
}

impl Text {
    /// Both wordings of one statement.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }

    /// The wording of one language.
    pub fn get(&self, language: Language) -> &str {
        language.pick(&self.ja, &self.en)
    }
}

/// Whether the service can start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It cannot.
    Error,
    /// It can, but the person should know.
    Warning,
}

/// One fault, with its place in the file where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub weight: Weight,
    /// What is wrong, lower case in English, no stop.
    pub title: Text,
    /// Octets of the source that it is about.
    pub span: Option<Range<usize>>,
    /// Stands behind the carets.
    pub label: Option<Text>,
    /// What to do, most likely first.
    pub help: Vec<Text>,
}

impl Diagnostic {
    /// A fault that keeps the service from starting.
    pub fn error(title: Text) -> Self {
        Self { weight: Weight::Error, title, span: None, label: None, help: Vec::new() }
    }

    /// Something the person should know, no more.
    pub fn warning(title: Text) -> Self {
        Self { weight: Weight::Warning, ..Self::error(title) }
    }

    /// Puts it at a place of the source.
    #[must_use]
    pub fn at(mut self, span: Range<usize>) -> Self {
        self.span = Some(span);
        self
    }

    /// Puts a word behind the carets.
    #[must_use]
    pub fn label(mut self, label: Text) -> Self {
        self.label = Some(label);
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: Text) -> Self {
        self.help.push(help);
        self
    }

    /// The whole of it, with a line feed at the end. `source` is what the span points into.
    pub fn render(&self, source: &Source, language: Language) -> String {
        let word = match self.weight {
            Weight::Error => language.pick("エラー", "error"),
            Weight::Warning => language.pick("警告", "warning"),
        };
        let mut out = format!("{word}: {}\n", self.title.get(language));
        match &self.span {
            Some(span) => self.cite(&mut out, source, span, language),
            None => _ = writeln!(out, " --> {}", source.name),
        }
        let gutter = self.span.as_ref().map_or(0, |span| source.locate(span.start).gutter());
        for help in &self.help {
            let word = language.pick("対処", "help");
            let mut lines = help.get(language).lines();
            _ = writeln!(out, "{:gutter$} = {word}: {}", "", lines.next().unwrap_or_default());
            for line in lines {
                _ = writeln!(out, "{:gutter$}   {line}", "");
            }
        }
        out
    }

    fn cite(&self, out: &mut String, source: &Source, span: &Range<usize>, language: Language) {
        let place = source.locate(span.start);
        let gutter = place.gutter();
        let quoted = Quoted::new(source, &place, span);
        _ = writeln!(out, "{:gutter$}--> {}:{}:{}", "", source.name, place.line, place.column);
        _ = writeln!(out, "{:gutter$} |", "");
        _ = writeln!(out, "{:gutter$} | {}", place.line, quoted.text);
        _ = write!(out, "{:gutter$} | {}{}", "", " ".repeat(quoted.before), "^".repeat(quoted.under));
        match &self.label {
            Some(label) => _ = writeln!(out, " {}", label.get(language)),
            None => out.push('\n'),
        }
        if !self.help.is_empty() {
            _ = writeln!(out, "{:gutter$} |", "");
        }
    }
}

/// Every fault of one file, and the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    /// By place, those without a place first. Not empty; the first [`Faults::MOST`] of a file that is wrong throughout.
    pub list: Vec<Diagnostic>,
    /// How many more there are.
    pub unseen: usize,
    /// What they point into.
    pub source: Source,
    /// The language that the file asks for, else that of the locale; callers may choose another in [`Faults::render`].
    pub language: Language,
}

impl Faults {
    /// More faults than this are not listed: it is then another kind of file, and nobody reads on.
    pub const MOST: usize = 50;

    /// All of them, one blank line between, and how many there are.
    pub fn render(&self, language: Language) -> String {
        let mut out = String::new();
        for diagnostic in &self.list {
            out.push_str(&diagnostic.render(&self.source, language));
            out.push('\n');
        }
        let errors = self.list.iter().filter(|one| one.weight == Weight::Error).count();
        if self.unseen > 0 {
            let unseen = self.unseen;
            _ = match language {
                Language::Ja => {
                    writeln!(out, "ほかに {unseen} 件あります。これは komainu の設定ファイルですか?")
                }
                Language::En => writeln!(out, "{unseen} more; is this a configuration file of komainu?"),
            };
        }
        out.push_str(&count(&self.source.name, errors, self.list.len() - errors, language));
        out
    }
}

impl std::fmt::Display for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.render(self.language))
    }
}

impl std::error::Error for Faults {}

fn count(name: &str, errors: usize, warnings: usize, language: Language) -> String {
    match language {
        Language::Ja if warnings == 0 => format!("{name}: エラー {errors} 件\n"),
        Language::Ja => format!("{name}: エラー {errors} 件、警告 {warnings} 件\n"),
        Language::En => {
            let s = |n: usize| if n == 1 { "" } else { "s" };
            let tail =
                if warnings == 0 { String::new() } else { format!(", {warnings} warning{}", s(warnings)) };
            format!("{name}: {errors} error{}{tail}\n", s(errors))
        }
    }
}

/// The candidate nearest to what was written, where it is near enough to be meant: at most a third of its letters differ.
pub(crate) fn nearest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // The distance costs the product of both lengths, and nobody means a short word by a long one.
    if written.len() > 64 {
        return None;
    }
    let folded = written.to_lowercase().replace('_', "-");
    candidates
        .into_iter()
        .map(|candidate| (distance(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(far, candidate)| *far <= (candidate.chars().count() / 3).max(1))
        .min_by_key(|(far, _)| *far)
        .map(|(_, candidate)| candidate)
}

/// Edits (insert, delete, replace, swap of neighbours) between two words: optimal string alignment.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    let mut previous = None;
    for (row, c) in one.chars().enumerate() {
        let mut next = vec![row + 1];
        let mut left = None;
        for (column, d) in other.iter().copied().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut best = (cell(&last, column) + usize::from(c != d))
                .min(cell(&last, column + 1) + 1)
                .min(cell(&next, column) + 1);
            if previous == Some(d) && left == Some(c) && column > 0 {
                best = best.min(cell(&before_last, column - 1) + 1);
            }
            next.push(best);
            left = Some(d);
        }
        before_last = std::mem::replace(&mut last, next);
        previous = Some(c);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_is_nearest_to_what_was_meant() {
        let keys = ["name", "host", "mode", "mailboxes", "quarantine", "ca-file"];
        assert_eq!(nearest("mode-", keys), Some("mode"));
        assert_eq!(nearest("mdoe", keys), Some("mode"));
        assert_eq!(nearest("ca_file", keys), Some("ca-file"));
        assert_eq!(nearest("Mailbox", keys), Some("mailboxes"));
        assert_eq!(nearest("colour", keys), None);
    }

    #[test]
    fn carets_stand_under_wide_characters() {
        let source = Source::new("k.toml", "name = \"花子\" x\n");
        let at = source.text().find('x').unwrap();
        let shown = Diagnostic::error(Text::new("題", "title")).at(at..at + 1).render(&source, Language::En);
        assert_eq!(
            shown,
            "error: title\n --> k.toml:1:13\n  |\n1 | name = \"花子\" x\n  |               ^\n"
        );
    }

    #[test]
    fn a_literal_password_is_never_shown_even_where_the_file_cannot_be_parsed() {
        let source = Source::new("k.toml", "  password = \"hunter2 and more\n");
        let shown = Diagnostic::error(Text::new("題", "t")).at(13..31).render(&source, Language::Ja);
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("password = …"), "{shown}");
    }

    #[test]
    fn what_a_key_that_is_not_ours_holds_is_not_shown_either() {
        for line in ["pasword = \"hunter2\"", "account.secret = 'hunter2'", "\"pass word\"=\"hunter2"] {
            let source = Source::new("k.toml", line);
            let shown = Diagnostic::error(Text::new("題", "t")).at(0..4).render(&source, Language::En);
            assert!(!shown.contains("hunter2"), "{shown}");
        }
        let source = Source::new("k.toml", "host = \"imap.example.com\"");
        let shown = Diagnostic::error(Text::new("題", "t")).at(0..4).render(&source, Language::En);
        assert!(shown.contains("imap.example.com"), "{shown}");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place_and_controls_are_replaced() {
        let text = format!("a = \"{}\u{1b}[31m\" # {}", "x".repeat(300), "y".repeat(300));
        let source = Source::new("k.toml", text);
        let shown = Diagnostic::error(Text::new("題", "t")).at(305..306).render(&source, Language::En);
        assert!(!shown.contains('\u{1b}'));
        assert!(shown.lines().all(|line| line.chars().count() < 130), "{shown}");
    }
}
