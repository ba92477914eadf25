//! What the author's display name claims.

use super::organisation::ORGANISATIONS;
use crate::demand::page::clean;
use crate::indicator::Context;
use crate::message::{Message, normalise};

/// Display names that say nothing.
const EMPTY_NAMES: &[&str] = &[
    "info",
    "noreply",
    "no-reply",
    "no reply",
    "do-not-reply",
    "donotreply",
    "admin",
    "administrator",
    "support",
    "mail",
    "webmaster",
    "postmaster",
    "anonymous",
    "security",
    "セキュリティ",
    "セキュリティー",
    "名無し",
    "名無しさん",
    "通りすがり",
    "unknown",
    "hacker",
    "me",
    "you",
    "重要",
    "お知らせ",
    "重要なお知らせ",
    "通知",
    "緊急",
    "匿名",
    "名無し",
    "名無しさん",
    "notification",
    "notifications",
    "alert",
    "alerts",
    "service",
    "customer",
    "user",
    "contact",
    "sales",
    "news",
    "newsletter",
    "システム",
    "自動送信",
    "配信専用",
    "送信専用",
    "message",
];

/// Names of a department or a role, which an organisation in the text makes more exact.
const GENERIC_NAMES: &[&str] = &[
    "カスタマーサポート",
    "カスタマーサービス",
    "カスタマーセンター",
    "お客様サポート",
    "お客様センター",
    "サポートセンター",
    "サポート",
    "担当",
    "係",
    "店長",
    "経理",
    "事務局",
    "管理者",
    "運営",
    "窓口",
    "部",
    "課",
    "billing",
    "department",
    "accounts payable",
    "accounts receivable",
    "accounting",
    "customer service",
    "customer support",
    "customer care",
    "support team",
    "security team",
    "helpdesk",
    "help desk",
    "it support",
    "invoice",
    "payment",
    "payments",
    "delivery",
    "claims",
    "team",
    "agent",
    "notice",
    "hr ",
    "human resources",
    "recruiter",
    "giveaway",
    "promo",
    "webmail",
    "system",
];

/// The author's display name, where it is a name and not the address, the recipient or a word for nothing.
pub(super) fn display(message: &Message, context: &Context) -> Option<(u8, String)> {
    let from = message.from.first()?;
    let name = clean(from.name.original());
    let name = name.trim_matches(['"', '\'', ' ']).to_owned();
    let lower = name.to_lowercase();
    let own = message.to.iter().any(|to| to.addr.eq_ignore_ascii_case(&from.addr))
        || context.own_addresses.iter().any(|own| own.eq_ignore_ascii_case(&from.addr));
    let digits = name.chars().filter(char::is_ascii_digit).count();
    if own
        || digits * 2 > name.chars().count()
        || name.contains('@')
        || name.chars().count() < 2
        || EMPTY_NAMES.contains(&lower.as_str())
    {
        return None;
    }
    // A handle, not a name: one word, all in small letters.
    let handle = name.is_ascii() && !name.contains(' ') && name == lower;
    if (name.is_ascii() && name.len() < 3) || handle || lower.starts_with("your ") {
        return None;
    }
    let normal = normalise(&name);
    if context.brand_named(&normal).is_some() {
        return Some((70, name));
    }
    let generic = GENERIC_NAMES.iter().any(|word| {
        lower == *word
            || (lower.ends_with(word) || lower.starts_with(word))
                && lower.chars().count() <= word.chars().count() + 3
    }) || (name.is_ascii()
        && GENERIC_NAMES
            .iter()
            .any(|word| word.is_ascii() && lower.split(' ').count() <= 3 && lower.ends_with(word)));
    let department = ["部", "課", "係", "担当", "室", "窓口"].iter().any(|end| name.ends_with(end))
        && name.chars().count() <= 7;
    if generic || department {
        return Some((28, name));
    }
    if ORGANISATIONS.iter().any(|end| name.contains(end)) {
        return Some((60, name));
    }
    Some((44, name))
}
