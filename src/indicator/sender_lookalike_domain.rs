//! The sender's domain is a look-alike.
//!
//! # Detects
//!
//! A From domain one letter from a brand's, equal to it once confusable characters are folded, or with the
//! brand's name beside words that forgers use.
//!
//! # Why it matters
//!
//! The sender's domain is made to look like a brand's.
//!
//! # False positives
//!
//! Companies whose name happens to be one letter from a brand's; fan sites.
//!
//! # References
//!
//! - UTS #39 (confusables)
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation,
    observables::organisation,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "sender-lookalike-domain",
    title: Bilingual {
        ja: "本物に似せた差出人ドメイン", en: "the sender's domain is a look-alike"
    },
    category: Some(Category::Phishing),
    family: Family::Sender,
    weight: Hundredths(330),
    hard: false,
    basis: Basis::Prior("no honest use is known but an unlucky name of one letter's distance"),
    why: Bilingual {
        ja: "差出人のドメインが、有名ブランドのものに似せてあります。",
        en: "The sender's domain is made to look like a brand's.",
    },
    genuine: Bilingual {
        ja: "本物の差出人は、いつもと同じ綴りのドメインから送ります。",
        en: "A genuine sender's domain has the spelling that you know.",
    },
    false_positives: Bilingual {
        ja: "名前が偶然一文字違いの会社、ファンサイト。",
        en: "Companies whose name happens to be one letter from a brand's; fan sites.",
    },
    references: &[
        "UTS #39 (confusables)",
        "Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author().filter(|author| author.domain.contains('.'))?;
    let brand = observables
        .brands()
        .lookalike(organisation(&author.domain))
        .or_else(|| observables.brands().combosquat(&author.domain))?;
    Some(Observation {
        place: Place::Header("from".to_owned()),
        excerpt: Excerpt::new(&format!("{} ({})", author.addr, brand.name)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/sender-lookalike-domain_digit_en.eml");
        let benign = include_str!("../../tests/corpus/benign/sender-lookalike-domain_own_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
