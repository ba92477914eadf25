//! Easy work for a stranger, or passing on money or parcels.
//!
//! # Detects
//!
//! Well paid work without experience, from home, by rating or liking, or by passing on other people's money and
//! parcels.
//!
//! # Why it matters
//!
//! Passing on money or parcels launders them in your name; paid tasks end with a deposit that you do not get back.
//!
//! # False positives
//!
//! Genuine job advertisements.
//!
//! # References
//!
//! - FBI: money mules
//! - FTC consumer advice: job scams, mystery shopping, reshipping

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "easy-work",
    title: Bilingual {
        ja: "簡単な仕事での高収入・転送の依頼",
        en: "easy work for a stranger, or passing on money or parcels",
    },
    category: Some(Category::Other),
    family: Family::Work,
    weight: Hundredths(330),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "他人の金や荷物の転送は犯罪の手伝いになり、タスク型の副業は最後に入金を求められます。",
        en: "Passing on money or parcels launders them in your name; paid tasks end with a deposit that you do not get back.",
    },
    genuine: Bilingual {
        ja: "本物の雇い主は面接をし、契約を結び、あなたの口座に他人の金を通しません。",
        en: "A genuine employer interviews you, signs a contract, and never runs other people's money through your account.",
    },
    false_positives: Bilingual { ja: "人材会社の本物の求人。", en: "Genuine job advertisements." },
    references: &["FBI: money mules", "FTC consumer advice: job scams, mystery shopping, reshipping"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.twice(Slot::JobOffer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Work from home: keep 7 percent and forward the rest.",
            "Nebenjob von zu Hause, keine Vorkenntnisse: leiten den Rest weiter",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["We offer you the position of data analyst.", "You may work from home on Fridays."] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
