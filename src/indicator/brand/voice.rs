//! Whether a message speaks as a brand, or merely of it.
//!
//! A mention becomes a claim by where it stands and by the words around it: a display name, the head of a subject, a logo's
//! text at the very beginning, `Dear X customer`, `your X account`, `X team`, `© X`, `いつもXをご利用`. Each kind of place
//! counts once; who has two points speaks as the brand.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::table::{Brand, Brands, Mention};
use crate::message::{Message, Place, normalise};

/// Octets of normalised text that are looked at on either side of a name.
const WINDOW: usize = 60;
/// Mentions of one text that are looked at.
const MAX_MENTIONS: usize = 60;
/// Points from which a message speaks as a brand.
const SPEAKS: u32 = 2;

/// Words right before a name by which its owner speaks of itself. Normalised at first use.
const STRONG_BEFORE: &[&str] = &[
    "dear",
    "welcome to",
    "thank you for choosing",
    "thanks for choosing",
    "thank you for using",
    "thank you for banking with",
    "©",
    "(c)",
    "copyright",
    "sincerely,",
    "regards,",
    "lieber",
    "liebe",
    "sehr geehrter",
    "sehr geehrte",
    "ihr",
    "ihre",
    "ihrem",
    "ihren",
    "ihrer",
    "dein",
    "deine",
    "deinem",
    "mit freundlichen grüßen",
    "cher client",
    "chère cliente",
    "cher(e) client(e)",
    "votre",
    "votre compte",
    "votre espace",
    "l'équipe",
    "le service client",
    "estimado cliente de",
    "estimado cliente",
    "estimado usuario de",
    "su cuenta de",
    "su cuenta",
    "tu cuenta de",
    "tu cuenta",
    "el equipo de",
    "equipo de",
    "atención al cliente de",
    "gentile cliente",
    "caro cliente",
    "il tuo conto",
    "il tuo account",
    "il suo conto",
    "la tua carta",
    "il team di",
    "servizio clienti",
    "assistenza clienti",
    "prezado cliente",
    "prezado(a) cliente",
    "caro cliente",
    "sua conta",
    "seu cartão",
    "equipe",
    "atendimento",
    "geachte",
    "beste",
    "uw",
    "je",
    "いつも",
    "毎度",
    "日頃より",
    "平素より",
    "平素は",
    "all rights reserved",
    "from your",
    "service client",
    "kundenservice",
    "© 2025",
    "© 2024",
    "© 2023",
    "© 2026",
    "© 2022",
    "copyright 2024",
    "copyright 2025",
    "copyright 2026",
    "copyright © 2023",
    "copyright © 2024",
    "copyright © 2025",
    "copyright © 2026",
];

/// Words right after a name by which its owner speaks of itself.
const STRONG_AFTER: &[&str] = &[
    "customer,",
    "customers,",
    "user,",
    "member,",
    "members,",
    "client,",
    "cardholder",
    "account holder",
    "customer service",
    "customer care",
    "customer support",
    "customer protection",
    "support team",
    "security team",
    "service team",
    "account team",
    "team",
    "security department",
    "fraud department",
    "security",
    "help desk",
    "helpdesk",
    "billing department",
    "billing team",
    "inc. all rights",
    "all rights reserved",
    "notification service",
    "webmail team",
    "admin team",
    "administrator",
    "kundenservice",
    "kundendienst",
    "kundenbetreuung",
    "kunde,",
    "kundin,",
    "sicherheitsteam",
    "-team",
    "-kunde",
    "-kundin",
    "service client",
    "sécurité",
    "atención al cliente",
    "seguridad",
    "servizio clienti",
    "sicurezza",
    "atendimento",
    "segurança",
    "klantenservice",
    "カスタマー",
    "サポート",
    "お客様",
    "お客さま",
    "セキュリティ",
    "事務局",
    "運営事務局",
    "をご利用いただき",
    "をご利用頂き",
    "をご愛顧",
    "をご利用のお客",
    "会員の皆",
    "会員様",
    "からのお知らせ",
    "よりお知らせ",
    "よりご連絡",
    "からの重要",
    "より重要",
    "です。いつも",
    "をお使いいただき",
    "相談窓口",
    "お問い合わせ窓口",
    "受付センター",
    "管理センター",
    "株式会社カスタマ",
    "customer,please",
    "customer:",
    "user:",
    "customer dear",
    "clients",
    "valued",
];

/// Words by which anybody may speak of an account there; weaker.
const WEAK_BEFORE: &[&str] = &[
    "your",
    "your new",
    "my",
    "the",
    "access to your",
    "log in to your",
    "login to your",
    "log into your",
    "sign in to your",
    "visit",
    "su",
    "tu",
    "sua",
    "seu",
    "il tuo",
    "la tua",
    "votre compte sur",
    "mon",
    "mein",
    "お使いの",
    "ご利用の",
    "お客様の",
    "お客さまの",
    "あなたの",
];

/// Words after a name that go with [`WEAK_BEFORE`].
const WEAK_AFTER: &[&str] = &[
    "account",
    "accounts",
    "card",
    "membership",
    "subscription",
    "online banking",
    "online account",
    "mobile banking",
    "package",
    "parcel",
    "shipment",
    "delivery",
    "wallet",
    "id",
    "login",
    "password",
    "profile",
    "mailbox",
    "email account",
    "mail account",
    "konto",
    "-konto",
    "kontos",
    "karte",
    "card-konto",
    "paket",
    "sendung",
    "compte",
    "cuenta",
    "conta",
    "conto",
    "rekening",
    "アカウント",
    "カード",
    "会員",
    "口座",
    "id",
    "サービス",
    "ログイン",
    "パスワード",
    "ポイント",
    "ご利用",
    "のご利用",
    "の利用",
    "プライム会員",
    "webサービス",
    "アプリ",
];

struct Frames {
    strong_before: Vec<String>,
    strong_after: Vec<String>,
    weak_before: Vec<String>,
    weak_after: Vec<String>,
}

static FRAMES: LazyLock<Frames> = LazyLock::new(|| {
    let all = |words: &[&str]| words.iter().map(|word| normalise(word).trim().to_owned()).collect();
    Frames {
        strong_before: all(STRONG_BEFORE),
        strong_after: all(STRONG_AFTER),
        weak_before: all(WEAK_BEFORE),
        weak_after: all(WEAK_AFTER),
    }
});

/// Who a message says it is.
#[derive(Debug, Clone)]
pub(in crate::indicator) struct Claim<'b> {
    pub(in crate::indicator) brand: &'b Brand,
    /// Where it is said most plainly, and the words.
    pub(in crate::indicator) place: Place,
    pub(in crate::indicator) words: String,
    /// Subject and text alone say it as well, whatever the display name.
    pub(in crate::indicator) in_words: bool,
}

/// Kinds of place, each of which counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Name,
    Subject,
    Opening,
    Strong,
    Weak,
}

impl Kind {
    fn points(self) -> u32 {
        match self {
            Self::Name | Self::Subject | Self::Strong => 2,
            Self::Opening | Self::Weak => 1,
        }
    }
}

/// The brand as which a message speaks, if it does.
pub(in crate::indicator) fn claim<'b>(message: &Message, brands: &'b Brands) -> Option<Claim<'b>> {
    let mut seen: BTreeMap<usize, BTreeMap<Kind, (Place, String)>> = BTreeMap::new();
    let mut add = |mention: &Mention, kind: Kind, place: Place, words: &str| {
        seen.entry(mention.brand)
            .or_default()
            .entry(kind)
            .or_insert_with(|| (place, words.trim().to_owned()));
    };
    if let Some(author) = message.from.first() {
        let name = author.name.normal().trim();
        // `DPD (via Shop)` says who writes for whom.
        let via = name.contains("via ");
        for mention in brands.mentions(name).into_iter().filter(|_| !via) {
            if !mention.exact || (mention.start == 0 && mention.end == name.len()) {
                add(&mention, Kind::Name, Place::Header("from".to_owned()), author.name.original());
            }
        }
    }
    let subject = message.subject.normal();
    for mention in brands.mentions(subject) {
        if let Some(kind) = in_subject(subject, &mention) {
            add(&mention, kind, Place::Subject, message.subject.quote(mention.start..mention.end));
        }
    }
    for (index, view) in message.texts.iter().enumerate() {
        if !view.kind.is_shown() {
            continue;
        }
        let text = view.text.normal();
        for mention in brands.mentions(text).into_iter().take(MAX_MENTIONS) {
            if let Some(kind) = in_text(text, &mention) {
                let from = text.floor_char_boundary(mention.start.saturating_sub(WINDOW / 2));
                let to = text.floor_char_boundary(mention.end + WINDOW / 2);
                add(&mention, kind, Place::Text(index + 1), view.text.quote(from..to));
            }
        }
    }
    let sum = |kinds: &BTreeMap<Kind, (Place, String)>| kinds.keys().map(|kind| kind.points()).sum::<u32>();
    let (brand, kinds) =
        seen.into_iter().max_by_key(|(brand, kinds)| (sum(kinds), std::cmp::Reverse(*brand)))?;
    let points = sum(&kinds);
    if points < SPEAKS {
        return None;
    }
    let in_words = points - kinds.get(&Kind::Name).map_or(0, |_| Kind::Name.points()) >= SPEAKS;
    let (_, (place, words)) = kinds.into_iter().next()?;
    Some(Claim { brand: brands.list.get(brand)?, place, words, in_words })
}

/// A subject that begins with the name, or has it in brackets, is headed by it.
fn in_subject(subject: &str, mention: &Mention) -> Option<Kind> {
    let before = subject.get(..mention.start)?.trim_end();
    let after = subject.get(mention.end..)?.trim_start();
    let opened = before.ends_with(['[', '【', '(', '<', '《', '「', '〔', '[']);
    let closed = after.starts_with([']', '】', ')', '>', '》', '」', '〕', ']', ':', '|']);
    if mention.is_tiny() && !(opened && closed) {
        return None;
    }
    if (before.is_empty() || opened) && (closed || (after.starts_with('-') && before.is_empty())) {
        return Some(Kind::Subject);
    }
    framed(before, after).or_else(|| (before.is_empty() && !mention.exact).then_some(Kind::Opening))
}

fn in_text(text: &str, mention: &Mention) -> Option<Kind> {
    let from = text.floor_char_boundary(mention.start.saturating_sub(WINDOW));
    let to = text.floor_char_boundary(mention.end + WINDOW);
    let before = text.get(from..mention.start)?.trim_end();
    let after = text.get(mention.end..to)?.trim_start();
    if mention.is_tiny() {
        return None;
    }
    framed(before, after).or_else(|| (mention.start < 4 && !mention.exact).then_some(Kind::Opening))
}

fn framed(before: &str, after: &str) -> Option<Kind> {
    let frames = &*FRAMES;
    let ends = |words: &[String]| words.iter().any(|word| ends_with_word(before, word));
    let starts = |words: &[String]| words.iter().any(|word| starts_with_word(after, word));
    if ends(&frames.strong_before) || starts(&frames.strong_after) {
        return Some(Kind::Strong);
    }
    (ends(&frames.weak_before) && starts(&frames.weak_after)).then_some(Kind::Weak)
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| {
        !(word.starts_with(|c: char| c.is_ascii_alphanumeric())
            && rest.ends_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| {
        !(word.ends_with(|c: char| c.is_ascii_alphanumeric())
            && rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speaks_as(from: &str, subject: &str, body: &str) -> String {
        let raw = format!(
            "From: {from} <a@x.example>\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
        );
        claim(&Message::parse(raw.as_bytes()), &crate::indicator::Tables::default().brands)
            .map_or(String::new(), |claim| claim.brand.name.clone())
    }

    #[test]
    fn a_voice_is_a_claim() {
        for (from, subject, body, brand) in [
            ("x", "x", "Dear PayPal customer, your access is limited.", "PayPal"),
            ("x", "[Netflix] payment", "hello", "Netflix"),
            ("x", "x", "Please act now.\r\nThe Coinbase Security Team", "Coinbase"),
            ("x", "x", "いつも三井住友カードをご利用いただきありがとうございます。", "三井住友カード"),
            ("x", "【えきねっと】自動退会", "ご確認ください", "えきねっと"),
            ("x", "x", "Sehr geehrter Sparkasse Kunde, Ihr Konto", "Sparkasse"),
            ("x", "x", "Cher client, votre Crédit Agricole vous informe", "Crédit Agricole"),
            ("x", "x", "Your UPS parcel could not be delivered. UPS team", "UPS"),
            ("Netflix", "x", "hello", "Netflix"),
        ] {
            assert_eq!(speaks_as(from, subject, body), brand, "{subject} {body}");
        }
    }

    #[test]
    fn a_mention_is_none() {
        for (from, subject, body) in [
            ("x", "x", "We compared Netflix and Disney+ last week."),
            ("x", "Why PayPal is slow", "Many shops use PayPal."),
            ("x", "x", "昨日アマゾンで本を買いました。"),
            ("Chase Miller", "x", "see you"),
            ("x", "x", "You can pay with PayPal or your Visa card."),
        ] {
            assert_eq!(speaks_as(from, subject, body), "", "{subject} {body}");
        }
    }
}
