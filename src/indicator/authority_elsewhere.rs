//! An authority that writes from elsewhere.
//!
//! # Detects
//!
//! A display name of a ministry, court, police or tax office, from a domain outside .gov, .go.jp, .lg.jp and the
//! like.
//!
//! # Why it matters
//!
//! It calls itself an authority, and does not write from a domain that only authorities have.
//!
//! # False positives
//!
//! Associations of officials, papers about authorities.
//!
//! # References
//!
//! - go.jp and lg.jp registration rules (JPRS)
//! - peers' rule on claimed .go.jp senders

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, wording::Phrases,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "authority-elsewhere",
    title: Bilingual {
        ja: "公的機関を名乗る無関係な差出人", en: "an authority that writes from elsewhere"
    },
    category: Some(Category::Phishing),
    family: Family::Sender,
    weight: Hundredths(280),
    hard: false,
    basis: Basis::Prior("authorities write from domains that only authorities get"),
    why: Bilingual {
        ja: "役所・警察・裁判所などを名乗っていますが、公的機関のドメインではありません。",
        en: "It calls itself an authority, and does not write from a domain that only authorities have.",
    },
    genuine: Bilingual {
        ja: "日本の役所は go.jp や lg.jp から、外国の役所も公的なドメインから送ります。大事な通知は郵便で届きます。",
        en: "Authorities write from official domains such as .gov or go.jp, and serve what matters by post.",
    },
    false_positives: Bilingual {
        ja: "公務員の団体、役所を扱う新聞。",
        en: "Associations of officials, papers about authorities.",
    },
    references: &["go.jp and lg.jp registration rules (JPRS)", "peers' rule on claimed .go.jp senders"],
    check,
};

/// What authorities call themselves.
static WORDS: Phrases = Phrases::new(&[
    "ministry of",
    "department of justice",
    "department of treasury",
    "us treasury",
    "u.s. treasury",
    "homeland security",
    "police department",
    "federal police",
    "interpol",
    "europol",
    "fbi",
    "federal bureau of investigation",
    "supreme court",
    "district court",
    "high court",
    "tax office",
    "tax authority",
    "customs and border",
    "customs office",
    "immigration service",
    "reserve bank",
    "federal reserve",
    "central bank",
    "european central bank",
    "united nations",
    "bundespolizei",
    "bundeskriminalamt",
    "polizeipräsidium",
    "finanzamt",
    "gendarmerie",
    "police nationale",
    "ministère",
    "tribunal de",
    "policía nacional",
    "guardia civil",
    "ministerio de",
    "polizia di stato",
    "polizia postale",
    "ministero",
    "polícia federal",
    "ministério",
    "裁判所",
    "警察署",
    "警視庁",
    "警察庁",
    "検察庁",
    "法務省",
    "法務局",
    "税務署",
    "国税局",
    "財務省",
    "金融庁",
    "総務省",
    "消費者庁",
    "年金事務所",
    "入国管理局",
]);

fn is_official(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let tld = labels.last().copied().unwrap_or_default();
    let official = labels.iter().rev().take(3).any(|label| {
        matches!(
            *label,
            "gov"
                | "go"
                | "lg"
                | "gob"
                | "gouv"
                | "gub"
                | "govt"
                | "mil"
                | "int"
                | "gv"
                | "police"
                | "admin"
                | "fed"
                | "bund"
        )
    });
    official
        || matches!(tld, "gov" | "mil" | "int" | "eu" | "edu")
        || domain.contains("polizei")
        || domain.ends_with("un.org")
        || domain.ends_with("federalreserve.org")
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author =
        observables.author().filter(|author| !author.domain.is_empty() && !is_official(&author.domain))?;
    let name = author.name.normal();
    WORDS.stand_in(name).then(|| Observation {
        place: Place::Header("from".to_owned()),
        excerpt: Excerpt::new(&format!("{} <{}>", author.name.original().trim(), author.addr)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/authority-elsewhere_court_en.eml");
        let benign = include_str!("../../tests/corpus/benign/authority-elsewhere_tax_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
