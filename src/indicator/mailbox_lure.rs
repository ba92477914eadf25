//! A full or blocked mailbox and a link that mends it.
//!
//! # Detects
//!
//! A mailbox said to be full, blocked, due for an upgrade or a new password, and a link or a threat to act on it.
//!
//! # Why it matters
//!
//! It speaks of a full or blocked mailbox to get its password typed into a copied sign-in page.
//!
//! # False positives
//!
//! Genuine notices on quota and expiry by a provider or an IT department.
//!
//! # References
//!
//! - APWG phishing activity trends
//! - Council of Anti-Phishing Japan: webmail

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "mailbox-lure",
    title: Bilingual {
        ja: "メールボックスの異常とリンクの誘導",
        en: "a full or blocked mailbox and a link that mends it",
    },
    category: Some(Category::Phishing),
    family: Family::Lure,
    weight: Hundredths(330),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "メールボックスの容量やパスワード期限を口実に、偽のログイン画面へ誘導する手口です。",
        en: "It speaks of a full or blocked mailbox to get its password typed into a copied sign-in page.",
    },
    genuine: Bilingual {
        ja: "本物の管理者や事業者は、容量や期限を普段のログイン後の画面で示します。メールのリンクからパスワードの入力を求めません。",
        en: "A genuine provider shows quota and expiry after your usual sign-in. It does not ask for the password behind a link in a message.",
    },
    false_positives: Bilingual {
        ja: "情報システム部門や事業者からの本物の容量・期限の通知。",
        en: "Genuine notices on quota and expiry by a provider or an IT department.",
    },
    references: &["APWG phishing activity trends", "Council of Anti-Phishing Japan: webmail"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    if !observables.links_to_the_web() {
        return None;
    }
    observables
        .near(Slot::MailboxTrouble, Slot::VerifyDemand)
        .or_else(|| observables.near(Slot::MailboxTrouble, Slot::Ultimatum))
        .or_else(|| observables.twice(Slot::MailboxTrouble))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Your mailbox is 98% full. Increase quota: https://quota.test/ Otherwise it will be closed.",
            "Ihr Postfach ist voll. Klicken Sie hier: https://post.test/",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "Your mailbox is 92% full. Empty the deleted items.",
            "The mailbox at the gate was painted: https://town.example/",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
