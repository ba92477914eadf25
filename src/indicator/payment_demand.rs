//! Payment is demanded.
//!
//! # Detects
//!
//! Requests to pay, to transfer, and where to.
//!
//! # Why it matters
//!
//! It asks for payment.
//!
//! # False positives
//!
//! Invoices, shops, reminders.
//!
//! # References
//!
//! - Tokyo Metropolitan consumer affairs: examples of fictitious billing

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "payment-demand",
    title: Bilingual { ja: "支払いの要求", en: "payment is demanded" },
    category: Some(Category::FakeBilling),
    family: Family::Payment,
    weight: Hundredths(90),
    hard: false,
    basis: Basis::Prior("every invoice shows it: kept below what would matter alone"),
    why: Bilingual {
        ja: "支払いや振込を求めています。これだけでは本物と区別できませんが、根拠のない請求や脅しと一緒なら詐欺の目的を示します。",
        en: "It asks for payment. Honest bills do, too; together with a claim without grounds or a threat it shows what the mail is for.",
    },
    genuine: Bilingual {
        ja: "本物の請求は、事業者名・契約・金額の内訳・支払期日を示し、会員ページや書面でも確かめられます。",
        en: "A genuine bill names the business, the contract, the items and the date, and can be checked in your account or on paper.",
    },
    false_positives: Bilingual { ja: "請求書、店舗、督促。", en: "Invoices, shops, reminders." },
    references: &["Tokyo Metropolitan consumer affairs: examples of fictitious billing"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said(Slot::PaymentDemand)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["下記口座までお振込みください", "Please make the payment"] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["お支払いありがとうございました", "Thank you for your payment"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
