//! Leaving a service is said not to have worked.
//!
//! # Detects
//!
//! Wording that a cancellation or withdrawal was not completed or not accepted.
//!
//! # Why it matters
//!
//! It says that the cancellation failed, to ask for money or details. The confirmation received at the time
//! says otherwise.
//!
//! # False positives
//!
//! A genuine service whose form was left half filled in.
//!
//! # References
//!
//! - National Consumer Affairs Center of Japan: fictitious billing

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "cancellation-incomplete",
    title: Bilingual {
        ja: "退会手続き未完了の主張", en: "a cancellation is said to be incomplete"
    },
    category: Some(Category::FakeBilling),
    family: Family::Billing,
    weight: Hundredths(200),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "退会が完了していないと主張し、費用や個人情報を求める手口です。退会時の確認メールと見比べられます。",
        en: "It says that the cancellation failed, to ask for money or details. The confirmation received at the time says otherwise.",
    },
    genuine: Bilingual {
        ja: "本物の事業者は、退会の受付時に確認メールを送り、会員ページで状態を示します。あとから退会の費用をメールで求めることはありません。",
        en: "A genuine service confirms the cancellation when it is made and shows it in the account. It does not ask for a fee by mail afterwards to complete it.",
    },
    false_positives: Bilingual {
        ja: "申し込みの入力が途中で終わっている、本物のサービスの案内。",
        en: "A genuine service whose form was left half filled in.",
    },
    references: &["National Consumer Affairs Center of Japan: fictitious billing"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said(Slot::CancellationIncomplete)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["退会手続きが完了していません", "Your cancellation is not complete"] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["退会手続きが完了しました", "Your cancellation is complete"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
