//! An authority accuses by mail.
//!
//! # Detects
//!
//! Police, a court or a tax office accuses the reader of a crime or speaks of a warrant, and offers a way out by
//! answering or paying.
//!
//! # Why it matters
//!
//! No police, court or tax office announces charges or a warrant by e-mail, or settles them by answer.
//!
//! # False positives
//!
//! News, genuine mail of lawyers.
//!
//! # References
//!
//! - Europol: notice on false summonses in its name
//! - FTC consumer advice: government impostors
//! - National Police Agency of Japan

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "authority-accusation",
    title: Bilingual { ja: "犯罪の嫌疑を告げるメール", en: "an authority accuses by mail" },
    category: Some(Category::Extortion),
    family: Family::Legal,
    weight: Hundredths(320),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "警察や裁判所が嫌疑や逮捕状をメールで知らせることはありません。",
        en: "No police, court or tax office announces charges or a warrant by e-mail, or settles them by answer.",
    },
    genuine: Bilingual {
        ja: "本物の召喚や通知は書面で送達され、支払いで取り下げられることはありません。",
        en: "A genuine summons is served on paper, and no payment makes it go away.",
    },
    false_positives: Bilingual {
        ja: "犯罪を報じる記事、弁護士との本物のやり取り。",
        en: "News, genuine mail of lawyers.",
    },
    references: &[
        "Europol: notice on false summonses in its name",
        "FTC consumer advice: government impostors",
        "National Police Agency of Japan",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let presses = [
        Slot::Deadline,
        Slot::Ultimatum,
        Slot::PaymentDemand,
        Slot::CryptoDemand,
        Slot::GiftCard,
        Slot::CallDemand,
        Slot::UnpaidDebt,
    ];
    let alone = || {
        (observables.count(Slot::AuthorityAccusation) >= 3)
            .then(|| observables.said(Slot::AuthorityAccusation))?
    };
    presses.into_iter().find_map(|slot| observables.near(Slot::AuthorityAccusation, slot)).or_else(alone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "There is an arrest warrant against you. Pay within 24 hours.",
            "Poursuites contre vous pour pédopornographie : répondez sous 72 heures.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["There is an arrest warrant against you.", "The minister was arrested within 24 hours."]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
