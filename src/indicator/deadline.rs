//! Little time is left.
//!
//! # Detects
//!
//! Today, within hours, at once.
//!
//! # Why it matters
//!
//! It hurries, so that there is no time to ask anybody.
//!
//! # False positives
//!
//! Deliveries, tickets, work; political fund-raising.
//!
//! # References
//!
//! - Tokyo Metropolitan consumer affairs: examples of fictitious billing
//! - Council of Anti-Phishing Japan: urgent notices

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "deadline",
    title: Bilingual { ja: "短い期限", en: "little time" },
    category: None,
    family: Family::Pressure,
    weight: Hundredths(100),
    hard: false,
    basis: Basis::Prior("honest mail has deadlines, too: kept below what would matter alone"),
    why: Bilingual {
        ja: "急がせて、相談する時間を与えない書き方です。",
        en: "It hurries, so that there is no time to ask anybody.",
    },
    genuine: Bilingual {
        ja: "本物の請求や手続きでは、調べて相談できるだけの期間があり、問い合わせれば待ってもらえます。「本日中」でなければ失うものは、ふつうありません。",
        en: "A genuine bill or procedure leaves time to look it up and to ask somebody. Little that is real is lost if you take a day.",
    },
    false_positives: Bilingual {
        ja: "配送、チケット、仕事の連絡、政治団体の寄付のお願い。",
        en: "Deliveries, tickets, work; political fund-raising.",
    },
    references: &[
        "Tokyo Metropolitan consumer affairs: examples of fictitious billing",
        "Council of Anti-Phishing Japan: urgent notices",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said(Slot::Deadline)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["本日中にご連絡ください", "Reply within 24 hours"] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["営業時間は9時から17時です", "We are open 24 hours"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
