//! A sender in a much abused top-level domain.
//!
//! # Detects
//!
//! A From domain whose top-level domain is in the table of abused ones.
//!
//! # Why it matters
//!
//! The sender's top-level domain is cheap and much abused.
//!
//! # False positives
//!
//! Any honest sender there.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01
//! - Spamhaus: the 10 most abused top-level domains

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, hosts,
    observables::is_freemail,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "sender-risky-tld",
    title: Bilingual {
        ja: "悪用の多いトップレベルドメインの差出人",
        en: "a sender in a much abused top-level domain",
    },
    category: None,
    family: Family::Sender,
    weight: Hundredths(80),
    hard: false,
    basis: Basis::Prior("cheap names are used by honest people as well; rates change by the quarter"),
    why: Bilingual {
        ja: "差出人が、悪用の多い安価なドメインです。",
        en: "The sender's top-level domain is cheap and much abused.",
    },
    genuine: Bilingual {
        ja: "多くの会社は .jp や .com などを使います。",
        en: "Most companies use .com or their country's domain.",
    },
    false_positives: Bilingual {
        ja: "そのドメインを使うまともな差出人。", en: "Any honest sender there."
    },
    references: &[
        "Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01",
        "Spamhaus: the 10 most abused top-level domains",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author().filter(|author| !is_freemail(&author.domain))?;
    hosts::is_risky_tld(&author.domain)
        .map(|_| Observation { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(&author.addr) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/sender-risky-tld_top_en.eml");
        let benign = include_str!("../../tests/corpus/benign/sender-risky-tld_org_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
