//! The person's own address as sender.
//!
//! # Detects
//!
//! A From field with one of the own addresses, where the provider did not authenticate it.
//!
//! # Why it matters
//!
//! It pretends to come from your own address. That is no proof that your account was broken into.
//!
//! # False positives
//!
//! Notes to oneself from another device, where the provider writes no Authentication-Results.
//!
//! # References
//!
//! - IPA: mails that claim to have hacked the recipient and demand crypto currency
//! - RFC 7489 §3.1

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "own-address-spoof",
    title: Bilingual {
        ja: "自分自身を差出人とする詐称", en: "the person's own address as sender"
    },
    category: Some(Category::Extortion),
    family: Family::Sender,
    weight: Hundredths(240),
    hard: false,
    basis: Basis::Prior("authentication and identity are priors always"),
    why: Bilingual {
        ja: "あなた自身のアドレスを差出人に見せかけています。アカウントが乗っ取られた証拠ではありません。",
        en: "It pretends to come from your own address. That is no proof that your account was broken into.",
    },
    genuine: Bilingual {
        ja: "自分のアカウントから送られたのなら、送信済みの一覧に残り、サービスのログイン履歴にも出ます。差出人の表示は誰でも書き換えられます。",
        en: "What was really sent from your account stands among your sent mail and in the provider's list of sign-ins. The From line can be written by anybody.",
    },
    false_positives: Bilingual {
        ja: "プロバイダーが Authentication-Results を付けない環境で、別の端末から自分に送ったメモ。",
        en: "Notes to oneself from another device, where the provider writes no Authentication-Results.",
    },
    references: &[
        "IPA: mails that claim to have hacked the recipient and demand crypto currency",
        "RFC 7489 §3.1",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author().filter(|author| observables.is_own(&author.addr))?;
    (!observables.author_is_authenticated())
        .then(|| Observation { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(&author.addr) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn the_own_address_fires_unless_the_provider_vouches_for_it() {
        let forged = "From: hanako@example.net\r\n";
        let vouched = concat!(
            "Authentication-Results: mx.example.net; dmarc=pass header.from=example.net\r\n",
            "Received: from x by y; Tue, 24 Nov 2026 09:00:00 +0900\r\nFrom: hanako@example.net\r\n"
        );
        let forger = "Received: from x by y; Tue, 24 Nov 2026 09:00:00 +0900\r\nAuthentication-Results: mx.example.net; dmarc=pass header.from=example.net\r\nFrom: hanako@example.net\r\n";
        assert!(testing::fires_raw(&INDICATOR, &testing::raw(forged, "hello")));
        assert!(!testing::fires_raw(&INDICATOR, &testing::raw(vouched, "hello")));
        assert!(
            testing::fires_raw(&INDICATOR, &testing::raw(forger, "hello")),
            "a result below the first Received is the sender's text"
        );
        assert!(!testing::fires_raw(&INDICATOR, &testing::raw("From: taro@example.net\r\n", "hello")));
    }
}
