//! Phrase tables by slot (`config/lexicon.toml`), matched in one pass over a normalised text.
//!
//! A phrase is literal; `a ~ b` is a, then b, at most [`GAP`] octets of normalised text later. A part that begins or ends
//! with an ASCII letter or digit matches only at the edge of a word; a trailing `*` leaves the end open.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};

use crate::message::normalise;

/// Octets of normalised text that may lie between the parts of a phrase: about twenty kana or ten English words.
const GAP: usize = 60;

/// The table that is compiled in.
pub(super) const COMPILED_IN: &str = include_str!("../../config/lexicon.toml");

/// As it was read. Where it does not parse, which a test rules out, nothing is matched.
static TABLES: LazyLock<Vec<Table>> =
    LazyLock::new(|| toml::from_str::<File>(COMPILED_IN).map(|file| file.table).unwrap_or_default());

/// What a phrase does in a scam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each table of config/lexicon.toml says what its slot is about")]
pub enum Slot {
    UnpaidDebt,
    VagueService,
    CancellationIncomplete,
    LegalThreat,
    InventedAgency,
    HomeVisit,
    CourtByMail,
    Deadline,
    FinalNotice,
    PaymentDemand,
    CodeHandover,
    GiftCard,
    PublishThreat,
    Ultimatum,
    ViolenceThreat,
    ScriptMalware,
    ScriptRecording,
    ScriptAdultSite,
    ScriptContacts,
    ScriptPromise,
    CryptoDemand,
    QuotedDetails,
    AccountTrouble,
    VerifyDemand,
    BankChange,
    SecretRequest,
    Windfall,
    Stranger,
    DetailsRequest,
    UpfrontFee,
    UnexpectedCharge,
    CallDemand,
    InvestmentLure,
    GuaranteedReturn,
    CredentialRequest,
    ChatGroup,
    RemoteHelp,
    SafeAccount,
    CrossedInPost,
    ClaimDemand,
    Bulletin,
    BulletinAdvice,
}

/// Why a lexicon file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Not TOML, or not of this shape.
    #[error("cannot read the table: {0}")]
    Shape(#[from] toml::de::Error),
    /// A phrase with nothing to match.
    #[error("cannot use the phrase {0:?}: it is empty once normalised")]
    EmptyPhrase(String),
    /// The phrases could not be compiled.
    #[error("cannot compile the phrases: {0}")]
    Build(#[from] aho_corasick::BuildError),
}

/// Compiled phrase tables.
#[derive(Debug, Default)]
pub struct Lexicon {
    automaton: Option<AhoCorasick>,
    /// By pattern of the automaton: whether its edges must be edges of words, and where it stands in which phrases.
    parts: Vec<Part>,
    phrases: Vec<Phrase>,
}

/// A phrase seen in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) slot: Slot,
    /// Which phrase; equal for equal phrases in several texts.
    pub(super) phrase: usize,
    /// Octets of the normalised text.
    pub(super) span: Range<usize>,
}

#[derive(Debug, Default)]
struct Part {
    word_start: bool,
    word_end: bool,
    /// (phrase, position in it).
    uses: Vec<(usize, usize)>,
}

#[derive(Debug)]
struct Phrase {
    slot: Slot,
    length: usize,
    /// For people.
    written: String,
}

/// As written in TOML.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    table: Vec<Table>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "tests and people read these"))]
pub(super) struct Table {
    pub(super) slot: Slot,
    about: String,
    hits: Vec<String>,
    pub(super) misses: Vec<String>,
    entry: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "tests and people read these"))]
struct Entry {
    lang: String,
    source: String,
    date: String,
    phrases: Vec<String>,
}

impl Table {
    /// As they are written.
    pub(super) fn phrases(&self) -> impl Iterator<Item = &str> {
        self.entry.iter().flat_map(|entry| &entry.phrases).map(String::as_str)
    }
}

/// The tables that are compiled in.
pub(super) fn tables() -> impl Iterator<Item = &'static Table> {
    TABLES.iter()
}

/// Whether a phrase can be matched at all.
///
/// # Errors
/// Where a part of it is empty once it is normalised.
pub(super) fn check(phrase: &str) -> Result<(), TableError> {
    let empty = parts(phrase).any(|(text, _)| text.is_empty());
    if empty { Err(TableError::EmptyPhrase(phrase.to_owned())) } else { Ok(()) }
}

/// The parts of a phrase as they are matched: normalised, in order. One that is empty cannot be.
pub fn phrase_parts(phrase: &str) -> Vec<String> {
    parts(phrase).map(|(text, _)| text).collect()
}

/// The parts of a phrase, normalised, and whether the end of each is open.
fn parts(phrase: &str) -> impl Iterator<Item = (String, bool)> {
    phrase.split(" ~ ").map(|part| {
        let (part, open) = part.strip_suffix('*').map_or((part, false), |part| (part, true));
        (normalise(part).trim().to_owned(), open)
    })
}

impl Lexicon {
    /// Compiles a file of tables.
    ///
    /// # Errors
    /// Where the file is not of this shape, or a phrase has nothing to match.
    pub fn parse(toml: &str) -> Result<Self, TableError> {
        let file: File = toml::from_str(toml)?;
        let phrases =
            file.table.iter().flat_map(|table| table.phrases().map(|phrase| (table.slot, phrase.to_owned())));
        Self::compile(phrases)
    }

    /// Compiles phrases.
    ///
    /// # Errors
    /// Where a phrase has nothing to match.
    pub fn compile(written: impl Iterator<Item = (Slot, String)>) -> Result<Self, TableError> {
        let mut patterns: BTreeMap<(String, bool, bool), Vec<(usize, usize)>> = BTreeMap::new();
        let mut phrases = Vec::new();
        for (slot, written) in written {
            check(&written)?;
            let mut length = 0;
            for (text, open) in parts(&written) {
                let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                let (start, end) = (edge(text.chars().next()), !open && edge(text.chars().next_back()));
                patterns.entry((text, start, end)).or_default().push((phrases.len(), length));
                length += 1;
            }
            phrases.push(Phrase { slot, length, written });
        }
        let automaton = AhoCorasick::new(patterns.keys().map(|(text, _, _)| text))?;
        let parts = patterns
            .into_iter()
            .map(|((_, word_start, word_end), uses)| Part { word_start, word_end, uses })
            .collect();
        Ok(Self { automaton: Some(automaton), parts, phrases })
    }

    /// The first phrase of this slot in a text that need not be normalised, as it was written.
    pub fn says(&self, slot: Slot, text: &str) -> Option<&str> {
        let hit = self.search(&normalise(text)).into_iter().find(|hit| hit.slot == slot)?;
        self.phrases.get(hit.phrase).map(|phrase| phrase.written.as_str())
    }

    /// The first place of each phrase in a normalised text, in the order of the text. One pass.
    pub(super) fn search(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut done = vec![false; self.phrases.len()];
        // By phrase and part: start of the phrase and end of this part, where the phrase is seen up to here.
        let mut open: BTreeMap<(usize, usize), (usize, usize)> = BTreeMap::new();
        let Some(automaton) = &self.automaton else { return hits };
        for found in automaton.find_overlapping_iter(text) {
            let Some(part) = self.parts.get(found.pattern().as_usize()) else { continue };
            if (part.word_start && within_word(text, found.start()))
                || (part.word_end && within_word(text, found.end()))
            {
                continue;
            }
            for &(phrase, position) in &part.uses {
                let Some(Phrase { slot, length, .. }) = self.phrases.get(phrase) else { continue };
                if done.get(phrase).copied().unwrap_or(true) {
                    continue;
                }
                let start = if position == 0 {
                    found.start()
                } else {
                    match open.get(&(phrase, position - 1)) {
                        Some(&(start, end)) if end <= found.start() && found.start() - end <= GAP => start,
                        _ => continue,
                    }
                };
                if position + 1 == *length {
                    hits.push(Hit { slot: *slot, phrase, span: start..found.end() });
                    if let Some(done) = done.get_mut(phrase) {
                        *done = true;
                    }
                } else {
                    open.insert((phrase, position), (start, found.end()));
                }
            }
        }
        hits.sort_by_key(|hit| (hit.span.start, hit.span.end));
        hits
    }
}

/// Whether an octet offset lies between two ASCII letters or digits.
fn within_word(text: &str, at: usize) -> bool {
    let octets = text.as_bytes();
    let word =
        |index: Option<usize>| index.and_then(|i| octets.get(i)).is_some_and(u8::is_ascii_alphanumeric);
    word(at.checked_sub(1)) && word(Some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled_in() -> File {
        toml::from_str(COMPILED_IN).unwrap()
    }

    #[test]
    fn the_tables_compiled_in_parse() {
        let lexicon = Lexicon::parse(COMPILED_IN).unwrap();
        assert!(lexicon.phrases.len() > 500);
        assert_eq!(TABLES.len(), compiled_in().table.len());
    }

    #[test]
    fn every_table_passes_its_own_cases() {
        let mut faults = Vec::new();
        let lexicon = Lexicon::parse(COMPILED_IN).unwrap();
        for table in compiled_in().table {
            let found =
                |text: &str| lexicon.search(&normalise(text)).iter().any(|hit| hit.slot == table.slot);
            faults.extend(
                table
                    .hits
                    .iter()
                    .filter(|text| !found(text))
                    .map(|text| format!("{:?} misses {text}", table.slot)),
            );
            faults.extend(
                table
                    .misses
                    .iter()
                    .filter(|text| found(text))
                    .map(|text| format!("{:?} hits {text}", table.slot)),
            );
            assert!(!table.hits.is_empty() && !table.misses.is_empty() && !table.about.is_empty());
            for entry in &table.entry {
                assert!(
                    ["ja", "en"].contains(&entry.lang.as_str())
                        && !entry.source.is_empty()
                        && entry.date.len() == 10
                );
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn each_slot_has_one_table() {
        let mut slots: Vec<_> = compiled_in().table.iter().map(|table| table.slot).collect();
        let count = slots.len();
        slots.sort_unstable();
        slots.dedup();
        assert_eq!((slots.len(), slots.last()), (count, Some(&Slot::BulletinAdvice)));
        assert_eq!(count, Slot::BulletinAdvice as usize + 1);
    }

    #[test]
    fn parts_of_a_phrase_keep_their_order_and_their_distance() {
        let toml = r#"
            [[table]]
            slot = "deadline"
            about = ""
            hits = []
            misses = []
            [[table.entry]]
            lang = "en"
            source = ""
            date = ""
            phrases = ["pay ~ now", "card*"]
        "#;
        let lexicon = Lexicon::parse(toml).unwrap();
        let spans = |text: &str| {
            lexicon.search(text).into_iter().map(|hit| (hit.span.start, hit.span.end)).collect::<Vec<_>>()
        };
        assert_eq!(spans("please pay it now"), [(7, 17)]);
        assert_eq!(spans("now pay"), []);
        assert_eq!(spans("repay it now, pay knowing"), []);
        assert_eq!(spans(&format!("pay {} now", "x".repeat(GAP))), []);
        assert_eq!(spans("cards postcard"), [(0, 4)]);
    }
}
