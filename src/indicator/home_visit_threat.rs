//! Somebody will come, trace the person, or ask the family.
//!
//! # Detects
//!
//! Visits to home or workplace, tracing of the person, contact with family or employer, announced in order
//! to be paid.
//!
//! # Why it matters
//!
//! It announces visits or inquiries at home or at work, which licensed collectors may not make.
//!
//! # False positives
//!
//! Technicians and deliveries that come to the house.
//!
//! # References
//!
//! - Money Lending Business Act of Japan, art. 21
//! - Tokyo Metropolitan consumer affairs: examples of fictitious billing

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "home-visit-threat",
    title: Bilingual {
        ja: "自宅・勤務先への訪問や調査の予告",
        en: "a visit to home or workplace is threatened",
    },
    category: Some(Category::FakeBilling),
    family: Family::Intrusion,
    weight: Hundredths(240),
    hard: false,
    basis: Basis::Prior(
        "thin in public corpora; set by hand: licensed collectors may not do it, and do not announce it by mail",
    ),
    why: Bilingual {
        ja: "自宅や勤務先への訪問、身元調査などを予告しています。正規の貸金業者には禁じられている取り立て方です。",
        en: "It announces visits or inquiries at home or at work, which licensed collectors may not make.",
    },
    genuine: Bilingual {
        ja: "正規の債権回収では、まず契約を示した書面が届きます。勤務先への連絡や家族への請求、深夜の訪問は法律で禁じられています。",
        en: "A licensed collector first sends a letter that names the contract. Calls at the workplace, demands to the family and visits at night are forbidden to it by law.",
    },
    false_positives: Bilingual {
        ja: "家に来る修理や配達の連絡。",
        en: "Technicians and deliveries that come to the house.",
    },
    references: &[
        "Money Lending Business Act of Japan, art. 21",
        "Tokyo Metropolitan consumer affairs: examples of fictitious billing",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said_openly(Slot::HomeVisit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["ご自宅やお勤め先へ直接回収に伺います", "Our agents will visit your home or workplace"]
        {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["ご自宅に商品をお届けします", "Visit our home page"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
