//! A mail administrator writes from elsewhere.
//!
//! # Detects
//!
//! Words of the mailbox-quota scheme (storage full, held messages, password expires, upgrade your mailbox), from
//! outside the recipient's domain or with a foreign link.
//!
//! # Why it matters
//!
//! It speaks as your mail administrator about quota, held messages or an expiring password, from outside.
//!
//! # False positives
//!
//! Notices of a mail provider to its own customers, which come from its domain.
//!
//! # References
//!
//! - APWG phishing activity trends reports

use crate::message::Place;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, wording::Phrases,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "mailbox-admin-elsewhere",
    title: Bilingual {
        ja: "メール管理者を名乗る外部からの連絡",
        en: "a mail administrator writes from elsewhere",
    },
    category: Some(Category::Phishing),
    family: Family::Lure,
    weight: Hundredths(220),
    hard: false,
    basis: Basis::Prior("administrators write from the domain they look after"),
    why: Bilingual {
        ja: "メールの管理者を名乗って容量やパスワードの手続きを求めていますが、外部のドメインから届いています。",
        en: "It speaks as your mail administrator about quota, held messages or an expiring password, from outside.",
    },
    genuine: Bilingual {
        ja: "容量やパスワードの手続きは、メールサービスの設定画面でできます。",
        en: "Storage and passwords are looked after in the settings of your mail service.",
    },
    false_positives: Bilingual {
        ja: "メール事業者が自社の顧客に送るお知らせ(自社のドメインから届きます)。",
        en: "Notices of a mail provider to its own customers, which come from its domain.",
    },
    references: &["APWG phishing activity trends reports"],
    check,
};

/// Octets of a text that are looked at.
const LOOK: usize = 4096;
/// Phrases of the scheme.
static WORDS: Phrases = Phrases::new(&[
    "mailbox is almost full",
    "mailbox is full",
    "mailbox storage",
    "mailbox quota",
    "mailbox has exceeded",
    "exceeded your mailbox",
    "email storage",
    "mail storage",
    "storage limit",
    "mailbox size",
    "incoming messages are pending",
    "undelivered messages",
    "pending messages",
    "held messages",
    "messages on hold",
    "release messages",
    "release pending",
    "emails are pending",
    "your password expires",
    "password will expire",
    "password is expiring",
    "password expiration",
    "password is set to expire",
    "keep current password",
    "keep same password",
    "keep my password",
    "keep using the same password",
    "upgrade your mailbox",
    "upgrade your email",
    "update your mailbox",
    "verify your mailbox",
    "validate your mailbox",
    "validate your email",
    "re-validate",
    "revalidate",
    "deactivation of your email",
    "email will be deactivated",
    "mailbox will be",
    "your email account will be",
    "email termination",
    "de-activation",
    "webmail upgrade",
    "mail version",
    "quarantined messages",
    "quarantined emails",
    "failed to sync",
    "failed delivery of",
    "postfach ist",
    "postfach voll",
    "speicherplatz ihres postfach",
    "boîte mail",
    "boite mail",
    "messagerie est pleine",
    "buzon",
    "casella di posta",
    "caixa de correio",
    "caixa de entrada esta",
    "postvak",
    "メールボックスの容量",
    "メールボックスがいっぱい",
    "メール容量",
    "保留中のメール",
    "パスワードの有効期限",
    "メールアカウントが停止",
    "renew credentials",
    "pending incoming",
    "messages suspended",
    "undelivered to inbox",
    "upgrading our webmail",
    "webmail software",
    "mailbox shutdown",
    "email shutdown",
    "mail server upgrade",
    "mailbox has been",
    "storage space is",
    "mailbox storage is full",
    "password is due",
    "password for your email",
    "re-confirm your email",
    "reconfirm your email",
    "keep your current password",
    "retain password",
    "retain your password",
    "邮箱系统",
    "邮箱管理员",
    "邮箱备案",
    "邮箱升级",
    "邮箱账户",
    "邮箱账号",
    "邮箱容量",
    "邮件系统升级",
    "新版邮件系统",
    "邮箱停用",
    "메일함 용량",
    "почтовый ящик переполнен",
    "email hesabınız",
]);

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.foreign_links().find(|found| !found.known)?;
    let (index, span) = observables.visible().find_map(|(index, text)| {
        let normal = text.normal();
        let normal = normal.get(..normal.floor_char_boundary(LOOK)).unwrap_or_default();
        WORDS.find(normal).map(|span| (index, span))
    })?;
    let text = observables.visible().find(|(at, _)| *at == index)?.1;
    let place = if index == 0 { Place::Subject } else { Place::Text(index) };
    Some(Observation { place, excerpt: text.excerpt(span) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/mailbox-admin-elsewhere_full_en.eml");
        let benign = include_str!("../../tests/corpus/benign/mailbox-admin-elsewhere_release_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
