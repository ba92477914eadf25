//! A file name turned round.
//!
//! # Detects
//!
//! A file name, also in an archive, with the sign that turns the direction of writing (U+202E) and after it,
//! reversed, the extension of a document.
//!
//! # Why it matters
//!
//! A sign that turns the direction of writing makes a program look like a document.
//!
//! # False positives
//!
//! None known: right-to-left languages need no override in a name.
//!
//! # References
//!
//! - MITRE ATT&CK T1036.002
//! - Unicode TR 36 §3.3

use crate::message::{Attachment, Kind};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "rtlo-name",
    title: Bilingual { ja: "文字の向きを反転したファイル名", en: "a file name turned round" },
    category: Some(Category::Malware),
    family: Family::Attachment,
    weight: Hundredths(600),
    hard: true,
    basis: Basis::Prior("the name is made to be read wrongly, which no honest sender does"),
    why: Bilingual {
        ja: "文字の向きを変える記号で、実行ファイルを文書のように見せています。",
        en: "A sign that turns the direction of writing makes a program look like a document.",
    },
    genuine: Bilingual {
        ja: "この記号をファイル名に入れる正当な理由はありません。",
        en: "There is no honest reason for this sign in a file name.",
    },
    false_positives: Bilingual {
        ja: "知られていない。",
        en: "None known: right-to-left languages need no override in a name.",
    },
    references: &["MITRE ATT&CK T1036.002", "Unicode TR 36 §3.3"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.attached(|file: &Attachment| {
        turned(file.name.original()) || file.members.iter().any(|member| turned(member))
    })
}

/// What is shown at the end of the name is the reversed beginning of what follows the sign.
fn turned(name: &str) -> bool {
    let Some((_, after)) = name.split_once('\u{202e}') else { return false };
    (3..=5).any(|long| {
        let begin: Vec<char> = after.chars().take(long).collect();
        let shown: String = begin.into_iter().rev().collect();
        Kind::promised(&format!("x.{shown}")).is_document()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_read_wrongly_fire() {
        for name in
            ["請求書_\u{202e}fdp.exe", "invoice\u{202e}xcod.scr", "photo\u{202e}gpj.js", "a\u{202e}fdp.zip"]
        {
            assert!(turned(name), "{name}");
        }
        for name in ["invoice.pdf", "תמונה\u{200f}.jpg", "تقرير.pdf", "a\u{202e}"] {
            assert!(!turned(name), "{name}");
        }
    }
}
