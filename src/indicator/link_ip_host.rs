//! A link to a bare address.
//!
//! # Detects
//!
//! A host that is an IPv4 or IPv6 address, also written as one decimal or hexadecimal number; private addresses
//! are left out.
//!
//! # Why it matters
//!
//! The link leads to a bare number instead of a name.
//!
//! # False positives
//!
//! Monitoring mail of servers; developers' notes.
//!
//! # References
//!
//! - RFC 3986 §7.4
//! - WHATWG URL standard §4

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-ip-host",
    title: Bilingual { ja: "IPアドレスへのリンク", en: "a link to a bare address" },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(200),
    hard: false,
    basis: Basis::Prior("companies have names; devices and test servers have not"),
    why: Bilingual {
        ja: "リンク先がドメイン名ではなく数字のアドレスです。",
        en: "The link leads to a bare number instead of a name.",
    },
    genuine: Bilingual {
        ja: "会社のサイトには名前があります。", en: "Companies' sites have names."
    },
    false_positives: Bilingual {
        ja: "サーバーの監視メール、開発者のメモ。",
        en: "Monitoring mail of servers; developers' notes.",
    },
    references: &["RFC 3986 §7.4", "WHATWG URL standard §4"],
    check,
};

/// Addresses of documentation (RFC 5737) count as public: tests use them.
fn is_public_address(host: &str) -> bool {
    if let Ok(v4) = host.parse::<Ipv4Addr>() {
        return !(v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified());
    }
    if let Ok(v6) = host.parse::<Ipv6Addr>() {
        return !(v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local());
    }
    // `http://3405803783/` and `http://0xcb007107/` are read as addresses by browsers.
    let digits = host.strip_prefix("0x").map_or_else(
        || host.len() >= 8 && host.bytes().all(|b| b.is_ascii_digit()),
        |hex| hex.len() >= 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()),
    );
    digits || (host.matches('.').count() == 3 && host.split('.').all(octet))
}

/// Octal and hexadecimal octets.
fn octet(part: &str) -> bool {
    part.strip_prefix("0x").map_or_else(
        || !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit()),
        |hex| !hex.is_empty() && hex.len() <= 2 && hex.bytes().all(|b| b.is_ascii_hexdigit()),
    )
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables.few_foreign_links().find(|destination| is_public_address(&destination.host))?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-ip-host_number_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-ip-host_router_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
