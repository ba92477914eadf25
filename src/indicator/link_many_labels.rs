//! A host of many labels.
//!
//! # Detects
//!
//! A foreign host of four labels and more before its registrable domain.
//!
//! # Why it matters
//!
//! The link's host has many parts. The real domain is the rightmost.
//!
//! # False positives
//!
//! Intranets, content networks.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-many-labels",
    title: Bilingual { ja: "階層の多いホスト名", en: "a host of many labels" },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(90),
    hard: false,
    basis: Basis::Prior(
        "forgers push what is to be read to the left; content networks and intranets do so for their own reasons",
    ),
    why: Bilingual {
        ja: "リンク先のホスト名が不自然に長い階層になっています。本当のドメインは右端です。",
        en: "The link's host has many parts. The real domain is the rightmost.",
    },
    genuine: Bilingual {
        ja: "本物のサイトのホスト名は短く、会社のドメインで終わります。",
        en: "Hosts of genuine sites are short and end with the company's domain.",
    },
    false_positives: Bilingual {
        ja: "社内ネットワーク、配信網。", en: "Intranets, content networks."
    },
    references: &["Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables.few_foreign_links().find(|destination| {
        destination.class.is_none()
            && destination
                .host
                .strip_suffix(destination.domain.as_str())
                .is_some_and(|sub| sub.matches('.').count() >= 4)
    })?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-many-labels_left_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-many-labels_few_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
