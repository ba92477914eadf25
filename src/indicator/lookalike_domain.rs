//! A link to a look-alike of a brand's domain.
//!
//! # Detects
//!
//! A registrable domain one letter from a brand's, equal to it once confusable characters are folded, or the
//! brand's very name under a suffix that is not its own.
//!
//! # Why it matters
//!
//! The link's domain is made to look like a brand's: a letter changed, or a character that looks the same.
//!
//! # False positives
//!
//! Companies whose name happens to be one letter from a brand's.
//!
//! # References
//!
//! - UTS #39 (confusables)
//! - RFC 3492
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "lookalike-domain",
    title: Bilingual {
        ja: "本物に似せたドメインへのリンク",
        en: "a link to a look-alike of a brand's domain",
    },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(330),
    hard: false,
    basis: Basis::Prior("no honest use is known but an unlucky name of one letter's distance"),
    why: Bilingual {
        ja: "リンク先のドメインが、有名ブランドのものに一文字違いなどで似せてあります。",
        en: "The link's domain is made to look like a brand's: a letter changed, or a character that looks the same.",
    },
    genuine: Bilingual {
        ja: "本物のサイトは、いつもと同じ綴りのドメインにあります。ブックマークから開けば確かです。",
        en: "The genuine site has the spelling that you know. Open it from your bookmark.",
    },
    false_positives: Bilingual {
        ja: "名前が偶然一文字違いの会社。",
        en: "Companies whose name happens to be one letter from a brand's.",
    },
    references: &[
        "UTS #39 (confusables)",
        "RFC 3492",
        "Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let mut last = "";
    let found = observables.destinations().iter().find_map(|destination| {
        let looked_at = std::mem::replace(&mut last, &destination.domain) == destination.domain;
        if looked_at || destination.known || destination.class.is_some() {
            return None;
        }
        Some((destination, observables.brands().lookalike(&destination.domain)?))
    })?;
    let (destination, brand) = found;
    Some(Observation {
        place: observables.link_place(destination.link - 1),
        excerpt: Excerpt::new(&format!("{} ({})", destination.host, brand.name)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/lookalike-domain_digit_en.eml");
        let benign = include_str!("../../tests/corpus/benign/lookalike-domain_own_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
