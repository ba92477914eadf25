//! A share of a dead stranger's money.
//!
//! # Detects
//!
//! Somebody died, or fled, and left money; the reader is to stand in for an heir, or to lend an account, and to
//! keep a part.
//!
//! # Why it matters
//!
//! There is no such money. Fees will be asked for, one after the other, or your account used.
//!
//! # False positives
//!
//! Genuine letters on an inheritance.
//!
//! # References
//!
//! - FTC consumer advice: advance-fee fraud
//! - FBI: letter fraud

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "estate-share",
    title: Bilingual {
        ja: "故人の資産の分け前の持ちかけ", en: "a share of a dead stranger's money"
    },
    category: Some(Category::AdvanceFee),
    family: Family::Windfall,
    weight: Hundredths(430),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "亡くなった人の資産を分けると持ちかけ、手数料や口座を出させる手口です。資産は存在しません。",
        en: "There is no such money. Fees will be asked for, one after the other, or your account used.",
    },
    genuine: Bilingual {
        ja: "本物の相続では、公証人や弁護士が書面で、あなたと故人の関係を示して連絡します。分け前を持ちかけることはありません。",
        en: "A genuine probate is opened by letter, and names how you are related. Nobody offers a share for standing in.",
    },
    false_positives: Bilingual {
        ja: "相続を扱う弁護士の本物の手紙、訃報。",
        en: "Genuine letters on an inheritance.",
    },
    references: &["FTC consumer advice: advance-fee fraud", "FBI: letter fraud"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.near(Slot::Estate, Slot::ShareOffer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "A deceased customer left 9 million. I will present you as the next of kin.",
            "Mein verstorbener Mandant hinterließ Geld ohne Erben; den Betrag teilen wir.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["Her late husband was a teacher.", "We share the fund between three schools."] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
