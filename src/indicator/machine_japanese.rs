//! Japanese that was not thought in Japanese.
//!
//! # Detects
//!
//! Forms of address and turns of phrase that come of translating, or simplified Chinese characters in a Japanese
//! text, beside a demand.
//!
//! # Why it matters
//!
//! It reads as translated, or mixes in simplified Chinese characters. No Japanese firm or office writes so.
//!
//! # False positives
//!
//! People who write Japanese as a foreign language, and translated newsletters.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: urgent notices
//! - Ibaraki police: sextortion mails in unnatural Japanese

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "machine-japanese",
    title: Bilingual { ja: "機械翻訳のような日本語・簡体字", en: "translated Japanese" },
    category: None,
    family: Family::Style,
    weight: Hundredths(180),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "翻訳したような言い回しや、日本語では使わない簡体字が混じっています。日本の会社や役所の文ではありません。",
        en: "It reads as translated, or mixes in simplified Chinese characters. No Japanese firm or office writes so.",
    },
    genuine: Bilingual {
        ja: "日本の会社や役所の文には、簡体字や翻訳調はありません。",
        en: "Japanese firms and offices write neither simplified characters nor translated turns.",
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

/// Characters of simplified Chinese that no Japanese charset has (GB 2312 without JIS X 0208), of those that mails about accounts and money need.
const SIMPLIFIED: &str = "账户资认证发门异统银转汇额单码请务确实验链击录险须应该为们这还过时间进载补开关闭页处节约终购买费记图书馆员说话语读谁谢调谈钱绑锁维护级续订货递运输错误态监测风险贵导冻结违规联诈骗欢赠赢奖优继则";

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
    demand.then(|| observables.said(Slot::MachineJapanese).or_else(|| simplified(observables)))?
}

/// Three simplified characters in a text that is otherwise Japanese.
fn simplified(observables: &Observables<'_>) -> Option<Observation> {
    observables.visible().find_map(|(index, text)| {
        let original = text.original();
        let kana = original.chars().filter(|c| ('ぁ'..='ん').contains(c)).take(8).count();
        let foreign: String = original
            .chars()
            .filter(|c| ('一'..='鿿').contains(c) && SIMPLIFIED.contains(*c))
            .take(8)
            .collect();
        let place = if index == 0 { Place::Subject } else { Place::Text(index) };
        (kana >= 8 && foreign.chars().count() >= 3)
            .then(|| Observation { place, excerpt: Excerpt::new(&foreign) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "親愛なるお客様、情報を再び登録してください https://login.example/",
            "弊行の系统はお客様の账户を发见しました。下記よりログインしてください",
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
