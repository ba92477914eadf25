//! An office or a law that does not exist.
//!
//! # Detects
//!
//! Names of offices, procedures and laws that are known from fictitious billing and that no authority
//! bears.
//!
//! # Why it matters
//!
//! No such office or law exists; the Ministry of Justice warns of bills in these names.
//!
//! # False positives
//!
//! Bulletins of ministries, police and consumer centres that list the names.
//!
//! # References
//!
//! - Ministry of Justice of Japan: notices on fictitious billing in the ministry's name
//! - Tokyo Metropolitan consumer affairs: examples of fictitious billing

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "invented-agency",
    title: Bilingual { ja: "実在しない機関・法律", en: "an office or a law that does not exist" },
    category: Some(Category::FakeBilling),
    family: Family::Legal,
    weight: Hundredths(400),
    hard: true,
    basis: Basis::Prior("a contradiction fact: no such office exists, so that no corpus can give a rate"),
    why: Bilingual {
        ja: "実在しない機関や法律の名前です。法務省は、これらを騙る架空請求への注意を呼びかけています。",
        en: "No such office or law exists; the Ministry of Justice warns of bills in these names.",
    },
    genuine: Bilingual {
        ja: "実在の官公庁は、名称と代表電話が公式サイト（go.jp や lg.jp）に載っています。民間の料金の取り立てを官公庁が行うことはありません。",
        en: "A real authority has its name and number on a government site (in Japan go.jp or lg.jp). No authority collects the fees of private companies.",
    },
    false_positives: Bilingual {
        ja: "名前を列挙する官公庁・警察・消費生活センターの注意喚起。",
        en: "Bulletins of ministries, police and consumer centres that list the names.",
    },
    references: &[
        "Ministry of Justice of Japan: notices on fictitious billing in the ministry's name",
        "Tokyo Metropolitan consumer affairs: examples of fictitious billing",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said(Slot::InventedAgency).or_else(|| observables.author_says(Slot::InventedAgency))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        assert!(testing::fires(&INDICATOR, "法務省管轄支局 民事訴訟管理センター"));
        for words in ["東京法務局からのお知らせ", "消費生活センター"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
