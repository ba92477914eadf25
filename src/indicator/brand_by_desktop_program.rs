//! A brand's notice made with a desktop program.
//!
//! # Detects
//!
//! A message that speaks as a brand, with an X-Mailer of a desktop program.
//!
//! # Why it matters
//!
//! It reads like a company's automatic notice, and was made with a desktop mail program.
//!
//! # False positives
//!
//! A clerk of the company who writes by hand.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01
//! - peers' family M

use crate::message::{Excerpt, Place, normalise};

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, wording::Phrases,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "brand-by-desktop-program",
    title: Bilingual {
        ja: "ブランドのメールが個人用ソフトから",
        en: "a brand's notice made with a desktop program",
    },
    category: Some(Category::Phishing),
    family: Family::Transport,
    weight: Hundredths(200),
    hard: false,
    basis: Basis::Prior(
        "companies send notices to customers by machines; desktop programs are what forgers and employees write with",
    ),
    why: Bilingual {
        ja: "企業の自動通知のはずなのに、個人用のメールソフトで作られています。",
        en: "It reads like a company's automatic notice, and was made with a desktop mail program.",
    },
    genuine: Bilingual {
        ja: "会社のお知らせは、配信の仕組みから送られます。",
        en: "Companies send notices from mail systems, not from a desktop.",
    },
    false_positives: Bilingual {
        ja: "手で書く会社の担当者。",
        en: "A clerk of the company who writes by hand.",
    },
    references: &["Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01", "peers' family M"],
    check,
};

/// Programs that people write with.
static DESKTOP: Phrases = Phrases::new(&[
    "foxmail",
    "microsoft outlook",
    "outlook express",
    "microsoft windows mail",
    "windows live mail",
    "thunderbird",
    "the bat",
    "becky",
    "apple mail",
    "iphone mail",
    "ipad mail",
    "mobile mail",
    "kmail",
    "evolution",
    "eudora",
    "qqmail",
    "dreammail",
    "al-mail",
    "shuriken",
    "edmax",
    "mailspring",
    "em client",
]);

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let claim = observables.claim()?;
    let (_, mailer) =
        observables.message.fields.iter().find(|(name, _)| name == "x-mailer" || name == "user-agent")?;
    DESKTOP.stand_in(&normalise(mailer)).then(|| Observation {
        place: Place::Header("x-mailer".to_owned()),
        excerpt: Excerpt::new(&format!("{mailer} ({})", claim.brand.name)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/brand-by-desktop-program_foxmail_ja.eml");
        let benign = include_str!("../../tests/corpus/benign/brand-by-desktop-program_machine_ja.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
