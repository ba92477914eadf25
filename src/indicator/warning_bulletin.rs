//! A bulletin that warns of fraud.
//!
//! # Detects
//!
//! At least three different phrases that speak of fraud in the third person or tell the reader not to pay,
//! not to answer, not to click.
//!
//! # Why it matters
//!
//! It reads like a warning against fraud; this takes away from the score.
//!
//! # False positives
//!
//! A scam that warns of scams; it must then also do without a demand, or give itself away by hard facts.
//!
//! # References
//!
//! - Hard negatives: sublime-rules PRs 1880, 2323, 2403, 3032

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "warning-bulletin",
    title: Bilingual { ja: "注意喚起の文面", en: "a text that warns of fraud" },
    category: Category::Other,
    family: Family::Mitigation,
    weight: Hundredths(-300),
    hard: false,
    basis: Basis::Prior(
        "set by hand so that police, bank and consumer centre bulletins that quote a scam stay in the inbox",
    ),
    why: Bilingual {
        ja: "詐欺への注意を呼びかける文面に見えます（点数を下げています）。",
        en: "It reads like a warning against fraud; this takes away from the score.",
    },
    false_positives: "A scam that warns of scams; it must then also do without a demand, or give itself away by hard facts.",
    references: &["Hard negatives: sublime-rules PRs 1880, 2323, 2403, 3032"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    (observables.count(Slot::Bulletin) >= 3).then(|| observables.said(Slot::Bulletin))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "架空請求にご注意ください。不審なメールには返信しないで、消費生活センターに相談してください。",
            "Beware of this scam: if you receive an email like this, do not pay.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["お支払いください。詐欺ではありません。", "This is not a scam."] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
