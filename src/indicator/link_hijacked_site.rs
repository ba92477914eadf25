//! A page in the depths of somebody's site.
//!
//! # Detects
//!
//! A page or script below wp-content, wp-includes, wp-admin, .well-known and the like, on a foreign host.
//!
//! # Why it matters
//!
//! The link leads to a page deep within a site, where intruders put theirs.
//!
//! # False positives
//!
//! Papers of clubs in wp-content/uploads, which are left out with other files.
//!
//! # References
//!
//! - APWG phishing activity trends reports

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-hijacked-site",
    title: Bilingual {
        ja: "乗っ取られたサイトのようなリンク先",
        en: "a page in the depths of somebody's site",
    },
    category: Some(Category::Phishing),
    family: Family::Hosting,
    weight: Hundredths(170),
    hard: false,
    basis: Basis::Prior("folders in which owners of sites put no pages for readers"),
    why: Bilingual {
        ja: "他人のサイトの奥に置かれたページへのリンクです。乗っ取られたサイトによく見られます。",
        en: "The link leads to a page deep within a site, where intruders put theirs.",
    },
    genuine: Bilingual {
        ja: "本物のページは、会社のサイトのわかりやすい場所にあります。",
        en: "Genuine pages are in plain places of the company's own site.",
    },
    false_positives: Bilingual {
        ja: "wp-content/uploads にある会報など(対象外にしています)。",
        en: "Papers of clubs in wp-content/uploads, which are left out with other files.",
    },
    references: &["APWG phishing activity trends reports"],
    check,
};

/// Folders that a site's program keeps for itself.
const DEEP: &[&str] = &[
    "/wp-includes/",
    "/wp-admin/",
    "/wp-content/",
    "/.well-known/",
    "/.tmb/",
    "/components/com_",
    "/modules/mod_",
    "/administrator/",
];

fn is_buried(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    let page = !name.contains('.')
        || [".php", ".html", ".htm", ".asp", ".aspx"].iter().any(|end| name.ends_with(end));
    page && DEEP.iter().any(|folder| path.contains(folder))
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables
        .few_foreign_links()
        .find(|destination| destination.class.is_none() && is_buried(destination.path()))?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-hijacked-site_wp_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-hijacked-site_paper_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
