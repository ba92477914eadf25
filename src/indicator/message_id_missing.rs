//! No message id, or one that is none.
//!
//! # Detects
//!
//! No Message-ID field, or one without a right side or with a bare host.
//!
//! # Why it matters
//!
//! The message id that every mail program writes is missing or malformed.
//!
//! # False positives
//!
//! Old devices and scripts.
//!
//! # References
//!
//! - RFC 5322 §3.6.4

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "message-id-missing",
    title: Bilingual { ja: "メッセージIDがない・不正", en: "no message id, or one that is none" },
    category: None,
    family: Family::Transport,
    weight: Hundredths(30),
    hard: false,
    basis: Basis::Prior("mail programs write one; scripts often do not"),
    why: Bilingual {
        ja: "メールソフトが必ず付けるはずのメッセージIDがないか、形が不正です。",
        en: "The message id that every mail program writes is missing or malformed.",
    },
    genuine: Bilingual {
        ja: "メールソフトは必ずメッセージIDを付けます。",
        en: "Mail programs always write one.",
    },
    false_positives: Bilingual { ja: "古い機器、スクリプト。", en: "Old devices and scripts." },
    references: &["RFC 5322 §3.6.4"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let made = message.message_id.rsplit_once('@').map_or("", |(_, made)| made);
    let odd = made.is_empty() || made.starts_with("localhost") || made.contains(char::is_whitespace);
    (odd && !message.fields.is_empty()).then(|| Observation {
        place: Place::Header("message-id".to_owned()),
        excerpt: Excerpt::new(&message.message_id),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/message-id-missing_none_en.eml");
        let benign = include_str!("../../tests/corpus/benign/message-id-missing_there_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
