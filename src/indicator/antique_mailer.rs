//! An antique mail program.
//!
//! # Detects
//!
//! X-Mailer of Outlook Express, The Bat!, CDO, old Foxmail, in a message of 2012 or later.
//!
//! # Why it matters
//!
//! It claims to be made with a mail program that hardly anybody uses any more.
//!
//! # False positives
//!
//! People with very old machines.
//!
//! # References
//!
//! - peers' family M

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "antique-mailer",
    title: Bilingual { ja: "古いメールソフトの署名", en: "an antique mail program" },
    category: None,
    family: Family::Transport,
    weight: Hundredths(60),
    hard: false,
    basis: Basis::Prior(
        "sending programs that claim to be of before 2008, or Foxmail outside China; a few people still use them",
    ),
    why: Bilingual {
        ja: "今では使われないはずのメールソフトで作られたと書かれています。",
        en: "It claims to be made with a mail program that hardly anybody uses any more.",
    },
    genuine: Bilingual {
        ja: "今の会社は、今のソフトで送ります。",
        en: "Companies of today send with programs of today.",
    },
    false_positives: Bilingual {
        ja: "とても古い機械を使う人。", en: "People with very old machines."
    },
    references: &["peers' family M"],
    check,
};

/// 2012-01-01T00:00:00Z.
const RECENT: i64 = 1_325_376_000;
/// Names of programs that were no longer made by then, or that only mass senders use.
const OLD: &[&str] = &[
    "outlook express",
    "foxmail 6",
    "foxmail 5",
    "foxmail 4",
    "foxmail 7.0",
    "the bat! (v",
    "microsoft cdo",
    "microsoft outlook, build 10",
    "microsoft outlook imo",
    "internet mail service",
    "eudora",
    "incredimail",
    "becky! ver. 2.0",
    "dm mailer",
    "aspmail",
    "volleymail",
    "super mailer",
    "atomic mail",
    "advanced mass sender",
    "gammadyne",
    "leaf php",
    "leafmailer",
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let recent = message.date.is_some_and(|date| date.as_second() >= RECENT);
    let (_, mailer) = message.fields.iter().find(|(name, _)| name == "x-mailer" || name == "user-agent")?;
    let lower = mailer.to_ascii_lowercase();
    (recent && OLD.iter().any(|old| lower.contains(old)))
        .then(|| Observation { place: Place::Header("x-mailer".to_owned()), excerpt: Excerpt::new(mailer) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/antique-mailer_express_en.eml");
        let benign = include_str!("../../tests/corpus/benign/antique-mailer_current_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
