//! Log in, verify and the like in a link's address.
//!
//! # Detects
//!
//! Words such as login, verify, secure, account or update in host or path of a foreign link to no known company.
//!
//! # Why it matters
//!
//! The link leads to a page for logging in or confirming on a site that is not the sender's.
//!
//! # False positives
//!
//! Portals run by a service for the sender.
//!
//! # References
//!
//! - APWG phishing activity trends reports

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, hosts::Destination,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-login-words",
    title: Bilingual {
        ja: "リンク先のアドレスにログインや確認の語",
        en: "log in, verify and the like in a link's address",
    },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(70),
    hard: false,
    basis: Basis::Prior("portals that a company hires have such addresses, too"),
    why: Bilingual {
        ja: "差出人とは別のサイトの、ログインや確認のためのページへのリンクです。",
        en: "The link leads to a page for logging in or confirming on a site that is not the sender's.",
    },
    genuine: Bilingual {
        ja: "ログインは、ブックマークや公式アプリからできます。",
        en: "You can log in from your bookmark or the company's app.",
    },
    false_positives: Bilingual {
        ja: "委託先が運営する会員サイト。",
        en: "Portals run by a service for the sender.",
    },
    references: &["APWG phishing activity trends reports"],
    check,
};

/// Pieces of a host or path, between signs.
const WORDS: &[&str] = &[
    "login",
    "logon",
    "signin",
    "sign-in",
    "verify",
    "verification",
    "validate",
    "validation",
    "webscr",
    "confirm",
    "unlock",
    "auth",
    "suspended",
    "recovery",
    "password",
    "webmail",
    "ebanking",
    "onlinebanking",
    "kyc",
    "2fa",
    "authenticate",
    "myaccount",
    "konto",
    "compte",
    "cuenta",
    "conta",
    "acesso",
    "acceso",
    "identify",
];

fn asks(destination: &Destination) -> bool {
    let path = destination.path().split(['?', '#']).next().unwrap_or_default();
    let host = destination.host.to_ascii_lowercase();
    let path = path.to_ascii_lowercase();
    host.split(['.', '-', '_'])
        .chain(path.split(['/', '.', '-', '_']))
        .take(40)
        .any(|piece| WORDS.contains(&piece))
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables.few_foreign_links().find(|destination| {
        !destination.known
            && !destination.url.to_ascii_lowercase().contains("unsubscribe")
            && asks(destination)
    })?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-login-words_verify_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-login-words_own_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
