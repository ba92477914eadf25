//! A refund at a cash machine.
//!
//! # Detects
//!
//! A refund or overpayment together with a cash machine, or with card and passbook in hand for a telephone call.
//!
//! # Why it matters
//!
//! No refund is ever paid at a cash machine, and no office asks for card and passbook by telephone.
//!
//! # False positives
//!
//! Warnings of police and banks, which say so.
//!
//! # References
//!
//! - National Police Agency of Japan: methods of special fraud

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "atm-refund",
    title: Bilingual { ja: "ATMや通帳を使わせる還付", en: "a refund at a cash machine" },
    category: Some(Category::AdvanceFee),
    family: Family::Remote,
    weight: Hundredths(420),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "ATMで還付金を受け取ることはできません。役所や年金事務所が、電話でATMの操作やカード・通帳を求めることもありません。",
        en: "No refund is ever paid at a cash machine, and no office asks for card and passbook by telephone.",
    },
    genuine: Bilingual {
        ja: "還付金は、届け出た口座に振り込まれるか、郵送の書面で手続きします。ATMは使いません。",
        en: "Refunds are paid to the account on file or by a form that comes by post; never at a cash machine.",
    },
    false_positives: Bilingual {
        ja: "警察や銀行の注意喚起。",
        en: "Warnings of police and banks, which say so.",
    },
    references: &["National Police Agency of Japan: methods of special fraud"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let refund = [Slot::PayoutPending, Slot::Windfall, Slot::CallDemand, Slot::ContactDemand]
        .iter()
        .any(|slot| observables.says(*slot));
    refund.then(|| observables.said_openly(Slot::AtmRefund))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "医療費の還付金があります。無人ATMへ行き、お電話ください。",
            "過払い保険料の受け取り期限が過ぎています。キャッシュカードと通帳をご用意の上、折り返しお電話ください。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["ATMの休止のお知らせ。", "還付金の申告は税務署へ。"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
