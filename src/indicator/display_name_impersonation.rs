//! The name says one sender, the address another.
//!
//! # Detects
//!
//! A display name that holds a brand's name without the brand's domain, or another address than the one
//! behind it.
//!
//! # Why it matters
//!
//! The name shown and the address behind it do not belong together.
//!
//! # False positives
//!
//! Agencies, shops and mailing lists that write in the name of others.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: urgent notices
//! - RFC 5322 §3.6.2

use crate::message::{Address, Excerpt, Place};

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, brand::Brands,
    observables::organisation,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "display-name-impersonation",
    title: Bilingual { ja: "差出人名のなりすまし", en: "the name of another sender" },
    category: Some(Category::Phishing),
    family: Family::Sender,
    weight: Hundredths(500),
    hard: false,
    basis: Basis::Prior(
        "fitted by eye on phishing of several sources; honest third parties that write in a brand's name exist, so it needs a second family",
    ),
    why: Bilingual {
        ja: "差出人の表示名と、実際の送信元のドメインが一致しません。表示名は誰でも自由に書けます。",
        en: "The name shown and the address behind it do not belong together. Anybody can write any name.",
    },
    genuine: Bilingual {
        ja: "本物の差出人では、表示名の会社と、送信元アドレスのドメインが一致します。アドレスを表示させて、公式サイトの表記と見比べられます。",
        en: "With a genuine sender the name shown and the domain of the address belong together. Let the program show the address, and compare it with the official site.",
    },
    false_positives: Bilingual {
        ja: "ほかの会社の名で送る代理店や店舗、メーリングリスト。",
        en: "Agencies, shops and mailing lists that write in the name of others.",
    },
    references: &["Council of Anti-Phishing Japan: urgent notices", "RFC 5322 §3.6.2"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author().filter(|author| !author.domain.is_empty())?;
    (forged_brand(observables.brands(), author) || forged_address(author)).then(|| Observation {
        place: Place::Header("from".to_owned()),
        excerpt: Excerpt::new(&format!("{} <{}>", author.name.original().trim(), author.addr)),
    })
}

fn forged_brand(brands: &Brands, author: &Address) -> bool {
    let name = author.name.normal();
    // `DPD (via Shop)` says who writes for whom.
    !name.contains("via ") && brands.claimed(name).is_some_and(|brand| !brand.perhaps_owns(&author.domain))
}

/// Another address in the name. Mailing lists write "a@b via list", and say so.
fn forged_address(author: &Address) -> bool {
    let name = author.name.normal();
    if name.contains(" via ") {
        return false;
    }
    name.split(|c: char| c.is_whitespace() || "<>()\"',;[]".contains(c))
        .filter_map(|word| word.rsplit_once('@'))
        .any(|(local, domain)| {
            !local.is_empty()
                && domain.contains('.')
                && organisation(domain.trim_end_matches('.')) != organisation(&author.domain)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn from(from: &str) -> bool {
        testing::fires_raw(&INDICATOR, &testing::raw(&format!("From: {from}\r\n"), "hello"))
    }

    #[test]
    fn a_brand_or_an_address_that_is_not_the_senders_fires() {
        assert!(from("Amazon.co.jp <info@update.example>"));
        assert!(from("=?UTF-8?B?5LiJ5LqV5L2P5Y+L44Kr44O844OJ?= <info@smbc.example>"));
        assert!(from("\"support@paypal.com\" <info@update.example>"));
    }

    #[test]
    fn the_brand_itself_its_hosts_people_and_lists_are_silent() {
        assert!(!from("Amazon.co.jp <info@mail.amazon.co.jp>"));
        assert!(!from("Ana Example <ana@example.com>"));
        assert!(!from("\"a@example.org via list\" <list@example.net>"));
        assert!(!from("\"ana@mail.example.com\" <ana@example.com>"));
    }
}
