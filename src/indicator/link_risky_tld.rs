//! A link into a much abused top-level domain.
//!
//! # Detects
//!
//! A foreign link whose top-level domain is in the table of abused ones.
//!
//! # Why it matters
//!
//! The link leads into a top-level domain that is cheap and much abused.
//!
//! # False positives
//!
//! Any honest site there.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01
//! - Spamhaus: the 10 most abused top-level domains

use crate::message::Excerpt;

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, hosts};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-risky-tld",
    title: Bilingual {
        ja: "悪用の多いトップレベルドメイン",
        en: "a link into a much abused top-level domain",
    },
    category: None,
    family: Family::Hosting,
    weight: Hundredths(70),
    hard: false,
    basis: Basis::Prior("cheap names are used by honest people as well; rates change by the quarter"),
    why: Bilingual {
        ja: "リンク先が、悪用の多い安価なドメインです。",
        en: "The link leads into a top-level domain that is cheap and much abused.",
    },
    genuine: Bilingual {
        ja: "多くの会社は .jp や .com などを使います。",
        en: "Most companies use .com or their country's domain.",
    },
    false_positives: Bilingual {
        ja: "そのドメインを使うまともなサイト。", en: "Any honest site there."
    },
    references: &[
        "Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01",
        "Spamhaus: the 10 most abused top-level domains",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables.few_foreign_links().find(|destination| {
        destination.class.is_none() && hosts::is_risky_tld(&destination.host).is_some()
    })?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-risky-tld_top_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-risky-tld_org_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
