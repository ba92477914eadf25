//! A fee for an invented register or listing.
//!
//! # Detects
//!
//! A domain "submission", a brand name that others want to register, a business register or directory, and a fee or
//! an order form.
//!
//! # Why it matters
//!
//! It looks like a renewal or a duty and is an order for a listing that nobody needs.
//!
//! # False positives
//!
//! Genuine renewal notices of one's registrar.
//!
//! # References
//!
//! - ICANN: domain name scams
//! - FTC consumer advice: business directory scams
//! - EUIPO: misleading invoices

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "listing-pitch",
    title: Bilingual {
        ja: "登録簿・ドメイン・名簿掲載の請求",
        en: "a fee for an invented register or listing",
    },
    category: Some(Category::FakeBilling),
    family: Family::Billing,
    weight: Hundredths(330),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "存在しない登録や掲載の料金を、更新や義務に見せて払わせる手口です。",
        en: "It looks like a renewal or a duty and is an order for a listing that nobody needs.",
    },
    genuine: Bilingual {
        ja: "本物のドメイン更新は、契約している登録業者からだけ届きます。",
        en: "A genuine renewal comes from the registrar that you have a contract with, and from nobody else.",
    },
    false_positives: Bilingual {
        ja: "契約中の登録業者からの本物の更新通知。",
        en: "Genuine renewal notices of one's registrar.",
    },
    references: &[
        "ICANN: domain name scams",
        "FTC consumer advice: business directory scams",
        "EUIPO: misleading invoices",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.twice(Slot::ListingPitch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Expiration notification of your domain search engine submission. Failure makes it difficult for customers to find you.",
            "register names in China as internet brand; not the person in charge? forward this",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["Your domain renews on Monday.", "The search engine is slow."] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
