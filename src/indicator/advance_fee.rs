//! Money that is not yours is offered.
//!
//! # Detects
//!
//! At least two phrases of inheritance, lottery, compensation, donation or a fund; or one together with a
//! fee or a request for details.
//!
//! # Why it matters
//!
//! It offers a large sum. A fee will have to be paid first; the sum never comes.
//!
//! # False positives
//!
//! Financial news, charities, inheritance lawyers.
//!
//! # References
//!
//! - FTC consumer advice: advance-fee fraud, gift cards, fake renewals

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "advance-fee",
    title: Bilingual { ja: "思いがけない大金", en: "a windfall" },
    category: Some(Category::AdvanceFee),
    family: Family::Windfall,
    weight: Hundredths(450),
    hard: false,
    basis: Basis::Prior("fitted by eye on advance-fee mail of many lists; to be fitted with the model"),
    why: Bilingual {
        ja: "当選金や遺産などの大金を持ちかけています。受け取りの前に手数料を払わせる手口です。",
        en: "It offers a large sum. A fee will have to be paid first; the sum never comes.",
    },
    genuine: Bilingual {
        ja: "本物の当選や相続では、先に手数料を払うことはありません。相続の連絡は、故人との関係や戸籍を示した書面で届きます。",
        en: "Nobody has to pay to be given money that is theirs. An inheritance is announced by letter, with the name of the deceased and proof of kinship.",
    },
    false_positives: Bilingual {
        ja: "金融ニュース、慈善団体、相続を扱う弁護士。",
        en: "Financial news, charities, inheritance lawyers.",
    },
    references: &["FTC consumer advice: advance-fee fraud, gift cards, fake renewals"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let supported = observables.says(Slot::UpfrontFee)
        || observables.says(Slot::Stranger)
        || observables.count(Slot::DetailsRequest) >= 2;
    (observables.count(Slot::Windfall) >= 2 || supported).then(|| observables.said(Slot::Windfall))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "You have won the lottery. Claim your prize.",
            "1億2千万円に当選されました。受け取りには手数料が必要です。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["The lottery funds the arts", "遺産分割のご案内"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
