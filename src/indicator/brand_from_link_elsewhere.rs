//! The brand's own address, and no link to the brand.
//!
//! # Detects
//!
//! An unauthenticated From of the brand as which the message speaks, and links of which none leads to the brand,
//! to a known mail service or to another known company.
//!
//! # Why it matters
//!
//! The sender's address looks genuine, yet no link leads to the brand. A From field is easily forged.
//!
//! # False positives
//!
//! Brands that use a domain which the table does not know.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01
//! - RFC 7489 §3.1

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, hosts::Class,
    observables::is_freemail,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "brand-from-link-elsewhere",
    title: Bilingual {
        ja: "ブランドの差出人なのに別サイトへのリンク",
        en: "the brand's own address, and no link to the brand",
    },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(220),
    hard: false,
    basis: Basis::Prior(
        "about a quarter of Japanese phishing shows a brand's real address as From (2026-01); brands link to themselves or count clicks at known services",
    ),
    why: Bilingual {
        ja: "差出人は本物のアドレスに見えますが、リンク先はそのブランドのサイトではありません。",
        en: "The sender's address looks genuine, yet no link leads to the brand. A From field is easily forged.",
    },
    genuine: Bilingual {
        ja: "本物の会社のメールには、自社のサイトへのリンクがあります。",
        en: "Mail that the company really sends links to its own site.",
    },
    false_positives: Bilingual {
        ja: "一覧に載っていないドメインを使うブランド。",
        en: "Brands that use a domain which the table does not know.",
    },
    references: &["Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01", "RFC 7489 §3.1"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author().filter(|author| !is_freemail(&author.domain))?;
    // Clerks of these companies write to lists; only who speaks as the company is meant.
    let brand = observables.claim()?.brand;
    if !brand.owns(&author.domain) || observables.author_is_authenticated() {
        return None;
    }
    let ours = |host: &str| brand.perhaps_owns(host) || observables.brands().owner(host).is_some();
    let excused = observables
        .destinations()
        .iter()
        .any(|destination| ours(&destination.host) || destination.class == Some(Class::Esp));
    let found = observables.foreign_links().next().filter(|_| !excused)?;
    Some(Observation {
        place: observables.link_place(found.link - 1),
        excerpt: Excerpt::new(&format!("{} -> {}", author.addr, found.host)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/brand-from-link-elsewhere_card_ja.eml");
        let benign = include_str!("../../tests/corpus/benign/brand-from-link-elsewhere_card_own_ja.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
