//! A link to a form service.
//!
//! # Detects
//!
//! A link of that class (`config/hosts.toml`), through wrappers and redirectors, that is not on the sender's own
//! site.
//!
//! # Why it matters
//!
//! The link leads to a form that anybody can make. No company asks for passwords or card numbers there.
//!
//! # False positives
//!
//! Surveys, registrations of clubs and schools.
//!
//! # References
//!
//! - `config/hosts.toml`, each entry with its source

use crate::message::Excerpt;

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, hosts::Class};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-to-form",
    title: Bilingual { ja: "汎用フォームへのリンク", en: "a link to a form service" },
    category: None,
    family: Family::Hosting,
    weight: Hundredths(70),
    hard: false,
    basis: Basis::Prior("honest mail links there, too: it counts beside another witness only"),
    why: Bilingual {
        ja: "誰でも作れる入力フォームへのリンクです。会社がパスワードやカード番号をここで尋ねることはありません。",
        en: "The link leads to a form that anybody can make. No company asks for passwords or card numbers there.",
    },
    genuine: Bilingual {
        ja: "会社は、パスワードやカード番号を汎用フォームで尋ねません。",
        en: "No company asks for passwords or card numbers by such a form.",
    },
    false_positives: Bilingual {
        ja: "アンケート、学校や同好会の申し込み。",
        en: "Surveys, registrations of clubs and schools.",
    },
    references: &["`config/hosts.toml`, each entry with its source"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables.few_foreign_links().find(|destination| destination.class == Some(Class::Form))?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-to-form_page_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-to-form_plain_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
