//! An investment that a stranger shares.
//!
//! # Detects
//!
//! Trading groups and bots, side income, crypto trading offered to the reader.
//!
//! # Why it matters
//!
//! Investments offered by message end so that the money cannot be withdrawn.
//!
//! # False positives
//!
//! Financial newsletters and brokers that one is a customer of.
//!
//! # References
//!
//! - National Police Agency: investment fraud through social media
//! - FTC: investment scams

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "investment-lure",
    title: Bilingual {
        ja: "見知らぬ人からの投資の誘い", en: "an investment shared by a stranger"
    },
    category: Some(Category::Other),
    family: Family::Investment,
    weight: Hundredths(380),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "SNSやメールで誘う投資は、お金を引き出せない詐欺が多発しています。",
        en: "Investments offered by message end so that the money cannot be withdrawn.",
    },
    genuine: Bilingual {
        ja: "本物の証券会社や運用会社は、面識のない人をメールやSNSのグループに誘わず、口座は会社の名義で、出金も自由にできます。",
        en: "A genuine broker does not invite strangers by mail or chat, holds client money in the firm's name, and pays out when asked.",
    },
    false_positives: Bilingual {
        ja: "金融のメールマガジン、取引のある証券会社。",
        en: "Financial newsletters and brokers that one is a customer of.",
    },
    references: &["National Police Agency: investment fraud through social media", "FTC: investment scams"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said_openly(Slot::InvestmentLure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["LINEの投資グループにご招待します", "Join our trading signals group"] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["投資信託の運用報告書", "the investment committee met"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
