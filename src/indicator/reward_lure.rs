//! Picked for a reward.
//!
//! # Detects
//!
//! The reader was picked, by chance, for loyalty or for a short survey, and is to fetch something free by a link or
//! by giving details.
//!
//! # Why it matters
//!
//! It gives a prize you did not enter for. Card or personal details are the price.
//!
//! # False positives
//!
//! Genuine draws and loyalty schemes.
//!
//! # References
//!
//! - FTC consumer advice: prize scams

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "reward-lure",
    title: Bilingual { ja: "当選・特典に選ばれたとの告知", en: "picked for a reward" },
    category: Some(Category::Phishing),
    family: Family::Windfall,
    weight: Hundredths(370),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "応募していない当選や無料の特典で、カードや個人情報を入力させる手口です。",
        en: "It gives a prize you did not enter for. Card or personal details are the price.",
    },
    genuine: Bilingual {
        ja: "本物の懸賞は、応募した人に主催者が知らせ、受け取りに費用もカードも要りません。",
        en: "A genuine draw writes to those who entered, and asks neither for a fee nor for a card.",
    },
    false_positives: Bilingual {
        ja: "本物の懸賞、会員向けの抽選やポイントの案内。",
        en: "Genuine draws and loyalty schemes.",
    },
    references: &["FTC consumer advice: prize scams"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let behind_link = || {
        observables
            .near(Slot::RewardPicked, Slot::ClaimDemand)
            .or_else(|| observables.twice(Slot::RewardPicked))
    };
    observables
        .near(Slot::RewardPicked, Slot::DetailsRequest)
        .or_else(|| observables.near(Slot::RewardPicked, Slot::UpfrontFee))
        .or_else(|| observables.links_to_the_web().then(behind_link)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "You have been selected to receive a $500 gift card. Claim your reward: https://reward.test/",
            "Parabéns! Você foi sorteado. Resgate agora: https://premio.test/",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "You have been selected for the interview.",
            "The winner of the tent draw is Mr Amadi: https://trail.example/",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
