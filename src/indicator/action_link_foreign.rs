//! A button asks for something and leads to a stranger.
//!
//! # Detects
//!
//! A short link text that asks to log in, verify, confirm, pay, claim or unlock, to a foreign host of no known
//! company.
//!
//! # Why it matters
//!
//! A button such as log in or confirm leads to a site that is not the sender's.
//!
//! # False positives
//!
//! Portals run by a service for the sender.
//!
//! # References
//!
//! - APWG phishing activity trends reports
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, wording::is_action,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "action-link-foreign",
    title: Bilingual {
        ja: "手続きを求めるボタンが別サイトへ",
        en: "a button asks for something and leads to a stranger",
    },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(110),
    hard: false,
    basis: Basis::Prior("services that a company hires have such buttons, too"),
    why: Bilingual {
        ja: "「ログイン」「確認する」などのボタンが、差出人とは別のサイトにつながっています。",
        en: "A button such as log in or confirm leads to a site that is not the sender's.",
    },
    genuine: Bilingual {
        ja: "手続きは、差出人自身のサイトで案内されます。",
        en: "A genuine sender takes you to its own site for that.",
    },
    false_positives: Bilingual {
        ja: "委託先が運営する会員サイト。",
        en: "Portals run by a service for the sender.",
    },
    references: &[
        "APWG phishing activity trends reports",
        "Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables
        .few_foreign_links()
        .find(|destination| !destination.known && is_action(observables.link_text(destination)))?;
    Some(Observation {
        place: observables.link_place(found.link - 1),
        excerpt: Excerpt::new(&format!("{} -> {}", observables.link_text(found), found.host)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/action-link-foreign_button_ja.eml");
        let benign = include_str!("../../tests/corpus/benign/action-link-foreign_button_own_ja.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
