//! A ransom for servers, data, a building or a life.
//!
//! # Detects
//!
//! An attack on servers, stolen or encrypted data, a device in a building or a hired killer, and money to be paid
//! or a time that runs out.
//!
//! # Why it matters
//!
//! It is extortion. Do not pay or answer; keep it and go to the police.
//!
//! # False positives
//!
//! News, honest reports of vulnerabilities, notices of operators.
//!
//! # References
//!
//! - FBI IC3: ransom DDoS, extortion by e-mail
//! - NCSC: DDoS extortion

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "ransom-threat",
    title: Bilingual {
        ja: "会社や身体への加害予告と金銭要求",
        en: "a ransom for servers, data, a building or a life",
    },
    category: Some(Category::Extortion),
    family: Family::Extortion,
    weight: Hundredths(420),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "攻撃や加害を予告して金を払わせる脅迫です。支払わず、証拠を残して警察に相談してください。",
        en: "It is extortion. Do not pay or answer; keep it and go to the police.",
    },
    genuine: Bilingual {
        ja: "本物の脆弱性の報告者は、仮想通貨での支払いを条件にしません。",
        en: "Somebody who honestly reports a hole does not make payment in crypto currency a condition.",
    },
    false_positives: Bilingual {
        ja: "攻撃を報じる記事、本物の脆弱性報告、運用の連絡。",
        en: "News, honest reports of vulnerabilities, notices of operators.",
    },
    references: &["FBI IC3: ransom DDoS, extortion by e-mail", "NCSC: DDoS extortion"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let presses = observables.says(Slot::Ultimatum) || observables.says(Slot::Deadline);
    observables
        .near(Slot::RansomThreat, Slot::CryptoDemand)
        .or_else(|| observables.near(Slot::RansomThreat, Slot::PaymentDemand))
        .or_else(|| presses.then(|| observables.twice(Slot::RansomThreat))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "A DDoS attack starts on Friday unless you pay 15 BTC to this wallet.",
            "Wir werden Ihre Server angreifen. Zahlung in Bitcoin.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["The DDoS attack of last week is over.", "Pay in bitcoin or by card."] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
