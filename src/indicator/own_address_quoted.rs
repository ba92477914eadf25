//! The recipient's own mail address is quoted back, with a demand.
//!
//! # Detects
//!
//! One of the own addresses in the text, together with account trouble, a demand or a threat.
//!
//! # Why it matters
//!
//! It quotes your own address, to look as if it knew you.
//!
//! # False positives
//!
//! Services that name the account a notice is about.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: urgent notices

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "own-address-quoted",
    title: Bilingual {
        ja: "本人のメールアドレスの引用", en: "own mail address quoted with a demand"
    },
    category: Some(Category::Phishing),
    family: Family::Knowledge,
    weight: Hundredths(80),
    hard: false,
    basis: Basis::Prior("newsletters name the address they go to: kept below what would matter alone"),
    why: Bilingual {
        ja: "あなたのメールアドレスを本文に入れ、本物らしく見せています。アドレスを知っていることは何の証拠にもなりません。",
        en: "It quotes your own address, to look as if it knew you. To know an address proves nothing.",
    },
    genuine: Bilingual {
        ja: "本物のサービスは、登録した氏名や会員番号の一部など、登録者しか分からない情報を添えます。メールアドレスは、誰でも知り得るものです。",
        en: "A service that knows you addresses you by the name you registered or part of a customer number. Your mail address alone is known to anybody who wrote to it.",
    },
    false_positives: Bilingual {
        ja: "どのアカウントへの通知かを示すサービス。",
        en: "Services that name the account a notice is about.",
    },
    references: &["Council of Anti-Phishing Japan: urgent notices"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let demand =
        [Slot::AccountTrouble, Slot::PaymentDemand, Slot::CryptoDemand, Slot::PublishThreat, Slot::Windfall]
            .iter()
            .any(|slot| observables.says(*slot));
    if !demand {
        return None;
    }
    observables.visible().find_map(|(index, text)| {
        let lower = text.original().to_ascii_lowercase();
        let own = observables
            .context
            .own_addresses
            .iter()
            .find(|own| !own.is_empty() && lower.contains(own.as_str()))?;
        let place = if index == 0 { Place::Subject } else { Place::Text(index) };
        Some(Observation { place, excerpt: Excerpt::new(own) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        assert!(testing::fires(&INDICATOR, "hanako@example.net: your account has been suspended"));
        for words in ["This newsletter goes to hanako@example.net", "your account has been suspended"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
