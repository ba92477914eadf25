//! The script of the hacked camera.
//!
//! # Detects
//!
//! At least three of: device hacked, recording, adult sites, contacts collected, promise to delete with a
//! running clock. In a shorter letter: recording, those it would be shown to, money and pressure; or a break-in,
//! publication and crypto currency.
//!
//! # Why it matters
//!
//! It is a text sent to millions: nothing was hacked and nothing was filmed.
//!
//! # False positives
//!
//! Security newsletters that describe the script.
//!
//! # References
//!
//! - IPA: mails that claim to have hacked the recipient and demand crypto currency

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "sextortion-script",
    title: Bilingual { ja: "性的脅迫の定型", en: "the script of the hacked camera" },
    category: Some(Category::Extortion),
    family: Family::Extortion,
    weight: Hundredths(450),
    hard: false,
    basis: Basis::Prior(
        "the script is the same in every language; three of its five parts do not meet by accident",
    ),
    why: Bilingual {
        ja: "「ハッキングして録画した」という脅しの定型文です。同じ文面が無差別に送られており、事実ではありません。",
        en: "It is a text sent to millions: nothing was hacked and nothing was filmed.",
    },
    genuine: Bilingual {
        ja: "本当に映像を持つ相手なら、証拠を示すはずです。この文面は無差別に送られ、示されるパスワードは過去に漏れた名簿のものです。",
        en: "Somebody who had a film would show some of it. This text is sent at random; a password that it quotes comes from an old leak.",
    },
    false_positives: Bilingual {
        ja: "定型文を説明するセキュリティのメールマガジン。",
        en: "Security newsletters that describe the script.",
    },
    references: &["IPA: mails that claim to have hacked the recipient and demand crypto currency"],
    check,
};

const PARTS: [Slot; 5] = [
    Slot::ScriptMalware,
    Slot::ScriptRecording,
    Slot::ScriptAdultSite,
    Slot::ScriptContacts,
    Slot::ScriptPromise,
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let says = |slots: &[Slot]| slots.iter().any(|slot| observables.says(*slot));
    let parts = PARTS.iter().filter(|part| observables.says(**part)).count();
    let pay = says(&[Slot::CryptoDemand, Slot::CodeHandover, Slot::GiftCard, Slot::PaymentDemand]);
    let plain = says(&[Slot::ScriptRecording])
        && says(&[Slot::ScriptContacts, Slot::PublishThreat])
        && pay
        && says(&[Slot::Deadline, Slot::Ultimatum, Slot::ScriptMalware]);
    let bare = says(&[Slot::ScriptRecording])
        && says(&[Slot::CryptoDemand, Slot::GiftCard])
        && says(&[Slot::ShortDeadline, Slot::ScriptContacts, Slot::ScriptAdultSite, Slot::PublishThreat]);
    let ransom = says(&[Slot::ScriptMalware]) && says(&[Slot::PublishThreat]) && says(&[Slot::CryptoDemand]);
    (parts >= 3 || plain || bare || ransom).then(|| PARTS.iter().find_map(|part| observables.said(*part)))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "I hacked your device and recorded you. I have all your contacts.",
            "あなたのデバイスをハッキングしました。カメラで録画しました。連絡先をすべて入手しました。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["I recorded a video of you at the party", "カメラで録画しました"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
