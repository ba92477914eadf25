//! A personal demand to nobody in particular.
//!
//! # Detects
//!
//! No address in To and Cc, or `undisclosed recipients`, with words that ask for details, credentials, money or a
//! claim.
//!
//! # Why it matters
//!
//! It demands something of you personally, and names no recipient: many got the same.
//!
//! # False positives
//!
//! Announcements by blind copy.
//!
//! # References
//!
//! - RFC 5322 §3.6.3

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "undisclosed-recipients",
    title: Bilingual {
        ja: "宛先を隠した個人的な要求", en: "a personal demand to nobody in particular"
    },
    category: None,
    family: Family::Sender,
    weight: Hundredths(140),
    hard: false,
    basis: Basis::Prior("announcements to many hide the recipients, but do not ask a person for something"),
    why: Bilingual {
        ja: "宛先が書かれていないのに、個人的な要求をしています。同じ文面が多くの人に送られています。",
        en: "It demands something of you personally, and names no recipient: many got the same.",
    },
    genuine: Bilingual {
        ja: "あなた個人への用件なら、宛先はあなたです。",
        en: "What concerns you personally is addressed to you.",
    },
    false_positives: Bilingual {
        ja: "宛先を隠した一斉のお知らせ。", en: "Announcements by blind copy."
    },
    references: &["RFC 5322 §3.6.3"],
    check,
};

/// What is asked of a person.
const SLOTS: &[Slot] = &[
    Slot::DetailsRequest,
    Slot::CredentialRequest,
    Slot::VerifyDemand,
    Slot::ClaimDemand,
    Slot::UpfrontFee,
    Slot::PaymentDemand,
    Slot::CryptoDemand,
    Slot::Windfall,
    Slot::Stranger,
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let named = message
        .to
        .iter()
        .chain(&message.cc)
        .any(|to| to.addr.contains('@') && !to.addr.contains("undisclosed"));
    let demand = SLOTS.iter().find_map(|slot| observables.said(*slot))?;
    (!named).then_some(demand)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/undisclosed-recipients_prize_en.eml");
        let benign = include_str!("../../tests/corpus/benign/undisclosed-recipients_named_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
