//! A link to a free hosting service.
//!
//! # Detects
//!
//! A link of that class (`config/hosts.toml`), through wrappers and redirectors, that is not on the sender's own
//! site.
//!
//! # Why it matters
//!
//! The link leads to a place where anybody can put a page at no cost.
//!
//! # False positives
//!
//! Clubs, developers, small shops.
//!
//! # References
//!
//! - `config/hosts.toml`, each entry with its source

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, hosts::Class,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-to-free-host",
    title: Bilingual {
        ja: "無料ホスティングへのリンク", en: "a link to a free hosting service"
    },
    category: Some(Category::Phishing),
    family: Family::Hosting,
    weight: Hundredths(130),
    hard: false,
    basis: Basis::Prior("honest mail links there, too: it counts beside another witness only"),
    why: Bilingual {
        ja: "誰でも無料でページを置ける場所へのリンクです。",
        en: "The link leads to a place where anybody can put a page at no cost.",
    },
    genuine: Bilingual {
        ja: "会社の手続きのページは、会社自身のドメインにあります。",
        en: "A company's pages for customers are on its own domain.",
    },
    false_positives: Bilingual {
        ja: "同好会、開発者、小さな店。", en: "Clubs, developers, small shops."
    },
    references: &["`config/hosts.toml`, each entry with its source"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found =
        observables.few_foreign_links().find(|destination| destination.class == Some(Class::FreeHost))?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-to-free-host_page_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-to-free-host_plain_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
