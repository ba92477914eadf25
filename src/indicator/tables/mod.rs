//! The detection data in force: what is compiled in, and what the person added without compiling.
//!
//! Additions come in order; a later one sees what the earlier ones left. Values only: where they were written, and what is
//! wrong with how they were written, is `config`'s to say.

mod senders;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

pub use self::senders::{Decision, Sender, Senders};
use super::brand::Brands;
use super::lexicon::{self, Lexicon};
use super::{Slot, TableError};

/// Phrases of one slot, added or in place of those that are compiled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhraseTable {
    /// What the phrases do in a scam.
    pub slot: Slot,
    /// True where nothing that stood in the slot before is to be matched.
    pub replace: bool,
    /// Phrases, as they are written, that are not to be matched any more.
    pub without: Vec<String>,
    /// Phrases to match; see `config/lexicon.toml` for their form.
    pub phrases: Vec<String>,
}

/// A brand in whose name mail is forged, and the domains that it writes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrandEntry {
    /// What it is called; equal to that of a brand that is known where that one is to be extended or replaced.
    pub name: String,
    /// True where nothing that was known of this brand counts any more.
    pub replace: bool,
    /// Words by which a display name or a text speaks for it.
    pub names: Vec<String>,
    /// Display names that are nothing else.
    pub exact: Vec<String>,
    /// Domains that it writes from, lower case; hosts below them count, too.
    pub domains: Vec<String>,
}

/// What the person adds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Additions {
    /// Phrases by slot.
    pub phrases: Vec<PhraseTable>,
    /// Brands.
    pub brands: Vec<BrandEntry>,
    /// Whose mail is wanted, and whose is not.
    pub senders: Senders,
}

/// The text of a file that was added, for the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSource {
    /// The file's name, without its folder.
    pub name: String,
    /// All of it.
    pub text: String,
}

/// The tables in force. Cheap to clone; the default is what is compiled in.
///
/// Two are equal where they were made of the same additions.
#[derive(Debug, Clone)]
pub struct Tables {
    pub(super) lexicon: Arc<Lexicon>,
    pub(super) brands: Arc<Brands>,
    senders: Arc<Senders>,
    sources: Arc<[TableSource]>,
}

static COMPILED_IN: LazyLock<Tables> = LazyLock::new(|| Tables {
    lexicon: Arc::new(Lexicon::compiled_in()),
    brands: Arc::new(Brands::compiled_in()),
    senders: Arc::default(),
    sources: Arc::default(),
});

impl Default for Tables {
    fn default() -> Self {
        COMPILED_IN.clone()
    }
}

impl PartialEq for Tables {
    fn eq(&self, other: &Self) -> bool {
        self.sources == other.sources
    }
}

impl Eq for Tables {}

impl Tables {
    /// What is compiled in, with these additions. `sources` are the texts they were read from: what tells these tables
    /// from others.
    ///
    /// # Errors
    /// Where a phrase has nothing to match, or the phrases cannot be compiled.
    pub fn with(additions: Additions, sources: Vec<TableSource>) -> Result<Self, TableError> {
        let base = Self::default();
        if additions == Additions::default() {
            return Ok(Self { sources: sources.into(), ..base });
        }
        let lexicon = if additions.phrases.is_empty() {
            Arc::clone(&base.lexicon)
        } else {
            Arc::new(Lexicon::compile(phrases(&additions.phrases)?.into_iter())?)
        };
        let brands = if additions.brands.is_empty() {
            Arc::clone(&base.brands)
        } else {
            Arc::new(base.brands.with(&additions.brands))
        };
        Ok(Self { lexicon, brands, senders: Arc::new(additions.senders), sources: sources.into() })
    }

    /// The tables that are compiled in, as their files stand in `config/`: name and text.
    pub fn compiled_in() -> Vec<(&'static str, &'static str)> {
        let others = [("brands.toml", super::brand::COMPILED_IN), ("hosts.toml", super::hosts::COMPILED_IN)];
        [lexicon::FILES, &others].concat()
    }

    /// The files that were added, in the order in which they count.
    pub fn sources(&self) -> &[TableSource] {
        &self.sources
    }

    /// Whose mail is wanted, and whose is not.
    pub fn senders(&self) -> &Senders {
        &self.senders
    }

    /// Names of the brands in force.
    pub fn brand_names(&self) -> impl Iterator<Item = &str> {
        self.brands.all().map(|brand| brand.name.as_str())
    }

    /// The phrase, as it was written, by which a text says what this slot is about.
    pub fn says(&self, slot: Slot, text: &str) -> Option<&str> {
        self.lexicon.says(slot, text)
    }

    /// The brand that a display name claims to be although it does not write from this domain.
    pub fn forged_brand(&self, display_name: &str, domain: &str) -> Option<&str> {
        let name = crate::message::normalise(display_name);
        self.brands.claimed(&name).filter(|brand| !brand.owns(domain)).map(|brand| brand.name.as_str())
    }
}

impl Slot {
    /// As it is written in a table: `unpaid-debt`.
    pub fn name(self) -> String {
        let written = serde_json::to_value(self).ok();
        written.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The slot of this name.
    pub fn named(name: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
    }

    /// Every slot.
    pub fn all() -> BTreeSet<Self> {
        lexicon::tables().map(|table| table.slot).collect()
    }

    /// Phrases that are compiled in.
    pub fn phrases(self) -> Vec<&'static str> {
        lexicon::tables().filter(|table| table.slot == self).flat_map(lexicon::Table::phrases).collect()
    }

    /// Honest sentences that no phrase of this slot may match.
    pub fn misses(self) -> Vec<&'static str> {
        let own = lexicon::tables().filter(|table| table.slot == self);
        own.flat_map(|table| table.misses.iter().map(String::as_str)).collect()
    }
}

/// Slot and phrase of all that is to be matched.
fn phrases(additions: &[PhraseTable]) -> Result<Vec<(Slot, String)>, TableError> {
    let mut slots: BTreeMap<Slot, Vec<String>> = BTreeMap::new();
    for table in lexicon::tables() {
        slots.entry(table.slot).or_default().extend(table.phrases().map(str::to_owned));
    }
    for addition in additions {
        let held = slots.entry(addition.slot).or_default();
        if addition.replace {
            held.clear();
        }
        held.retain(|phrase| !addition.without.contains(phrase));
        for phrase in &addition.phrases {
            lexicon::check(phrase)?;
            if !held.contains(phrase) {
                held.push(phrase.clone());
            }
        }
    }
    Ok(slots
        .into_iter()
        .flat_map(|(slot, phrases)| phrases.into_iter().map(move |one| (slot, one)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(slot: Slot, phrases: &[&str]) -> PhraseTable {
        let phrases = phrases.iter().map(|&phrase| phrase.to_owned()).collect();
        PhraseTable { slot, replace: false, without: Vec::new(), phrases }
    }

    fn with(phrases: Vec<PhraseTable>, brands: Vec<BrandEntry>) -> Tables {
        Tables::with(Additions { phrases, brands, ..Additions::default() }, Vec::new()).unwrap()
    }

    #[test]
    fn phrases_are_added_taken_out_and_replaced() {
        let base = Tables::default();
        assert_eq!(base.says(Slot::UnpaidDebt, "回覧板が未返却です"), None);
        assert!(base.says(Slot::UnpaidDebt, "料金が未納です").is_some());

        let more = with(vec![table(Slot::UnpaidDebt, &["回覧板 ~ 未返却"])], Vec::new());
        assert_eq!(more.says(Slot::UnpaidDebt, "回覧板が未返却です"), Some("回覧板 ~ 未返却"));
        assert!(more.says(Slot::UnpaidDebt, "料金が未納です").is_some());

        let gone: Vec<String> = Slot::UnpaidDebt.phrases().iter().map(|&phrase| phrase.to_owned()).collect();
        let less = PhraseTable { without: gone, ..table(Slot::UnpaidDebt, &[]) };
        assert_eq!(with(vec![less], Vec::new()).says(Slot::UnpaidDebt, "料金が未納です"), None);

        let other = PhraseTable { replace: true, ..table(Slot::UnpaidDebt, &["回覧板"]) };
        let other = with(vec![other, table(Slot::UnpaidDebt, &["町内会費"])], Vec::new());
        assert_eq!(other.says(Slot::UnpaidDebt, "料金が未納です"), None);
        assert!(other.says(Slot::UnpaidDebt, "町内会費").is_some());
        assert!(other.says(Slot::Deadline, "本日中にご連絡ください").is_some(), "the other slots stay");
    }

    #[test]
    fn a_phrase_of_nothing_is_refused() {
        let additions = Additions { phrases: vec![table(Slot::Deadline, &["a ~ "])], ..Additions::default() };
        assert!(matches!(Tables::with(additions, Vec::new()), Err(TableError::EmptyPhrase(_))));
    }

    #[test]
    fn brands_are_added_extended_and_replaced() {
        let brand = |name: &str, replace, names: &[&str], domains: &[&str]| BrandEntry {
            name: name.to_owned(),
            replace,
            names: names.iter().map(|&name| name.to_owned()).collect(),
            exact: Vec::new(),
            domains: domains.iter().map(|&domain| domain.to_owned()).collect(),
        };
        let base = Tables::default();
        assert_eq!(base.forged_brand("Amazon", "pay.example"), Some("Amazon"));
        assert_eq!(base.forged_brand("ミナト信用金庫", "pay.example"), None);

        let more = vec![
            brand("Minato", false, &["ミナト信用金庫"], &["minato.example"]),
            brand("Amazon", false, &[], &["pay.example"]),
        ];
        let more = with(Vec::new(), more);
        assert_eq!(more.forged_brand("ミナト信用金庫", "pay.example"), Some("Minato"));
        assert_eq!(more.forged_brand("ミナト信用金庫", "mail.minato.example"), None);
        assert_eq!(more.forged_brand("Amazon", "pay.example"), None);
        assert_eq!(more.forged_brand("Amazon", "amazon.com"), None);

        let other = with(Vec::new(), vec![brand("Amazon", true, &["amazon"], &["pay.example"])]);
        assert_eq!(other.forged_brand("Amazon", "amazon.com"), Some("Amazon"));
    }

    #[test]
    fn tables_are_the_same_where_they_come_of_the_same_texts() {
        let of = |text: &str| {
            let sources = vec![TableSource { name: "a.toml".to_owned(), text: text.to_owned() }];
            Tables::with(Additions::default(), sources).unwrap()
        };
        assert_eq!(of("x"), of("x"));
        assert_ne!(of("x"), of("y"));
        assert_ne!(of("x"), Tables::default());
    }

    #[test]
    fn slots_are_known_by_their_names() {
        for slot in Slot::all() {
            assert_eq!(Slot::named(&slot.name()), Some(slot));
            assert!(!slot.phrases().is_empty() && !slot.misses().is_empty());
        }
        assert_eq!(Slot::named("unpaid debt"), None);
    }
}
