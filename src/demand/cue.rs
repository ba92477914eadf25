//! The words by which a message asks (`config/demand.toml`), found in one pass over a normalised text.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use crate::message::normalise;

/// Octets of normalised text between the parts of a phrase.
const GAP: usize = 40;
/// Words kept of one text; a longer list comes only from a text that was made to be one.
const MOST_HITS: usize = 20_000;

/// The table compiled in. Where it does not parse, which a test rules out, nothing is found.
static CUES: LazyLock<Cues> =
    LazyLock::new(|| Cues::parse(include_str!("../../config/demand.toml")).unwrap_or_default());

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
    automaton: Option<AhoCorasick>,
    parts: Vec<Part>,
    phrases: Vec<Phrase>,
}

#[derive(Debug)]
struct Part {
    word_start: bool,
    word_end: bool,
    /// (phrase, position in it).
    uses: Vec<(usize, usize)>,
}

#[derive(Debug)]
struct Phrase {
    cue: Cue,
    length: usize,
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
    fn parse(toml: &str) -> Option<Self> {
        let file: File = toml::from_str(toml).ok()?;
        let mut patterns: BTreeMap<(String, bool, bool), Vec<(usize, usize)>> = BTreeMap::new();
        let mut phrases = Vec::new();
        for table in &file.table {
            for written in table.ja.iter().chain(&table.en) {
                let mut length = 0;
                for part in written.split(" ~ ") {
                    let (part, open) = part.strip_suffix('*').map_or((part, false), |part| (part, true));
                    let text = normalise(part).trim().to_owned();
                    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                    if text.is_empty() {
                        return None;
                    }
                    let key =
                        (text.clone(), edge(text.chars().next()), !open && edge(text.chars().next_back()));
                    patterns.entry(key).or_default().push((phrases.len(), length));
                    length += 1;
                }
                phrases.push(Phrase { cue: table.cue, length });
            }
        }
        let automaton = AhoCorasick::new(patterns.keys().map(|(text, _, _)| text)).ok()?;
        let parts = patterns
            .into_iter()
            .map(|((_, word_start, word_end), uses)| Part { word_start, word_end, uses })
            .collect();
        Some(Self { automaton: Some(automaton), parts, phrases })
    }

    fn search(&self, text: &str) -> Found {
        let mut found: BTreeMap<Cue, Vec<Range<usize>>> = BTreeMap::new();
        let mut open: BTreeMap<(usize, usize), (usize, usize)> = BTreeMap::new();
        let mut count = 0;
        let Some(automaton) = &self.automaton else { return Found::default() };
        for hit in automaton.find_overlapping_iter(text) {
            let Some(part) = self.parts.get(hit.pattern().as_usize()) else { continue };
            if (part.word_start && within_word(text, hit.start()))
                || (part.word_end && within_word(text, hit.end()))
            {
                continue;
            }
            for &(phrase, position) in &part.uses {
                let Some(Phrase { cue, length }) = self.phrases.get(phrase) else { continue };
                let start = if position == 0 {
                    hit.start()
                } else {
                    match open.get(&(phrase, position - 1)) {
                        Some(&(start, end)) if end <= hit.start() && hit.start() - end <= GAP => start,
                        _ => continue,
                    }
                };
                if position + 1 < *length {
                    open.insert((phrase, position), (start, hit.end()));
                } else if count < MOST_HITS {
                    count += 1;
                    found.entry(*cue).or_default().push(start..hit.end());
                }
            }
        }
        for spans in found.values_mut() {
            spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
            spans.dedup();
        }
        Found(found)
    }
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

fn within_word(text: &str, at: usize) -> bool {
    let octets = text.as_bytes();
    let word =
        |index: Option<usize>| index.and_then(|i| octets.get(i)).is_some_and(u8::is_ascii_alphanumeric);
    word(at.checked_sub(1)) && word(Some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let text = normalise("please pay 5 dollars now, or pay the fee");
        let found = search(&text);
        let amount = text.find("5 dollars").unwrap();
        assert_eq!(found.before(Cue::Pay, amount, 5).map(|span| text.get(span).unwrap()), Some("please pay"));
        assert_eq!(found.after(Cue::Pay, amount, 40).map(|span| text.get(span).unwrap()), Some("pay the"));
        assert_eq!(found.distance(Cue::Pay, &(amount..amount + 9)), Some(1));
        assert_eq!(found.distance(Cue::Meet, &(0..3)), None);
    }
}
