//! A PDF that carries nothing but a link.
//!
//! # Detects
//!
//! A message of a few words and a small PDF, all of whose links lead to one other organisation than the sender's,
//! while the message itself has no link.
//!
//! # Why it matters
//!
//! The link to the false site stands in the PDF, not in the mail, to escape its checks.
//!
//! # False positives
//!
//! Leaflets and slides that people pass on with a word or two.
//!
//! # References
//!
//! - MITRE ATT&CK T1566.001
//! - Council of Anti-Phishing Japan, monthly reports

use std::collections::BTreeSet;

use crate::message::{Attachment, Kind};

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation,
    observables::organisation,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "pdf-link-only",
    title: Bilingual { ja: "リンクだけを運ぶ PDF", en: "a PDF that carries nothing but a link" },
    category: Some(Category::Phishing),
    family: Family::Attachment,
    weight: Hundredths(140),
    hard: false,
    basis: Basis::Prior("people pass on leaflets in the same way; only a nudge"),
    why: Bilingual {
        ja: "検査を避けるため、偽サイトへのリンクを本文ではなく PDF に入れています。",
        en: "The link to the false site stands in the PDF, not in the mail, to escape its checks.",
    },
    genuine: Bilingual {
        ja: "本物の通知は、要件を本文に書き、公式サイトで確かめられます。",
        en: "A genuine notice says in the mail what it is about, and can be checked on the company's own site.",
    },
    false_positives: Bilingual {
        ja: "複合機や個人が送る、リンクを含む資料。",
        en: "Leaflets and slides that people pass on with a word or two.",
    },
    references: &["MITRE ATT&CK T1566.001", "Council of Anti-Phishing Japan, monthly reports"],
    check,
};

/// Octets of normalised text: about sixty kana or thirty English words.
const FEW_WORDS: usize = 180;
/// Octets of the PDF: a lure is a page or two.
const SMALL: usize = 400 * 1024;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let words: usize = observables.visible().skip(1).map(|(_, text)| text.normal().len()).sum();
    if words > FEW_WORDS || observables.author_is_authenticated() {
        return None;
    }
    let message = observables.message;
    let carried = |target: &str| {
        message.attachments.iter().any(|file| file.targets.iter().any(|known| known == target))
    };
    if message.links.iter().any(|link| link.scheme.starts_with("http") && !carried(&link.target)) {
        return None;
    }
    observables.attached(|file| lures(file, observables))
}

fn lures(file: &Attachment, observables: &Observables<'_>) -> bool {
    if file.kind != Kind::Pdf || file.size > SMALL || file.targets.is_empty() {
        return false;
    }
    let links = observables.message.links.iter().filter(|link| file.targets.contains(&link.target));
    let domains: BTreeSet<&str> =
        links.filter(|link| link.scheme.starts_with("http")).map(|link| link.domain.as_str()).collect();
    let own = observables.author().map_or("", |author| organisation(&author.domain));
    domains.len() == 1 && !domains.contains(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::indicator::testing;

    fn mail(words: &str, link: &str) -> String {
        format!(
            "From: a@shop.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n\
             %PDF-1.4\n1 0 obj << /S /URI /URI ({link}) >> endobj\n%%EOF\r\n--b--\r\n"
        )
    }

    #[test]
    fn a_bare_link_in_a_pdf_fires_and_the_senders_own_or_a_real_letter_does_not() {
        assert!(testing::fires_raw(&INDICATOR, &mail("請求書をご確認ください。", "https://evil.example/x")));
        assert!(!testing::fires_raw(&INDICATOR, &mail("Please see attached.", "https://www.shop.example/x")));
        assert!(!testing::fires_raw(
            &INDICATOR,
            &mail(&"A letter says what it is about. ".repeat(10), "https://evil.example/x")
        ));
        assert!(!testing::fires_raw(
            &INDICATOR,
            &mail("See https://www.shop.example/ too", "https://evil.example/x")
        ));
    }
}
