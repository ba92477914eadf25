//! A button with a brand's name leads elsewhere.
//!
//! # Detects
//!
//! A link whose text names a brand together with a verb such as log in, verify or pay, to a host that is not the
//! brand's.
//!
//! # Why it matters
//!
//! A button that names a brand and asks you to log in or confirm does not lead to that brand.
//!
//! # False positives
//!
//! Pages that explain how to log in somewhere.
//!
//! # References
//!
//! - APWG phishing activity trends reports

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, wording::is_action,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-text-brand",
    title: Bilingual {
        ja: "ブランド名のボタンが別サイトへ",
        en: "a button with a brand's name leads elsewhere",
    },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(230),
    hard: false,
    basis: Basis::Prior(
        "a button that says where it leads and does not; share buttons and shops that name a brand have no such verb",
    ),
    why: Bilingual {
        ja: "「○○にログイン」などのボタンが、その会社のサイトにつながっていません。",
        en: "A button that names a brand and asks you to log in or confirm does not lead to that brand.",
    },
    genuine: Bilingual {
        ja: "本物のボタンは、書かれている会社のサイトにつながります。",
        en: "A genuine button leads to the company that it names.",
    },
    false_positives: Bilingual {
        ja: "どこかへのログイン方法を説明するページ。",
        en: "Pages that explain how to log in somewhere.",
    },
    references: &["APWG phishing activity trends reports"],
    check,
};

/// Octets beyond which a link's text is a paragraph, not a button.
const LONGEST: usize = 120;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables.foreign_links().find_map(|destination| {
        let text = observables.link_text(destination);
        let named = observables.brands().named(text).filter(|_| text.len() <= LONGEST && is_action(text))?;
        (!named.perhaps_owns(&destination.host) && !destination.known).then_some((destination, text))
    })?;
    let (destination, text) = found;
    Some(Observation {
        place: observables.link_place(destination.link - 1),
        excerpt: Excerpt::new(&format!("{text} -> {}", destination.host)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-text-brand_login_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-text-brand_login_own_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
