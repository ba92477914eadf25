//! Who signs a text.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::organisation::{Words, has_any, is_strong};
use crate::demand::page::{Line, Page};
use crate::indicator::Context;
use crate::message::normalise;

/// Lines looked at from the end.
const END: usize = 24;

/// Lines near the end, or alone at the top, that are the name of an organisation.
pub(super) fn signatures(page: &Page<'_>, context: &Context) -> Vec<(u8, String, String)> {
    let lines: Vec<&str> = page.own_lines().map(Line::clean).filter(|line| !line.is_empty()).collect();
    let total = lines.len();
    let mut out = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if index >= 4 && index + END < total {
            continue;
        }
        let bare = line.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '）' | '.'));
        let bare = bare.trim_matches(['ー', '一']);
        if let Some(value) = japanese_signature(bare) {
            // What signs says more than what opens; the last half of a letter is its end.
            let weight = if index * 2 >= total { 52 } else { 50 };
            out.push((weight, value, (*line).to_owned()));
        } else if let Some(value) = english_signature(bare, index * 2 >= total, context) {
            out.push((46, value, (*line).to_owned()));
        }
    }
    out
}

fn japanese_signature(line: &str) -> Option<String> {
    /// Addressed to somebody, a sentence, a heading.
    static SAID: Words = LazyLock::new(|| {
        AhoCorasick::new([
            "様",
            "御中",
            "各位",
            "ください",
            "ます",
            "です",
            "について",
            "お知らせ",
            "通知書",
            "ご案内",
            "まで",
            "場合",
            "から",
            "への",
            "に関する",
        ])
        .ok()
    });
    let long = line.chars().count();
    if line.is_ascii()
        || !(4..=40).contains(&long)
        || line.contains(['。', '、', '!', '?', '※'])
        || line.contains("http")
    {
        return None;
    }
    // A name without a word for what it is says too little.
    if !is_strong(line) || has_any(line, &SAID) {
        return None;
    }
    let sentence = line.contains(['を', 'が'])
        || line.contains("され")
        || line.starts_with(|c: char| c.is_ascii_digit());
    if sentence {
        return None;
    }
    let value = line.split([':', '：', '】']).next_back()?.trim();
    let value = value
        .strip_prefix("通知人")
        .or_else(|| value.strip_prefix("発信者"))
        .or_else(|| value.strip_prefix("発行者"))
        .or_else(|| value.strip_prefix("差出人"))
        .unwrap_or(value)
        .trim();
    // A bank to be paid into signs nothing.
    if ["口座", "普通", "当座", "支店", "番号", "電話", "tel", "〒"]
        .iter()
        .any(|word| value.to_lowercase().contains(word))
    {
        return None;
    }
    let strong = is_strong(value);
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (strong && digits < 4).then(|| value.to_owned())
}

/// `Harbor Supplies Ltd`, `Norton Billing Team`, `Cash Advance Recovery Dept.`
fn english_signature(line: &str, end: bool, context: &Context) -> Option<String> {
    const ENDS: &[&str] = &[
        "ltd",
        "ltd.",
        "llc",
        "inc",
        "inc.",
        "gmbh",
        "corp",
        "corp.",
        "corporation",
        "company",
        "bank",
        "team",
        "department",
        "dept",
        "dept.",
        "agency",
        "service",
        "services",
        "office",
        "court",
        "police",
        "foundation",
        "group",
        "university",
        "association",
        "bureau",
        "board",
        "authority",
        "committee",
        "council",
        "ministry",
        "commission",
        "support",
        "center",
        "centre",
        "partners",
        "associates",
        "solicitors",
        "attorneys",
        "plc",
        "division",
    ];
    if !end || !line.is_ascii() || line.len() > 50 || line.contains(['@', '/', ':', '!', '?', '$']) {
        return None;
    }
    let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
    let last = words.last()?.to_ascii_lowercase();
    let capitals = words.iter().filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase())).count();
    let named =
        ENDS.contains(&last.as_str()) && (2..=7).contains(&words.len()) && capitals + 1 >= words.len();
    let brand =
        words.len() <= 5 && capitals + 1 >= words.len() && context.brand_named(&normalise(line)).is_some();
    (named || brand).then(|| line.to_owned())
}
