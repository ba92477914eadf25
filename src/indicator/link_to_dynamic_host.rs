//! A link to a tunnel or dynamic name.
//!
//! # Detects
//!
//! A link of that class (`config/hosts.toml`), through wrappers and redirectors, that is not on the sender's own
//! site.
//!
//! # Why it matters
//!
//! The link leads to a dynamic name or a tunnel. No company's site is there.
//!
//! # False positives
//!
//! People who run a server at home.
//!
//! # References
//!
//! - `config/hosts.toml`, each entry with its source

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, hosts::Class,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-to-dynamic-host",
    title: Bilingual {
        ja: "動的DNS・トンネルへのリンク", en: "a link to a tunnel or dynamic name"
    },
    category: Some(Category::Phishing),
    family: Family::Hosting,
    weight: Hundredths(220),
    hard: false,
    basis: Basis::Prior("honest mail links there, too: it counts beside another witness only"),
    why: Bilingual {
        ja: "個人の機器などにもつながる、動的な名前へのリンクです。会社の公式サイトではありません。",
        en: "The link leads to a dynamic name or a tunnel. No company's site is there.",
    },
    genuine: Bilingual {
        ja: "会社のサイトは、動的な名前の上にはありません。",
        en: "No company's site is on a dynamic name.",
    },
    false_positives: Bilingual {
        ja: "自宅でサーバーを動かす人。", en: "People who run a server at home."
    },
    references: &["`config/hosts.toml`, each entry with its source"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found =
        observables.few_foreign_links().find(|destination| destination.class == Some(Class::Dynamic))?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-to-dynamic-host_page_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-to-dynamic-host_plain_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
