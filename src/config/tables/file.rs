//! One file of tables, from its text to what it adds; every fault with its place.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::brands::{self, Case};
use super::phrases::{self, Phrases};
use super::senders::{self, Listed};
use crate::config::diagnostic::{Diagnostic, Faults, Text, Weight};
use crate::config::environment::Language;
use crate::config::file::{SYNTAX_MOST, settle, syntax_fault};
use crate::config::keys::{ALLOW, BLOCK, TABLES};
use crate::config::section::{At, Found, More as _, Section, suggest};
use crate::config::source::Source;
use crate::indicator::{BrandEntry, Decision};

/// What stands in one file.
pub(super) struct TableFile {
    /// Without its folder.
    pub(super) name: String,
    pub(super) phrases: Vec<Phrases>,
    pub(super) brands: Vec<BrandEntry>,
    pub(super) cases: Vec<Case>,
    pub(super) senders: Vec<Listed>,
    pub(super) found: Found,
    /// Places of what is not TOML, and how many more there are.
    torn: Vec<usize>,
    unseen: usize,
}

impl TableFile {
    pub(super) fn read(name: String, source: Source) -> Self {
        let text = source.text().to_owned();
        let (table, mut syntax) = DeTable::parse_recoverable(&text);
        let unseen = syntax.len().saturating_sub(SYNTAX_MOST);
        syntax.truncate(SYNTAX_MOST);
        let mut found = Found { torn: !syntax.is_empty(), source, ..Found::default() };
        for fault in &syntax {
            syntax_fault(fault, &mut found);
        }
        let top = Section::new(table.get_ref(), 0..0, &TABLES, &mut found);
        let mut file = Self {
            name,
            phrases: Vec::new(),
            brands: Vec::new(),
            cases: Vec::new(),
            senders: Vec::new(),
            found: Found::default(),
            torn: syntax.iter().filter_map(|fault| Some(fault.span()?.start)).collect(),
            unseen,
        };
        for (table, span) in rows(&top, "table", &mut found) {
            file.phrases.extend(phrases::read(table, span, &mut found));
        }
        for (table, span) in rows(&top, "brand", &mut found) {
            file.brands.extend(brands::read(table, span, &mut found));
        }
        for (table, span) in rows(&top, "case", &mut found) {
            file.cases.extend(brands::case(table, span, &mut found));
        }
        for (key, keys, decision) in [("allow", &ALLOW, Decision::Allow), ("block", &BLOCK, Decision::Block)]
        {
            for (table, span) in rows(&top, key, &mut found) {
                file.senders.extend(senders::read(
                    &Section::new(table, span, keys, &mut found),
                    decision,
                    &mut found,
                ));
            }
        }
        file.found = found;
        file
    }

    pub(super) fn is_good(&self) -> bool {
        self.found.list.iter().all(|one| one.weight == Weight::Warning)
    }

    /// What is wrong with it, where something is.
    pub(super) fn into_faults(self, language: Language) -> Option<Faults> {
        let good = self.is_good();
        let (mut list, source) = settle(self.found, &self.torn);
        let unseen = list.len().saturating_sub(Faults::MOST).saturating_add(self.unseen);
        list.truncate(Faults::MOST);
        (!good).then_some(Faults { list, unseen, source, language })
    }
}

/// The tables of an array such as `[[table]]`.
pub(super) fn rows<'d>(
    section: &Section<'d>,
    key: &str,
    found: &mut Found,
) -> Vec<(&'d DeTable<'d>, Range<usize>)> {
    let Some(written) = section.get(key) else { return Vec::new() };
    let tables: Option<Vec<_>> = match written.get_ref() {
        DeValue::Array(array) => {
            array.iter().map(|one| Some((one.get_ref().as_table()?, one.span()))).collect()
        }
        _ => None,
    };
    tables.unwrap_or_else(|| {
        found
            .error(
                written.span(),
                Text::new(
                    format!("`{key}` は [[{key}]] と書きます"),
                    format!("`{key}` is written as [[{key}]]"),
                ),
            )
            .with_help("角括弧は二重です", "the brackets are double");
        Vec::new()
    })
}

/// Strings that may be left out.
pub(super) fn list<'d>(section: &Section<'d>, key: &str, found: &mut Found) -> Option<Vec<At<&'d str>>> {
    match section.get(key) {
        None => Some(Vec::new()),
        Some(_) => section.strings(key, found).map(|at| at.value),
    }
}

/// A text that must be there and say something.
pub(super) fn said<'d>(
    section: &Section<'d>,
    key: &str,
    ja: &str,
    en: &str,
    found: &mut Found,
) -> Option<At<&'d str>> {
    let written = section.need(key, ja, en, found)?;
    if written.value.trim().is_empty() {
        found
            .error(written.span, Text::new(format!("`{key}` が空です"), format!("`{key}` is empty")))
            .with_help(ja, en);
        return None;
    }
    Some(written)
}

/// The day on which it was written, so that somebody can see later what is out of date.
pub(super) fn date(section: &Section<'_>, found: &mut Found) -> Option<()> {
    let (ja, en) =
        ("書いた日です（例: date = \"2026-11-25\"）", "the day it was written: date = \"2026-11-25\"");
    let written = said(section, "date", ja, en, found)?;
    if written.value.len() == 10 && written.value.parse::<jiff::civil::Date>().is_ok() {
        return Some(());
    }
    found
        .error(written.span, Text::new("`date` は日付ではありません", "`date` is not a date"))
        .with_help(ja, en);
    None
}

/// `mode`: true for "replace".
pub(super) fn replaces(section: &Section<'_>, found: &mut Found) -> Option<bool> {
    if section.get("mode").is_none() {
        return Some(false);
    }
    let written = section.string("mode", found)?;
    match written.value {
        "extend" => Some(false),
        "replace" => Some(true),
        other => {
            let fault = found.error(
                written.span,
                Text::new(
                    format!("`mode` に \"{other}\" は使えません"),
                    format!("`mode` cannot be \"{other}\""),
                ),
            );
            suggest(fault, other, ["extend", "replace"]);
            fault
                .with_help(
                    "\"extend\": 組み込みのものに足す（既定）",
                    "\"extend\": add to what is built in (the default)",
                )
                .with_help("\"replace\": 組み込みのものの代わりにする", "\"replace\": in place of it");
            None
        }
    }
}

/// A domain that somebody can own, lower case.
pub(super) fn domain(written: &At<&str>, found: &mut Found) -> Option<String> {
    let domain = written.value.trim_end_matches('.').to_lowercase();
    let label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let mut fault = |title: Text, help: Text| {
        found.list.push(Diagnostic::error(title).at(written.span.clone()).help(help));
        None
    };
    if !domain.contains('.') || !domain.split('.').all(label) {
        return fault(
            Text::new("ドメインとして使えません", "this is no domain"),
            Text::new(
                "例: \"example.com\"。@ や https:// や / は書きません",
                "for instance \"example.com\", without @, https:// or /",
            ),
        );
    }
    if crate::indicator::is_public_suffix(&domain) {
        return fault(
            Text::new("誰の名前でもないドメインです", "this domain is nobody's own"),
            Text::new(
                "その下に誰でも名前を持てます。もう一つ下まで書いてください（例: \"example.co.jp\"）",
                "anybody can have a name below it; write one more label, as in \"example.co.jp\"",
            ),
        );
    }
    Some(domain)
}
