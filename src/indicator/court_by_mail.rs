//! A court acts by e-mail.
//!
//! # Detects
//!
//! An act of a court (summons, complaint received, bailiff, withdrawal) announced in a mail that does not
//! come from a court.
//!
//! # Why it matters
//!
//! Courts serve process by special delivery, not by e-mail: what it says cannot be so.
//!
//! # False positives
//!
//! Mails of one's own lawyer about a running case; bulletins that quote the wording.
//!
//! # References
//!
//! - Code of Civil Procedure of Japan, art. 98 to 113 (service)
//! - Ministry of Justice of Japan: notices on fictitious billing in the ministry's name

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "court-by-mail",
    title: Bilingual { ja: "裁判所の手続きをメールで通知", en: "a court acts by e-mail" },
    category: Some(Category::FakeBilling),
    family: Family::Legal,
    weight: Hundredths(460),
    hard: true,
    basis: Basis::Prior(
        "a contradiction fact: no honest message shows it, so that no corpus can give a rate",
    ),
    why: Bilingual {
        ja: "裁判所の呼び出しや訴状は、メールではなく特別送達の郵便で届きます。この通知は事実と矛盾します。",
        en: "Courts serve process by special delivery, not by e-mail: what it says cannot be so.",
    },
    genuine: Bilingual {
        ja: "裁判所は訴状や支払督促をメールで送りません。特別送達という書留で届き、手渡しで受け取ります。電子的な送達は、自分で裁判所に届け出た人に限られます。",
        en: "Courts do not send complaints or payment orders by e-mail. They come by registered post (special service), handed over against receipt; electronic service is only for those who signed up for it with the court.",
    },
    false_positives: Bilingual {
        ja: "係争中の件について自分の弁護士から届くメール、文言を引用する注意喚起。",
        en: "Mails of one's own lawyer about a running case; bulletins that quote the wording.",
    },
    references: &[
        "Code of Civil Procedure of Japan, art. 98 to 113 (service)",
        "Ministry of Justice of Japan: notices on fictitious billing in the ministry's name",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    if observables.author().is_some_and(|author| author.domain.ends_with("courts.go.jp"))
        && observables.author_is_authenticated()
    {
        return None;
    }
    observables.said(Slot::CourtByMail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["管轄裁判所より裁判所への出廷となります", "訴訟番号 わ-123"] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["裁判所の見学会のご案内", "訴訟を提起することがあります"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
