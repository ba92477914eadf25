//! Payment is to be made in crypto currency.
//!
//! # Detects
//!
//! Send or pay in bitcoin and the like.
//!
//! # Why it matters
//!
//! Payment in crypto currency cannot be taken back; that is why it is asked for.
//!
//! # False positives
//!
//! Exchanges, shops that take it, newsletters.
//!
//! # References
//!
//! - IPA: mails that claim to have hacked the recipient and demand crypto currency

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "crypto-payment",
    title: Bilingual {
        ja: "暗号資産での支払い要求", en: "payment in crypto currency is demanded"
    },
    category: Some(Category::Extortion),
    family: Family::Payment,
    weight: Hundredths(160),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "暗号資産で払わせるのは、取り戻せないようにするためです。",
        en: "Payment in crypto currency cannot be taken back; that is why it is asked for.",
    },
    genuine: Bilingual {
        ja: "国内の事業者や官公庁が、料金や和解金を暗号資産で求めることはありません。取引所とのやり取りは、自分で開いた取引所のサイトで行います。",
        en: "Companies and offices do not collect bills or settlements in crypto currency. What you do at an exchange, you do at the exchange's site, opened by yourself.",
    },
    false_positives: Bilingual {
        ja: "取引所、暗号資産を受け付ける店、メールマガジン。",
        en: "Exchanges, shops that take it, newsletters.",
    },
    references: &["IPA: mails that claim to have hacked the recipient and demand crypto currency"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.said(Slot::CryptoDemand)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["20万円分をビットコインで送金してください", "send 1200 USD in Bitcoin"]
        {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["暗号の歴史", "a bit of coin"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
