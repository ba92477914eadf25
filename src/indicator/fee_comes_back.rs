//! What is paid first is said to come back.
//!
//! # Detects
//!
//! A payment that is said to be returned later, beside a reward, a job, a windfall, an errand or a gift card.
//!
//! # Why it matters
//!
//! It promises that what is paid first comes back. It does not.
//!
//! # False positives
//!
//! Deposits of landlords and hotels.
//!
//! # References
//!
//! - National Police Agency of Japan: methods of special fraud
//! - National Consumer Affairs Center of Japan

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "fee-comes-back",
    title: Bilingual { ja: "先に払えば戻るという約束", en: "pay first, it comes back" },
    category: Some(Category::AdvanceFee),
    family: Family::Promise,
    weight: Hundredths(300),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "「あとで全額返す」「報酬と一緒に戻る」と言って先に払わせる手口です。戻ってきません。",
        en: "It promises that what is paid first comes back. It does not.",
    },
    genuine: Bilingual {
        ja: "報酬や当選金を受け取るために、先に払うお金はありません。",
        en: "Nothing is paid first to receive pay or a prize.",
    },
    false_positives: Bilingual {
        ja: "大家の敷金、宿泊施設の預り金。",
        en: "Deposits of landlords and hotels.",
    },
    references: &[
        "National Police Agency of Japan: methods of special fraud",
        "National Consumer Affairs Center of Japan",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let story = [
        Slot::PayoutPending,
        Slot::JobLure,
        Slot::Windfall,
        Slot::UpfrontFee,
        Slot::InvestmentLure,
        Slot::GiftCard,
        Slot::MoneyPlea,
        Slot::Affection,
        Slot::BusinessErrand,
    ]
    .iter()
    .any(|slot| observables.says(*slot));
    story.then(|| observables.said(Slot::FeeReturned))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "出金にはランクアップ保証金50,000円をご入金ください(出金時に全額返却)。",
            "いいねを押すだけのお仕事。最初のチャージは報酬と一緒に戻ります。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in
            ["商品に不備がある場合は全額返金いたします。", "チケット代は全額返金されますのでご安心ください。"]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
