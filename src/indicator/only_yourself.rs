//! The reader is kept from asking others.
//!
//! # Detects
//!
//! Wording that only the reader in person may get in touch, that nobody is to be told, or what to say when asked,
//! beside a debt, a threat, a windfall or a payment.
//!
//! # Why it matters
//!
//! Cutting the reader off from others is part of the method. Tell somebody: family, 188, #9110.
//!
//! # False positives
//!
//! Banks that accept orders only from the holder of the account.
//!
//! # References
//!
//! - National Police Agency of Japan: methods of special fraud
//! - National Consumer Affairs Center of Japan

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "only-yourself",
    title: Bilingual { ja: "本人だけに連絡させる・口止め", en: "only you, and tell nobody" },
    category: None,
    family: Family::Secrecy,
    weight: Hundredths(170),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "「必ず本人から」「誰にも話すな」と周りへの相談を断つのは、架空請求や特殊詐欺の決まった手口です。家族や188、#9110に話してください。",
        en: "Cutting the reader off from others is part of the method. Tell somebody: family, 188, #9110.",
    },
    genuine: Bilingual {
        ja: "本物の請求や手続きは、家族や専門家に相談することを妨げません。",
        en: "Genuine claims do not keep anybody from asking family or counsel.",
    },
    false_positives: Bilingual {
        ja: "口座名義人本人からの届け出だけを受ける銀行。",
        en: "Banks that accept orders only from the holder of the account.",
    },
    references: &[
        "National Police Agency of Japan: methods of special fraud",
        "National Consumer Affairs Center of Japan",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let claim = [
        Slot::UnpaidDebt,
        Slot::LegalThreat,
        Slot::CourtByMail,
        Slot::Windfall,
        Slot::SafeAccount,
        Slot::PayoutPending,
        Slot::ScriptRecording,
        Slot::ScriptMalware,
        Slot::ViolenceThreat,
        Slot::GiftCard,
    ]
    .iter()
    .any(|slot| observables.says(*slot));
    claim.then(|| observables.said(Slot::OnlyYourself))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "未納料金の件、個人情報保護のため必ずご本人様からご連絡ください。",
            "あなたに3億円が当選しました。ご家族にも内緒にしてください。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["ご本人様確認書類をお持ちください。未納料金があります。", "この話は誰にも言わないで。"]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
