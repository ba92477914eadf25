//! A traveller in need asks for a loan.
//!
//! # Detects
//!
//! Robbed or stranded abroad, a hotel bill, a passport gone, and a quick loan by money transfer.
//!
//! # Why it matters
//!
//! It often comes from a friend's stolen account. Telephone that person.
//!
//! # False positives
//!
//! A friend who really is in trouble.
//!
//! # References
//!
//! - FTC consumer advice: family emergency scams

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "stranded-plea",
    title: Bilingual {
        ja: "旅先で困っているという送金の頼み", en: "a traveller in need asks for a loan"
    },
    category: Some(Category::AdvanceFee),
    family: Family::Approach,
    weight: Hundredths(340),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "知人の乗っ取られたアカウントから届くことの多い手口です。本人に電話で確かめてください。",
        en: "It often comes from a friend's stolen account. Telephone that person.",
    },
    genuine: Bilingual {
        ja: "本当に困っている知人とは電話で話せ、大使館や保険会社も助けになります。",
        en: "A friend in need can be spoken to, and embassy and insurer help as well.",
    },
    false_positives: Bilingual {
        ja: "旅先の友人からの本物の頼み。",
        en: "A friend who really is in trouble.",
    },
    references: &["FTC consumer advice: family emergency scams"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.twice(Slot::Plea)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "I was robbed at gunpoint and need a quick loan of 1,850 dollars by Western Union.",
            "Me robaron y perdí mi pasaporte, ¿puedes prestarme dinero?",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["The bank was robbed in 1902.", "Could you lend me half until the pension comes?"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
