//! `[[table]]`: phrases of one slot, with the table's own cases.

use std::ops::Range;

use toml::de::DeTable;

use super::file::{date, list, replaces, rows, said};
use crate::config::diagnostic::Text;
use crate::config::keys::{ENTRY, TABLE};
use crate::config::section::{At, Found, More as _, Section, suggest};
use crate::indicator::{PhraseTable, Slot, TableError, phrase_wordings, terms};

/// A table, and where its phrases and cases stand.
pub(super) struct Phrases {
    pub(super) table: PhraseTable,
    /// Place of each of the table's phrases.
    pub(super) spans: Vec<Range<usize>>,
    pub(super) hits: Vec<At<String>>,
    pub(super) misses: Vec<At<String>>,
}

/// Shorter phrases stand in almost every mail. Characters of normalised text.
const SHORTEST: usize = 2;

pub(super) fn read(table: &DeTable<'_>, span: Range<usize>, found: &mut Found) -> Option<Phrases> {
    let section = Section::new(table, span, &TABLE, found);
    let slot = slot(&section, found);
    let about = said(
        &section,
        "about",
        "何のための語句かを一言で書いてください",
        "say in a few words what these phrases are for",
        found,
    );
    let replace = replaces(&section, found);
    let without = list(&section, "without", found);
    let without = slot.zip(without).map(|(slot, without)| known(slot, &without, found));
    let entries: Vec<_> =
        rows(&section, "entry", found).into_iter().map(|(table, span)| entry(table, span, found)).collect();
    let hits = list(&section, "hits", found);
    let misses = list(&section, "misses", found);

    let phrases: Option<Vec<Vec<At<&str>>>> = entries.into_iter().collect();
    let (phrases, hits, misses) = (phrases?.concat(), hits?, misses?);
    about?;
    let (without, slot) = (without??, slot?);
    if phrases.is_empty() && without.is_empty() && !replace? {
        found
            .error(
                section.span.clone(),
                Text::new("このテーブルには語句がありません", "this table has no phrases"),
            )
            .with_help(
                "[[table.entry]] の phrases に足す語句を、without に外す語句を書きます",
                "phrases to add go into [[table.entry]], phrases to take out into `without`",
            );
        return None;
    }
    if !has_cases(&section, !phrases.is_empty(), &hits, &misses, found) {
        return None;
    }
    let own = |cases: Vec<At<&str>>| {
        cases.into_iter().map(|at| At { value: at.value.to_owned(), span: at.span }).collect()
    };
    let (written, spans) = phrases.into_iter().map(|at| (at.value.to_owned(), at.span)).unzip();
    let table = PhraseTable { slot, replace: replace?, without, phrases: written };
    Some(Phrases { table, spans, hits: own(hits), misses: own(misses) })
}

fn slot(section: &Section<'_>, found: &mut Found) -> Option<Slot> {
    let written = section.need(
        "slot",
        "どの枠の語句かを書きます（例: slot = \"unpaid-debt\"）。一覧は config/lexicon.toml にあります",
        "what the phrases do in a scam: slot = \"unpaid-debt\"; the slots are those of config/lexicon.toml",
        found,
    )?;
    let slot = Slot::named(written.value);
    if slot.is_none() {
        let names: Vec<String> = Slot::all().into_iter().map(Slot::name).collect();
        let fault = found.error(
            written.span,
            Text::new(
                format!("\"{}\" という枠はありません", written.value),
                format!("there is no slot \"{}\"", written.value),
            ),
        );
        if suggest(fault, written.value, names.iter().map(String::as_str)).is_none() {
            let all = names.join(", ");
            fault.with_help(format!("使える枠: {all}"), format!("the slots are {all}"));
        }
    }
    slot
}

/// Phrases to take out must be there.
fn known(slot: Slot, without: &[At<&str>], found: &mut Found) -> Option<Vec<String>> {
    let phrases = slot.phrases();
    let mut good = true;
    for one in without.iter().filter(|one| !phrases.contains(&one.value)) {
        good = false;
        let fault = found.error(
            one.span.clone(),
            Text::new("組み込みの語句にこれはありません", "this phrase is not among those built in"),
        );
        if suggest(fault, one.value, phrases.iter().copied()).is_none() {
            fault.with_help(
                "config/lexicon.toml に書いてあるとおりに書いてください",
                "write it as it stands in config/lexicon.toml",
            );
        }
    }
    good.then(|| without.iter().map(|one| one.value.to_owned()).collect())
}

fn entry<'d>(table: &'d DeTable<'d>, span: Range<usize>, found: &mut Found) -> Option<Vec<At<&'d str>>> {
    let section = Section::new(table, span, &ENTRY, found);
    let lang = said(&section, "lang", "言語です（例: lang = \"ja\"）", "the language: lang = \"ja\"", found);
    let source = said(
        &section,
        "source",
        "どこで知った言い回しかを書いてください",
        "say where the wording is known from",
        found,
    );
    let date = date(&section, found);
    if section.get("phrases").is_none() {
        if let Some(fault) = section.missing("phrases", found) {
            fault.with_help(
                "例: phrases = [\"会費が未納\"]",
                "for instance phrases = [\"unpaid membership fee\"]",
            );
        }
        return None;
    }
    let phrases = section.strings("phrases", found)?.value;
    let good = phrases.iter().filter(|one| usable(one, found)).count() == phrases.len();
    (good && lang.is_some() && source.is_some() && date.is_some()).then_some(phrases)
}

fn usable(phrase: &At<&str>, found: &mut Found) -> bool {
    let wordings = match phrase_wordings(phrase.value) {
        Ok(wordings) => wordings,
        Err(cause) => {
            unusable(phrase, &cause, found);
            return false;
        }
    };
    let shortest = |part: &Vec<String>| part.iter().map(|one| one.chars().count()).min().unwrap_or_default();
    if wordings.iter().map(shortest).sum::<usize>() < SHORTEST {
        found.error(phrase.span.clone(), Text::new("語句が短すぎます", "the phrase is too short")).with_help(
            "一文字では、ほとんどすべてのメールに当たります",
            "one character stands in almost every mail",
        );
        return false;
    }
    true
}

fn unusable(phrase: &At<&str>, cause: &TableError, found: &mut Found) {
    let (ja, en) = match cause {
        TableError::EmptyPhrase(_) => ("語句が空です", "the phrase, or a part of it, is empty"),
        TableError::UnknownTerm(_) => ("`<…>` の中の語群がありません", "there is no such term in `<…>`"),
        _ => ("この語句は使えません", "this phrase cannot be used"),
    };
    let fault = found.error(phrase.span.clone(), Text::new(ja, en));
    match cause {
        TableError::EmptyPhrase(_) => {
            fault.with_help(
                "記号や空白だけの語句は、正規化すると何も残りません。\"a ~ b\" では両側が要ります",
                "nothing is left of it once it is normalised; \"a ~ b\" needs both sides",
            );
        }
        TableError::UnknownTerm(_) => {
            let written = phrase.value.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
            let mut unknown = written.map(|(name, _)| name).filter(|name| !terms().any(|term| term == *name));
            if unknown.next().is_none_or(|name| suggest(fault, name, terms()).is_none()) {
                fault.with_help(
                    "`<name>` は config/lexicon-ja.toml の [[term]] の語のどれかを表します",
                    "`<name>` stands for each word of a [[term]] in config/lexicon-ja.toml",
                );
            }
        }
        other => {
            fault.with_help(other.to_string(), other.to_string());
        }
    }
}

fn has_cases(
    section: &Section<'_>,
    adds: bool,
    hits: &[At<&str>],
    misses: &[At<&str>],
    found: &mut Found,
) -> bool {
    let mut good = true;
    let mut need = |key: &str, ja: &str, en: &str| {
        good = false;
        if let Some(fault) = section.missing(key, found) {
            fault.with_help(ja, en);
        }
    };
    if adds && hits.is_empty() {
        need(
            "hits",
            "この語句で見つかるべき文を一つ以上書いてください",
            "write one sentence or more that these phrases must find",
        );
    }
    if misses.is_empty() {
        need(
            "misses",
            "似ているが見つけてはいけない正当な文を一つ以上書いてください",
            "write one honest sentence or more that looks alike and must not be found",
        );
    }
    good
}
