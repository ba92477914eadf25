//! Several authors.
//!
//! # Detects
//!
//! More than one From field, or more than one address in it without a Sender field.
//!
//! # Why it matters
//!
//! There are several From fields or addresses: what is shown and what is checked may differ.
//!
//! # False positives
//!
//! Papers of committees.
//!
//! # References
//!
//! - RFC 5322 §3.6.2
//! - Chen et al., Composition Kills (USENIX Security 2020)

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "several-authors",
    title: Bilingual { ja: "差出人が複数", en: "several authors" },
    category: None,
    family: Family::Sender,
    weight: Hundredths(120),
    hard: false,
    basis: Basis::Prior("allowed by RFC 5322 with a Sender field, and hardly ever used"),
    why: Bilingual {
        ja: "差出人の欄が複数あるか、複数のアドレスが書かれています。表示される差出人と検査される差出人が違うことがあります。",
        en: "There are several From fields or addresses: what is shown and what is checked may differ.",
    },
    genuine: Bilingual {
        ja: "普通のメールの差出人は一つです。", en: "Ordinary mail has one author."
    },
    false_positives: Bilingual { ja: "委員会の連名の文書。", en: "Papers of committees." },
    references: &["RFC 5322 §3.6.2", "Chen et al., Composition Kills (USENIX Security 2020)"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let fields = message.fields.iter().filter(|(name, _)| name == "from").count();
    let authors = message.from.iter().filter(|author| !author.addr.is_empty()).count();
    (fields > 1 || (authors > 1 && message.sender.is_empty())).then(|| {
        let all: Vec<&str> = message.from.iter().take(3).map(|author| author.addr.as_str()).collect();
        Observation { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(&all.join(", ")) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/several-authors_two_en.eml");
        let benign = include_str!("../../tests/corpus/benign/several-authors_with_sender_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
