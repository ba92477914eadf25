//! A sender's name decorated with signs.
//!
//! # Detects
//!
//! Pictographs, ticks, warning signs, doubled quotation marks or underscores around the display name.
//!
//! # Why it matters
//!
//! The sender's name is decorated with warning signs or pictures.
//!
//! # False positives
//!
//! Playful shops and people.
//!
//! # References
//!
//! - APWG phishing activity trends reports

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "decorated-sender",
    title: Bilingual { ja: "記号で飾られた差出人名", en: "a sender's name decorated with signs" },
    category: None,
    family: Family::Sender,
    weight: Hundredths(110),
    hard: false,
    basis: Basis::Prior("shops decorate subjects, hardly ever their name"),
    why: Bilingual {
        ja: "差出人名に絵文字や警告マークが付けられています。",
        en: "The sender's name is decorated with warning signs or pictures.",
    },
    genuine: Bilingual {
        ja: "会社は、自分の名前を飾りません。",
        en: "Companies do not decorate their name.",
    },
    false_positives: Bilingual { ja: "遊び心のある店や人。", en: "Playful shops and people." },
    references: &["APWG phishing activity trends reports"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author()?;
    let name = author.name.original().trim();
    let picture = name.chars().any(|c| matches!(c, '\u{2600}'..='\u{27BF}' | '\u{1F300}'..='\u{1FAFF}' | '\u{2B50}' | '\u{2B06}' | '\u{25A0}'..='\u{25FF}' | '\u{203C}' | '\u{00A9}' | '\u{00AE}' | '\u{2122}'));
    let quoted = name.starts_with(['\'', '"', '_', '*', '-', '.', '~'])
        && name.ends_with(['\'', '"', '_', '*', '-', '~'])
        && name.len() > 2;
    (picture || quoted).then(|| Observation {
        place: Place::Header("from".to_owned()),
        excerpt: Excerpt::new(&format!("{name} <{}>", author.addr)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/decorated-sender_warning_en.eml");
        let benign = include_str!("../../tests/corpus/benign/decorated-sender_plain_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
