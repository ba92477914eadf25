//! Life or limb is threatened.
//!
//! # Detects
//!
//! Killing, arson, bombs.
//!
//! # Why it matters
//!
//! It threatens life or limb. Call the police now.
//!
//! # False positives
//!
//! Fiction, games, news.
//!
//! # References
//!
//! - Penal Code of Japan, art. 222 (intimidation)

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "violence-threat",
    title: Bilingual { ja: "生命・身体への脅し", en: "life or limb is threatened" },
    category: Some(Category::Extortion),
    family: Family::Extortion,
    weight: Hundredths(390),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "生命や身体への危害を告げています。すぐに110番に通報してください。",
        en: "It threatens life or limb. Call the police now.",
    },
    genuine: Bilingual {
        ja: "どのような請求であっても、危害を告げる正当な差出人はいません。危険を感じたら、返信せずに110番に通報してください。",
        en: "Whatever is owed, no honest sender threatens harm. If you feel in danger, do not answer; call the police (110 in Japan).",
    },
    false_positives: Bilingual { ja: "小説、ゲーム、ニュース。", en: "Fiction, games, news." },
    references: &["Penal Code of Japan, art. 222 (intimidation)"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said_unquoted(Slot::ViolenceThreat)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["お前を殺す", "I will kill you"] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["殺虫剤", "killer feature"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
