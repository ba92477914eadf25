//! An account is in trouble, and a link mends it.
//!
//! # Detects
//!
//! Wording that an account, a payment, a mailbox or a parcel is in trouble, a request to log in, verify or
//! update, and a link.
//!
//! # Why it matters
//!
//! It reports trouble and offers a link to mend it. Look in the official app or site, opened by yourself.
//!
//! # False positives
//!
//! Genuine security and payment notices, which come from the domain they speak for.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: urgent notices
//! - APWG phishing activity trends

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "account-lure",
    title: Bilingual {
        ja: "アカウント異常とリンクの誘導", en: "account trouble and a link that mends it"
    },
    category: Some(Category::Phishing),
    family: Family::Lure,
    weight: Hundredths(470),
    hard: false,
    basis: Basis::Prior(
        "fitted by eye on phishing of several sources, 2019 to 2026; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "アカウントや支払いの異常を告げ、リンク先で入力させる手口です。公式アプリか、自分で開いた公式サイトで確認してください。",
        en: "It reports trouble and offers a link to mend it. Look in the official app or site, opened by yourself.",
    },
    genuine: Bilingual {
        ja: "本物の事業者のお知らせは、公式アプリやお知らせ欄にも同じ内容が出ます。自分で開いたアプリやブックマークから確かめられ、メールのリンクから入力する必要はありません。",
        en: "A genuine notice also stands in the company's app or on its site after you sign in as you always do. You never need the link in the mail.",
    },
    false_positives: Bilingual {
        ja: "本物のセキュリティ通知や支払いの案内。名乗っているドメインから届く。",
        en: "Genuine security and payment notices, which come from the domain they speak for.",
    },
    references: &["Council of Anti-Phishing Japan: urgent notices", "APWG phishing activity trends"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.links_to_the_web().then(|| observables.near(Slot::AccountTrouble, Slot::VerifyDemand))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Your account has been suspended. Verify your identity: https://login.example/",
            "アカウントの利用を制限しました。リンクよりログインしてご確認ください。 https://login.example/",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "Your account has been suspended. Verify your identity.",
            "アカウントを作成しました https://login.example/",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
