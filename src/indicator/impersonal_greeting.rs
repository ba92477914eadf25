//! Greets nobody by name.
//!
//! # Detects
//!
//! "Dear customer", "dear user", "dear beneficiary", or the bare e-mail address in place of a name, in front of a
//! story of trouble or luck.
//!
//! # Why it matters
//!
//! It claims to know your affairs and does not know your name.
//!
//! # False positives
//!
//! Genuine circulars without a name, which is why it weighs little and only together with a story.
//!
//! # References
//!
//! - FTC consumer advice: how to recognize phishing
//! - peers: display of the address in place of a name

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "impersonal-greeting",
    title: Bilingual { ja: "名前を呼ばない書き出し", en: "greets nobody by name" },
    category: None,
    family: Family::Greeting,
    weight: Hundredths(150),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "あなたの名前を知らない送り主が、重要な用件だと述べています。",
        en: "It claims to know your affairs and does not know your name.",
    },
    genuine: Bilingual {
        ja: "取引のある会社は、登録された名前で呼びかけることが多いです。",
        en: "A company that you deal with mostly greets you by the name it holds.",
    },
    false_positives: Bilingual {
        ja: "宛名を差し込まない本物の一斉連絡。",
        en: "Genuine circulars without a name, which is why it weighs little and only together with a story.",
    },
    references: &[
        "FTC consumer advice: how to recognize phishing",
        "peers: display of the address in place of a name",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let greeted =
        observables.opens_with(Slot::GreetingGeneric).or_else(|| greeted_by_address(observables))?;
    [
        Slot::AccountTrouble,
        Slot::MailboxTrouble,
        Slot::ParcelHeld,
        Slot::DocumentWaiting,
        Slot::RefundWaiting,
        Slot::RewardPicked,
        Slot::Windfall,
        Slot::Estate,
        Slot::LoanOffer,
        Slot::InvestmentLure,
        Slot::UnexpectedCharge,
        Slot::CredentialRequest,
    ]
    .iter()
    .any(|story| observables.says(*story))
    .then_some(greeted)
}

/// "Dear hanako@example.net": the recipient's address directly behind a word that greets.
fn greeted_by_address(observables: &Observables<'_>) -> Option<Observation> {
    const GREETINGS: &[&str] = &[
        "dear",
        "hello",
        "hi",
        "hey",
        "attn:",
        "attention",
        "hallo",
        "bonjour",
        "hola",
        "ola",
        "ciao",
        "user",
    ];
    let recipients = &observables.message.to;
    observables.visible().find_map(|(index, text)| {
        let normal = text.normal();
        recipients.iter().filter(|to| !to.addr.is_empty()).find_map(|to| {
            let at = normal.find(to.addr.as_str())?;
            let before = normal.get(..at)?.trim_end_matches([' ', ':', ',']);
            let greeted = GREETINGS.iter().any(|word| before.ends_with(word));
            greeted.then(|| Observation {
                place: if index == 0 { Place::Subject } else { Place::Text(index) },
                excerpt: Excerpt::new(text.quote(at..at + to.addr.len())),
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Dear valued customer, your account has been suspended.",
            "Sehr geehrter Kunde, Ihr Paket konnte nicht zugestellt werden.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["Dear valued customer, we open at nine.", "Dear Maya, your account has been suspended."]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
