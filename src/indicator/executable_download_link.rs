//! A link to a program.
//!
//! # Detects
//!
//! A foreign link whose path ends like a program, an installer or a script.
//!
//! # Why it matters
//!
//! The link leads to a file that runs when it is opened.
//!
//! # False positives
//!
//! Release announcements with links to a mirror.
//!
//! # References
//!
//! - peers' families W and P

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "executable-download-link",
    title: Bilingual { ja: "プログラムのダウンロードリンク", en: "a link to a program" },
    category: Some(Category::Malware),
    family: Family::Attachment,
    weight: Hundredths(190),
    hard: false,
    basis: Basis::Prior(
        "makers of software link to their own site; mail from elsewhere seldom brings a program",
    ),
    why: Bilingual {
        ja: "リンク先は、開くとプログラムが実行されるファイルです。",
        en: "The link leads to a file that runs when it is opened.",
    },
    genuine: Bilingual {
        ja: "本物の書類は、開くだけで実行されるファイルではありません。",
        en: "Genuine papers are not files that run.",
    },
    false_positives: Bilingual {
        ja: "ミラーへのリンクがある公開のお知らせ。",
        en: "Release announcements with links to a mirror.",
    },
    references: &["peers' families W and P"],
    check,
};

/// Endings of files that run on a double click.
const PROGRAMS: &[&str] = &[
    ".exe",
    ".scr",
    ".msi",
    ".msix",
    ".vbs",
    ".vbe",
    ".jse",
    ".wsf",
    ".hta",
    ".bat",
    ".cmd",
    ".ps1",
    ".lnk",
    ".xll",
    ".cpl",
    ".pif",
    ".apk",
    ".appinstaller",
    ".chm",
];

fn is_program(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    PROGRAMS.iter().any(|end| path.ends_with(end))
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables.few_foreign_links().find(|destination| is_program(destination.path()))?;
    Some(Observation { place: observables.link_place(found.link - 1), excerpt: Excerpt::new(&found.host) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/executable-download-link_invoice_en.eml");
        let benign = include_str!("../../tests/corpus/benign/executable-download-link_source_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
