//! The recipient's own details are quoted back, with a demand.
//!
//! # Detects
//!
//! A field that quotes the recipient's name or postal address, or the claim to know it, together with a
//! threat or a story of a failed cancellation. A demand to pay alone is not enough: every genuine bill
//! quotes the address it is for.
//!
//! # Why it matters
//!
//! It shows that it knows name or address, to frighten. Leaked lists are used so.
//!
//! # False positives
//!
//! Shops that confirm an order; forms.
//!
//! # References
//!
//! - Ehime and Ikeda city notices on bills with real name and address (2025)

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "own-details-quoted",
    title: Bilingual {
        ja: "本人の氏名・住所の引用", en: "own name or address quoted with a demand"
    },
    category: Some(Category::Extortion),
    family: Family::Knowledge,
    weight: Hundredths(280),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "氏名や住所を知っていると示して怖がらせる手口です。漏えいした名簿が使われることがあります。",
        en: "It shows that it knows name or address, to frighten. Leaked lists are used so.",
    },
    genuine: Bilingual {
        ja: "本物の事業者は、氏名や住所のほかに、契約の内容・契約日・利用の明細を示せます。氏名と住所だけでは、契約の証拠になりません。",
        en: "A genuine creditor can show what was agreed, when, and what was used. Your name and address alone prove no contract.",
    },
    false_positives: Bilingual {
        ja: "注文を確認する店、申込書。",
        en: "Shops that confirm an order; forms.",
    },
    references: &["Ehime and Ikeda city notices on bills with real name and address (2025)"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    [
        Slot::PublishThreat,
        Slot::LegalThreat,
        Slot::HomeVisit,
        Slot::CancellationIncomplete,
        Slot::ViolenceThreat,
    ]
    .iter()
    .any(|slot| observables.says(*slot))
    .then(|| observables.said(Slot::QuotedDetails))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "退会手続きが完了していません。ご登録住所：東京都架空区見本町",
            "If you do not pay, we will publish your name and address. We know where you live.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "ご登録住所：東京都架空区見本町 に発送しました",
            "10月分の料金をお支払いください。ご契約住所：東京都架空区見本町",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
