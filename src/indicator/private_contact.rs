//! The answer is to go to a private address or an agent.
//!
//! # Detects
//!
//! A story of money, work or love that asks for the answer at a private mailbox, an agent or a messenger.
//!
//! # Why it matters
//!
//! It leads away from where somebody could look in: to a private mailbox, an agent, a messenger.
//!
//! # False positives
//!
//! Ordinary mail between people who know each other.
//!
//! # References
//!
//! - FTC consumer advice: advance-fee fraud, romance scams, job scams

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "private-contact",
    title: Bilingual {
        ja: "個人の連絡先への誘導",
        en: "the answer is to go to a private address or an agent",
    },
    category: Some(Category::AdvanceFee),
    family: Family::Contact,
    weight: Hundredths(250),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "見張られない個人の連絡先や代理人に連絡させようとしています。",
        en: "It leads away from where somebody could look in: to a private mailbox, an agent, a messenger.",
    },
    genuine: Bilingual {
        ja: "本物の会社や役所は、公式の窓口でやり取りをします。",
        en: "A genuine company or office answers at its own published address.",
    },
    false_positives: Bilingual {
        ja: "個人どうしの普通の連絡。",
        en: "Ordinary mail between people who know each other.",
    },
    references: &["FTC consumer advice: advance-fee fraud, romance scams, job scams"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    [
        Slot::Windfall,
        Slot::Estate,
        Slot::RewardPicked,
        Slot::LoanOffer,
        Slot::JobOffer,
        Slot::InvestmentLure,
        Slot::GuaranteedReturn,
        Slot::Plea,
        Slot::RefundWaiting,
        Slot::Romance,
    ]
    .into_iter()
    .find_map(|story| observables.near(Slot::PrivateContact, story))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "You won the lottery. Contact our claims agent with your details.",
            "Préstamos sin aval. Escríbame a mi correo personal.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["Reply to my private email.", "You won the lottery."] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
