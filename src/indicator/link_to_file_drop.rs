//! A link to a file drop.
//!
//! # Detects
//!
//! A link of that class (`config/hosts.toml`), through wrappers and redirectors, that is not on the sender's own
//! site.
//!
//! # Why it matters
//!
//! The link leads to a service where anybody can leave a file.
//!
//! # False positives
//!
//! Colleagues who send large files.
//!
//! # References
//!
//! - `config/hosts.toml`, each entry with its source

use crate::message::Excerpt;

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, hosts::Class};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-to-file-drop",
    title: Bilingual { ja: "ファイル転送サービスへのリンク", en: "a link to a file drop" },
    category: None,
    family: Family::Hosting,
    weight: Hundredths(80),
    hard: false,
    basis: Basis::Prior("honest mail links there, too: it counts beside another witness only"),
    why: Bilingual {
        ja: "誰でもファイルを置ける転送サービスへのリンクです。",
        en: "The link leads to a service where anybody can leave a file.",
    },
    genuine: Bilingual {
        ja: "会社は、書類を会員ページや添付で渡します。",
        en: "Companies hand out papers on their own site.",
    },
    false_positives: Bilingual {
        ja: "大きなファイルを送る同僚。", en: "Colleagues who send large files."
    },
    references: &["`config/hosts.toml`, each entry with its source"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found =
        observables.few_foreign_links().find(|destination| destination.class == Some(Class::FileDrop))?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-to-file-drop_page_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-to-file-drop_plain_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
