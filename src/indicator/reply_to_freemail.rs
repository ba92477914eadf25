//! Answers go to a free address.
//!
//! # Detects
//!
//! A Reply-To at a provider for everybody that is not the From address.
//!
//! # Why it matters
//!
//! An answer would go to a free address that is not the sender's.
//!
//! # False positives
//!
//! Small shops, clubs, people with two addresses.
//!
//! # References
//!
//! - RFC 5322 §3.6.2

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation,
    observables::is_freemail,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "reply-to-freemail",
    title: Bilingual { ja: "返信先がフリーメール", en: "answers go to a free address" },
    category: Some(Category::AdvanceFee),
    family: Family::Sender,
    weight: Hundredths(170),
    hard: false,
    basis: Basis::Prior("small shops do so; advance-fee letters nearly always"),
    why: Bilingual {
        ja: "返信すると、差出人とは別のフリーメールに届きます。",
        en: "An answer would go to a free address that is not the sender's.",
    },
    genuine: Bilingual {
        ja: "会社への返信は、会社のドメインに届きます。",
        en: "An answer to a company goes to the company's domain.",
    },
    false_positives: Bilingual {
        ja: "小さな店、同好会、アドレスを二つ持つ人。",
        en: "Small shops, clubs, people with two addresses.",
    },
    references: &["RFC 5322 §3.6.2"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author().filter(|author| !author.addr.is_empty())?;
    let reply = observables.message.reply_to.iter().find(|reply| {
        is_freemail(&reply.domain)
            && !reply.addr.eq_ignore_ascii_case(&author.addr)
            && !observables.is_own(&reply.addr)
    })?;
    // The same person at two providers: the local part is the same.
    let local = |addr: &str| addr.split('@').next().unwrap_or_default().to_ascii_lowercase();
    (local(&reply.addr) != local(&author.addr)).then(|| Observation {
        place: Place::Header("reply-to".to_owned()),
        excerpt: Excerpt::new(&format!("{} (From: {})", reply.addr, author.addr)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/reply-to-freemail_other_en.eml");
        let benign = include_str!("../../tests/corpus/benign/reply-to-freemail_same_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
