//! One table of the file as it was written: values are taken by name and kind, and what does not fit becomes a fault
//! with its place, so that all faults are found at once.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Diagnostic, Text, nearest};
use super::keys::Keys;
use super::source::Source;
use super::value::{self, UnitFault};

/// A value and its octets in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// What was found wrong so far.
#[derive(Default)]
pub(super) struct Found {
    pub(super) list: Vec<Diagnostic>,
    pub(super) source: Source,
    /// The text is not TOML everywhere: a key that is missing may stand in what could not be read.
    pub(super) torn: bool,
}

impl Found {
    pub(super) fn error(&mut self, span: Range<usize>, title: Text) -> &mut Diagnostic {
        self.push(Diagnostic::error(title).at(span))
    }

    pub(super) fn warning(&mut self, span: Range<usize>, title: Text) -> &mut Diagnostic {
        self.push(Diagnostic::warning(title).at(span))
    }

    fn push(&mut self, diagnostic: Diagnostic) -> &mut Diagnostic {
        let at = self.list.len();
        self.list.push(diagnostic);
        #[expect(clippy::indexing_slicing, reason = "the element was pushed the line before")]
        &mut self.list[at]
    }
}

/// Adds to a diagnostic that is already in the list.
pub(super) trait More {
    fn with_label(&mut self, ja: impl Into<String>, en: impl Into<String>) -> &mut Self;
    fn with_help(&mut self, ja: impl Into<String>, en: impl Into<String>) -> &mut Self;
}

impl More for Diagnostic {
    fn with_label(&mut self, ja: impl Into<String>, en: impl Into<String>) -> &mut Self {
        self.label = Some(Text::new(ja, en));
        self
    }

    fn with_help(&mut self, ja: impl Into<String>, en: impl Into<String>) -> &mut Self {
        self.help.push(Text::new(ja, en));
        self
    }
}

/// A table and the keys it may have.
pub(super) struct Section<'d> {
    table: &'d DeTable<'d>,
    /// Where a missing key is reported: the table's header.
    pub(super) span: Range<usize>,
    keys: &'static Keys,
    /// Keys that stand there misspelt: they are not reported as missing as well.
    meant: Vec<&'static str>,
}

impl<'d> Section<'d> {
    /// Takes a table and reports the keys that it may not have.
    pub(super) fn new(
        table: &'d DeTable<'d>,
        span: Range<usize>,
        keys: &'static Keys,
        found: &mut Found,
    ) -> Self {
        let judge = |key: &Spanned<std::borrow::Cow<'_, str>>| keys.judge(key.get_ref(), key.span(), found);
        let meant = table.keys().filter_map(judge).collect();
        Self { table, span, keys, meant }
    }

    /// The value of a key, as written.
    pub(super) fn get(&self, key: &str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    /// Whether a key stands there misspelt, which is told already.
    pub(super) fn is_misspelt(&self, key: &str) -> bool {
        self.meant.contains(&key)
    }

    /// Reports that a key is missing; the caller may add why it is needed.
    pub(super) fn missing<'f>(&self, key: &str, found: &'f mut Found) -> Option<&'f mut Diagnostic> {
        if found.torn || self.is_misspelt(key) {
            return None;
        }
        let section = self.keys.section;
        Some(found.error(
            self.span.clone(),
            Text::new(format!("{section} に `{key}` がありません"), format!("{section} has no `{key}`")),
        ))
    }

    pub(super) fn string(&self, key: &str, found: &mut Found) -> Option<At<&'d str>> {
        string(self.get(key)?, key, found)
    }

    /// A string that must be there.
    pub(super) fn need(&self, key: &str, ja: &str, en: &str, found: &mut Found) -> Option<At<&'d str>> {
        if self.get(key).is_none() {
            if let Some(missing) = self.missing(key, found) {
                missing.with_help(ja, en);
            }
            return None;
        }
        self.string(key, found)
    }

    pub(super) fn strings(&self, key: &str, found: &mut Found) -> Option<At<Vec<At<&'d str>>>> {
        strings(self.get(key)?, key, found)
    }

    /// A duration or size; `example` is what a good one looks like.
    pub(super) fn unit<T>(
        &self,
        key: &str,
        example: &str,
        parse: impl Fn(&str) -> Result<T, UnitFault>,
        found: &mut Found,
    ) -> Option<At<T>> {
        let written = self.get(key)?;
        let number;
        let text = match written.get_ref() {
            DeValue::Integer(integer) => {
                number = integer.to_string();
                &number
            }
            DeValue::String(text) => text.as_ref(),
            _ => {
                kind_fault(written, key, "単位つきの文字列", "a string with a unit", found)
                    .with_help(format!("例: `{key} = \"{example}\"`"), format!("`{key} = \"{example}\"`"));
                return None;
            }
        };
        match parse(text) {
            Ok(value) if matches!(written.get_ref(), DeValue::String(_)) => {
                return Some(At { value, span: written.span() });
            }
            Ok(_) => {}
            Err(fault) => unit_fault(written.span(), key, example, &fault, found),
        }
        None
    }

    /// A score with at most two decimals, read from the digits as written.
    pub(super) fn score(&self, key: &str, found: &mut Found) -> Option<At<crate::indicator::Hundredths>> {
        let written = self.get(key)?;
        let parsed = match written.get_ref() {
            DeValue::Integer(integer) => value::score(&integer.to_string()),
            DeValue::Float(float) => value::score(float.as_str()),
            _ => {
                kind_fault(written, key, "数値", "a number", found)
                    .with_help(format!("例: `{key} = 3.0`"), format!("write, for instance, `{key} = 3.0`"));
                return None;
            }
        };
        if parsed.is_none() {
            found
                .error(
                    written.span(),
                    Text::new(format!("`{key}` は点数ではありません"), format!("`{key}` is not a score")),
                )
                .with_help(
                    "点数は小数 2 桁までの数です（例: 3.0、4.25）",
                    "a score has at most two decimals: 3.0, 4.25",
                );
        }
        parsed.map(|value| At { value, span: written.span() })
    }
}

pub(super) fn string<'d>(
    written: &'d Spanned<DeValue<'d>>,
    key: &str,
    found: &mut Found,
) -> Option<At<&'d str>> {
    let DeValue::String(text) = written.get_ref() else {
        kind_fault(written, key, "文字列", "a string", found);
        return None;
    };
    Some(At { value: text.as_ref(), span: written.span() })
}

pub(super) fn strings<'d>(
    written: &'d Spanned<DeValue<'d>>,
    key: &str,
    found: &mut Found,
) -> Option<At<Vec<At<&'d str>>>> {
    let DeValue::Array(array) = written.get_ref() else {
        let fault = kind_fault(written, key, "文字列の配列", "an array of strings", found);
        if let DeValue::String(text) = written.get_ref() {
            fault.with_help(
                format!("`{key} = [\"{text}\"]` と書いてください"),
                format!("write `{key} = [\"{text}\"]`"),
            );
        }
        return None;
    };
    let all: Vec<_> = array.iter().map(|one| string(one, key, found)).collect();
    Some(At { value: all.into_iter().collect::<Option<Vec<_>>>()?, span: written.span() })
}

/// Reports that a value is of another kind than its key needs.
pub(super) fn kind_fault<'f>(
    written: &Spanned<DeValue<'_>>,
    key: &str,
    ja: &str,
    en: &str,
    found: &'f mut Found,
) -> &'f mut Diagnostic {
    let (is_ja, is_en) = kind(written.get_ref());
    found
        .error(
            written.span(),
            Text::new(format!("`{key}` は{ja}でなければなりません"), format!("`{key}` must be {en}")),
        )
        .with_label(format!("これは{is_ja}です"), format!("this is {is_en}"))
}

fn kind(value: &DeValue<'_>) -> (&'static str, &'static str) {
    match value {
        DeValue::String(_) => ("文字列", "a string"),
        DeValue::Integer(_) => ("整数", "an integer"),
        DeValue::Float(_) => ("小数", "a float"),
        DeValue::Boolean(_) => ("真偽値", "a boolean"),
        DeValue::Datetime(_) => ("日時", "a date or time"),
        DeValue::Array(_) => ("配列", "an array"),
        DeValue::Table(_) => ("表", "a table"),
    }
}

fn unit_fault(span: Range<usize>, key: &str, example: &str, fault: &UnitFault, found: &mut Found) {
    let example_ja = format!("例: `{key} = \"{example}\"`");
    let example_en = format!("for instance `{key} = \"{example}\"`");
    let size = example.ends_with('B');
    match fault {
        UnitFault::NoUnit(number) => {
            let (one, other) = if size && *number < 1024 {
                (format!("{number}MiB"), format!("{number}KiB"))
            } else if size {
                (format!("{}KiB", number.div_ceil(1024)), "20MiB".to_owned())
            } else if *number >= 60 && number % 60 == 0 {
                (format!("{}m", number / 60), format!("{number}s"))
            } else {
                (format!("{number}s"), format!("{number}m"))
            };
            found
                .error(span, Text::new(format!("`{key}` に単位がありません"), format!("`{key}` has no unit")))
                .with_help(
                    format!("\"{one}\" または \"{other}\" のように、単位をつけて書いてください"),
                    format!("write \"{one}\" or \"{other}\""),
                );
        }
        UnitFault::UnknownUnit(unit) => {
            let units = if size { "KiB, MiB, GiB, kB, MB, GB" } else { "s, m, h, d, y" };
            found
                .error(
                    span,
                    Text::new(format!("`{unit}` という単位はありません"), format!("`{unit}` is not a unit")),
                )
                .with_help(
                    format!("使える単位: {units}。{example_ja}"),
                    format!("units are {units}; {example_en}"),
                );
        }
        UnitFault::NotANumber => {
            let (ja, en) = if size { ("大きさ", "a size") } else { ("時間の長さ", "a duration") };
            found
                .error(
                    span,
                    Text::new(format!("`{key}` は{ja}として読めません"), format!("`{key}` is not {en}")),
                )
                .with_help(example_ja, example_en);
        }
    }
}

/// `did you mean`, where something near enough exists; what that is.
pub(super) fn suggest<'c>(
    diagnostic: &mut Diagnostic,
    written: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let meant = nearest(written, candidates)?;
    diagnostic.with_help(format!("`{meant}` のことですか?"), format!("did you mean `{meant}`?"));
    Some(meant)
}
