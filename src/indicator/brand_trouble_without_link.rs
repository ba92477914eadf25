//! A brand tells of trouble and gives no link.
//!
//! # Detects
//!
//! A message that speaks as a brand, without the provider's word for it, of trouble with an account, and not one
//! web link.
//!
//! # Why it matters
//!
//! It speaks as a brand about trouble with your account, and gives no link to the brand.
//!
//! # False positives
//!
//! Plain notices of small banks.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "brand-trouble-without-link",
    title: Bilingual {
        ja: "リンクのないブランドのアカウント警告",
        en: "a brand tells of trouble and gives no link",
    },
    category: Some(Category::Phishing),
    family: Family::Brand,
    weight: Hundredths(150),
    hard: false,
    basis: Basis::Prior(
        "companies link to themselves in such notices; where links were taken out on the way, or hide in a file, there is none",
    ),
    why: Bilingual {
        ja: "有名ブランドとしてアカウントの異常を告げながら、公式サイトへのリンクが一つもありません。",
        en: "It speaks as a brand about trouble with your account, and gives no link to the brand.",
    },
    genuine: Bilingual {
        ja: "本物のお知らせには、会社のサイトへのリンクや名前での呼びかけがあります。",
        en: "A genuine notice calls you by name and links to the company's own site.",
    },
    false_positives: Bilingual {
        ja: "小さな銀行の文字だけのお知らせ。",
        en: "Plain notices of small banks.",
    },
    references: &["Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let claim = observables.claim()?;
    let none = observables.destinations().is_empty() && !observables.author_is_authenticated();
    let trouble = observables.says(Slot::AccountTrouble) || observables.says(Slot::VerifyDemand);
    (none && trouble).then(|| Observation { place: claim.place.clone(), excerpt: Excerpt::new(&claim.words) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/brand-trouble-without-link_suspended_en.eml");
        let benign = include_str!("../../tests/corpus/benign/brand-trouble-without-link_own_link_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
