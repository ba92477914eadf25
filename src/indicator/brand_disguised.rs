//! A brand's name in disguise.
//!
//! # Detects
//!
//! Display name or subject in which a brand's name stands with signs or spaces between its letters, or with a
//! digit or a foreign letter in place of one of them.
//!
//! # Why it matters
//!
//! A brand's name is broken up by signs or written with look-alike characters, which its owner never does.
//!
//! # False positives
//!
//! Decorated names of fan groups.
//!
//! # References
//!
//! - UTS #39 (confusables)
//! - APWG phishing activity trends reports

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "brand-disguised",
    title: Bilingual {
        ja: "記号や似た文字で崩したブランド名", en: "a brand's name in disguise"
    },
    category: Some(Category::Phishing),
    family: Family::Brand,
    weight: Hundredths(320),
    hard: false,
    basis: Basis::Prior("who owns a name writes it as it is"),
    why: Bilingual {
        ja: "ブランド名が、検査を逃れるために記号や似た文字で崩してあります。",
        en: "A brand's name is broken up by signs or written with look-alike characters, which its owner never does.",
    },
    genuine: Bilingual {
        ja: "会社は、自分の名前を普通に書きます。",
        en: "A company writes its own name plainly.",
    },
    false_positives: Bilingual {
        ja: "ファンの集まりの飾った名前。", en: "Decorated names of fan groups."
    },
    references: &["UTS #39 (confusables)", "APWG phishing activity trends reports"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author();
    let name = author.map(|author| (Place::Header("from".to_owned()), &author.name));
    let found = name
        .into_iter()
        .chain([(Place::Subject, &observables.message.subject)])
        .find_map(|(place, text)| Some((place, text, observables.brands().disguised(text.original())?)))?;
    let (place, text, brand) = found;
    if author.is_some_and(|author| brand.perhaps_owns(&author.domain)) {
        return None;
    }
    Some(Observation {
        place,
        excerpt: Excerpt::new(&format!("{} ({})", text.original().trim(), brand.name)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/brand-disguised_dots_en.eml");
        let benign = include_str!("../../tests/corpus/benign/brand-disguised_initials_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
