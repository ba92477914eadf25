//! A fee before a payment to the reader.
//!
//! # Detects
//!
//! A reward, refund or withdrawal that waits, and a fee, deposit, tax or rank that must be paid first, or secrets
//! to be given.
//!
//! # Why it matters
//!
//! Nobody who owes you money asks for a fee first.
//!
//! # False positives
//!
//! Genuine refunds are paid to the account or card that is known; fees are deducted.
//!
//! # References
//!
//! - National Police Agency of Japan: methods of special fraud
//! - National Consumer Affairs Center of Japan

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "fee-for-payout",
    title: Bilingual { ja: "受け取る前に払わせる", en: "a fee before one is paid" },
    category: Some(Category::AdvanceFee),
    family: Family::Payment,
    weight: Hundredths(380),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "報酬・返金・出金を受け取る前に、手数料や保証金、税金を払わせる手口です。受け取るために先に払うお金はありません。",
        en: "Nobody who owes you money asks for a fee first.",
    },
    genuine: Bilingual {
        ja: "返金や報酬は、登録済みの口座やカードに支払われ、手数料は差し引かれます。",
        en: "Refunds and pay go to the account or card on file; fees are deducted.",
    },
    false_positives: Bilingual {
        ja: "通常の返金。登録済みの口座やカードに戻り、手数料は差し引かれます。",
        en: "Genuine refunds are paid to the account or card that is known; fees are deducted.",
    },
    references: &[
        "National Police Agency of Japan: methods of special fraud",
        "National Consumer Affairs Center of Japan",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let says = |slots: &[Slot]| slots.iter().any(|slot| observables.says(*slot));
    if says(&[Slot::CredentialRequest, Slot::AtmRefund, Slot::RemoteHelp]) {
        return observables
            .said_openly(Slot::PayoutPending)
            .or_else(|| observables.said_openly(Slot::Windfall));
    }
    let fee = says(&[Slot::UpfrontFee, Slot::FeeReturned, Slot::GiftCard]);
    fee.then(|| observables.said_openly(Slot::PayoutPending))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "報酬 86,000円が確定しました。出金には保証金50,000円をご入金ください。",
            "還付金 38,640円が確定しております。口座と暗証番号をご登録ください。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["報酬 86,000円が確定しました。来月末に振り込みます。", "手数料が必要です。"]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
