//! A link to a host of random letters.
//!
//! # Detects
//!
//! A foreign registrable domain whose name has long runs of consonants or letters and digits mixed.
//!
//! # Why it matters
//!
//! The link's domain looks as if a machine had made it.
//!
//! # False positives
//!
//! Abbreviations; content networks.
//!
//! # References
//!
//! - rspamd#5591

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, hosts::Class,
    wording::is_random,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-random-host",
    title: Bilingual {
        ja: "でたらめな文字列のドメインへのリンク", en: "a link to a host of random letters"
    },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(120),
    hard: false,
    basis: Basis::Prior("names made by machines; abbreviations look like them now and then"),
    why: Bilingual {
        ja: "リンク先のドメインが、機械的に作られた文字列です。",
        en: "The link's domain looks as if a machine had made it.",
    },
    genuine: Bilingual {
        ja: "本物の会社のドメインは、読める名前です。",
        en: "A company's domain is a name that can be read.",
    },
    false_positives: Bilingual { ja: "略語、配信網。", en: "Abbreviations; content networks." },
    references: &["rspamd#5591"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables.few_foreign_links().find(|destination| {
        destination.class.is_none_or(Class::is_open_to_anybody)
            && is_random(destination.domain.split('.').next().unwrap_or_default())
    })?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-random-host_letters_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-random-host_word_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
