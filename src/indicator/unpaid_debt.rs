//! Money is said to be owed.
//!
//! # Detects
//!
//! Wording that a fee, a balance or a penalty has not been paid.
//!
//! # Why it matters
//!
//! It claims that money is owed. Fictitious billing begins so; so does an honest reminder, which names the
//! contract.
//!
//! # False positives
//!
//! Genuine reminders of utilities, card companies and shops; minutes and articles about debt.
//!
//! # References
//!
//! - National Consumer Affairs Center of Japan: fictitious billing
//! - Tokyo Metropolitan consumer affairs: examples of fictitious billing

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "unpaid-debt",
    title: Bilingual { ja: "未払いがあるという主張", en: "a debt is claimed" },
    category: Some(Category::FakeBilling),
    family: Family::Billing,
    weight: Hundredths(120),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "未納・滞納などの請求を主張しています。身に覚えのない請求は、支払う前に188などに相談できます。",
        en: "It claims that money is owed. Fictitious billing begins so; so does an honest reminder, which names the contract.",
    },
    genuine: Bilingual {
        ja: "本物の督促は、契約した事業者の名で、契約番号・利用日・金額の内訳を示して届きます。会員ページや手元の契約書と見比べられます。",
        en: "A genuine reminder comes in the name of the company you have a contract with, and gives the contract's number, the dates and the items. It can be compared with your account.",
    },
    false_positives: Bilingual {
        ja: "公共料金・カード会社・店舗の本物の督促、債務についての議事録や記事。",
        en: "Genuine reminders of utilities, card companies and shops; minutes and articles about debt.",
    },
    references: &[
        "National Consumer Affairs Center of Japan: fictitious billing",
        "Tokyo Metropolitan consumer affairs: examples of fictitious billing",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said(Slot::UnpaidDebt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["有料コンテンツの未納料金がございます", "You have an outstanding balance of $480"]
        {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["今月のご利用料金のお知らせです", "Your statement is ready"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
