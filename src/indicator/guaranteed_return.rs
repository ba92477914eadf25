//! A certain and high return.
//!
//! # Detects
//!
//! Guaranteed profit, doubled money, capital guaranteed together with a high rate.
//!
//! # Why it matters
//!
//! Nobody licensed may promise a certain high return.
//!
//! # False positives
//!
//! Bulletins that quote it.
//!
//! # References
//!
//! - Financial Instruments and Exchange Act of Japan, art. 38, 39
//! - SEC: red flags of fraud

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "guaranteed-return",
    title: Bilingual { ja: "確実な高利回りの約束", en: "a certain and high return is promised" },
    category: Some(Category::Other),
    family: Family::Promise,
    weight: Hundredths(330),
    hard: true,
    basis: Basis::Prior("a contradiction fact: nobody licensed may promise it"),
    why: Bilingual {
        ja: "元本保証で高利回りという約束は、法律で禁じられています。登録業者はこの約束をしません。",
        en: "Nobody licensed may promise a certain high return.",
    },
    genuine: Bilingual {
        ja: "登録を受けた業者は、元本割れなどの危険を必ず説明し、利益を約束しません。登録の有無は金融庁のサイトで調べられます。",
        en: "A licensed firm must explain that money can be lost, and promises no profit. Whether it is licensed can be looked up at the financial regulator's site.",
    },
    false_positives: Bilingual { ja: "文言を引用する注意喚起。", en: "Bulletins that quote it." },
    references: &["Financial Instruments and Exchange Act of Japan, art. 38, 39", "SEC: red flags of fraud"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said_openly(Slot::GuaranteedReturn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["元本保証で月利20%", "guaranteed profit every day"] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["定期預金は元本保証です", "元本は保証されません"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
