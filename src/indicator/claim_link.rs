//! A gift, and the link to take it.
//!
//! # Detects
//!
//! A prize, a windfall or free tokens, the call to claim them, and a link.
//!
//! # Why it matters
//!
//! It gives something away behind a link. The page asks for card, password or wallet.
//!
//! # False positives
//!
//! Genuine prize draws and loyalty schemes.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: urgent notices
//! - FTC consumer advice: prize scams

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "claim-link",
    title: Bilingual { ja: "特典・当選の受け取りリンク", en: "a gift, and the link to take it" },
    category: Some(Category::Phishing),
    family: Family::Windfall,
    weight: Hundredths(340),
    hard: false,
    basis: Basis::Prior("set by hand on prize and token mail of the development corpus"),
    why: Bilingual {
        ja: "当選や無料の特典をうたい、リンク先でカードやパスワード、ウォレットの情報を入力させる手口です。",
        en: "It gives something away behind a link. The page asks for card, password or wallet.",
    },
    genuine: Bilingual {
        ja: "本物の懸賞や特典は、応募した本人に、応募したサービスの中で知らせます。受け取りにカード番号や暗証番号、ウォレットの情報は要りません。",
        en: "A genuine draw tells those who entered it, inside the service where they entered. To receive a prize, no card number, password or wallet is needed.",
    },
    false_positives: Bilingual {
        ja: "本物の懸賞やポイントの案内。",
        en: "Genuine prize draws and loyalty schemes.",
    },
    references: &["Council of Anti-Phishing Japan: urgent notices", "FTC consumer advice: prize scams"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    if !observables.links_to_the_web() {
        return None;
    }
    [Slot::Windfall, Slot::InvestmentLure, Slot::RewardPicked]
        .into_iter()
        .find_map(|gift| observables.near(Slot::ClaimDemand, gift))
        .or_else(|| observables.near(Slot::VerifyDemand, Slot::RewardPicked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Exclusive airdrop: claim your tokens at https://tokens.test/",
            "賞金100万円に当選されました。受け取りはこちら https://prize.test/",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "Exclusive airdrop: claim your tokens",
            "Your insurance claim was filed: https://insurance.example/",
            "お荷物の受け取りはこちら https://parcel.example/",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
