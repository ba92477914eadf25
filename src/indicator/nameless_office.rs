//! An office without a house.
//!
//! # Detects
//!
//! The sender calls itself nothing but "Support", "Mail Administrator", "Customer Service", and tells of trouble or
//! luck.
//!
//! # Why it matters
//!
//! It speaks as an office and does not say of which house.
//!
//! # False positives
//!
//! Genuine notices of one's own IT department, which is why it weighs little and only together with a story.
//!
//! # References
//!
//! - APWG phishing activity trends

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "nameless-office",
    title: Bilingual { ja: "名のない部署を名乗る差出人", en: "an office without a house" },
    category: Some(Category::Phishing),
    family: Family::Sender,
    weight: Hundredths(160),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "どの会社の部署かを名乗らない差出人が、重要な用件だと述べています。",
        en: "It speaks as an office and does not say of which house.",
    },
    genuine: Bilingual {
        ja: "本物の部署は、会社名とともに名乗ります。",
        en: "A genuine office signs with the name of its company.",
    },
    false_positives: Bilingual {
        ja: "自社の情報システム部門からの本物の通知。",
        en: "Genuine notices of one's own IT department, which is why it weighs little and only together with a story.",
    },
    references: &["APWG phishing activity trends"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author().filter(|author| !is_mail_system(&author.addr, author.name.normal()))?;
    let story = [
        Slot::AccountTrouble,
        Slot::MailboxTrouble,
        Slot::ParcelHeld,
        Slot::DocumentWaiting,
        Slot::RefundWaiting,
        Slot::RewardPicked,
    ];
    if !story.iter().any(|slot| observables.says(*slot)) || !is_office(author.name.normal()) {
        return None;
    }
    Some(Observation {
        place: Place::Header("from".to_owned()),
        excerpt: Excerpt::new(author.name.original()),
    })
}

/// Words that offices call themselves by, and nobody else. Normalised, as names are.
const OFFICE: &[&str] = &[
    "account",
    "accounts",
    "admin",
    "administrador",
    "administrateur",
    "administrator",
    "alert",
    "alerts",
    "assistance",
    "assistenza",
    "atendimento",
    "aviso",
    "beheerder",
    "billing",
    "care",
    "center",
    "central",
    "centre",
    "client",
    "cliente",
    "clientes",
    "clienti",
    "comunicado",
    "customer",
    "delivery",
    "department",
    "dept",
    "desk",
    "e-mail",
    "email",
    "help",
    "helpdesk",
    "hr",
    "human",
    "info",
    "information",
    "it",
    "klantenservice",
    "kundendienst",
    "kundenservice",
    "kundensupport",
    "livraison",
    "mail",
    "mailbox",
    "message",
    "no-reply",
    "noreply",
    "notice",
    "notification",
    "notifications",
    "notify",
    "office",
    "online",
    "package",
    "paketdienst",
    "parcel",
    "payroll",
    "portal",
    "postmaster",
    "refund",
    "resources",
    "reward",
    "rewards",
    "security",
    "seguranca",
    "server",
    "service",
    "services",
    "servico",
    "servicio",
    "servizio",
    "soporte",
    "suporte",
    "support",
    "system",
    "team",
    "tracking",
    "update",
    "voice",
    "webmail",
    "webmaster",
    "администратор",
    "поддержка",
    "служба",
    "безопасности",
    "系统管理员",
    "管理员",
    "客服",
    "客服中心",
    "고객센터",
    "관리자",
    "메일관리자",
];

/// Whether a mail server reports a delivery (RFC 3834: such reports have no author of their own).
fn is_mail_system(addr: &str, name: &str) -> bool {
    let local = addr.split('@').next().unwrap_or_default();
    ["mailer-daemon", "postmaster"].contains(&local) || name.starts_with("mail delivery")
}

/// Whether a name has nothing but such words, and at least one.
fn is_office(name: &str) -> bool {
    let mut words = name
        .split(|c: char| c.is_whitespace() || "/&|,:()[]".contains(c))
        .filter(|word| !word.is_empty() && !["of", "the", "and", "de", "da", "do"].contains(word))
        .peekable();
    words.peek().is_some() && words.all(|word| OFFICE.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    /// A message of this author that tells of a full mailbox.
    fn from(name: &str) -> String {
        testing::raw(&format!("From: {name} <a@notice.test>\r\n"), "Your mailbox is full.")
    }

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["Mail Administrator", "Support Team"] {
            assert!(testing::fires_raw(&INDICATOR, &from(words)), "{words}");
        }
        for words in ["Northlight IT Support", "Maya"] {
            assert!(!testing::fires_raw(&INDICATOR, &from(words)), "{words}");
        }
    }
}
