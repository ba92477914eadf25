//! Links that a message wants followed, and messenger accounts.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::demand::Contact;
use crate::demand::cue::{Cue, search};
use crate::demand::page::{Page, clean};
use crate::indicator::Context;
use crate::message::{Excerpt, Link, Message, Place, normalise};

use super::{ContactKind, Quote};

/// Different links kept.
const MOST: usize = 4;
/// Links looked at.
const MOST_SEEN: usize = 300;

/// Hosts of messengers, and what an account there is.
const MESSENGERS: &[(&str, ContactKind)] = &[
    ("line.me", ContactKind::Line),
    ("lin.ee", ContactKind::Line),
    ("t.me", ContactKind::Telegram),
    ("telegram.me", ContactKind::Telegram),
    ("wa.me", ContactKind::Whatsapp),
    ("whatsapp.com", ContactKind::Whatsapp),
    ("signal.me", ContactKind::Signal),
    ("signal.group", ContactKind::Signal),
];

/// Domains whose links are decoration: networks, shops for apps, standards.
const DECORATION: &[&str] = &[
    "facebook.com",
    "twitter.com",
    "x.com",
    "instagram.com",
    "youtube.com",
    "linkedin.com",
    "pinterest.com",
    "tiktok.com",
    "w3.org",
    "schema.org",
    "apps.apple.com",
    "itunes.apple.com",
    "play.google.com",
    "aka.ms",
    "fonts.googleapis.com",
    "gstatic.com",
    "avast.com",
    "avg.com",
    "wikipedia.org",
    // Where extortion says that coins can be bought.
    "paxful.com",
    "coingate.com",
    "coinbase.com",
    "binance.com",
    "localbitcoins.com",
    "bitnovo.com",
    "anycoindirect.eu",
    "mymonero.com",
    "coinmama.com",
    "blockchain.com",
    "moonpay.com",
    "cex.io",
    "bitpanda.com",
    "kraken.com",
    "bitstamp.net",
    "changelly.com",
    "bybit.com",
    "crypto.com",
    "bitcoin.org",
    "bitflyer.com",
    "coincheck.com",
];

/// The links worth following up, the called-for ones alone where there are any.
pub(super) fn links(message: &Message, context: &Context, pages: &[Page<'_>]) -> Vec<Contact> {
    let mut messengers = Vec::new();
    let mut candidates: Vec<(Rank, usize, &Link)> = Vec::new();
    let contact = |kind: ContactKind, index: usize, link: &Link| {
        let quote = Quote { place: Place::Link(index + 1), excerpt: Excerpt::new(&link.target) };
        Contact { kind, value: clean(&link.target), quote }
    };
    for (index, link) in message.links.iter().take(MOST_SEEN).enumerate() {
        if !matches!(link.scheme.as_str(), "http" | "https" | "") || link.host.is_empty() {
            continue;
        }
        if let Some((_, kind)) = MESSENGERS.iter().find(|(host, _)| is_at(&link.host, host)) {
            messengers.push(contact(*kind, index, link));
            continue;
        }
        if let Some(rank) = rank(link, context, pages) {
            candidates.push((rank, index, link));
        }
    }
    let best = candidates.iter().map(|(rank, ..)| *rank).max();
    let mut out: Vec<Contact> = Vec::new();
    for (_, index, link) in candidates.into_iter().filter(|(rank, ..)| Some(*rank) == best) {
        if out.len() >= MOST {
            break;
        }
        // One link a host: the others differ in what they track.
        let here = host(&clean(&link.target));
        if out.iter().all(|other| host(&other.value) != here) {
            out.push(contact(ContactKind::Url, index, link));
        }
    }
    out.extend(messengers);
    out
}

/// How much a link is meant to be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// To the site of the brand that is spoken for, or of any known one: mostly there to look real.
    Brand,
    /// Neither said nor hidden.
    Plain,
    /// Its text, or the words beside it, ask for it.
    Called,
}

/// Whether a host is this domain or below it. A look at the last octets first: nearly all are others.
fn is_at(host: &str, domain: &str) -> bool {
    let ends_alike = host.as_bytes().last_chunk::<4>() == domain.as_bytes().last_chunk::<4>();
    ends_alike && host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// None where it is a footer, an image, a tracker.
fn rank(link: &Link, context: &Context, pages: &[Page<'_>]) -> Option<Rank> {
    let host = link.host.as_str();
    if DECORATION.iter().any(|domain| is_at(host, domain)) {
        return None;
    }
    let path = link.target.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    if [".png", ".gif", ".jpg", ".jpeg", ".svg", ".css", ".ico", ".woff", ".woff2", ".webp", ".dtd"]
        .iter()
        .any(|end| path.ends_with(end))
    {
        return None;
    }
    let lower = link.target.to_ascii_lowercase();
    if [
        "unsubscribe",
        "unsub",
        "optout",
        "opt-out",
        "opt_out",
        "preferences",
        "privacy",
        "/listinfo",
        "/mailman",
    ]
    .iter()
    .any(|word| lower.contains(word))
    {
        return None;
    }
    let label = search(link.text.normal());
    if label.has(Cue::Footer) && !label.has(Cue::LogIn) && !label.has(Cue::Pay) {
        return None;
    }
    if context.brand_owner(host).is_some() {
        return Some(Rank::Brand);
    }
    let called = |found: &crate::demand::cue::Found| {
        found.has(Cue::Click) || found.has(Cue::LogIn) || found.has(Cue::Pay) || found.has(Cue::OpenFile)
    };
    if !link.text.is_empty() {
        let text = link.text.normal();
        let address = text.starts_with("http") || text.starts_with("www.");
        return Some(if called(&label) || address || is_button(text) { Rank::Called } else { Rank::Plain });
    }
    // A bare URL: the words on its line and the one before; where it ends the list of an unsubscribe notice, nothing.
    beside(&link.target, pages)
}

/// Words of buttons that no cue holds, because they ask for nothing by themselves.
const BUTTONS: &[&str] = &[
    "確認",
    "手続",
    "続行",
    "更新",
    "変更",
    "ログイン",
    "認証",
    "支払",
    "受け取",
    "受取",
    "申請",
    "開く",
    "詳細",
    "再開",
    "解除",
    "登録",
    "now",
    "continue",
    "verify",
    "review",
    "update",
    "confirm",
    "secure",
    "restore",
    "claim",
    "accept",
    "start",
    "get",
    "view",
    "open",
    "download",
    "sign",
    "track",
    "schedule",
    "unlock",
    "activate",
    "cancel",
    "submit",
    "proceed",
    "keep",
    "check",
    "access",
    "renew",
];

/// [`BUTTONS`] as they stand in normal text.
static BUTTON: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(BUTTONS.iter().map(|word| normalise(word))).ok());

fn is_button(text: &str) -> bool {
    text.chars().count() <= 60 && BUTTON.as_ref().is_some_and(|words| words.is_match(text))
}

fn beside(target: &str, pages: &[Page<'_>]) -> Option<Rank> {
    let mut rank = Rank::Plain;
    for page in pages {
        let lines: Vec<_> = page.lines.iter().collect();
        let Some(index) = lines.iter().position(|line| line.written.contains(target)) else { continue };
        if lines.get(index).is_some_and(|line| line.quoted) {
            return None;
        }
        // Up to three lines above, blank ones left out.
        let above = lines
            .get(..index)
            .unwrap_or_default()
            .iter()
            .rev()
            .filter(|line| !line.written.trim().is_empty())
            .take(2);
        let near: Vec<_> = above.chain(lines.get(index)).collect();
        let in_lines = |cue: Cue| {
            page.cues.all(cue).iter().any(|hit| near.iter().any(|line| line.span.contains(&hit.start)))
        };
        let own = lines.get(index).map(|line| line.span.clone()).unwrap_or_default();
        let previous =
            lines.get(..index).and_then(|all| all.iter().rev().find(|line| !line.written.trim().is_empty()));
        let footer = page.cues.all(Cue::Footer).iter().any(|hit| {
            (own.contains(&hit.start) || previous.is_some_and(|line| line.span.contains(&hit.start)))
                && !page.normal.get(hit.clone()).unwrap_or_default().contains("help")
        });
        let asks = in_lines(Cue::Click) || in_lines(Cue::LogIn) || in_lines(Cue::Pay);
        if footer && !asks {
            return None;
        }
        if asks {
            rank = Rank::Called;
        }
    }
    Some(rank)
}

fn host(target: &str) -> String {
    let rest = target.split_once("://").map_or(target, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase()
}

/// How a text names messengers.
const NAMES: &[(&str, ContactKind)] = &[
    ("line id", ContactKind::Line),
    ("lineid", ContactKind::Line),
    ("line:", ContactKind::Line),
    ("ライン id", ContactKind::Line),
    ("lineのid", ContactKind::Line),
    ("line@", ContactKind::Line),
    ("id検索", ContactKind::Line),
    ("line公式アカウント", ContactKind::Line),
    ("line公式", ContactKind::Line),
    ("公式line", ContactKind::Line),
    ("lineアカウント", ContactKind::Line),
    ("line ", ContactKind::Line),
    ("telegram", ContactKind::Telegram),
    ("テレグラム", ContactKind::Telegram),
    ("whatsapp", ContactKind::Whatsapp),
    ("whats app", ContactKind::Whatsapp),
    ("signal", ContactKind::Signal),
    ("シグナル", ContactKind::Signal),
    ("wechat", ContactKind::Other),
    ("微信", ContactKind::Other),
    ("skype", ContactKind::Other),
    ("カカオトーク", ContactKind::Other),
    ("kakaotalk", ContactKind::Other),
    ("wickr", ContactKind::Other),
    ("icq", ContactKind::Other),
    ("session id", ContactKind::Other),
    ("tox id", ContactKind::Other),
    ("jabber", ContactKind::Other),
];

/// Any of [`NAMES`], in large or small letters.
static NAMED: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder().ascii_case_insensitive(true).build(NAMES.iter().map(|(name, _)| name)).ok()
});

/// Accounts of messengers that are only named: `LINE ID：abc`, `Telegram: @abc`, `WhatsApp +44 …`.
pub(super) fn accounts(page: &Page<'_>) -> Vec<Contact> {
    let mut out: Vec<Contact> = Vec::new();
    for line in page.own_lines() {
        let text = line.clean();
        if !NAMED.as_ref().is_some_and(|names| names.is_match(text)) {
            continue;
        }
        let lower = text.to_lowercase();
        if lower.len() != text.len() {
            continue;
        }
        let mut here: Vec<ContactKind> = Vec::new();
        for (name, kind) in NAMES {
            // The longer names stand before those that they begin with.
            if here.contains(kind) {
                continue;
            }
            let Some(at) = lower.find(name) else { continue };
            let glued = text.get(..at).is_some_and(|head| {
                head.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '@'))
            });
            if glued {
                continue;
            }
            let behind = text.get(at + name.len()..).unwrap_or_default();
            // `シグナルで行います。ID：hayashi.77`
            let further = || {
                let head = behind.get(..behind.floor_char_boundary(60)).unwrap_or(behind);
                let at = head.find("ID").or_else(|| head.find("id:")).or_else(|| {
                    let at = head.find('@')?;
                    // Not that of a mail address.
                    let mail = head.get(..at)?.ends_with(|c: char| c.is_ascii_alphanumeric());
                    (!mail).then_some(at)
                })?;
                let skip = if head.get(at..).is_some_and(|rest| rest.starts_with('@')) { 0 } else { 2 };
                account(behind.get(at + skip..)?, *kind)
            };
            if let Some(value) = account(behind, *kind).or_else(further)
                && out.iter().all(|other| other.value != value)
            {
                out.push(Contact { kind: *kind, value, quote: page.quote_of(text) });
                here.push(*kind);
            }
        }
    }
    out
}

/// The account that stands behind the name of its messenger, over a few signs and words.
fn account(behind: &str, kind: ContactKind) -> Option<String> {
    let mut rest = behind.trim_start_matches([' ', ':', '=', '(', '「', '【', '→', '-', '・', '『']);
    for word in [
        "account",
        "handle",
        "username",
        "user",
        "number",
        "id",
        "ID",
        "アカウント",
        "番号",
        "no.",
        "at",
        "us",
        "me",
        "on",
        "is",
        "は",
        "検索",
        "の",
    ] {
        if let Some(after) = rest.strip_prefix(word)
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            rest = after.trim_start_matches([' ', ':', '=', '(', '「', '【', '→', '-', '『', '#']);
        }
    }
    if kind == ContactKind::Whatsapp || (kind == ContactKind::Signal && rest.starts_with('+')) {
        let number: String = rest
            .chars()
            .take_while(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.'))
            .collect();
        let number = number.trim_end_matches([' ', '-', '.', '(', ')']);
        return (number.chars().filter(char::is_ascii_digit).count() >= 8).then(|| number.to_owned());
    }
    let name: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '~'))
        .take(64)
        .collect();
    let name = name.trim_end_matches(['.', '-']);
    if name.starts_with("http") || name.starts_with("www") {
        return None;
    }
    let handle = name.starts_with('@') && name.len() > 3;
    let sign = name.len() >= 4
        && (name.contains('_') || name.contains(|c: char| c.is_ascii_digit()))
        && name.contains(|c: char| c.is_ascii_alphabetic());
    let closed = behind.trim_start().starts_with([':', '=', '「', '【', '(']) && name.len() >= 4;
    (handle || sign || closed).then(|| name.to_owned())
}
