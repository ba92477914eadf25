//! The account to pay to has changed.
//!
//! # Detects
//!
//! Wording that the bank account of a supplier or of an employee has changed.
//!
//! # Why it matters
//!
//! A change of bank account is to be confirmed by a telephone number known from before.
//!
//! # False positives
//!
//! Genuine changes, which do happen.
//!
//! # References
//!
//! - FBI IC3: business e-mail compromise
//! - IPA: business e-mail compromise

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "bank-details-change",
    title: Bilingual { ja: "振込先口座の変更", en: "the account to pay to has changed" },
    category: Some(Category::Bec),
    family: Family::Business,
    weight: Hundredths(330),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "振込先の変更は、必ず以前から知っている電話番号で確かめてください。",
        en: "A change of bank account is to be confirmed by a telephone number known from before.",
    },
    genuine: Bilingual {
        ja: "本物の取引先は、口座の変更を書面や担当者からの電話でも知らせ、こちらが以前から知っている番号への折り返し確認に応じます。",
        en: "A genuine supplier announces a new account by letter or telephone as well, and is glad when you call back at the number you have always used.",
    },
    false_positives: Bilingual {
        ja: "実際の口座変更。取引では起こる。",
        en: "Genuine changes, which do happen.",
    },
    references: &["FBI IC3: business e-mail compromise", "IPA: business e-mail compromise"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said_openly(Slot::BankChange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["振込先口座が変更となりました", "Our bank details have changed"] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["振込先は従来どおりです", "your bank statement"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
