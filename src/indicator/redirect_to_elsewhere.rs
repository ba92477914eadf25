//! A link that goes through a redirector.
//!
//! # Detects
//!
//! A link to an open redirector (Google, Bing, YouTube, ad services, translation proxies) whose target stands in
//! the URL and is neither the sender's nor a neutral place.
//!
//! # Why it matters
//!
//! The link goes through a well-known site's redirector to somewhere else.
//!
//! # False positives
//!
//! Affiliate newsletters; links copied from a search page.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, hosts::Via,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "redirect-to-elsewhere",
    title: Bilingual {
        ja: "リダイレクトを経由したリンク", en: "a link that goes through a redirector"
    },
    category: Some(Category::Phishing),
    family: Family::Hosting,
    weight: Hundredths(170),
    hard: false,
    basis: Basis::Prior("click counters of advertisers do so; in mail from elsewhere it hides the target"),
    why: Bilingual {
        ja: "有名サイトの転送機能を経由して、別のサイトへつながるリンクです。",
        en: "The link goes through a well-known site's redirector to somewhere else.",
    },
    genuine: Bilingual {
        ja: "本物のリンクは、行き先を直接指します。",
        en: "Genuine links name where they go.",
    },
    false_positives: Bilingual {
        ja: "アフィリエイトのメール、検索結果から写したリンク。",
        en: "Affiliate newsletters; links copied from a search page.",
    },
    references: &["Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables
        .few_foreign_links()
        .find(|destination| destination.via == Via::Redirector && !destination.known)?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/redirect-to-elsewhere_google_en.eml");
        let benign = include_str!("../../tests/corpus/benign/redirect-to-elsewhere_safelink_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
