//! Money makes a harm stop.
//!
//! # Detects
//!
//! Wording by which a payment ends what is threatened (deletion fees, settlements, not being shown, not being
//! visited), beside a threat.
//!
//! # Why it matters
//!
//! It offers to stop a harm for money. Paying does not end it: do not pay, do not answer, keep it, ask the
//! police.
//!
//! # False positives
//!
//! Settlement letters of real lawyers and insurers, which threaten nothing.
//!
//! # References
//!
//! - National Police Agency of Japan: methods of special fraud
//! - National Consumer Affairs Center of Japan

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "buy-off",
    title: Bilingual { ja: "払えばやめるという持ちかけ", en: "pay, and it stops" },
    category: Some(Category::Extortion),
    family: Family::Payment,
    weight: Hundredths(220),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "公開・訪問・訴えなどを「払えばやめる」と持ちかけています。払っても終わりません。払わず、返信せず、証拠を残して警察(#9110)へ相談してください。",
        en: "It offers to stop a harm for money. Paying does not end it: do not pay, do not answer, keep it, ask the police.",
    },
    genuine: Bilingual {
        ja: "本物の示談は、事件や契約を特定した書面で、脅さずに進みます。",
        en: "A genuine settlement names the case, comes in writing, and threatens nothing.",
    },
    false_positives: Bilingual {
        ja: "弁護士や保険会社の示談の連絡。脅しはありません。",
        en: "Settlement letters of real lawyers and insurers, which threaten nothing.",
    },
    references: &[
        "National Police Agency of Japan: methods of special fraud",
        "National Consumer Affairs Center of Japan",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let threat = [
        Slot::PublishThreat,
        Slot::HomeVisit,
        Slot::LegalThreat,
        Slot::ViolenceThreat,
        Slot::CancellationIncomplete,
        Slot::ScriptRecording,
        Slot::ScriptMalware,
        Slot::QuotedDetails,
        Slot::CourtByMail,
    ]
    .iter()
    .any(|slot| observables.says(*slot));
    threat.then(|| observables.said(Slot::BuyOff))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "あなたの氏名を公開します。公開を止めるには3万円を支払ってください。",
            "勤務先への調査に着手します。今であれば79,800円のみで示談が可能です。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in
            ["示談金額についての回答がありました。", "解約をご希望の方はお電話ください。氏名を公開します。"]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
