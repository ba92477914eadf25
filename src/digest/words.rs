//! Words of the digest, in both languages.

use super::day::{Day, Item, OfCategory};
use crate::case::words::category_word;
use crate::document::Language;

/// One line: how many of what.
pub(super) fn headline(day: &Day, lang: Language) -> String {
    let kinds: Vec<String> = day.hits.by_category.iter().map(|one| counted(*one, lang)).collect();
    let kinds =
        if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(lang.pick("・", ", "))) };
    match lang {
        Language::Ja => format!("隔離・脅威 {} 件{kinds} / 検査 {} 通", day.threats, day.scanned),
        Language::En => format!("{} threats{kinds} / {} judged", day.threats, day.scanned),
    }
}

fn counted(one: OfCategory, lang: Language) -> String {
    format!("{} {}", category_word(one.category, lang), one.count)
}

/// From when to when.
pub(super) fn period(day: &Day, lang: Language) -> String {
    match lang {
        Language::Ja => format!("{} から {} まで（{}）", day.period.start, day.period.end, day.timezone),
        Language::En => format!("from {} to {} ({})", day.period.start, day.period.end, day.timezone),
    }
}

/// Who seems to have written.
pub(super) fn who(item: &Item, lang: Language) -> String {
    let none = lang.pick("（不明）", "(unknown)");
    let name = item.from_display.as_ref().map_or(none, |name| name.as_str());
    let address = item.from_addr.as_ref().map_or(none, |address| address.as_str());
    format!("{name} <{address}>")
}
