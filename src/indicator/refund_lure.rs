//! A refund or payment that waits to be fetched.
//!
//! # Detects
//!
//! A tax refund, relief payment or compensation that is said to be due, and a link or a request for details.
//!
//! # Why it matters
//!
//! A refund is the bait; card or bank details are the aim.
//!
//! # False positives
//!
//! Genuine notices of a refund, which ask for nothing.
//!
//! # References
//!
//! - FTC consumer advice: refund and relief scams
//! - National Tax Agency of Japan: notices on false mail

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "refund-lure",
    title: Bilingual {
        ja: "還付金・給付金の受け取り", en: "a refund or payment that waits to be fetched"
    },
    category: Some(Category::Phishing),
    family: Family::Lure,
    weight: Hundredths(320),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "還付金や給付金を口実に、カードや口座の情報を入力させる手口です。",
        en: "A refund is the bait; card or bank details are the aim.",
    },
    genuine: Bilingual {
        ja: "役所や税務署は、還付をメールのリンクから申請させません。返金は支払いに使った方法へ、手続きなしで戻ります。",
        en: "A tax office does not have refunds applied for behind a link, and a shop pays back the way you paid, without a form.",
    },
    false_positives: Bilingual {
        ja: "店や航空会社の本物の返金のお知らせ。",
        en: "Genuine notices of a refund, which ask for nothing.",
    },
    references: &[
        "FTC consumer advice: refund and relief scams",
        "National Tax Agency of Japan: notices on false mail",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    if !observables.links_to_the_web() && !observables.says(Slot::DetailsRequest) {
        return None;
    }
    [Slot::VerifyDemand, Slot::ClaimDemand, Slot::CredentialRequest]
        .into_iter()
        .find_map(|ask| observables.near(Slot::RefundWaiting, ask))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "You are eligible for a tax refund of 320.00. Confirm your details: https://refund.test/",
            "Tiene derecho a un reembolso. Haga clic aquí: https://renta.test/",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in
            ["We have refunded 188.40 to your card.", "The refund policy is at https://shop.example/"]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
