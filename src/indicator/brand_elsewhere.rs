//! A brand is spoken for, and nothing leads to it.
//!
//! # Detects
//!
//! A brand's name in the subject or in the opening of the text, a link, an author who is not the brand (or
//! is not vouched for, where an account is in trouble), and no link to the brand's own domain.
//!
//! # Why it matters
//!
//! It speaks for a brand, but neither the sender nor any link belongs to it.
//!
//! # False positives
//!
//! Shops, newsletters and reviews that name brands.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: urgent notices

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "brand-elsewhere",
    title: Bilingual {
        ja: "ブランドを名乗るが公式サイトへのリンクがない",
        en: "a brand is named, and no link leads to it",
    },
    category: Some(Category::Phishing),
    family: Family::Brand,
    weight: Hundredths(250),
    hard: false,
    basis: Basis::Prior(
        "fitted by eye on phishing of several sources; honest third parties name brands, too, so it needs a second family",
    ),
    why: Bilingual {
        ja: "有名ブランドの名を使いながら、差出人もリンク先もそのブランドのドメインではありません。",
        en: "It speaks for a brand, but neither the sender nor any link belongs to it.",
    },
    genuine: Bilingual {
        ja: "本物のブランドからのメールは、自社のドメインから届き、リンクも自社のサイトに向かいます。",
        en: "Mail that a brand really sends comes from its own domain, and its links go to its own site.",
    },
    false_positives: Bilingual {
        ja: "ブランド名に触れる店舗、メールマガジン、紹介記事。",
        en: "Shops, newsletters and reviews that name brands.",
    },
    references: &["Council of Anti-Phishing Japan: urgent notices"],
    check,
};

/// Octets of normalised text in which a message says who is speaking.
const OPENING: usize = 400;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let author = observables.author()?;
    let mut hosts = message
        .links
        .iter()
        .filter(|link| link.scheme.starts_with("http"))
        .map(|link| link.host.as_str())
        .peekable();
    hosts.peek()?;
    let hosts: Vec<&str> = hosts.collect();
    // A brand's own From is easily written. Without the provider's word for it, it excuses only mail that asks for nothing.
    let vouched = observables.author_is_authenticated();
    let troubled = observables.says(Slot::AccountTrouble) && observables.says(Slot::VerifyDemand);
    observables.visible().find_map(|(index, text)| {
        let normal = text.normal();
        let brand = observables.brands().named(normal.get(..normal.floor_char_boundary(OPENING))?)?;
        let own = brand.owns(&author.domain);
        if (own && vouched) || hosts.iter().any(|host| brand.owns(host)) || (own && !troubled) {
            return None;
        }
        let place = if index == 0 { Place::Subject } else { Place::Text(index) };
        Some(Observation { place, excerpt: Excerpt::new(&brand.name) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "三井住友カードよりお知らせです。 https://kakunin.test/",
            "Dear PayPal customer, see https://paypa1.test/",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "三井住友カードよりお知らせです。 https://www.smbc-card.com/",
            "三井住友カードよりお知らせです。",
            "ご案内です。 https://shop.example/",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
