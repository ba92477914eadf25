//! The words by which a message asks (`config/demand.toml`), found in one pass over a normalised text.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::{IntoDeserializer, value};

use crate::indicator::matcher::{Again, Matcher, Normaliser, Part};
use crate::indicator::plain;

/// Octets of normalised text between the parts of a phrase.
const GAP: usize = 40;
/// Words kept of one text; a longer list comes only from a text that was made to be one.
const MOST_HITS: usize = 20_000;

/// The table compiled in. Where it does not parse, which a test rules out, nothing is found.
static CUES: LazyLock<Cues> =
    LazyLock::new(|| Cues::plain(TABLE).or_else(|| Cues::parse(TABLE)).unwrap_or_default());
static TABLE: &str = include_str!("../../config/demand.toml");

/// What a word says about what is asked. `config/demand.toml` says what each is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Cue {
    Pay,
    HandOver,
    Call,
    ContactUs,
    Reply,
    NotReply,
    LogIn,
    Click,
    NotClick,
    OpenFile,
    Macro,
    Consequence,
    Install,
    KeepSecret,
    NotSecret,
    ChangeBank,
    Meet,
    SendDocuments,
    JoinChat,
    Total,
    Grand,
    Aside,
    NotAsked,
    Paid,
    Warning,
    GiftCard,
    GiftCardKind,
    Wallet,
    WalletUse,
    MoneyWay,
    Crypto,
    PhoneWord,
    NotPhone,
    Footer,
}

/// What was found, by cue, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Found(BTreeMap<Cue, Vec<Range<usize>>>);

#[derive(Debug, Default)]
struct Cues {
    matcher: Matcher,
    /// By phrase.
    cues: Vec<Cue>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    table: Vec<Table>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "tests and people read these"))]
struct Table {
    cue: Cue,
    about: String,
    hits: Vec<String>,
    misses: Vec<String>,
    ja: Vec<String>,
    en: Vec<String>,
}

/// The cues of a normalised text.
pub(super) fn search(text: &str) -> Found {
    CUES.search(text)
}

impl Cues {
    /// As [`Cues::parse`], for a table as the own one is written.
    fn plain(toml: &str) -> Option<Self> {
        let blocks = plain::blocks(toml, &["cue", "ja", "en"])?;
        let mut tables = Vec::new();
        for block in blocks.iter().filter(|block| block.name == "table") {
            let cue = IntoDeserializer::<value::Error>::into_deserializer(block.one("cue")?);
            tables.push((Cue::deserialize(cue).ok()?, [block.all("ja"), block.all("en")].concat()));
        }
        Self::of(tables.into_iter())
    }

    fn parse(toml: &str) -> Option<Self> {
        let file: File = toml::from_str(toml).ok()?;
        Self::of(
            file.table
                .iter()
                .map(|table| (table.cue, table.ja.iter().chain(&table.en).map(String::as_str).collect())),
        )
    }

    fn of<'a>(tables: impl Iterator<Item = (Cue, Vec<&'a str>)>) -> Option<Self> {
        let mut cues = Vec::new();
        let mut phrases = Vec::new();
        let mut normaliser = Normaliser::default();
        for (cue, all) in tables {
            for written in all {
                cues.push(cue);
                let parts = written.split(" ~ ").map(|written| part(written, &mut normaliser));
                phrases.push(parts.collect::<Option<Vec<Part>>>()?);
            }
        }
        Some(Self { matcher: Matcher::new(phrases.into_iter()).ok()?, cues })
    }

    fn search(&self, text: &str) -> Found {
        let mut found: BTreeMap<Cue, Vec<Range<usize>>> = BTreeMap::new();
        let mut count = 0;
        self.matcher.each(text, |phrase, span| {
            if let Some(cue) = self.cues.get(phrase)
                && count < MOST_HITS
            {
                count += 1;
                found.entry(*cue).or_default().push(span);
            }
            Again::Yes
        });
        for spans in found.values_mut() {
            spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
            spans.dedup();
        }
        Found(found)
    }
}

fn part(written: &str, normaliser: &mut Normaliser) -> Option<Part> {
    let (part, open) = written.strip_suffix('*').map_or((written, false), |part| (part, true));
    let text = normaliser.of(part);
    (!text.is_empty()).then(|| Part { gap: GAP, wordings: vec![(text, open)] })
}

impl Found {
    /// Every place of a cue, in the order of the text; of those that begin together the longest first.
    pub(super) fn all(&self, cue: Cue) -> &[Range<usize>] {
        self.0.get(&cue).map_or(&[], Vec::as_slice)
    }

    /// Whether a cue stands anywhere.
    pub(super) fn has(&self, cue: Cue) -> bool {
        !self.all(cue).is_empty()
    }

    /// Keeps what lies outside of these spans.
    pub(super) fn leave_out(&mut self, spans: &[Range<usize>]) {
        for hits in self.0.values_mut() {
            hits.retain(|hit| !spans.iter().any(|span| span.contains(&hit.start)));
        }
    }

    /// The cue that ends nearest before `at`, at most `within` octets away.
    pub(super) fn before(&self, cue: Cue, at: usize, within: usize) -> Option<Range<usize>> {
        let all = self.all(cue);
        // Sorted by start: what ends within reach also begins within reach of the longest phrase.
        let to = all.partition_point(|span| span.start < at);
        all.get(..to)?
            .iter()
            .rev()
            .take(12)
            .filter(|span| span.end <= at && at - span.end <= within)
            .max_by_key(|span| span.end)
            .cloned()
    }

    /// The cue that begins nearest at or after `at`, at most `within` octets away.
    pub(super) fn after(&self, cue: Cue, at: usize, within: usize) -> Option<Range<usize>> {
        let all = self.all(cue);
        let from = all.partition_point(|span| span.start < at);
        all.get(from).filter(|span| span.start - at <= within).cloned()
    }

    /// Octets between a span and the nearest of this cue; 0 where they overlap.
    pub(super) fn distance(&self, cue: Cue, span: &Range<usize>) -> Option<usize> {
        let all = self.all(cue);
        let to = all.partition_point(|other| other.start < span.end);
        let before =
            all.get(..to)?.iter().rev().take(12).map(|other| span.start.saturating_sub(other.end)).min();
        let after = all.get(to).map(|other| other.start.saturating_sub(span.end));
        before.into_iter().chain(after).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::normalise;

    fn tables() -> Vec<Table> {
        toml::from_str::<File>(include_str!("../../config/demand.toml")).unwrap().table
    }

    #[test]
    fn every_table_passes_its_own_cases() {
        let mut faults = Vec::new();
        for table in tables() {
            let found = |text: &str| search(&normalise(text)).has(table.cue);
            faults.extend(
                table.hits.iter().filter(|text| !found(text)).map(|t| format!("{:?} misses {t}", table.cue)),
            );
            faults.extend(
                table.misses.iter().filter(|text| found(text)).map(|t| format!("{:?} hits {t}", table.cue)),
            );
            assert!(!table.hits.is_empty() && !table.misses.is_empty() && !table.about.is_empty());
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn each_cue_has_one_table() {
        let mut cues: Vec<Cue> = tables().iter().map(|table| table.cue).collect();
        cues.sort_unstable();
        cues.dedup();
        assert_eq!((cues.len(), tables().len()), (Cue::Footer as usize + 1, Cue::Footer as usize + 1));
    }

    #[test]
    fn nearness() {
        let text = normalise("kindly remit, say, 5 dollars now, or pay the fee");
        let found = search(&text);
        let amount = text.find("5 dollars").unwrap();
        let words = |span: Option<Range<usize>>| span.map(|span| text.get(span).unwrap().to_owned());
        assert_eq!(words(found.before(Cue::Pay, amount, 8)).as_deref(), Some("kindly remit"));
        assert_eq!(words(found.before(Cue::Pay, amount, 4)), None);
        assert_eq!(words(found.after(Cue::Pay, amount, 40)).as_deref(), Some("pay the fee"));
        assert_eq!(found.distance(Cue::Pay, &(amount..amount + 9)), Some(7));
        assert_eq!(found.distance(Cue::Meet, &(0..3)), None);
    }
}
