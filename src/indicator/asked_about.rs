//! Somebody asks whether a message is genuine.
//!
//! # Detects
//!
//! A forwarded or quoted message under the question whether it is genuine, where nothing but the quotation
//! demands anything.
//!
//! # Why it matters
//!
//! It quotes a message and asks about it; the demands stand in the quotation only.
//!
//! # False positives
//!
//! A scammer who quotes a threat under a question in a friend's name.
//!
//! # References
//!
//! - Own writing: letters of families about scams

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "asked-about",
    title: Bilingual {
        ja: "転送された文面についての相談", en: "somebody asks about a message"
    },
    category: None,
    family: Family::Mitigation,
    weight: Hundredths(-600),
    hard: false,
    basis: Basis::Prior(
        "set by hand: what is demanded stands in the quotation only; the writer demands nothing",
    ),
    why: Bilingual {
        ja: "届いた文面を引用して「詐欺ではないか」と尋ねるメールです。脅しや要求は引用の中にだけあります。",
        en: "It quotes a message and asks about it; the demands stand in the quotation only.",
    },
    genuine: Bilingual {
        ja: "家族や友人は、届いた文面を引用して相談します。要求はその人のものではありません。",
        en: "Family and friends quote what they got and ask; the demand is not theirs.",
    },
    false_positives: Bilingual {
        ja: "友人の名で脅迫文を引用して送る詐欺。",
        en: "A scammer who quotes a threat under a question in a friend's name.",
    },
    references: &["Own writing: letters of families about scams"],
    check,
};

/// What a scam would have to say in its own voice.
const DEMANDS: &[Slot] = &[
    Slot::UnpaidDebt,
    Slot::LegalThreat,
    Slot::PublishThreat,
    Slot::PaymentDemand,
    Slot::CodeHandover,
    Slot::CryptoDemand,
    Slot::AccountTrouble,
    Slot::CredentialRequest,
    Slot::ScriptMalware,
    Slot::ScriptRecording,
    Slot::Windfall,
    Slot::SafeAccount,
    Slot::InvestmentLure,
    Slot::ContactDemand,
    Slot::MoneyPlea,
    Slot::SecretRequest,
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let mut quoted = false;
    for slot in DEMANDS {
        for place in observables.places(*slot) {
            if !place.is_forwarded() {
                return None;
            }
            quoted = true;
        }
    }
    let asked = observables.places(Slot::Doubt).any(|place| !place.is_forwarded());
    (quoted && asked).then(|| observables.said(Slot::Doubt))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "こんなメールが来た。詐欺か?\n\n> 未納料金のお知らせ\n> 本日中にご連絡なき場合、法的手続きに移行いたします。",
            "これ本物?\n---------- Forwarded message ---------\n口座の利用を制限しました。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "詐欺か?と思われるかもしれませんが、未納料金がございます。本日中にご連絡ください。",
            "> 未納料金のお知らせ\n> 本日中にご連絡ください。",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
