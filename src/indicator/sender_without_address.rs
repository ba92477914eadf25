//! A sender without an address.
//!
//! # Detects
//!
//! A From field in which no address could be read.
//!
//! # Why it matters
//!
//! The From field shows a name and no address.
//!
//! # False positives
//!
//! Broken automatic reports.
//!
//! # References
//!
//! - RFC 5322 §3.6.2

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "sender-without-address",
    title: Bilingual { ja: "アドレスのない差出人", en: "a sender without an address" },
    category: None,
    family: Family::Sender,
    weight: Hundredths(130),
    hard: false,
    basis: Basis::Prior("every mail program writes an address"),
    why: Bilingual {
        ja: "差出人の欄に、名前だけでアドレスがありません。",
        en: "The From field shows a name and no address.",
    },
    genuine: Bilingual {
        ja: "メールソフトは、差出人のアドレスを必ず書きます。",
        en: "Mail programs always write the sender's address.",
    },
    false_positives: Bilingual { ja: "壊れた自動報告。", en: "Broken automatic reports." },
    references: &["RFC 5322 §3.6.2"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author()?;
    let bare = !author.addr.contains('@') || author.domain.is_empty();
    // Bounces of old servers say only who they are.
    let name = author.name.normal();
    if ["daemon", "postmaster", "mail delivery", "uucp"].iter().any(|word| name.contains(word)) {
        return None;
    }
    (bare && !author.name.is_empty()).then(|| Observation {
        place: Place::Header("from".to_owned()),
        excerpt: Excerpt::new(author.name.original()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/sender-without-address_empty_en.eml");
        let benign = include_str!("../../tests/corpus/benign/sender-without-address_there_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
