//! A sending machine without a name.
//!
//! # Detects
//!
//! Among the three topmost Received fields one of the form `(unknown [address])`, or a HELO that is a bare
//! address.
//!
//! # Why it matters
//!
//! The machine that sent it has no name in the DNS.
//!
//! # False positives
//!
//! Servers of small firms with a careless provider.
//!
//! # References
//!
//! - RFC 1912 §2.1
//! - peers' family M

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "origin-without-name",
    title: Bilingual { ja: "名前のない送信元", en: "a sending machine without a name" },
    category: None,
    family: Family::Transport,
    weight: Hundredths(30),
    hard: false,
    basis: Basis::Prior(
        "mail servers have names in the DNS; home lines, hired machines and some small firms have none",
    ),
    why: Bilingual {
        ja: "送信元の機械に、DNS上の名前がありません。",
        en: "The machine that sent it has no name in the DNS.",
    },
    genuine: Bilingual {
        ja: "会社のメールサーバーには、DNS上の名前があります。",
        en: "Companies' mail servers have names.",
    },
    false_positives: Bilingual {
        ja: "管理の甘い事業者を使う小さな会社。",
        en: "Servers of small firms with a careless provider.",
    },
    references: &["RFC 1912 §2.1", "peers' family M"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let received = message.fields.iter().filter(|(name, _)| name == "received").take(3);
    let (name, value) = received.into_iter().find(|(_, value)| {
        let lower = value.to_ascii_lowercase();
        let from = lower.split(" by ").next().unwrap_or_default();
        from.contains("(unknown [")
            || from.contains("(unverified [")
            || from.trim_start().starts_with("from [")
    })?;
    Some(Observation { place: Place::Header(name.clone()), excerpt: Excerpt::new(value) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/origin-without-name_unknown_en.eml");
        let benign = include_str!("../../tests/corpus/benign/origin-without-name_named_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
