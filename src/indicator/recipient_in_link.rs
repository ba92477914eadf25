//! The recipient's address within a link.
//!
//! # Detects
//!
//! The recipient's address, plain, encoded or in base64, in fragment or path of a foreign link, or in its query
//! where it is no link for leaving a list.
//!
//! # Why it matters
//!
//! Your address is hidden in the link, which fills in a forged sign-in page for you.
//!
//! # False positives
//!
//! Surveys and ticket systems; links for leaving a list.
//!
//! # References
//!
//! - peers' family Y and P
//! - APWG phishing activity trends reports

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, hosts};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "recipient-in-link",
    title: Bilingual {
        ja: "宛先アドレスを埋め込んだリンク", en: "the recipient's address within a link"
    },
    category: Some(Category::Phishing),
    family: Family::Knowledge,
    weight: Hundredths(180),
    hard: false,
    basis: Basis::Prior(
        "pages for credentials are prefilled so; lists put the address into links for leaving, which are left out",
    ),
    why: Bilingual {
        ja: "リンクにあなたのアドレスが埋め込まれています。偽のログイン画面に自動で入力するために使われます。",
        en: "Your address is hidden in the link, which fills in a forged sign-in page for you.",
    },
    genuine: Bilingual {
        ja: "本物のログイン画面は、アドレスの埋め込まれたリンクを必要としません。",
        en: "A genuine sign-in page needs no link with your address in it.",
    },
    false_positives: Bilingual {
        ja: "アンケート、問い合わせシステム、配信停止のリンク。",
        en: "Surveys and ticket systems; links for leaving a list.",
    },
    references: &["peers' family Y and P", "APWG phishing activity trends reports"],
    check,
};

/// Links by which a list lets people go.
const LEAVING: &[&str] = &[
    "unsub",
    "optout",
    "opt-out",
    "opt_out",
    "preference",
    "subscription",
    "remove",
    "listmanage",
    "haishin",
    "kaijo",
    "taikai",
    "mailman",
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let needles: Vec<String> = observables
        .recipients()
        .into_iter()
        .map(str::to_lowercase)
        .flat_map(|addr| {
            let coded = STANDARD_NO_PAD.encode(&addr);
            // The last letter of base64 depends on what follows.
            let whole = coded.get(..coded.len().saturating_sub(2)).unwrap_or_default().to_owned();
            [addr, whole]
        })
        .filter(|needle| needle.len() >= 8)
        .collect();
    let found = observables.foreign_links().find(|destination| {
        let url = destination.url.as_str();
        let decoded = hosts::percent(url);
        let lower = decoded.to_lowercase();
        needles.iter().any(|needle| {
            if needle.contains('@') { lower.contains(needle) } else { decoded.contains(needle) }
        }) && !LEAVING.iter().any(|word| lower.contains(word))
    })?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/recipient-in-link_fragment_en.eml");
        let benign = include_str!("../../tests/corpus/benign/recipient-in-link_leave_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
