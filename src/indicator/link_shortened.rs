//! A shortened link.
//!
//! # Detects
//!
//! A link of that class (`config/hosts.toml`), through wrappers and redirectors, that is not on the sender's own
//! site.
//!
//! # Why it matters
//!
//! A short link hides where it goes.
//!
//! # False positives
//!
//! Newsletters and people.
//!
//! # References
//!
//! - `config/hosts.toml`, each entry with its source

use crate::message::Excerpt;

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, hosts::Class};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-shortened",
    title: Bilingual { ja: "短縮URL", en: "a shortened link" },
    category: None,
    family: Family::Hosting,
    weight: Hundredths(90),
    hard: false,
    basis: Basis::Prior("honest mail links there, too: it counts beside another witness only"),
    why: Bilingual {
        ja: "短縮URLで行き先が隠されています。", en: "A short link hides where it goes."
    },
    genuine: Bilingual {
        ja: "大事な手続きのメールは、行き先の見えるリンクを使います。",
        en: "Mail about anything important shows where its links go.",
    },
    false_positives: Bilingual { ja: "メールマガジン、知人。", en: "Newsletters and people." },
    references: &["`config/hosts.toml`, each entry with its source"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found =
        observables.few_foreign_links().find(|destination| destination.class == Some(Class::Shortener))?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-shortened_page_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-shortened_plain_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
