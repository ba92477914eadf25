//! Lists of employees or debtors are asked for.
//!
//! # Detects
//!
//! Somebody who writes as a superior wants the tax forms of all employees, the payroll or the list of open
//! receivables.
//!
//! # Why it matters
//!
//! The list feeds the next fraud. Ask that person by another way before you send it.
//!
//! # False positives
//!
//! Genuine work of accounting and personnel departments.
//!
//! # References
//!
//! - FBI IC3: W-2 phishing, aging report fraud

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "records-request",
    title: Bilingual {
        ja: "従業員や売掛金の名簿の要求", en: "lists of employees or debtors are asked for"
    },
    category: Some(Category::Bec),
    family: Family::Business,
    weight: Hundredths(330),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "名簿を手に入れ、次の詐欺に使う手口です。本人に別の手段で確かめてください。",
        en: "The list feeds the next fraud. Ask that person by another way before you send it.",
    },
    genuine: Bilingual {
        ja: "本物の依頼は社内の仕組みを通り、全員分の書類をメールで集めません。",
        en: "A genuine request goes through the company's own system; nobody collects everybody's forms by mail.",
    },
    false_positives: Bilingual {
        ja: "経理や人事の本物のやり取り。",
        en: "Genuine work of accounting and personnel departments.",
    },
    references: &["FBI IC3: W-2 phishing, aging report fraud"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said(Slot::RecordsRequest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Kindly send me the W-2 of all employees as one PDF.",
            "Bitte schicken Sie mir die Gehaltsliste.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["Your W-2 is in the portal.", "Report on the ageing of concrete"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
