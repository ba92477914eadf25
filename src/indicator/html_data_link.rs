//! A link that is itself a page or a program.
//!
//! # Detects
//!
//! A link or form whose address is a `data:` document, or a `javascript:` or `vbscript:` program that does
//! something.
//!
//! # Why it matters
//!
//! The link holds a forged page or a program in itself. Do not open it.
//!
//! # False positives
//!
//! `javascript:void(0)` in sloppy newsletters; left out.
//!
//! # References
//!
//! - RFC 2397
//! - SpamAssassin: T_DATA_URI_PHISH
//! - Sublime rules: data: and javascript: links

use crate::message::{Excerpt, Link, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "html-data-link",
    title: Bilingual {
        ja: "ページやプログラムそのもののリンク",
        en: "a link that is itself a page or a program",
    },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(330),
    hard: false,
    basis: Basis::Prior("browsers have blocked such links since 2017; honest senders have none"),
    why: Bilingual {
        ja: "リンク自体に偽ページやプログラムが埋め込まれています。開かないでください。",
        en: "The link holds a forged page or a program in itself. Do not open it.",
    },
    genuine: Bilingual {
        ja: "正規のメールのリンクは、事業者のサイトのアドレスです。",
        en: "Links in a genuine mail are addresses of the sender's site.",
    },
    false_positives: Bilingual {
        ja: "作りの粗いニュースレターの「javascript:void(0)」（除いている）。",
        en: "`javascript:void(0)` in sloppy newsletters; left out.",
    },
    references: &["RFC 2397", "SpamAssassin: T_DATA_URI_PHISH", "Sublime rules: data: and javascript: links"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let (index, link) = observables.message.links.iter().enumerate().find(|(_, link)| acts(link))?;
    Some(Observation { place: Place::Link(index + 1), excerpt: Excerpt::new(&link.target) })
}

fn acts(link: &Link) -> bool {
    let (_, rest) = link.target.split_once(':').unwrap_or_default();
    let rest = rest.trim_start().to_ascii_lowercase();
    match link.scheme.as_str() {
        "vbscript" => true,
        // What does nothing, and what any web page has.
        "javascript" => {
            let nothing =
                ["", ";", "//", "#", "void", "window.print", "window.close", "history.", "print", "return"];
            !nothing.iter().any(|word| if word.len() < 3 { rest == *word } else { rest.starts_with(word) })
        }
        "data" => ["text/html", "text/plain", "image/svg", "application/", "text/javascript", ",", ";base64"]
            .iter()
            .any(|kind| rest.starts_with(kind)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn html(body: &str) -> String {
        testing::raw("From: News <news@shop.example>\r\nContent-Type: text/html; charset=utf-8\r\n", body)
    }

    #[test]
    fn fires_on_pages_and_programs_in_links() {
        for target in [
            "data:text/html;base64,PGgxPg==",
            "javascript:location='https://login.test/'",
            " Data:text/html,x",
            "vbscript:x",
        ] {
            let body = format!("<a href=\"{target}\">Open</a>");
            assert!(testing::fires_raw(&INDICATOR, &html(&body)), "{target}");
        }
        for target in
            ["javascript:void(0)", "javascript:;", "javascript:window.print()", "https://data.example/", "#"]
        {
            let body = format!("<a href=\"{target}\">Open</a><img src='data:image/png;base64,AAAA'>");
            assert!(!testing::fires_raw(&INDICATOR, &html(&body)), "{target}");
        }
    }
}
