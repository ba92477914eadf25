//! How a text introduces itself, in Japanese and English.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::organisation::{ORGANISATIONS, STRONG, Words, ends_strongly, has_any};
use crate::demand::page::Page;
use crate::indicator::Context;
use crate::message::normalise;

/// Lines looked at from the top.
const TOP: usize = 12;

/// How a text introduces itself.
pub(super) fn introductions(page: &Page<'_>, context: &Context) -> Vec<(u8, String, String)> {
    let mut out = Vec::new();
    for line in page.own_lines().filter(|line| !line.written.trim().is_empty()).take(TOP) {
        let text = line.clean();
        if let Some(value) = japanese_introduction(text, context) {
            let organisation = ORGANISATIONS.iter().any(|end| value.ends_with(end) || value.starts_with(end));
            let weight = match (ends_strongly(&value), organisation) {
                (true, _) => 65,
                (false, true) => 62,
                (false, false) => 46,
            };
            out.push((weight, value, text.to_owned()));
        }
        if let Some((weight, value)) = english_introduction(text) {
            out.push((weight, value, text.to_owned()));
        }
    }
    out
}

/// `〇〇でございます`, `〇〇の田中と申します`, `こちらは〇〇です`, `〇〇をご利用いただき`.
fn japanese_introduction(text: &str, context: &Context) -> Option<String> {
    const ENDS: &[&str] = &[
        "でございます",
        "と申します",
        "より重要なお知らせ",
        "よりお知らせ",
        "よりご連絡",
        "からのお知らせ",
        "からお知らせ",
        "からのご案内",
        "からの重要",
        "をご利用いただき",
        "をご利用頂き",
        "をご利用のお客様",
        "のご利用ありがとう",
        "をご愛顧",
        "です。",
        "です",
    ];
    static WORDS: Words = LazyLock::new(|| AhoCorasick::new(ENDS).ok());
    if !has_any(text, &WORDS) {
        return None;
    }
    for end in ENDS {
        let Some(at) = text.find(end) else { continue };
        let head = text.get(..at)?;
        let head = head.rsplit(['。', '、', '！', '!', '　', ',']).next()?.trim();
        let head = strip_greeting(head);
        let plain = matches!(*end, "です。" | "です");
        if head.chars().count() < 2 || head.chars().count() > 32 {
            continue;
        }
        // `…です` is said of anything; only an organisation or 私は makes it an introduction.
        let own = head.strip_prefix("私は").or_else(|| head.strip_prefix("こちらは")).unwrap_or(head);
        if plain {
            let named = STRONG.iter().any(|strong| own.ends_with(strong))
                || context.brand_named(&normalise(own)).is_some_and(|_| own.chars().count() < 16);
            let introduced = own.len() < head.len();
            let organisation = ORGANISATIONS.iter().find_map(|end| {
                own.split_once(end)
                    .filter(|(_, rest)| rest.starts_with('の') || rest.starts_with(' '))
                    .map(|(name, _)| format!("{name}{end}"))
            });
            if let Some(organisation) = organisation {
                return Some(organisation);
            }
            if named || introduced {
                return Some(own.rsplit('の').next().filter(|_| introduced).unwrap_or(own).to_owned());
            }
            continue;
        }
        let own = own.rsplit_once("いつも").map_or(own, |(_, rest)| rest);
        let own = own.rsplit_once("平素より").map_or(own, |(_, rest)| rest);
        let own = own.rsplit_once("この度は").map_or(own, |(_, rest)| rest);
        if *end == "と申します" || *end == "でございます" {
            if let Some((organisation, _)) =
                own.split_once('の').filter(|(head, _)| ORGANISATIONS.iter().any(|end| head.contains(end)))
            {
                return Some(organisation.to_owned());
            }
            let organisation = own
                .split(' ')
                .find(|word| STRONG.iter().any(|strong| word.starts_with(strong) || word.ends_with(strong)));
            return Some(organisation.unwrap_or(own).to_owned());
        }
        if own.contains(['は', 'を']) {
            continue;
        }
        return Some(own.to_owned());
    }
    None
}

fn strip_greeting(head: &str) -> &str {
    let mut head = head;
    for greeting in [
        "いつもお世話になっております",
        "お世話になっております",
        "お世話になります",
        "お疲れ様です",
        "はじめまして",
        "突然のご連絡失礼いたします",
        "いつも",
        "平素より",
        "平素は",
        "こんにちは",
        "初めまして",
        "拝啓",
    ] {
        head = head.strip_prefix(greeting).unwrap_or(head);
    }
    head.trim_matches([' ', '。', '、', ',', '　'])
}

/// Words with which people introduce themselves in English, and what they weigh.
const LEADS: &[(&str, u8)] = &[
    ("This is the ", 64),
    ("this is the ", 64),
    ("We are the ", 64),
    ("We are ", 56),
    ("I am writing on behalf of ", 62),
    ("writing on behalf of ", 62),
    ("on behalf of ", 50),
    ("My name is ", 58),
    ("my name is ", 58),
    ("I am ", 48),
    ("I'm ", 48),
    ("This is ", 48),
    ("this is ", 48),
];

/// `I am Barrister James Cole, …`, `This is the Internal Revenue Service.`, `We are the Fancy Collective.`
fn english_introduction(text: &str) -> Option<(u8, String)> {
    static WORDS: Words = LazyLock::new(|| AhoCorasick::new(LEADS.iter().map(|(lead, _)| lead)).ok());
    let leads = if has_any(text, &WORDS) { LEADS } else { &[] };
    for (lead, weight) in leads.iter().copied() {
        for (at, _) in text.match_indices(lead).take(4) {
            let behind = text.get(at + lead.len()..)?;
            let (name, rest) = capitalised(behind);
            if name.is_empty() {
                continue;
            }
            // `this is Emma from Global Hire`, `I'm Ann with the Fraud Department of X`.
            for join in [
                " from the ",
                " from ",
                " of the ",
                " at ",
                " with the ",
                " with ",
                ", from ",
                " here from ",
                ", the CEO of ",
            ] {
                if let Some(after) = rest.strip_prefix(join) {
                    let (organisation, _) = capitalised(after);
                    if organisation.len() > 3 && !is_country(&organisation) {
                        return Some((weight + 2, organisation));
                    }
                }
            }
            if is_common(&name) {
                continue;
            }
            return Some((weight, name));
        }
    }
    // `The Ethereum Foundation is giving back!`
    let (name, rest) = capitalised(text.strip_prefix("The ")?);
    let organisation = [
        "Foundation",
        "Team",
        "Department",
        "Bank",
        "Agency",
        "Office",
        "Service",
        "Court",
        "Group",
        "Police",
        "Board",
        "Authority",
    ];
    let speaks = [" is ", " has ", " are ", " have "].iter().any(|verb| rest.starts_with(verb));
    (speaks && organisation.iter().any(|end| name.ends_with(end))).then_some((50, name))
}

/// Words in capitals that follow each other, with the small words of names in between.
fn capitalised(text: &str) -> (String, &str) {
    let mut end = 0;
    let mut kept = 0;
    for (words, word) in text.split_inclusive(' ').enumerate() {
        let bare = word.trim_end();
        let capital = bare.starts_with(|c: char| c.is_uppercase())
            || (words > 0 && bare.starts_with(|c: char| c.is_ascii_digit()));
        let joining = words > 0
            && matches!(
                bare,
                "of" | "the" | "and" | "de" | "van" | "von" | "for" | "&" | "del" | "bin" | "al"
            );
        if !(capital || joining) || words >= 8 {
            break;
        }
        end += word.len();
        if capital {
            kept = end;
        }
        let abbreviation = bare.ends_with('.') && bare.chars().count() <= 5;
        if bare.ends_with([',', '!', '?', ';', ':']) || (bare.ends_with('.') && !abbreviation) {
            break;
        }
    }
    let name = text.get(..kept).unwrap_or_default();
    let trimmed = name.trim_end_matches([' ', ',', '!', '?', ';', ':', '.']);
    (trimmed.to_owned(), text.get(trimmed.len()..).unwrap_or_default())
}

fn is_common(name: &str) -> bool {
    let first = name.split(' ').next().unwrap_or_default();
    [
        "I", "Your", "The", "A", "An", "To", "Not", "Our", "Please", "In", "Hello", "Dear", "If", "It",
        "Urgent", "FYI", "Now",
    ]
    .contains(&first)
        || name.chars().count() < 3
}

fn is_country(name: &str) -> bool {
    [
        "United States",
        "USA",
        "UK",
        "Nigeria",
        "Ghana",
        "Syria",
        "London",
        "America",
        "Germany",
        "Canada",
        "Japan",
    ]
    .contains(&name)
}
