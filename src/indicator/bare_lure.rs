//! A lure without a letter.
//!
//! # Detects
//!
//! A few words of trouble or debt and one link or telephone number, and nobody who signs.
//!
//! # Why it matters
//!
//! A few words and a link; nobody signs. A genuine notice names the sender, a number and an office.
//!
//! # False positives
//!
//! Short notes between people who know one another.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: urgent notices

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "bare-lure",
    title: Bilingual { ja: "差出人の名もない短い誘導", en: "a lure without a letter" },
    category: Some(Category::Phishing),
    family: Family::Style,
    weight: Hundredths(240),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "用件とリンクだけで、宛名も署名もありません。本物の会社や宅配便の知らせは、会社名・伝票番号・問い合わせ先を書きます。",
        en: "A few words and a link; nobody signs. A genuine notice names the sender, a number and an office.",
    },
    genuine: Bilingual {
        ja: "会社や宅配便の知らせには、会社名、伝票や契約の番号、問い合わせ先があります。",
        en: "A genuine notice names the sender, a number of the parcel or contract, and an office.",
    },
    false_positives: Bilingual {
        ja: "知り合い同士の短い連絡。",
        en: "Short notes between people who know one another.",
    },
    references: &["Council of Anti-Phishing Japan: urgent notices"],
    check,
};

/// Octets of normalised text; about sixty Japanese characters.
const SHORT: usize = 200;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let (mut octets, mut japanese) = (0, false);
    for (index, text) in observables.visible() {
        if index > 0 {
            octets = text.normal().len().max(octets);
            japanese |= text.original().chars().any(|c| ('ぁ'..='ん').contains(&c));
        }
    }
    let link = observables.message.links.iter().any(|link| link.scheme.starts_with("http"));
    let act = observables.says(Slot::VerifyDemand);
    (japanese && octets <= SHORT && link && act).then(|| observables.said(Slot::AccountTrouble))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "お荷物の住所に不備がありお預かりしています。ご確認ください http://parcel.example/x1",
            "カードの利用が保留中です。こちらから確認 http://card.example/x1",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "お荷物の住所に不備がありお預かりしています。ご確認ください",
            "写真できたよ。ここから確認してね http://photo.example/x1",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
