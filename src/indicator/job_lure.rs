//! Work that nobody honest gives.
//!
//! # Detects
//!
//! Pay for likes, for passing parcels on, for accounts and cards, or a contract without an interview.
//!
//! # Why it matters
//!
//! Such work is either a fraud on you or a crime done by you. Send no papers; if you are in it, call #9110.
//!
//! # False positives
//!
//! Job boards that warn of such offers.
//!
//! # References
//!
//! - National Police Agency of Japan: methods of special fraud

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "job-lure",
    title: Bilingual { ja: "怪しい仕事・口座の買取", en: "work that nobody honest gives" },
    category: Some(Category::Other),
    family: Family::Work,
    weight: Hundredths(380),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "「押すだけ」「運ぶだけ」の高収入や口座の買取は、詐欺か犯罪の手伝いです。身分証を送らず、すでに関わったなら#9110へ。",
        en: "Such work is either a fraud on you or a crime done by you. Send no papers; if you are in it, call #9110.",
    },
    genuine: Bilingual {
        ja: "本物の求人は、会社名、所在地、仕事の内容、面接があります。",
        en: "A genuine offer names the firm, the place and the work, and there is an interview.",
    },
    false_positives: Bilingual {
        ja: "こうした求人への注意を呼びかける求人サイト。",
        en: "Job boards that warn of such offers.",
    },
    references: &["National Police Agency of Japan: methods of special fraud"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said_openly(Slot::JobLure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "動画に「いいね」を押すだけの簡単なお仕事です。",
            "荷物を受け取って運ぶだけ。1件5万円、即日手渡し。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "時給1,200円の軽作業です。面接にお越しください。",
            "「運ぶだけで1件5万円」という求人は闇バイトです。",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
