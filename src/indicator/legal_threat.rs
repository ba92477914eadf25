//! The law is held out as a threat.
//!
//! # Detects
//!
//! Lawsuit, seizure, arrest, debt collection, blacklists, visits at home or at work.
//!
//! # Why it matters
//!
//! It threatens with lawsuit, seizure or arrest. Genuine proceedings begin with a letter served on you, not
//! with a mail.
//!
//! # False positives
//!
//! Genuine dunning, lawyers, newsletters and bulletins about the law.
//!
//! # References
//!
//! - Tokyo Metropolitan consumer affairs: examples of fictitious billing
//! - Ministry of Justice of Japan: notices on fictitious billing in the ministry's name

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "legal-threat",
    title: Bilingual { ja: "法的措置の予告", en: "legal action is threatened" },
    category: Some(Category::FakeBilling),
    family: Family::Legal,
    weight: Hundredths(150),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "訴訟や差し押さえなどを予告しています。本物の裁判手続きは、メールではなく書留の特別送達で届きます。",
        en: "It threatens with lawsuit, seizure or arrest. Genuine proceedings begin with a letter served on you, not with a mail.",
    },
    genuine: Bilingual {
        ja: "本物の法的な請求は、差出人・契約・金額・根拠を示した書面（内容証明郵便など）で届きます。裁判所からの書類は特別送達で届きます。",
        en: "A genuine legal claim comes as a letter that names the claimant, the contract, the sum and the grounds. What a court sends is served on you by registered post.",
    },
    false_positives: Bilingual {
        ja: "本物の督促、弁護士からの連絡、法律に関するメールマガジンや注意喚起。",
        en: "Genuine dunning, lawyers, newsletters and bulletins about the law.",
    },
    references: &[
        "Tokyo Metropolitan consumer affairs: examples of fictitious billing",
        "Ministry of Justice of Japan: notices on fictitious billing in the ministry's name",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said(Slot::LegalThreat)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["給与の差し押さえを行います", "we will take legal action against you"] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["法務部からのお知らせ", "our legal team has reviewed it"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
