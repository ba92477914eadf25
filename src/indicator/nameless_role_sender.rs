//! A role without an organisation.
//!
//! # Detects
//!
//! A display name of nothing but words for roles and notices.
//!
//! # Why it matters
//!
//! The sender's name is a role such as support or notification, and says not whose.
//!
//! # False positives
//!
//! Small companies' desks.
//!
//! # References
//!
//! - APWG phishing activity trends reports

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "nameless-role-sender",
    title: Bilingual { ja: "名のない窓口の差出人", en: "a role without an organisation" },
    category: None,
    family: Family::Sender,
    weight: Hundredths(80),
    hard: false,
    basis: Basis::Prior("honest desks write so, too, from a domain that says whose they are"),
    why: Bilingual {
        ja: "差出人名が「サポート」「通知」などの役割だけで、どこの誰かを名乗っていません。",
        en: "The sender's name is a role such as support or notification, and says not whose.",
    },
    genuine: Bilingual {
        ja: "本物の窓口は、どこの窓口かを名乗ります。",
        en: "A genuine desk says whose it is.",
    },
    false_positives: Bilingual { ja: "小さな会社の窓口。", en: "Small companies' desks." },
    references: &["APWG phishing activity trends reports"],
    check,
};

/// Words for roles and notices, lower case.
const ROLES: &[&str] = &[
    "support",
    "service",
    "services",
    "team",
    "admin",
    "administrator",
    "account",
    "accounts",
    "security",
    "notification",
    "notifications",
    "notice",
    "alert",
    "alerts",
    "mail",
    "email",
    "webmail",
    "server",
    "system",
    "help",
    "helpdesk",
    "desk",
    "customer",
    "care",
    "billing",
    "payment",
    "payments",
    "delivery",
    "express",
    "parcel",
    "package",
    "tracking",
    "post",
    "office",
    "hr",
    "it",
    "department",
    "dept",
    "info",
    "online",
    "update",
    "updates",
    "verification",
    "message",
    "center",
    "centre",
    "wallet",
    "bank",
    "banking",
    "manager",
    "lists",
    "list",
    "mailbox",
    "quota",
    "voicemail",
    "fax",
    "document",
    "documents",
    "invoice",
    "invoices",
    "reward",
    "rewards",
    "winner",
    "confirmation",
    "urgent",
    "important",
    "atendimento",
    "suporte",
    "aviso",
    "soporte",
    "kundenservice",
    "kundendienst",
    "sicherheit",
    "equipe",
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author()?;
    let name = author.name.normal();
    let local = author.addr.split('@').next().unwrap_or_default().to_ascii_lowercase();
    if matches!(local.as_str(), "mailer-daemon" | "postmaster") {
        return None;
    }
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let all = words.iter().all(|word| ROLES.contains(word) || word.bytes().all(|b| b.is_ascii_digit()));
    let any = words.iter().any(|word| ROLES.contains(word));
    (any && all && words.len() <= 6).then(|| Observation {
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
        let threat = include_str!("../../tests/corpus/threat/nameless-role-sender_support_en.eml");
        let benign = include_str!("../../tests/corpus/benign/nameless-role-sender_named_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
