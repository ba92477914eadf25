//! Phrase tables by slot (`config/lexicon.toml`, `config/lexicon-ja.toml`), matched in one pass over a normalised text.
//!
//! A phrase is literal; `a ~ b` is a, then b, at most [`GAP`] octets of normalised text later, `a ~~ b` at most
//! [`WIDE_GAP`], `a + b` side by side, which costs less than one part of two terms. `<name>` stands for each of the words of that term, so that `<lest> ~ <expose>` is a concept and not a list
//! of sentences. A part that begins or ends with an ASCII letter or digit matches only at the edge of a word; a trailing `*`
//! leaves the end open.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::de::{IntoDeserializer, value};
use serde::{Deserialize, Serialize};

use crate::message::normalise;

use super::matcher::{Again, Matcher, Normaliser, Part};
use super::plain;

/// Octets of normalised text that may lie between the parts of a phrase: about twenty kana or ten English words.
const GAP: usize = 60;
/// The same for parts that may stand in neighbouring sentences: about sixty kana.
const WIDE_GAP: usize = 180;
/// The same for parts that stand side by side, with a space between them or none.
const CLOSE: usize = 1;
/// What one part may become when its terms are written out.
const MOST_WORDINGS: usize = 4096;

/// The files compiled in. Each may have a table of its own for any slot: they add up.
pub(super) static FILES: &[(&str, &str)] = &[
    ("lexicon.toml", include_str!("../../config/lexicon.toml")),
    ("lexicon-ja.toml", include_str!("../../config/lexicon-ja.toml")),
    ("lexicon-en.toml", include_str!("../../config/lexicon-en.toml")),
    ("lexicon-world.toml", include_str!("../../config/lexicon-world.toml")),
];

/// As they were read. Where one does not parse, which a test rules out, nothing is matched.
static TABLES: LazyLock<File> =
    LazyLock::new(|| File::read(FILES.iter().map(|(_, toml)| *toml)).unwrap_or_default());

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
    ShortDeadline,
    Loss,
    ContactDemand,
    OnlyYourself,
    BuyOff,
    PayoutPending,
    FeeReturned,
    AtmRefund,
    JobLure,
    ChatChannel,
    Affection,
    MoneyPlea,
    BusinessErrand,
    RunFile,
    MachineJapanese,
    IdPapers,
    OtpHandover,
    NoAction,
    Doubt,
    MailboxTrouble,
    ParcelHeld,
    DocumentWaiting,
    SignInToSee,
    RefundWaiting,
    RewardPicked,
    Estate,
    ShareOffer,
    LoanOffer,
    PrivateContact,
    GreetingGeneric,
    JobOffer,
    RansomThreat,
    ListingPitch,
    RecordsRequest,
    AuthorityAccusation,
    Romance,
    Plea,
    OpenAttachment,
    SmallFee,
    Proposal,
    AskReply,
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
    /// A `<name>` that no term bears, or an open bracket.
    #[error("cannot use the phrase {0:?}: it names an unknown term")]
    UnknownTerm(String),
    /// Terms multiply to more wordings than anybody could read.
    #[error("cannot use the phrase {0:?}: it stands for more than {MOST_WORDINGS} wordings")]
    TooManyWordings(String),
    /// The phrases could not be compiled.
    #[error("cannot compile the phrases: {0}")]
    Build(#[from] super::automaton::TooMany),
}

/// Compiled phrase tables.
#[derive(Debug, Default)]
pub struct Lexicon {
    matcher: Matcher,
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

#[derive(Debug)]
struct Phrase {
    slot: Slot,
    /// For people.
    written: Cow<'static, str>,
}

/// As written in TOML.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    term: Vec<Term>,
    table: Vec<Table>,
}

/// Words that do the same in a sentence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    name: String,
    words: Vec<String>,
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

impl File {
    /// Several files as one.
    fn read<'a>(files: impl Iterator<Item = &'a str>) -> Result<Self, toml::de::Error> {
        let mut all = Self::default();
        for toml in files {
            let file: Self = toml::from_str(toml)?;
            all.table.extend(file.table);
            all.term.extend(file.term);
        }
        Ok(all)
    }

    fn terms(&self) -> Terms<'_> {
        self.term
            .iter()
            .map(|term| (term.name.as_str(), term.words.iter().map(String::as_str).collect()))
            .collect()
    }
}

impl Table {
    /// As they are written.
    pub(super) fn phrases(&self) -> impl Iterator<Item = &str> {
        self.entry.iter().flat_map(|entry| &entry.phrases).map(String::as_str)
    }
}

/// The tables that are compiled in.
pub(super) fn tables() -> impl Iterator<Item = &'static Table> {
    TABLES.table.iter()
}

/// Whether a phrase can be matched at all.
///
/// # Errors
/// Where a part of it is empty once it is normalised, or names a term that there is not.
pub(super) fn check(phrase: &str) -> Result<(), TableError> {
    parts(phrase, &TABLES.terms(), &mut Normaliser::default()).map(drop)
}

/// The parts of a phrase, in order, each with the wordings that are matched, normalised: one, or as many as its terms have.
///
/// # Errors
/// Where a part is empty once it is normalised, names a term that there is not, or has too many wordings.
pub fn phrase_wordings(phrase: &str) -> Result<Vec<Vec<String>>, TableError> {
    let words = |part: Part| part.wordings.into_iter().map(|(text, _)| text).collect();
    Ok(parts(phrase, &TABLES.terms(), &mut Normaliser::default())?.into_iter().map(words).collect())
}

/// Names of the terms that a phrase may use as `<name>`.
pub fn terms() -> impl Iterator<Item = &'static str> {
    TABLES.term.iter().map(|term| term.name.as_str())
}

/// Words by the name of their term.
type Terms<'a> = BTreeMap<&'a str, Vec<&'a str>>;

fn parts(written: &str, terms: &Terms<'_>, normaliser: &mut Normaliser) -> Result<Vec<Part>, TableError> {
    let read = |(gap, part): (usize, &str)| {
        let (part, open) = part.strip_suffix('*').map_or((part, false), |part| (part, true));
        let mut texts = Vec::new();
        for wording in wordings(part, terms, written)? {
            let (wording, open) = wording.strip_suffix('*').map_or((&*wording, open), |word| (word, true));
            forms(wording, normaliser, |text| texts.push((text, open)));
        }
        if texts.iter().any(|(text, _)| text.is_empty()) {
            return Err(TableError::EmptyPhrase(written.to_owned()));
        }
        Ok(Part { gap, wordings: texts })
    };
    parts_of(written).into_iter().map(read).collect()
}

impl Lexicon {
    /// The tables that are compiled in. What the files say is let go of: a service that runs for months needs none of it.
    pub(super) fn compiled_in() -> Self {
        let files: Vec<&str> = FILES.iter().map(|(_, toml)| *toml).collect();
        Self::plain(&files).or_else(|| Self::parse(&files).ok()).unwrap_or_default()
    }

    /// As [`Lexicon::parse`], for files as the own ones are written.
    fn plain(files: &[&'static str]) -> Option<Self> {
        let mut terms = Terms::new();
        let mut phrases = Vec::new();
        for toml in files {
            let mut slot = None;
            for block in plain::blocks(toml, &["slot", "phrases", "name", "words"])? {
                match block.name {
                    "term" => drop(terms.insert(block.one("name")?, block.all("words").to_vec())),
                    "table" => slot = Some(named(block.one("slot")?)?),
                    "table.entry" => {
                        let slot: Slot = slot?;
                        phrases
                            .extend(block.all("phrases").iter().map(|phrase| (slot, Cow::Borrowed(*phrase))));
                    }
                    _ => {}
                }
            }
        }
        Self::build(phrases.into_iter(), &terms).ok()
    }

    /// Compiles files of tables; several tables of one slot add up.
    ///
    /// # Errors
    /// Where a file is not of this shape, or a phrase has nothing to match.
    pub fn parse(files: &[&str]) -> Result<Self, TableError> {
        Self::of(&File::read(files.iter().copied())?)
    }

    fn of(file: &File) -> Result<Self, TableError> {
        let phrases = file
            .table
            .iter()
            .flat_map(|table| table.phrases().map(|phrase| (table.slot, Cow::Owned(phrase.to_owned()))));
        Self::build(phrases, &file.terms())
    }

    /// Compiles phrases; they may name the terms that are compiled in.
    ///
    /// # Errors
    /// Where a phrase has nothing to match.
    pub fn compile(written: impl Iterator<Item = (Slot, String)>) -> Result<Self, TableError> {
        Self::build(written.map(|(slot, phrase)| (slot, Cow::Owned(phrase))), &TABLES.terms())
    }

    fn build(
        written: impl Iterator<Item = (Slot, Cow<'static, str>)>,
        terms: &Terms<'_>,
    ) -> Result<Self, TableError> {
        let mut phrases = Vec::new();
        let mut all = Vec::new();
        let mut normaliser = Normaliser::default();
        for (slot, written) in written {
            all.push(parts(&written, terms, &mut normaliser)?);
            phrases.push(Phrase { slot, written });
        }
        Ok(Self { matcher: Matcher::new(all.into_iter())?, phrases })
    }

    /// The first phrase of this slot in a text that need not be normalised, as it was written.
    pub fn says(&self, slot: Slot, text: &str) -> Option<&str> {
        let hit = self.search(&normalise(text)).into_iter().find(|hit| hit.slot == slot)?;
        self.phrases.get(hit.phrase).map(|phrase| &*phrase.written)
    }

    /// The first place of each phrase in a normalised text, in the order of the text; of phrases of one slot that lie over
    /// one another only one, for they are one thing said. One pass.
    pub(super) fn search(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.matcher.each(text, |phrase, span| {
            if let Some(Phrase { slot, .. }) = self.phrases.get(phrase) {
                hits.push(Hit { slot: *slot, phrase, span });
            }
            Again::No
        });
        let mut hits = apart(hits);
        hits.sort_by_key(|hit| (hit.span.start, hit.span.end));
        hits
    }
}

fn named(slot: &str) -> Option<Slot> {
    Slot::deserialize(IntoDeserializer::<value::Error>::into_deserializer(slot)).ok()
}

/// The parts of a phrase, each with how far behind the one before it may begin.
fn parts_of(written: &str) -> Vec<(usize, &str)> {
    if !written.bytes().any(|octet| matches!(octet, b'~' | b'+')) {
        return vec![(GAP, written)];
    }
    let mut parts = Vec::new();
    for (outer, piece) in written.split(" ~~ ").enumerate() {
        for (inner, part) in piece.split(" ~ ").enumerate() {
            let gap = if outer > 0 && inner == 0 { WIDE_GAP } else { GAP };
            let close = std::iter::once(gap).chain(std::iter::repeat(CLOSE));
            parts.extend(close.zip(part.split(" + ")));
        }
    }
    parts
}

/// A wording as the normaliser leaves it. The start of a Russian word may be drawn like a Latin one where the whole word is
/// not (`сер` of `серый`): such a fragment is looked for in both forms.
fn forms(wording: &str, normaliser: &mut Normaliser, mut form: impl FnMut(String)) {
    /// A letter that no Latin one is drawn like: with it behind, the word before stays Cyrillic.
    const PLAIN: char = 'ы';
    let plain = normaliser.of(wording);
    if wording.chars().next_back().is_some_and(|c| ('\u{400}'..='\u{4ff}').contains(&c)) {
        let mut open = normalise(&format!("{}{PLAIN}", wording.trim()));
        open.pop();
        if open != plain {
            form(plain);
            return form(open);
        }
    }
    form(plain);
}

/// A part with each of its terms' words in their place.
fn wordings(part: &str, terms: &Terms<'_>, written: &str) -> Result<Vec<String>, TableError> {
    let Some((before, rest)) = part.split_once('<') else { return Ok(vec![part.to_owned()]) };
    let unknown = || TableError::UnknownTerm(written.to_owned());
    let (name, after) = rest.split_once('>').ok_or_else(unknown)?;
    let words = terms.get(name).ok_or_else(unknown)?;
    let ends = wordings(after, terms, written)?;
    if words.len().saturating_mul(ends.len()) > MOST_WORDINGS {
        return Err(TableError::TooManyWordings(written.to_owned()));
    }
    Ok(words
        .iter()
        .flat_map(|word| ends.iter().map(move |end| [before, word, end.as_str()].concat()))
        .collect())
}

/// As many hits of each slot as there are that do not overlap: the earliest end first, the longer of two that end together.
fn apart(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.span.end, hit.span.start));
    let mut ends: BTreeMap<Slot, usize> = BTreeMap::new();
    hits.retain(|hit| {
        let end = ends.entry(hit.slot).or_default();
        let free = hit.span.start >= *end;
        if free {
            *end = hit.span.end;
        }
        free
    });
    hits
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn compiled_in() -> impl Iterator<Item = Table> {
        FILES.iter().flat_map(|(_, toml)| toml::from_str::<File>(toml).unwrap().table)
    }

    #[test]
    fn the_tables_compiled_in_parse() {
        let lexicon = Lexicon::compiled_in();
        assert!(lexicon.phrases.len() > 500);
    }

    #[test]
    fn every_table_passes_its_own_cases() {
        let mut faults = Vec::new();
        let lexicon = Lexicon::compiled_in();
        for table in compiled_in() {
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
                assert!(entry.lang.len() == 2 && !entry.source.is_empty() && entry.date.len() == 10);
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn each_slot_has_a_table_and_at_most_one_a_file() {
        let mut slots = BTreeSet::new();
        for (_, file) in FILES {
            let tables = toml::from_str::<File>(file).unwrap().table;
            let own: BTreeSet<_> = tables.iter().map(|table| table.slot).collect();
            assert_eq!(own.len(), tables.len());
            slots.extend(own);
        }
        assert_eq!(slots.last(), Some(&Slot::BulletinAdvice));
        assert_eq!(slots.len(), Slot::BulletinAdvice as usize + 1);
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
            phrases = ["pay ~ now", "card*", "big + cat"]
        "#;
        let lexicon = Lexicon::parse(&[toml]).unwrap();
        let spans = |text: &str| {
            lexicon.search(text).into_iter().map(|hit| (hit.span.start, hit.span.end)).collect::<Vec<_>>()
        };
        assert_eq!(spans("please pay it now"), [(7, 17)]);
        assert_eq!(spans("now pay"), []);
        assert_eq!(spans("repay it now, pay knowing"), []);
        assert_eq!(spans(&format!("pay {} now", "x".repeat(GAP))), []);
        assert_eq!(spans("cards postcard"), [(0, 4)]);
        assert_eq!(spans("big cat"), [(0, 7)]);
        assert_eq!(spans("big black cat, big cats"), []);
    }

    #[test]
    fn what_lies_over_one_another_in_one_slot_is_said_once() {
        let table = |slot: &str, phrases: &str| {
            format!(
                "[[table]]\nslot = \"{slot}\"\nabout = \"\"\nhits = []\nmisses = []\n\
                 [[table.entry]]\nlang = \"ja\"\nsource = \"\"\ndate = \"\"\nphrases = [{phrases}]\n"
            )
        };
        let one = table("deadline", r#""期限", "期限まで", "期限までに", "今日 ~ 明日", "本日""#);
        let two = table("deadline", r#""至急""#) + &table("ultimatum", r#""までに""#);
        let lexicon = Lexicon::parse(&[&one, &two]).unwrap();
        let slots = |text: &str| lexicon.search(text).into_iter().map(|hit| hit.slot).collect::<Vec<_>>();
        assert_eq!(slots("期限までに"), [Slot::Deadline, Slot::Ultimatum]);
        assert_eq!(
            slots("本日、期限までに至急"),
            [Slot::Deadline, Slot::Deadline, Slot::Ultimatum, Slot::Deadline]
        );
        assert_eq!(slots("今日、本日、期限、明日"), [Slot::Deadline, Slot::Deadline]);
    }

    #[test]
    fn a_term_stands_for_each_of_its_words() {
        let toml = r#"
            [[term]]
            name = "sum"
            words = ["万円", "ドル"]
            [[term]]
            name = "pay"
            words = ["払", "送"]
            [[table]]
            slot = "deadline"
            about = ""
            hits = []
            misses = []
            [[table.entry]]
            lang = "ja"
            source = ""
            date = ""
            phrases = ["<sum>を<pay>え", "急 ~~ <pay>"]
        "#;
        let lexicon = Lexicon::parse(&[toml]).unwrap();
        let said = |text: &str| lexicon.search(text).len();
        assert_eq!(
            [said("ドルを送え"), said("万円を払え"), said("万円を払う"), said("円を払え")],
            [1, 1, 0, 0]
        );
        assert_eq!(said(&format!("急{}送", "あ".repeat(WIDE_GAP / 3))), 1);
        assert_eq!(said(&format!("急{}送", "あ".repeat(WIDE_GAP / 3 + 1))), 0);
        let unknown = toml.replace("急", "<hurry>");
        assert!(matches!(Lexicon::parse(&[&unknown]), Err(TableError::UnknownTerm(_))));
    }
}
