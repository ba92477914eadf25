//! A loan offered to anybody.
//!
//! # Detects
//!
//! A loan or project funding, unasked, at a low rate, without checks, from a lender who wants an answer by mail.
//!
//! # Why it matters
//!
//! The loan never comes; a fee before it does.
//!
//! # False positives
//!
//! Advertising of banks.
//!
//! # References
//!
//! - FTC consumer advice: advance-fee loans

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "loan-offer",
    title: Bilingual { ja: "不特定の人への融資の勧誘", en: "a loan offered to anybody" },
    category: Some(Category::AdvanceFee),
    family: Family::Windfall,
    weight: Hundredths(320),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "審査なしの低金利をうたい、先に手数料や保証料を払わせる手口です。",
        en: "The loan never comes; a fee before it does.",
    },
    genuine: Bilingual {
        ja: "本物の貸金業者は登録番号を示し、審査をし、融資の前に手数料を取りません。",
        en: "A genuine lender is licensed, checks your income, and takes no fee before paying out.",
    },
    false_positives: Bilingual {
        ja: "銀行の広告、融資の本物の案内。", en: "Advertising of banks."
    },
    references: &["FTC consumer advice: advance-fee loans"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    [Slot::DetailsRequest, Slot::PrivateContact, Slot::UpfrontFee]
        .into_iter()
        .find_map(|way| observables.near(Slot::LoanOffer, way))
        .or_else(|| observables.twice(Slot::LoanOffer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Do you need a loan? We offer loans at 3% interest, no collateral.",
            "Kredit ohne Schufa, Kredite von 5.000 bis 50.000 Euro",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["Your loan statement is ready.", "Do you need a loan of my ladder?"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
