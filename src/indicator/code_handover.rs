//! The number of a prepaid card is to be handed over.
//!
//! # Detects
//!
//! Buy gift or prepaid cards and send the number, or a picture of the back.
//!
//! # Why it matters
//!
//! To ask for the numbers of gift cards is fraud: no honest bill is paid so.
//!
//! # False positives
//!
//! Bulletins that warn of it; shops that deliver a code (they give, they do not ask).
//!
//! # References
//!
//! - Osaka Prefectural Police: prepaid card fraud
//! - FTC consumer advice: advance-fee fraud, gift cards, fake renewals

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "code-handover",
    title: Bilingual {
        ja: "プリペイドカード番号の要求", en: "the number of a prepaid card is to be sent"
    },
    category: Some(Category::FakeBilling),
    family: Family::Payment,
    weight: Hundredths(430),
    hard: true,
    basis: Basis::Prior("a contradiction fact: nobody who may demand money takes it this way"),
    why: Bilingual {
        ja: "カードの番号を送らせるのは詐欺の手口です。正当な請求で、番号を写真やメールで求めることはありません。",
        en: "To ask for the numbers of gift cards is fraud: no honest bill is paid so.",
    },
    genuine: Bilingual {
        ja: "本物の請求で、プリペイドカードの番号を送らせることはありません。支払いは、事業者名の入った請求書や、契約した方法で行います。",
        en: "An honest bill is paid by transfer, card or invoice in the company's name. No company or office takes the numbers of gift cards.",
    },
    false_positives: Bilingual {
        ja: "手口への注意喚起、コードを届ける店（渡す側であり、求めない）。",
        en: "Bulletins that warn of it; shops that deliver a code (they give, they do not ask).",
    },
    references: &[
        "Osaka Prefectural Police: prepaid card fraud",
        "FTC consumer advice: advance-fee fraud, gift cards, fake renewals",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.says(Slot::GiftCard).then(|| observables.said(Slot::CodeHandover))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "ギフトカードを購入し、裏面の番号を写真で送ってください",
            "Buy four gift cards, scratch the back and send me the codes",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["ギフトカードをお届けします。番号は次のとおりです", "Your gift card code is below"]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
