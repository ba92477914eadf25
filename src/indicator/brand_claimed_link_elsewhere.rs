//! It speaks as a brand, and its links lead elsewhere.
//!
//! # Detects
//!
//! A message that speaks as a brand (display name, head of the subject, `Dear X customer`, `© X`), from a domain
//! that is not the brand's, with a link that is neither the brand's nor the sender's.
//!
//! # Why it matters
//!
//! It speaks as a brand, yet neither its sender nor the link that you are to follow is the brand's.
//!
//! # False positives
//!
//! Agencies and partners that a brand lets write in its name.
//!
//! # References
//!
//! - APWG phishing activity trends reports
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, hosts::Destination,
    observables::is_freemail, wording::is_action,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "brand-claimed-link-elsewhere",
    title: Bilingual {
        ja: "ブランドを名乗り、リンク先は別のサイト",
        en: "it speaks as a brand, and its links lead elsewhere",
    },
    category: Some(Category::Phishing),
    family: Family::Brand,
    weight: Hundredths(330),
    hard: false,
    basis: Basis::Prior(
        "the core of brand phishing; tables of domains are never complete, so a domain that may be the brand's counts as its own",
    ),
    why: Bilingual {
        ja: "有名ブランドとして話しかけながら、差出人もリンク先もそのブランドのものではありません。",
        en: "It speaks as a brand, yet neither its sender nor the link that you are to follow is the brand's.",
    },
    genuine: Bilingual {
        ja: "本物の会社は自社のドメインから送り、手続きの入口も自社のサイトに置きます。",
        en: "The company itself writes from its own domain and sends you to its own site.",
    },
    false_positives: Bilingual {
        ja: "ブランドの名で送ることを任された代理店や提携先。",
        en: "Agencies and partners that a brand lets write in its name.",
    },
    references: &[
        "APWG phishing activity trends reports",
        "Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01",
    ],
    check,
};

/// Another company of the table, with an address of its own: an airline speaks of its card.
fn is_partner(observables: &Observables<'_>, domain: &str) -> bool {
    !is_freemail(domain) && observables.brands().owner(domain).is_some()
}

fn seen(observables: &Observables<'_>, destination: &Destination, brand: &str) -> Observation {
    Observation {
        place: observables.link_place(destination.link - 1),
        excerpt: Excerpt::new(&format!("{brand} -> {}", destination.host)),
    }
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let claim = observables.claim()?;
    let author = observables.author()?;
    if claim.brand.perhaps_owns(&author.domain) || is_partner(observables, &author.domain) {
        return None;
    }
    let mut own = false;
    let mut elsewhere = None;
    for destination in observables.foreign_links() {
        if claim.brand.perhaps_owns(&destination.host) {
            own = true;
        } else if !destination.known {
            let asked = is_action(observables.link_text(destination));
            if asked {
                return Some(seen(observables, destination, &claim.brand.name));
            }
            elsewhere = elsewhere.or(Some(destination));
        }
    }
    // A brand's own links beside it are what a forger copies; where the link to follow is not plain, they excuse.
    elsewhere.filter(|_| !own).map(|destination| seen(observables, destination, &claim.brand.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/brand-claimed-link-elsewhere_netflix_en.eml");
        let benign = include_str!("../../tests/corpus/benign/brand-claimed-link-elsewhere_comparison_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
