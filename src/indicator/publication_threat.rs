//! "Answer, or we publish".
//!
//! # Detects
//!
//! Threats to publish the recipient's name, address or pictures, or to tell family, friends, neighbours or
//! colleagues, together with an ultimatum or a demand.
//!
//! # Why it matters
//!
//! It threatens to publish. Do not answer and do not pay; keep it, and take it to the police.
//!
//! # False positives
//!
//! Bulletins that quote it; privacy policies.
//!
//! # References
//!
//! - IPA: mails that claim to have hacked the recipient and demand crypto currency
//! - Tokyo Metropolitan consumer affairs: examples of fictitious billing

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "publication-threat",
    title: Bilingual { ja: "公開・暴露の脅し", en: "publication is threatened" },
    category: Some(Category::Extortion),
    family: Family::Extortion,
    weight: Hundredths(430),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "氏名・住所や映像を公開すると脅しています。返信も支払いもせず、記録を残して警察（#9110）に相談してください。",
        en: "It threatens to publish. Do not answer and do not pay; keep it, and take it to the police.",
    },
    genuine: Bilingual {
        ja: "本物の債権者や弁護士が、個人情報や画像の公開を交渉の材料にすることはありません。それ自体が脅迫・恐喝という犯罪です。",
        en: "No honest creditor or lawyer bargains with publication. To threaten with it is a crime in itself.",
    },
    false_positives: Bilingual {
        ja: "文言を引用する注意喚起、プライバシーポリシー。",
        en: "Bulletins that quote it; privacy policies.",
    },
    references: &[
        "IPA: mails that claim to have hacked the recipient and demand crypto currency",
        "Tokyo Metropolitan consumer affairs: examples of fictitious billing",
    ],
    check,
};

/// What makes an announcement a threat: alumni directories publish names, too.
const PRESSURE: [Slot; 14] = [
    Slot::BuyOff,
    Slot::Ultimatum,
    Slot::UnpaidDebt,
    Slot::LegalThreat,
    Slot::HomeVisit,
    Slot::PaymentDemand,
    Slot::CryptoDemand,
    Slot::ScriptMalware,
    Slot::ViolenceThreat,
    Slot::ScriptRecording,
    Slot::CodeHandover,
    Slot::QuotedDetails,
    Slot::CancellationIncomplete,
    Slot::FinalNotice,
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    PRESSURE
        .iter()
        .any(|slot| observables.says(*slot))
        .then(|| observables.said_openly(Slot::PublishThreat))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "回答がない場合、あなたの氏名と住所をネット上に公開します",
            "if you do not answer, we will publish your name and address",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "名簿にはお名前を掲載します。ご住所は、ご希望の方のみ掲載します。",
            "新製品の情報を公開します",
            "your data will not be published",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
