//! Out of the company's mail, into a chat group.
//!
//! # Detects
//!
//! A request to make a chat group and to send its code back.
//!
//! # Why it matters
//!
//! It wants a chat group made, where money is asked for next. Ask that person by another way.
//!
//! # False positives
//!
//! Colleagues and clubs that do set up a group; alone it does not decide.
//!
//! # References
//!
//! - IPA and police notices since 2026-01 on mails in a president's name that ask for a chat group

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "chat-group",
    title: Bilingual { ja: "チャットグループ作成の指示", en: "a chat group is to be made" },
    category: Some(Category::Bec),
    family: Family::Business,
    weight: Hundredths(430),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "LINEなどのグループを作らせ、そこで送金を指示する手口です。本人に別の手段で確かめてください。",
        en: "It wants a chat group made, where money is asked for next. Ask that person by another way.",
    },
    genuine: Bilingual {
        ja: "本物の上司や取引先は、社内で決められた連絡手段を使います。外部のチャットにグループを作らせ、招待コードを送らせることはありません。",
        en: "A real superior uses the channels that the company has. Nobody has you open a group in a private chat and mail them its code.",
    },
    false_positives: Bilingual {
        ja: "実際にグループを作る同僚やサークル。これだけでは決まらない。",
        en: "Colleagues and clubs that do set up a group; alone it does not decide.",
    },
    references: &[
        "IPA and police notices since 2026-01 on mails in a president's name that ask for a chat group",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said(Slot::ChatGroup)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in
            ["新しいLINEグループを作成してください", "please create a WhatsApp group and send me the QR code"]
        {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["写真をLINEグループに上げました", "our WhatsApp group is full"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
