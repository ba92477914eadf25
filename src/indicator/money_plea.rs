//! Somebody begs for money in a hurry.
//!
//! # Detects
//!
//! A plea for a loan or a transfer with a reason why it cannot wait, beside affection, secrecy, prepaid cards or
//! an account.
//!
//! # Why it matters
//!
//! It gives a reason to send money at once. Meet them, or call a number you knew before.
//!
//! # False positives
//!
//! Family and friends who really are in need.
//!
//! # References
//!
//! - National Police Agency of Japan: methods of special fraud

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "money-plea",
    title: Bilingual { ja: "急な事情で金を頼む", en: "a plea for money in a hurry" },
    category: Some(Category::AdvanceFee),
    family: Family::Approach,
    weight: Hundredths(380),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "急な事情を並べて送金や立替えを頼んでいます。相手に直接会うか、前から知っている番号に電話して確かめてください。",
        en: "It gives a reason to send money at once. Meet them, or call a number you knew before.",
    },
    genuine: Bilingual {
        ja: "家族や友人なら、会うか、前から知っている番号で話せます。",
        en: "Family and friends can be met, or called at a number you knew before.",
    },
    false_positives: Bilingual {
        ja: "本当に困っている家族や友人。",
        en: "Family and friends who really are in need.",
    },
    references: &["National Police Agency of Japan: methods of special fraud"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let story = [Slot::Affection, Slot::SecretRequest, Slot::GiftCard, Slot::OnlyYourself, Slot::FeeReturned]
        .iter()
        .any(|slot| observables.says(*slot));
    if story || observables.count(Slot::MoneyPlea) >= 3 {
        return observables.said(Slot::MoneyPlea);
    }
    let paid = observables.says(Slot::UpfrontFee) || observables.says(Slot::GiftCard);
    paid.then(|| observables.said(Slot::Affection))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "愛する人へ。手術代が必要です。送金してくれますか?",
            "娘の手術代がどうしても今日中に必要なんだ。誰にも言わないで。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["送金してくれた分、届いたよ。", "お母さんの治療費が高くて大変。"]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
