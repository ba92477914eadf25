//! Japanese mail with another country's clock.
//!
//! # Detects
//!
//! Japanese text, a Date of zone +0800, and a From domain that is no Taiwanese, Chinese or Singaporean one.
//!
//! # Why it matters
//!
//! The text is Japanese, the clock is another country's.
//!
//! # False positives
//!
//! Japanese people who live there.
//!
//! # References
//!
//! - peers' family M

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "zone-of-elsewhere",
    title: Bilingual {
        ja: "日本語メールなのに他国の時間帯",
        en: "Japanese mail with another country's clock",
    },
    category: None,
    family: Family::Transport,
    weight: Hundredths(60),
    hard: false,
    basis: Basis::Prior("travellers and services abroad write Japanese, too; a hint only"),
    why: Bilingual {
        ja: "日本語のメールなのに、日時が他の国の時間帯で書かれています。",
        en: "The text is Japanese, the clock is another country's.",
    },
    genuine: Bilingual {
        ja: "日本の会社のメールは、日本の時間帯で書かれています。",
        en: "Mail of a Japanese company bears Japan's time.",
    },
    false_positives: Bilingual {
        ja: "その国に住む日本人。", en: "Japanese people who live there."
    },
    references: &["peers' family M"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let (_, date) = message.fields.iter().find(|(name, _)| name == "date")?;
    let author = observables.author()?;
    let there = [".tw", ".sg", ".hk", ".my", ".ph", ".au"].iter().any(|end| author.domain.ends_with(end));
    let kana = observables.visible().any(|(_, text)| {
        text.normal().chars().take(600).filter(|c| matches!(c, '\u{3041}'..='\u{30FE}')).count() >= 10
    });
    (date.contains("+0800") && !there && kana)
        .then(|| Observation { place: Place::Header("date".to_owned()), excerpt: Excerpt::new(date) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/zone-of-elsewhere_china_ja.eml");
        let benign = include_str!("../../tests/corpus/benign/zone-of-elsewhere_japan_ja.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
