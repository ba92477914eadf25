//! A stranger in love.
//!
//! # Detects
//!
//! A stranger who saw a profile, seeks a serious partner, promises photographs or calls the reader darling.
//!
//! # Why it matters
//!
//! It begins a romance that will end with a request for money.
//!
//! # False positives
//!
//! Mail between lovers; notices of dating services.
//!
//! # References
//!
//! - FTC consumer advice: romance scams
//! - National Police Agency of Japan: romance fraud

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "romance-approach",
    title: Bilingual { ja: "見知らぬ人からの恋愛の接近", en: "a stranger in love" },
    category: Some(Category::AdvanceFee),
    family: Family::Approach,
    weight: Hundredths(310),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "恋愛感情を使って、後から金を求める手口の始まりです。",
        en: "It begins a romance that will end with a request for money.",
    },
    genuine: Bilingual {
        ja: "本当に知り合った相手は、実際に会うことができ、金を求めません。",
        en: "Somebody who means it can be met in person, and does not ask for money.",
    },
    false_positives: Bilingual {
        ja: "恋人や友人との普通のメール、出会い系サービスの通知。",
        en: "Mail between lovers; notices of dating services.",
    },
    references: &["FTC consumer advice: romance scams", "National Police Agency of Japan: romance fraud"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.twice(Slot::Romance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "I saw your profile. I seek a serious man and will send you many photos.",
            "Je cherche un homme sérieux, mon amour.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["Your profile picture is new.", "I am single, and so is the malt."] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
