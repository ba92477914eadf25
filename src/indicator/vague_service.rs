//! The service that is billed has no name.
//!
//! # Detects
//!
//! A category ("paid video site", "general information site") in the place of a name, together with a debt,
//! a demand or a legal threat.
//!
//! # Why it matters
//!
//! It does not say which contract is billed. A genuine bill names the business, the contract and the date
//! of use.
//!
//! # False positives
//!
//! Consumer bulletins that quote such wording.
//!
//! # References
//!
//! - National Consumer Affairs Center of Japan: fictitious billing
//! - Tokyo Metropolitan consumer affairs: examples of fictitious billing

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "vague-service",
    title: Bilingual { ja: "サービス名のない請求", en: "a bill for a service without a name" },
    category: Some(Category::FakeBilling),
    family: Family::Billing,
    weight: Hundredths(240),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "何の契約の請求か分からない書き方です。本物の請求は、事業者名・契約・利用日を示します。",
        en: "It does not say which contract is billed. A genuine bill names the business, the contract and the date of use.",
    },
    genuine: Bilingual {
        ja: "本物の請求は、サービスの名前・契約日・利用した内容を必ず示します。「有料サイト」「コンテンツ」だけで請求することはありません。",
        en: "A genuine bill says which service, agreed when, and what was used. It never bills for \"content\" or \"a paid site\" without a name.",
    },
    false_positives: Bilingual {
        ja: "こうした文言を引用する消費者向けの注意喚起。",
        en: "Consumer bulletins that quote such wording.",
    },
    references: &[
        "National Consumer Affairs Center of Japan: fictitious billing",
        "Tokyo Metropolitan consumer affairs: examples of fictitious billing",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    [Slot::UnpaidDebt, Slot::PaymentDemand, Slot::LegalThreat, Slot::HomeVisit]
        .iter()
        .any(|slot| observables.says(*slot))
        .then(|| observables.said(Slot::VagueService))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        assert!(testing::fires(&INDICATOR, "有料動画サイトの未納料金について、法的手続きに移行します"));
        for words in ["有料動画サイトを比較する記事です", "動画サービス見本の今月分をお支払いください"]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
