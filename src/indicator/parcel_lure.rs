//! A parcel that waits for a fee or an address.
//!
//! # Detects
//!
//! A parcel that is held, returned or undeliverable, a link, and a fee or data to give.
//!
//! # Why it matters
//!
//! A small fee for a parcel is the way to your card. Look the tracking number up on the carrier's own site.
//!
//! # False positives
//!
//! Genuine notices of carriers and customs.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: urgent notices
//! - FTC consumer advice: package delivery scams

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "parcel-lure",
    title: Bilingual {
        ja: "荷物の保留とリンクの誘導", en: "a parcel that waits for a fee or an address"
    },
    category: Some(Category::Phishing),
    family: Family::Lure,
    weight: Hundredths(300),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "荷物が届けられないとして、少額の支払いやカード情報の入力をさせる手口です。追跡番号は公式サイトで自分で調べてください。",
        en: "A small fee for a parcel is the way to your card. Look the tracking number up on the carrier's own site.",
    },
    genuine: Bilingual {
        ja: "本物の運送会社は不在票や公式アプリで知らせ、再配達に手数料を取りません。",
        en: "A genuine carrier leaves a card or uses its own app, and takes no fee for trying again.",
    },
    false_positives: Bilingual {
        ja: "運送会社の本物の不在連絡、関税の案内。",
        en: "Genuine notices of carriers and customs.",
    },
    references: &[
        "Council of Anti-Phishing Japan: urgent notices",
        "FTC consumer advice: package delivery scams",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    if !observables.links_to_the_web() {
        return None;
    }
    [Slot::VerifyDemand, Slot::UpfrontFee, Slot::Ultimatum]
        .into_iter()
        .find_map(|act| observables.near(Slot::ParcelHeld, act))
        .or_else(|| observables.twice(Slot::ParcelHeld))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Your package is held. Confirm the payment at the link below: https://parcel.test/",
            "Votre colis est en attente, cliquez ici https://colis.test/",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "Your package is held at the post office, bring a card.",
            "Your parcel arrives on Thursday: https://parcel.example/",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
