//! All links lead to one stranger.
//!
//! # Detects
//!
//! One registrable domain behind all links, neither the sender's, a known company's nor a neutral place.
//!
//! # Why it matters
//!
//! All links lead to one site, which is not the sender's.
//!
//! # False positives
//!
//! Friends who recommend a page.
//!
//! # References
//!
//! - APWG phishing activity trends reports

use crate::message::Excerpt;

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "links-one-foreign-domain",
    title: Bilingual {
        ja: "すべてのリンクが差出人と無関係な一つのドメインへ",
        en: "all links lead to one stranger",
    },
    category: None,
    family: Family::Link,
    weight: Hundredths(50),
    hard: false,
    basis: Basis::Prior("people who recommend a page do so, too"),
    why: Bilingual {
        ja: "リンクがすべて、差出人とは別の一つのサイトにつながっています。",
        en: "All links lead to one site, which is not the sender's.",
    },
    genuine: Bilingual {
        ja: "会社のメールは、自社のサイトにつながります。",
        en: "A company's mail leads to its own site.",
    },
    false_positives: Bilingual { ja: "ページを勧める友人。", en: "Friends who recommend a page." },
    references: &["APWG phishing activity trends reports"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let all = observables.destinations();
    let first = all.first()?;
    let one = all.iter().all(|destination| destination.domain == first.domain);
    let found = observables.foreign_links().next().filter(|found| one && !found.known)?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.domain) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/links-one-foreign-domain_one_en.eml");
        let benign = include_str!("../../tests/corpus/benign/links-one-foreign-domain_several_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
