//! A brand's name glued to other words in a host.
//!
//! # Detects
//!
//! A host that is not the brand's and carries its name beside a word that forgers use.
//!
//! # Why it matters
//!
//! The link's host joins a brand's name with words such as login, secure or jp, on somebody else's domain.
//!
//! # False positives
//!
//! Resellers, fan sites, campaign sites run by agencies.
//!
//! # References
//!
//! - Kintis et al., Hiding in Plain Sight: combosquatting (ACM CCS 2017)
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "brand-combosquat",
    title: Bilingual {
        ja: "ブランド名と別の語をつないだホスト名",
        en: "a brand's name glued to other words in a host",
    },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(260),
    hard: false,
    basis: Basis::Prior("forgers' habit; fan shops and resellers register such names, too"),
    why: Bilingual {
        ja: "リンク先のホスト名に、ブランド名と「login」「secure」「jp」などの語が組み合わされています。",
        en: "The link's host joins a brand's name with words such as login, secure or jp, on somebody else's domain.",
    },
    genuine: Bilingual {
        ja: "本物の会社は、自社のドメインの下にページを置きます。",
        en: "A company puts its pages below its own domain.",
    },
    false_positives: Bilingual {
        ja: "販売店、ファンサイト、代理店が作るキャンペーンサイト。",
        en: "Resellers, fan sites, campaign sites run by agencies.",
    },
    references: &[
        "Kintis et al., Hiding in Plain Sight: combosquatting (ACM CCS 2017)",
        "Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let mut last = "";
    let found = observables.foreign_links().find_map(|destination| {
        let looked_at = std::mem::replace(&mut last, &destination.host) == destination.host;
        if looked_at || destination.known {
            return None;
        }
        Some((destination, observables.brands().combosquat(&destination.host)?))
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
        let threat = include_str!("../../tests/corpus/threat/brand-combosquat_login_en.eml");
        let benign = include_str!("../../tests/corpus/benign/brand-combosquat_docs_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
