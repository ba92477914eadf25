//! A host that mixes scripts.
//!
//! # Detects
//!
//! A label of the host, punycode read, with Latin letters beside Greek or Cyrillic ones.
//!
//! # Why it matters
//!
//! The link's host mixes alphabets so that it looks like another name.
//!
//! # False positives
//!
//! None known.
//!
//! # References
//!
//! - UTS #39 §5 (mixed-script detection)
//! - RFC 5890

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, brand};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-mixed-script",
    title: Bilingual { ja: "複数の文字体系を混ぜたホスト名", en: "a host that mixes scripts" },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(350),
    hard: false,
    basis: Basis::Prior("no language writes one word in Latin and Cyrillic or Greek"),
    why: Bilingual {
        ja: "リンク先のホスト名に、見た目の似た別の文字が混ぜてあります。",
        en: "The link's host mixes alphabets so that it looks like another name.",
    },
    genuine: Bilingual {
        ja: "本物のホスト名は一つの文字体系で書かれています。",
        en: "A genuine host is written in one script.",
    },
    false_positives: Bilingual { ja: "知られていません。", en: "None known." },
    references: &["UTS #39 §5 (mixed-script detection)", "RFC 5890"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables
        .destinations()
        .iter()
        .find(|destination| !destination.host.is_ascii() || destination.host.contains("xn--"))
        .filter(|destination| brand::to_unicode(&destination.host).split('.').any(brand::is_mixed))?;
    Some(Observation {
        place: observables.link_place(found.link - 1),
        excerpt: Excerpt::new(&brand::to_unicode(&found.host)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-mixed-script_cyrillic_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-mixed-script_umlaut_de.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
