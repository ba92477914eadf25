//! A link in an odd form.
//!
//! # Detects
//!
//! A backslash in the authority, zero-width or bidi characters in the host, percent-encoded letters of the host,
//! a port that is none of the web's, or plain letters of the path percent-encoded.
//!
//! # Why it matters
//!
//! The link is written in a way that browsers repair and filters misread.
//!
//! # False positives
//!
//! Test servers on odd ports, which is why 8080 and the like are left out.
//!
//! # References
//!
//! - WHATWG URL standard §4
//! - RFC 3986 §2.3

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, wording::authority,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-odd-form",
    title: Bilingual { ja: "不自然な形のリンク", en: "a link in an odd form" },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(180),
    hard: false,
    basis: Basis::Prior(
        "forms that browsers repair and filters misread; generators of honest mail do not write them",
    ),
    why: Bilingual {
        ja: "リンクが、検査をすり抜けるような不自然な書き方をしています。",
        en: "The link is written in a way that browsers repair and filters misread.",
    },
    genuine: Bilingual {
        ja: "本物のリンクは普通の書き方をしています。",
        en: "Genuine links are written plainly.",
    },
    false_positives: Bilingual {
        ja: "変わった番号のポートを使う試験用サーバー。",
        en: "Test servers on odd ports, which is why 8080 and the like are left out.",
    },
    references: &["WHATWG URL standard §4", "RFC 3986 §2.3"],
    check,
};

/// Ports on which honest web servers listen.
const PORTS: &[&str] = &[
    "", "80", "443", "8000", "8008", "8080", "8081", "8088", "8443", "8888", "3000", "5000", "9000", "9090",
    "9443",
];
/// Letters and digits of a path that are percent-encoded for no reason.
const MANY: usize = 6;

fn is_odd(authority: &str, target: &str) -> bool {
    let host = authority.rsplit('@').next().unwrap_or_default();
    if target.get(..8).is_some_and(|head| head.contains('\\')) || host.contains('\\') {
        return true;
    }
    if host.chars().any(|c| matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}')) {
        return true;
    }
    if needless(host) > 0 {
        return true;
    }
    let port = host.rsplit_once(':').map_or("", |(_, port)| port);
    let odd_port = !host.contains('[')
        && port.len() <= 5
        && port.bytes().all(|b| b.is_ascii_digit())
        && !PORTS.contains(&port)
        && !host.starts_with("localhost");
    odd_port || needless(target) >= MANY
}

/// Percent-encoded octets that stand for unreserved letters and digits (RFC 3986 §2.3).
fn needless(text: &str) -> usize {
    text.split('%')
        .skip(1)
        .filter_map(|rest| u8::from_str_radix(rest.get(..2)?, 16).ok())
        .filter(u8::is_ascii_alphanumeric)
        .count()
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables.message.links.iter().enumerate().find(|(_, link)| {
        link.scheme.starts_with("http") && authority(&link.target).is_some_and(|a| is_odd(a, &link.target))
    })?;
    Some(Observation { place: observables.link_place(found.0), excerpt: Excerpt::new(&found.1.target) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-odd-form_encoded_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-odd-form_plain_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
