//! A reply to nothing.
//!
//! # Detects
//!
//! Re:, Fwd: and the like at the head of the subject, no References or In-Reply-To, and nothing quoted.
//!
//! # Why it matters
//!
//! The subject says reply or forward, and there is nothing that it answers.
//!
//! # False positives
//!
//! Fund-raising letters; telephones that drop the fields.
//!
//! # References
//!
//! - RFC 5322 §3.6.5

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, wording::Phrases};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "fake-reply",
    title: Bilingual { ja: "返信・転送を装った件名", en: "a reply to nothing" },
    category: None,
    family: Family::Sender,
    weight: Hundredths(70),
    hard: false,
    basis: Basis::Prior("fund-raisers and people on telephones do so, too"),
    why: Bilingual {
        ja: "件名は返信や転送に見えますが、元のメールがありません。",
        en: "The subject says reply or forward, and there is nothing that it answers.",
    },
    genuine: Bilingual {
        ja: "本物の返信には、元のメールの引用や参照があります。",
        en: "A genuine reply refers to what it answers.",
    },
    false_positives: Bilingual {
        ja: "寄付のお願い、参照を落とす携帯電話。",
        en: "Fund-raising letters; telephones that drop the fields.",
    },
    references: &["RFC 5322 §3.6.5"],
    check,
};

/// Heads of subjects, normalised.
static PREFIXES: Phrases = Phrases::new(&[
    "re:", "re :", "fwd:", "fw:", "aw:", "wg:", "tr:", "rv:", "antw:", "sv:", "vs:", "res:", "enc:", "odp:",
    "回复:", "答复:", "转发:", "返信:", "転送:",
]);
/// What stands above a quotation.
static QUOTES: Phrases = Phrases::new(&[
    "wrote:",
    "schrieb:",
    "a ecrit",
    "escribio:",
    "ha scritto:",
    "escreveu:",
    "original message",
    "forwarded message",
    "ursprungliche nachricht",
    "message d'origine",
    "mensaje original",
    "messaggio originale",
    "from: ",
    "von: ",
    "sent: ",
    "さんは書き",
    "のメッセージ:",
    "差出人:",
    "書きました",
]);

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let subject = message.subject.normal();
    let reply = PREFIXES.begin(subject);
    if !reply || !message.references.is_empty() {
        return None;
    }
    let quotes = message.texts.iter().any(|view| {
        let text = view.text.original();
        let normal = view.text.normal();
        text.starts_with('>') || text.contains("\n>") || QUOTES.stand_in(normal)
    });
    (!quotes)
        .then(|| Observation { place: Place::Subject, excerpt: Excerpt::new(message.subject.original()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/fake-reply_invoice_en.eml");
        let benign = include_str!("../../tests/corpus/benign/fake-reply_quoted_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
