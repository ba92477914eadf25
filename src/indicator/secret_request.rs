//! A superior wants something quickly and quietly.
//!
//! # Detects
//!
//! Secrecy, availability and unreachability in a mail that asks for money, cards, numbers or a chat group.
//!
//! # Why it matters
//!
//! It speaks as a superior and asks for secrecy. Ask that person by another way.
//!
//! # False positives
//!
//! Colleagues who ask for time; parties to a settlement, who promise each other silence.
//!
//! # References
//!
//! - FBI IC3: business e-mail compromise
//! - IPA: business e-mail compromise

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot,
    wording::Phrases,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "secret-request",
    title: Bilingual { ja: "内密・至急の依頼", en: "a quiet, urgent request" },
    category: Some(Category::Bec),
    family: Family::Secrecy,
    weight: Hundredths(290),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "上司や社長を装い、内密に急がせる手口です。本人に別の手段で確かめてください。",
        en: "It speaks as a superior and asks for secrecy. Ask that person by another way.",
    },
    genuine: Bilingual {
        ja: "本物の上司や経営者は、送金や購入を決められた手順で行い、別の手段で確かめられて困ることはありません。",
        en: "A real superior has payments made by the usual procedure, and does not mind being asked back by telephone or in person.",
    },
    false_positives: Bilingual {
        ja: "時間をくださいと頼む同僚。", en: "Colleagues who ask for time."
    },
    references: &["FBI IC3: business e-mail compromise", "IPA: business e-mail compromise"],
    check,
};

/// Two parties who settle promise each other to be silent.
static SETTLEMENT: Phrases = Phrases::new(&["双方は", "和解書", "和解条項", "和解案", "調停"]);

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let asks = [
        Slot::GiftCard,
        Slot::CodeHandover,
        Slot::PaymentDemand,
        Slot::BankChange,
        Slot::CryptoDemand,
        Slot::ChatGroup,
        Slot::SafeAccount,
    ]
    .iter()
    .any(|slot| observables.says(*slot));
    let seen = (asks || observables.count(Slot::SecretRequest) >= 2)
        .then(|| observables.said(Slot::SecretRequest))?;
    let settles = || observables.visible().any(|(_, text)| SETTLEMENT.stand_in(text.normal()));
    seen.filter(|_| !settles())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "この件は極秘で、本日中に送金してください",
            "Are you available? I need you to get some gift cards",
            "極秘です。LINEグループを作成してください",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "Are you available on Monday?",
            "極秘資料の廃棄について",
            "和解案です。三十万円を支払う。双方は口外しない。",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
