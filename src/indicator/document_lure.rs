//! A document, recording or signature waits behind a link.
//!
//! # Detects
//!
//! A shared document, a voice message, a fax or something to sign, and a link.
//!
//! # Why it matters
//!
//! Notices of shared documents and voice mail are a common cover for copied sign-in pages. Ask the sender by
//! another way.
//!
//! # False positives
//!
//! Genuine notices of sharing and signing services, which is why it weighs little.
//!
//! # References
//!
//! - APWG phishing activity trends

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "document-lure",
    title: Bilingual {
        ja: "文書・音声・署名の待機通知",
        en: "a document, recording or signature waits behind a link",
    },
    category: Some(Category::Phishing),
    family: Family::Lure,
    weight: Hundredths(150),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "共有文書や留守番電話の通知に見せて、偽のログイン画面へ誘導する手口があります。送り主に別の手段で確かめてください。",
        en: "Notices of shared documents and voice mail are a common cover for copied sign-in pages. Ask the sender by another way.",
    },
    genuine: Bilingual {
        ja: "本物の共有通知は、共有サービスのドメインから届き、誰が何を共有したかが分かります。",
        en: "A genuine notice comes from the service's own domain and names a person you know and what they share.",
    },
    false_positives: Bilingual {
        ja: "共有サービスや電子署名サービスの本物の通知。",
        en: "Genuine notices of sharing and signing services, which is why it weighs little.",
    },
    references: &["APWG phishing activity trends"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.links_to_the_web().then(|| observables.said(Slot::DocumentWaiting))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "You have a new voice message: https://listen.test/",
            "Un document a été partagé avec vous https://doc.test/",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["You have a new voice message.", "We shared a taxi: https://taxi.example/"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
