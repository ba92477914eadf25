//! Japanese that was not thought in Japanese.
//!
//! # Detects
//!
//! Forms of address and turns of phrase that come of translating,
//! beside a demand.
//!
//! # Why it matters
//!
//! It reads as translated. No Japanese firm or office writes so.
//!
//! # False positives
//!
//! People who write Japanese as a foreign language, and translated newsletters.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: urgent notices
//! - Ibaraki police: sextortion mails in unnatural Japanese

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "machine-japanese",
    title: Bilingual { ja: "機械翻訳のような言い回し", en: "translated Japanese" },
    category: None,
    family: Family::Language,
    weight: Hundredths(180),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "翻訳したような言い回しがあります。日本の会社や役所の文ではありません。",
        en: "It reads as translated. No Japanese firm or office writes so.",
    },
    genuine: Bilingual {
        ja: "日本の会社や役所の文に翻訳調はありません。",
        en: "Japanese firms and offices write no translated turns.",
    },
    false_positives: Bilingual {
        ja: "日本語を学ぶ人の手紙、翻訳された会報。",
        en: "People who write Japanese as a foreign language, and translated newsletters.",
    },
    references: &[
        "Council of Anti-Phishing Japan: urgent notices",
        "Ibaraki police: sextortion mails in unnatural Japanese",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let demand = [
        Slot::AccountTrouble,
        Slot::PaymentDemand,
        Slot::CryptoDemand,
        Slot::PublishThreat,
        Slot::Windfall,
        Slot::VerifyDemand,
        Slot::ScriptMalware,
        Slot::ScriptRecording,
        Slot::DetailsRequest,
        Slot::LegalThreat,
        Slot::MoneyPlea,
    ]
    .iter()
    .any(|slot| observables.says(*slot));
    demand.then(|| observables.said(Slot::MachineJapanese))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "親愛なるお客様、情報を再び登録してください https://login.example/",
            "尊敬するお客様、下記よりログインしてください",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in
            ["お客様各位、情報を登録してください https://login.example/", "親愛なるお客様、こんにちは。"]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
