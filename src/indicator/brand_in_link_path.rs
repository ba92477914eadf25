//! A brand's name in the path of another site.
//!
//! # Detects
//!
//! A folder of the link's path that is a brand's name or domain, on a host that is neither the brand's, the
//! sender's nor a mail service's.
//!
//! # Why it matters
//!
//! A page with a brand's name lies on somebody else's site.
//!
//! # False positives
//!
//! Articles and shops that name brands in their paths.
//!
//! # References
//!
//! - APWG phishing activity trends reports

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "brand-in-link-path",
    title: Bilingual {
        ja: "他人のサイトのパスにブランド名",
        en: "a brand's name in the path of another site",
    },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(120),
    hard: false,
    basis: Basis::Prior(
        "hacked sites carry the forged pages of several brands in folders; articles name brands in their paths, too",
    ),
    why: Bilingual {
        ja: "他のサイトの中に、ブランド名のついたページがあります。",
        en: "A page with a brand's name lies on somebody else's site.",
    },
    genuine: Bilingual {
        ja: "本物のページは、ブランド自身のサイトにあります。",
        en: "The genuine page is on the brand's own site.",
    },
    false_positives: Bilingual {
        ja: "パスにブランド名を含む記事や店舗。",
        en: "Articles and shops that name brands in their paths.",
    },
    references: &["APWG phishing activity trends reports"],
    check,
};

/// Octets beyond which a path is data.
const LONGEST: usize = 300;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables.few_foreign_links().find(|destination| {
        let path = destination.path().split(['?', '#']).next().unwrap_or_default();
        !destination.known
            && path.len() <= LONGEST
            && path.split('/').take(8).any(|folder| {
                let folder = folder.to_ascii_lowercase();
                !folder.contains('@')
                    && (observables.brands().is_token(&folder)
                        || (folder.len() >= 8 && observables.brands().owner(&folder).is_some()))
            })
    })?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.url) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/brand-in-link-path_folder_en.eml");
        let benign = include_str!("../../tests/corpus/benign/brand-in-link-path_article_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
