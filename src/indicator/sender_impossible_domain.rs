//! A sender's domain that cannot exist.
//!
//! # Detects
//!
//! A From domain with signs that no domain may hold, or below a top-level domain that nobody has.
//!
//! # Why it matters
//!
//! The sender's domain cannot exist, or is malformed: no answer would arrive.
//!
//! # False positives
//!
//! Machines within a house that were never given a proper name.
//!
//! # References
//!
//! - RFC 1035 §2.3.1
//! - Public suffix list

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, observables::is_possible,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "sender-impossible-domain",
    title: Bilingual {
        ja: "存在しえない差出人ドメイン", en: "a sender's domain that cannot exist"
    },
    category: None,
    family: Family::Sender,
    weight: Hundredths(200),
    hard: false,
    basis: Basis::Prior(
        "nobody can answer there; honest mail comes from domains that exist, or from within a house",
    ),
    why: Bilingual {
        ja: "差出人のドメインは、存在しないか、書き方が誤っています。",
        en: "The sender's domain cannot exist, or is malformed: no answer would arrive.",
    },
    genuine: Bilingual {
        ja: "本物の差出人のドメインは存在し、返信が届きます。",
        en: "A genuine sender's domain exists, and answers arrive there.",
    },
    false_positives: Bilingual {
        ja: "正式な名前のない構内の機械。",
        en: "Machines within a house that were never given a proper name.",
    },
    references: &["RFC 1035 §2.3.1", "Public suffix list"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author().filter(|author| !author.domain.is_empty())?;
    (!is_possible(&author.domain) && !author.domain.starts_with('['))
        .then(|| Observation { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(&author.addr) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/sender-impossible-domain_percent_en.eml");
        let benign = include_str!("../../tests/corpus/benign/sender-impossible-domain_house_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
