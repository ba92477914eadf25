//! A sum too small to think about.
//!
//! # Detects
//!
//! A parcel, a refund or a gift that a payment of a few coins will set free.
//!
//! # Why it matters
//!
//! The small sum is not the aim: the card number is.
//!
//! # False positives
//!
//! Genuine bills with a small item, of a parcel that is not held.
//!
//! # References
//!
//! - FTC consumer advice: package delivery scams
//! - Council of Anti-Phishing Japan: urgent notices

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "small-fee",
    title: Bilingual { ja: "少額の支払いの口実", en: "a sum too small to think about" },
    category: Some(Category::Phishing),
    family: Family::Payment,
    weight: Hundredths(240),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "少額に見せて、カード番号そのものを盗む手口です。",
        en: "The small sum is not the aim: the card number is.",
    },
    genuine: Bilingual {
        ja: "本物の運送会社や店は、少額の手数料をメールのリンクで払わせません。",
        en: "A genuine carrier or shop does not collect a few coins behind a link in a message.",
    },
    false_positives: Bilingual {
        ja: "少額の送料を含む本物の明細。",
        en: "Genuine bills with a small item, of a parcel that is not held.",
    },
    references: &[
        "FTC consumer advice: package delivery scams",
        "Council of Anti-Phishing Japan: urgent notices",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    [Slot::ParcelHeld, Slot::RewardPicked, Slot::RefundWaiting]
        .into_iter()
        .find_map(|story| observables.near(Slot::SmallFee, story))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Your package is held. Pay the fee of 1.95 to release it.",
            "Ihr Paket wird zurückgehalten, bis 2,99 EUR bezahlt sind.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in
            ["Postage was 1.95, thank you for your order.", "Your package is held at the post office."]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
