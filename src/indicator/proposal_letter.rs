//! A proposal to a stranger, told only after an answer.
//!
//! # Detects
//!
//! A business, an investment or funding, proposed by somebody unknown who tells more only when answered.
//!
//! # Why it matters
//!
//! It is the first letter of an advance-fee fraud: only those who answer hear the rest.
//!
//! # False positives
//!
//! Honest cold letters of sales people and researchers.
//!
//! # References
//!
//! - FTC consumer advice: advance-fee fraud
//! - FBI: letter fraud

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "proposal-letter",
    title: Bilingual {
        ja: "見知らぬ人からの事業・投資の提案",
        en: "a proposal to a stranger, told only after an answer",
    },
    category: Some(Category::AdvanceFee),
    family: Family::Approach,
    weight: Hundredths(320),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "返事をした人だけに話を進める、前払い詐欺の最初の手紙です。",
        en: "It is the first letter of an advance-fee fraud: only those who answer hear the rest.",
    },
    genuine: Bilingual {
        ja: "本物の取引の提案は、会社名と内容を最初から示し、会社の住所から届きます。",
        en: "A genuine offer says who, what and why you, from a company's own address.",
    },
    false_positives: Bilingual {
        ja: "営業のメール、学術や事業の本物の共同提案。",
        en: "Honest cold letters of sales people and researchers.",
    },
    references: &["FTC consumer advice: advance-fee fraud", "FBI: letter fraud"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.near(Slot::Proposal, Slot::AskReply)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "I have a business proposal for you. Get back to me for more details.",
            "Ich habe einen Geschäftsvorschlag. Ich erwarte Ihre Antwort.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["The proposal for the new bridge is on page 3.", "Get back to me on Monday."] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
