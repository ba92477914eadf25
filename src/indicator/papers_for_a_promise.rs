//! Papers and secrets for a promise.
//!
//! # Detects
//!
//! Identity papers, cards, numbers or secret codes that are to be sent or told, for a job, a windfall, an account
//! to be sold or a favour, with no link needed.
//!
//! # Why it matters
//!
//! It wants papers, cards or codes for a job, a windfall or a favour. Send none.
//!
//! # False positives
//!
//! Employers ask for papers on the first day, in person.
//!
//! # References
//!
//! - National Police Agency of Japan: methods of special fraud
//! - National Consumer Affairs Center of Japan

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "papers-for-a-promise",
    title: Bilingual {
        ja: "身分証・暗証番号・認証番号を送らせる", en: "papers or codes are to be sent"
    },
    category: Some(Category::Phishing),
    family: Family::Secrets,
    weight: Hundredths(320),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "身分証やカード、暗証番号、届いた認証番号を、仕事や儲け話、頼みごとのために送らせようとしています。送らないでください。",
        en: "It wants papers, cards or codes for a job, a windfall or a favour. Send none.",
    },
    genuine: Bilingual {
        ja: "本人確認書類は、契約の相手に、窓口や公式アプリで示します。認証番号は誰にも教えません。",
        en: "Papers are shown at a counter or in an official app; a code that arrives is told to nobody.",
    },
    false_positives: Bilingual {
        ja: "入社初日に対面で書類を求める雇い主。",
        en: "Employers ask for papers on the first day, in person.",
    },
    references: &[
        "National Police Agency of Japan: methods of special fraud",
        "National Consumer Affairs Center of Japan",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let story = [
        Slot::JobLure,
        Slot::Windfall,
        Slot::PayoutPending,
        Slot::AtmRefund,
        Slot::Affection,
        Slot::SafeAccount,
    ]
    .iter()
    .any(|slot| observables.said_openly(*slot).is_some());
    let papers = story.then(|| {
        observables.said_openly(Slot::IdPapers).or_else(|| observables.said_openly(Slot::CredentialRequest))
    });
    papers.flatten().or_else(|| observables.said_openly(Slot::OtpHandover))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "荷物を受け取って運ぶだけ。身分証と実家の住所を送ってください。",
            "届いた番号を私に教えてくれるだけでOK!",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "内定おめでとうございます。身分証の写しを初日にお持ちください。",
            "届いた番号は誰にも教えないでください。",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
