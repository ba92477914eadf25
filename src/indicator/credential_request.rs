//! Secrets are to be typed in behind a link.
//!
//! # Detects
//!
//! A request to type in card number, PIN, seed phrase and the like, and a link to do it at.
//!
//! # Why it matters
//!
//! It asks for card number, PIN or recovery phrase behind a link. Nobody honest asks for these by mail.
//!
//! # False positives
//!
//! Shops that explain how to pay; manuals.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: urgent notices

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "credential-request",
    title: Bilingual {
        ja: "カード番号・暗証番号などの入力要求", en: "secrets are to be typed in"
    },
    category: Some(Category::Phishing),
    family: Family::Secrets,
    weight: Hundredths(300),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "カード番号・暗証番号・リカバリーフレーズなどをリンク先で入力させようとしています。正規の事業者がメールで求めることはありません。",
        en: "It asks for card number, PIN or recovery phrase behind a link. Nobody honest asks for these by mail.",
    },
    genuine: Bilingual {
        ja: "本物の事業者は、カード番号・暗証番号・ワンタイムパスワード・リカバリーフレーズをメールで求めません。入力するのは、自分で開いた公式のアプリやサイトだけです。",
        en: "Nobody genuine asks by mail for card numbers, PINs, one-time codes or recovery phrases. These are typed only into an app or site that you opened yourself.",
    },
    false_positives: Bilingual {
        ja: "支払い方法を説明する店、取扱説明書。",
        en: "Shops that explain how to pay; manuals.",
    },
    references: &["Council of Anti-Phishing Japan: urgent notices"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let link = observables.message.links.iter().any(|link| link.scheme.starts_with("http"));
    link.then(|| observables.said(Slot::CredentialRequest))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "下記よりカード番号と暗証番号をご入力ください https://card.test/",
            "enter your card number at https://card.test/",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "暗証番号の入力をお願いすることはありません https://bank.example/",
            "カード番号と暗証番号をご入力ください",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
