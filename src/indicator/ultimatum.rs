//! Silence is answered with a consequence.
//!
//! # Detects
//!
//! "If you do not answer", "if payment is not received", "we will have no choice".
//!
//! # Why it matters
//!
//! It wants an answer or money by announcing a harm. Do not reply.
//!
//! # False positives
//!
//! Genuine dunning; terms and conditions.
//!
//! # References
//!
//! - Tokyo Metropolitan consumer affairs: examples of fictitious billing

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "ultimatum",
    title: Bilingual { ja: "返事がなければ、という最後通牒", en: "silence has consequences" },
    category: None,
    family: Family::Pressure,
    weight: Hundredths(130),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "返事や支払いをしなければ不利益を与えると告げ、連絡させようとしています。返信しないでください。",
        en: "It wants an answer or money by announcing a harm. Do not reply.",
    },
    genuine: Bilingual {
        ja: "本物の請求では、返事がなくても、次は書面の督促や裁判所の正式な手続きになるだけです。返信しないことで不利になることはありません。",
        en: "With a genuine claim, silence leads to a letter or to formal service by a court, where you can object. Not answering a mail puts you at no disadvantage.",
    },
    false_positives: Bilingual {
        ja: "本物の督促、利用規約。", en: "Genuine dunning; terms and conditions."
    },
    references: &["Tokyo Metropolitan consumer affairs: examples of fictitious billing"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said(Slot::Ultimatum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["ご連絡なき場合は", "If you do not reply"] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["ご不明な点がない場合は", "If you do not see the image"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
