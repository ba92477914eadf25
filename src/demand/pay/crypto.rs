//! Crypto-currency addresses: whole words, words with signs pushed in, in pieces, and written backwards.

use std::borrow::Cow;

use crate::demand::PayTo;
use crate::demand::cue::Cue;
use crate::demand::page::{Page, is_invisible};
use crate::indicator::wallet::{self, LONGEST, SHORTEST};

use super::{PayKind, found};

/// Words looked at in one text.
const MOST_WORDS: usize = 4_000;
/// Pieces that one address may have been cut into.
const MOST_PIECES: usize = LONGEST;

pub(super) fn crypto(page: &Page<'_>) -> Vec<PayTo> {
    let mut out = Vec::new();
    let told = page.cues.has(Cue::Crypto);
    let mut push = |address: String, words: &str| {
        out.push(found(PayKind::Crypto, address, false, page.quote_of(words)));
    };
    for line in page.own_lines() {
        if !holds_long_word(line.written) {
            continue;
        }
        let visible = visible(line.written);
        for word in words(&visible).filter(|word| word.len() >= SHORTEST).take(MOST_WORDS) {
            if let Some(address) = address(word, told) {
                push(address, word);
            }
        }
    }
    if told && out.is_empty() {
        if let Some((address, words)) = pieces(page) {
            out.push(found(PayKind::Crypto, address, false, page.quote_of(&words)));
        } else if let Some(word) = mistyped(page) {
            out.push(found(PayKind::Crypto, word.clone(), false, page.quote_of(&word)));
        } else if let Some(span) = named(page) {
            out.push(found(PayKind::Crypto, page.written(span.clone()), true, page.quote(span)));
        }
    }
    out
}

/// A line without what nobody sees.
fn visible(line: &str) -> Cow<'_, str> {
    if line.is_ascii() {
        Cow::Borrowed(line)
    } else {
        Cow::Owned(line.chars().filter(|c| !is_invisible(*c)).collect())
    }
}

/// Whether a line may hold a word as long as an address. What nobody sees may stand within one; none of it is
/// ASCII or kanji, of which the first octet is one of these.
fn holds_long_word(line: &str) -> bool {
    let mut long = 0;
    line.bytes().any(|octet| {
        if octet.is_ascii_alphanumeric() || octet == b':' {
            long += 1;
        } else if octet.is_ascii() || (0xE4..=0xE9).contains(&octet) {
            long = 0;
        }
        long >= SHORTEST
    })
}

/// The address that a word is, read forwards or backwards.
fn address(word: &str, told: bool) -> Option<String> {
    let word = word.trim_matches(':');
    let bare = word.rsplit_once(':').map_or(word, |(_, rest)| rest);
    if wallet::currency(bare).is_some() || (told && wallet::currency_by_form(bare).is_some()) {
        return Some(bare.to_owned());
    }
    let backwards: String = bare.chars().rev().collect();
    (told && wallet::currency(&backwards).is_some()).then_some(backwards)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == ':'))
}

/// An address cut into pieces by spaces, hyphens or line ends. Only where the text speaks of crypto-currency, and only from
/// a piece with which an address can begin.
fn pieces(page: &Page<'_>) -> Option<(String, String)> {
    let mut text = String::with_capacity(page.own_lines().map(|line| line.written.len() + 1).sum());
    for line in page.own_lines() {
        text.push_str(&visible(line.written));
        text.push('\n');
    }
    let words: Vec<&str> = text
        .split(|c: char| {
            c.is_whitespace()
                || matches!(c, '-' | '_' | '.' | '|' | '/' | '*' | '+' | ',' | '[' | ']' | '(' | ')')
        })
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .collect();
    for (start, first) in words.iter().enumerate() {
        if first.len() >= LONGEST || !begins(first) || !first.bytes().all(|b| b.is_ascii_alphanumeric()) {
            continue;
        }
        let mut joined = String::new();
        for (count, word) in words.get(start..)?.iter().take(MOST_PIECES).enumerate() {
            if !word.bytes().all(|b| b.is_ascii_alphanumeric()) || joined.len() + word.len() > LONGEST {
                break;
            }
            joined.push_str(word);
            if count > 0 && joined.len() >= SHORTEST && wallet::currency(&joined).is_some() {
                let words = words.get(start..=start + count)?.join(" ");
                return Some((joined, words));
            }
        }
    }
    None
}

/// Whether an address can begin with this piece.
fn begins(piece: &str) -> bool {
    piece.starts_with(['1', '3', 'b', '0', 'L', 'M', 'T', 'D', '4', '8', 'r', 'q'])
        || piece.starts_with("ltc1")
}

/// What is given as an address, although its checksum is wrong.
fn mistyped(page: &Page<'_>) -> Option<String> {
    page.own_lines().find_map(|line| {
        let visible = visible(line.written);
        words(&visible)
            .map(|word| word.rsplit_once(':').map_or(word, |(_, rest)| rest))
            .find(|word| wallet::looks_like_bitcoin(word))
            .map(str::to_owned)
    })
}

/// Where only the currency is named, beside a verb of paying.
fn named(page: &Page<'_>) -> Option<std::ops::Range<usize>> {
    page.cues
        .all(Cue::Crypto)
        .iter()
        .find(|span| {
            let coin = page.normal.get((*span).clone()).unwrap_or_default();
            let is_coin = !["wallet", "blockchain", "crypto", "wallet address", "eth", "trc20", "erc20"]
                .contains(&coin);
            // `350 usdt` is an amount.
            let counted = page
                .normal
                .get(..span.start)
                .is_some_and(|head| head.trim_end().ends_with(|c: char| c.is_ascii_digit()));
            is_coin && !counted && page.cues.distance(Cue::Pay, span).is_some_and(|distance| distance <= 40)
        })
        .cloned()
}
