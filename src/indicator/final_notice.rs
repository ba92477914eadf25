//! The last warning.
//!
//! # Detects
//!
//! Final notice, last warning, final demand.
//!
//! # Why it matters
//!
//! It presents itself as the last warning.
//!
//! # False positives
//!
//! Genuine last reminders; political fund-raising.
//!
//! # References
//!
//! - Tokyo Metropolitan consumer affairs: examples of fictitious billing

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "final-notice",
    title: Bilingual { ja: "最終通告", en: "a last warning" },
    category: None,
    family: Family::Pressure,
    weight: Hundredths(90),
    hard: false,
    basis: Basis::Prior(
        "honest reminders and fund-raising use the words, too: kept below what would matter alone",
    ),
    why: Bilingual {
        ja: "「最終通告」などの語で追い込み、考える前に動かそうとしています。",
        en: "It presents itself as the last warning, so that you act before you think.",
    },
    genuine: Bilingual {
        ja: "本物の最終の通知は、それ以前に請求書や督促状が何度か届いたあとに、契約番号を示した書面で来ます。",
        en: "A genuine last reminder comes after earlier bills and reminders, on paper, with the number of the contract.",
    },
    false_positives: Bilingual {
        ja: "本物の最後の督促、政治団体の寄付のお願い。",
        en: "Genuine last reminders; political fund-raising.",
    },
    references: &["Tokyo Metropolitan consumer affairs: examples of fictitious billing"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said(Slot::FinalNotice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["最終通告", "FINAL NOTICE"] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["最終回のお知らせ", "final release"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
