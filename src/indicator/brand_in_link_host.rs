//! A brand's domain inside somebody else's host.
//!
//! # Detects
//!
//! A link to a host that contains a brand's whole domain as labels, without being the brand's.
//!
//! # Why it matters
//!
//! The link's host hides a brand's domain inside somebody else's.
//!
//! # False positives
//!
//! Translation and archive proxies; content networks.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: urgent notices

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "brand-in-link-host",
    title: Bilingual {
        ja: "他人のホスト名に含まれるブランドのドメイン",
        en: "a brand's domain inside another host",
    },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(340),
    hard: true,
    basis: Basis::Prior("a forged host has no honest use; no corpus of honest mail shows one"),
    why: Bilingual {
        ja: "リンク先のホスト名に有名ブランドのドメインが紛れ込ませてあります。本物のサイトではありません。",
        en: "The link's host hides a brand's domain inside somebody else's.",
    },
    genuine: Bilingual {
        ja: "本物のリンクでは、ホスト名の最後がブランドのドメインで終わります（例：www.ブランド名.co.jp/）。途中に含まれるだけのことはありません。",
        en: "In a genuine link the host ends with the brand's domain, as in www.brand.com/. The domain does not stand in the middle of another.",
    },
    false_positives: Bilingual {
        ja: "翻訳やアーカイブの中継サイト、配信網 (CDN)。",
        en: "Translation and archive proxies; content networks.",
    },
    references: &["Council of Anti-Phishing Japan: urgent notices"],
    check,
};

/// Proxies whose host names quote the site they show.
const PROXIES: &[&str] =
    &["translate.goog", "edgekey.net", "edgesuite.net", "akamaized.net", "cdn.ampproject.org"];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.message.links.iter().enumerate().find_map(|(index, link)| {
        (!PROXIES.iter().any(|proxy| link.host.ends_with(proxy)))
            .then(|| observables.brands().inside_host(&link.host))?
            .map(|_| Observation { place: Place::Link(index + 1), excerpt: Excerpt::new(&link.host) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        assert!(testing::fires(&INDICATOR, "https://www.amazon.co.jp.login.example/signin"));
        for words in ["https://www.amazon.co.jp/", "https://example.com/amazon"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
