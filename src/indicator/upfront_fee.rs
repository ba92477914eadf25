//! A fee, or all your details, before the money.
//!
//! # Detects
//!
//! A fee to be paid first, or three or more personal details asked for, together with a windfall.
//!
//! # Why it matters
//!
//! It wants a fee or personal details before anything is paid out.
//!
//! # False positives
//!
//! Customs and courier notices; loan offers.
//!
//! # References
//!
//! - FTC consumer advice: advance-fee fraud, gift cards, fake renewals

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "upfront-fee",
    title: Bilingual {
        ja: "先払いの手数料・個人情報の要求", en: "a fee or details before the money"
    },
    category: Some(Category::AdvanceFee),
    family: Family::Payment,
    weight: Hundredths(300),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "受け取りの前に手数料や個人情報を求めています。払っても受け取れず、次の手数料を求められます。",
        en: "It wants a fee or personal details before anything is paid out. Nothing follows but the next fee.",
    },
    genuine: Bilingual {
        ja: "本物の支払いや融資では、手数料は受け取る額から差し引かれるか、契約書に書かれます。先に振り込ませたり、身分証の画像をメールで送らせたりはしません。",
        en: "In a genuine payout or loan, fees are taken from the sum or stand in a contract. Nobody has you transfer money first or mail a copy of your papers.",
    },
    false_positives: Bilingual {
        ja: "関税や配送の通知、融資の案内。",
        en: "Customs and courier notices; loan offers.",
    },
    references: &["FTC consumer advice: advance-fee fraud, gift cards, fake renewals"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let story = [Slot::Windfall, Slot::Affection, Slot::JobLure, Slot::PayoutPending, Slot::InvestmentLure];
    if !story.iter().any(|slot| observables.says(*slot)) {
        return None;
    }
    observables.said(Slot::UpfrontFee).or_else(|| {
        (observables.count(Slot::DetailsRequest) >= 3).then(|| observables.said(Slot::DetailsRequest))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["You have won. Pay the courier fee first.", "当選金の受け取りには送金手数料が必要です"]
        {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["The courier fee is included", "手数料が必要です"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
