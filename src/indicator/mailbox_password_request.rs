//! The mailbox password is asked for.
//!
//! # Detects
//!
//! Something to see, hear or keep, for which the e-mail address and its password are to be typed in.
//!
//! # Why it matters
//!
//! It wants your e-mail address and its password, as the price of seeing something.
//!
//! # False positives
//!
//! Instructions on how to set up a mail program.
//!
//! # References
//!
//! - APWG phishing activity trends

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "mailbox-password-request",
    title: Bilingual {
        ja: "メールのパスワード入力の要求", en: "the mailbox password is asked for"
    },
    category: Some(Category::Phishing),
    family: Family::Secrets,
    weight: Hundredths(260),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "文書や音声を見るためとして、メールアドレスとそのパスワードを入力させようとしています。",
        en: "It wants your e-mail address and its password, as the price of seeing something.",
    },
    genuine: Bilingual {
        ja: "共有された文書は、共有サービス自身のログインで開けます。メールのパスワードを別の画面に入れる必要はありません。",
        en: "A shared document opens with the sign-in of the service that shares it. The password of your mailbox is not needed anywhere else.",
    },
    false_positives: Bilingual {
        ja: "メールソフトの設定手順の説明。",
        en: "Instructions on how to set up a mail program.",
    },
    references: &["APWG phishing activity trends"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    [Slot::MailboxTrouble, Slot::DocumentWaiting, Slot::AccountTrouble, Slot::Ultimatum]
        .into_iter()
        .find_map(|story| observables.near(Slot::SignInToSee, story))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "A document has been shared with you. Sign in with your corporate e-mail to see the file.",
            "Votre boîte mail est pleine, entrez votre mot de passe",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in
            ["A document has been shared with you.", "Sign in with your corporate e-mail to see the rota."]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
