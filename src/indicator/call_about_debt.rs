//! Call today about a debt.
//!
//! # Detects
//!
//! A debt or a suit, a telephone number and a request to get in touch today, without a link to anything or an
//! amount that could be looked up.
//!
//! # Why it matters
//!
//! It names neither service nor amount, only a number to call today. Do not call; ask 188.
//!
//! # False positives
//!
//! Clinics and schools that ask to be called back.
//!
//! # References
//!
//! - National Consumer Affairs Center of Japan
//! - National Police Agency of Japan: methods of special fraud

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "call-about-debt",
    title: Bilingual { ja: "今日中に電話させる請求", en: "call today about a debt" },
    category: Some(Category::FakeBilling),
    family: Family::Callback,
    weight: Hundredths(200),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "何の料金か、いくらかも書かずに、今日中に電話させる手口です。電話せず、188に相談してください。",
        en: "It names neither service nor amount, only a number to call today. Do not call; ask 188.",
    },
    genuine: Bilingual {
        ja: "本物の督促は、契約番号、金額、支払期限(日付)、払込票などの支払い方法を書きます。",
        en: "A genuine reminder names contract, amount, a date and a way to pay.",
    },
    false_positives: Bilingual {
        ja: "診療所や学校の折り返しのお願い。",
        en: "Clinics and schools that ask to be called back.",
    },
    references: &[
        "National Consumer Affairs Center of Japan",
        "National Police Agency of Japan: methods of special fraud",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let owed = [Slot::UnpaidDebt, Slot::LegalThreat, Slot::VagueService, Slot::CourtByMail]
        .iter()
        .filter(|slot| observables.says(**slot))
        .count();
    let hurry = [Slot::ShortDeadline, Slot::FinalNotice, Slot::OnlyYourself, Slot::CourtByMail]
        .iter()
        .any(|slot| observables.says(*slot));
    if owed == 0 || !(hurry || owed >= 3) {
        return None;
    }
    // Toll-free and shared-cost numbers are given out to firms that can be looked up.
    let listed = observables
        .visible()
        .any(|(_, text)| ["0120", "0570"].iter().any(|area| text.normal().contains(area)));
    (!listed && observables.has_telephone()).then(|| observables.said(Slot::ContactDemand))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "未納料金の件で、本日中にご連絡ください。03-0000-0199",
            "訴訟最終告知。必ずご本人様よりご連絡ください。裁判所に訴状が提出されました。電話 03-0000-0199",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "未納料金の件で、11月30日までにお支払いください。お問い合わせ 03-0000-0199",
            "本日中にご連絡ください。03-0000-0199",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
