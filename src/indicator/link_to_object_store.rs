//! A link to a page in a cloud store.
//!
//! # Detects
//!
//! A link of that class (`config/hosts.toml`), through wrappers and redirectors, that is not on the sender's own
//! site.
//!
//! # Why it matters
//!
//! The link leads to a store in the cloud where anybody can leave a page.
//!
//! # False positives
//!
//! Downloads; pictures of newsletters.
//!
//! # References
//!
//! - `config/hosts.toml`, each entry with its source

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation,
    hosts::{Class, Destination},
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-to-object-store",
    title: Bilingual {
        ja: "クラウド保管場所へのリンク", en: "a link to a page in a cloud store"
    },
    category: Some(Category::Phishing),
    family: Family::Hosting,
    weight: Hundredths(150),
    hard: false,
    basis: Basis::Prior("honest mail links there, too: it counts beside another witness only"),
    why: Bilingual {
        ja: "誰でもファイルを置けるクラウドの保管場所へのリンクです。",
        en: "The link leads to a store in the cloud where anybody can leave a page.",
    },
    genuine: Bilingual {
        ja: "会社の手続きのページは、会社自身のドメインにあります。",
        en: "A company's pages for customers are on its own domain.",
    },
    false_positives: Bilingual {
        ja: "ダウンロード、メールマガジンの画像。",
        en: "Downloads; pictures of newsletters.",
    },
    references: &["`config/hosts.toml`, each entry with its source"],
    check,
};

/// Pictures and papers are what stores are for; a page is what a forger puts there.
fn is_page(destination: &Destination) -> bool {
    let path = destination.path().split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    ![".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".pdf", ".css", ".js", ".mp4", ".ics"]
        .iter()
        .any(|end| path.ends_with(end))
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables
        .few_foreign_links()
        .find(|destination| destination.class == Some(Class::ObjectStore) && is_page(destination))?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-to-object-store_page_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-to-object-store_plain_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
