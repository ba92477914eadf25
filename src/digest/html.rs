//! The digest as a page: one file, no script, no link, nothing from elsewhere.

use super::day::Day;
use super::inert::inert;
use super::words;
use crate::document::Language;

/// The page. A pure function of the day.
pub fn html(day: &Day, lang: Language) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head><body><h1>{}</h1></body></html>\n",
        lang.code(),
        escaped(&super::subject(day, lang)),
        escaped(&words::headline(day, lang)),
    )
}

/// As text of an element or of a quoted attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in inert(text).chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(ch),
        }
    }
    out
}
