//! Somebody else speaks as a brand.
//!
//! # Detects
//!
//! Subject or text that speaks as a brand, from a domain that is neither the brand's nor another known company's.
//!
//! # Why it matters
//!
//! Subject and text speak as a brand, from a domain that is not the brand's.
//!
//! # False positives
//!
//! Partners, franchisees, mail services that write in a brand's name.
//!
//! # References
//!
//! - APWG phishing activity trends reports
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation,
    observables::is_freemail,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "brand-claimed-by-stranger",
    title: Bilingual {
        ja: "ブランドとして話す無関係な差出人", en: "somebody else speaks as a brand"
    },
    category: Some(Category::Phishing),
    family: Family::Sender,
    weight: Hundredths(200),
    hard: false,
    basis: Basis::Prior(
        "the words alone, without the display name; partners and shops write so, too, which keeps it below the threshold",
    ),
    why: Bilingual {
        ja: "本文や件名は有名ブランドとして話していますが、差出人のドメインはそのブランドのものではありません。",
        en: "Subject and text speak as a brand, from a domain that is not the brand's.",
    },
    genuine: Bilingual {
        ja: "本物の会社は自社のドメインから送ります。",
        en: "The company itself writes from its own domain.",
    },
    false_positives: Bilingual {
        ja: "提携先、加盟店、ブランドの名で送る配信サービス。",
        en: "Partners, franchisees, mail services that write in a brand's name.",
    },
    references: &[
        "APWG phishing activity trends reports",
        "Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let claim = observables.claim().filter(|claim| claim.in_words)?;
    let author = observables.author().filter(|author| !author.domain.is_empty())?;
    let known = claim.brand.perhaps_owns(&author.domain)
        || (!is_freemail(&author.domain) && observables.brands().owner(&author.domain).is_some());
    (!known).then(|| Observation {
        place: claim.place.clone(),
        excerpt: Excerpt::new(&format!("{} <{}>", claim.words, author.addr)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/brand-claimed-by-stranger_dhl_en.eml");
        let benign = include_str!("../../tests/corpus/benign/brand-claimed-by-stranger_shop_ships_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
