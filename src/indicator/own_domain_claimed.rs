//! It speaks for the recipient's own mail system.
//!
//! # Detects
//!
//! The recipient's domain in display name, subject or text beside words such as administrator, mailbox, webmail,
//! support or server, from another domain.
//!
//! # Why it matters
//!
//! It speaks for the mail system of your own domain, and comes from elsewhere.
//!
//! # False positives
//!
//! A hosting company that names the customer's domain.
//!
//! # References
//!
//! - APWG phishing activity trends reports

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, brand, hosts,
    observables::{is_freemail, organisation},
    wording::Phrases,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "own-domain-claimed",
    title: Bilingual {
        ja: "受信者自身のドメインの管理者を名乗る",
        en: "it speaks for the recipient's own mail system",
    },
    category: Some(Category::Phishing),
    family: Family::Brand,
    weight: Hundredths(330),
    hard: false,
    basis: Basis::Prior("the mailbox-quota scheme; nobody honest outside speaks for one's own mail system"),
    why: Bilingual {
        ja: "あなたのメールのドメインの管理者を名乗っていますが、差出人は別のドメインです。",
        en: "It speaks for the mail system of your own domain, and comes from elsewhere.",
    },
    genuine: Bilingual {
        ja: "自分のメールの管理者は、同じドメインから連絡します。わからなければ電話で尋ねられます。",
        en: "Your own administrators write from your own domain. If in doubt, call them.",
    },
    false_positives: Bilingual {
        ja: "顧客のドメイン名を書くホスティング会社。",
        en: "A hosting company that names the customer's domain.",
    },
    references: &["APWG phishing activity trends reports"],
    check,
};

/// Octets of a text that are looked at.
const LOOK: usize = 4096;
/// Octets between the domain and the word.
const NEAR: usize = 40;
/// What the keepers of a mail system call it and themselves.
static ADMIN: Phrases = Phrases::new(&[
    "admin",
    "support",
    "webmail",
    "mail server",
    "mailserver",
    "mailbox",
    "helpdesk",
    "help desk",
    "it dept",
    "it department",
    "it desk",
    "it team",
    "it service",
    "postmaster",
    "mailer-daemon",
    "mail delivery",
    "server",
    "security",
    "notification",
    "hr department",
    "human resource",
    "payroll",
    "voicemail",
    "voice mail",
    "portal",
    "quota",
    "it-support",
    "管理",
    "サーバ",
    "メールボックス",
    "システム",
]);
/// Words of them in a text: there, `server` alone is said by everybody.
static SPOKEN: Phrases = Phrases::new(&[
    "mailbox admin",
    "admin",
    "webmail",
    "mail server",
    "mail support",
    "email support",
    "mailbox",
    "help desk",
    "helpdesk",
    "it department",
    "it support",
    "it team",
    "security team",
    "support team",
    "mail team",
    "email account",
    "e-mail account",
    "メールボックス",
    "管理者",
    "メールサーバ",
]);

/// Names of domains that everybody's mail system is called by.
const EVERYBODYS: &[&str] = &["mail", "email", "webmail", "post", "server", "support"];

/// The domain itself, or its name, with such a word right before or after it.
fn claimed(text: &str, domain: &str, core: &str) -> Option<std::ops::Range<usize>> {
    let needle = if domain.contains('.') { domain } else { core };
    text.match_indices(needle).take(20).find_map(|(at, found)| {
        let end = at + found.len();
        // An address of it is the recipient, not a claim, but where an administrator's words follow at once.
        let from = text.floor_char_boundary(at.saturating_sub(NEAR));
        let to = text.floor_char_boundary(end + NEAR);
        let (before, after) = (text.get(from..at)?, text.get(end..to)?);
        if before.ends_with(['@', '.', '-']) || before.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            return None;
        }
        let near = SPOKEN.stand_in(after) || SPOKEN.stand_in(before);
        near.then_some(at..end)
    })
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author().filter(|author| !author.domain.is_empty())?;
    let recipients = observables.recipients();
    let domains =
        recipients.iter().filter_map(|addr| addr.rsplit_once('@')).map(|(_, domain)| organisation(domain));
    for domain in domains.filter(|domain| domain.len() >= 3 && !is_freemail(domain)) {
        let core = brand::core_of(domain);
        if hosts::related(organisation(&author.domain), domain)
            || core.len() < 3
            || EVERYBODYS.contains(&core)
        {
            continue;
        }
        let name = author.name.normal();
        let whole = domain.contains('.') && (brand::contains_word(name, domain) || name.trim() == core);
        if whole || (brand::contains_word(name, core) && ADMIN.stand_in(name)) {
            return Some(Observation {
                place: Place::Header("from".to_owned()),
                excerpt: Excerpt::new(&format!("{} <{}>", author.name.original().trim(), author.addr)),
            });
        }
        for (index, text) in observables.visible() {
            let normal = text.normal();
            let normal = normal.get(..normal.floor_char_boundary(LOOK)).unwrap_or_default();
            if let Some(span) = claimed(normal, domain, core) {
                let place = if index == 0 { Place::Subject } else { Place::Text(index) };
                return Some(Observation { place, excerpt: text.excerpt(span) });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/own-domain-claimed_quota_en.eml");
        let benign = include_str!("../../tests/corpus/benign/own-domain-claimed_host_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
