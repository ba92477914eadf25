//! A favour by return of mail.
//!
//! # Detects
//!
//! A superior or supplier who wants money moved, an account changed or a card bought, and cannot be called.
//!
//! # Why it matters
//!
//! It wants money moved and will not be called. Call a number you knew before.
//!
//! # False positives
//!
//! A superior in a meeting who wants an offer sent; it names no money.
//!
//! # References
//!
//! - National Police Agency of Japan: methods of special fraud
//! - IPA: business e-mail compromise

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "business-errand",
    title: Bilingual { ja: "電話を避ける業務上の頼み", en: "an errand that must not be checked" },
    category: Some(Category::Bec),
    family: Family::Business,
    weight: Hundredths(330),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "上司や取引先を名乗り、電話で確かめられないようにして送金や口座変更を頼む手口です。前から知っている番号に電話してください。",
        en: "It wants money moved and will not be called. Call a number you knew before.",
    },
    genuine: Bilingual {
        ja: "送金や口座の変更は、書面と、前から知っている番号への電話で確かめます。",
        en: "Payments and changes of account are confirmed on paper and by a call to a known number.",
    },
    false_positives: Bilingual {
        ja: "会議中に見積を頼む上司。お金の話はありません。",
        en: "A superior in a meeting who wants an offer sent; it names no money.",
    },
    references: &[
        "National Police Agency of Japan: methods of special fraud",
        "IPA: business e-mail compromise",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let shy = [Slot::SecretRequest, Slot::BankChange, Slot::GiftCard, Slot::MoneyPlea]
        .iter()
        .any(|slot| observables.says(*slot));
    shy.then(|| observables.said(Slot::BusinessErrand))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "会議中で電話に出られません。急ぎで1件送金をお願いしたい。",
            "手が空いたら返信ください。お願いしたいことがあります。電話は不可。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in
            ["会議中で電話に出られないので、至急見積を出してもらえる?", "急ぎで1件送金をお願いします。"]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
