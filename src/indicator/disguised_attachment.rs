//! A file that is not what its name says.
//!
//! # Detects
//!
//! A file whose name promises a document or picture and whose octets are a page, a script, an archive, a shortcut
//! or a disk image.
//!
//! # Why it matters
//!
//! The name says document or picture, the content is something else, to deceive checks and people.
//!
//! # False positives
//!
//! Systems that write tables of HTML as .xls are left out; a system's error page saved as .pdf is not.
//!
//! # References
//!
//! - MITRE ATT&CK T1036.008

use crate::message::{Attachment, Kind, extension};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "disguised-attachment",
    title: Bilingual {
        ja: "名前と中身が違う添付ファイル", en: "a file that is not what its name says"
    },
    category: Some(Category::Malware),
    family: Family::Attachment,
    weight: Hundredths(260),
    hard: false,
    basis: Basis::Prior(
        "systems with faults attach error pages under a document's name; needs a second witness",
    ),
    why: Bilingual {
        ja: "名前は文書や画像でも、中身は別の種類です。検査や人の目をごまかす細工です。",
        en: "The name says document or picture, the content is something else, to deceive checks and people.",
    },
    genuine: Bilingual {
        ja: "本物のファイルは、名前と中身が合っています。",
        en: "Genuine files are what their names say.",
    },
    false_positives: Bilingual {
        ja: "HTML を .xls の名前で書き出す業務システムや、壊れた配信は除いてある。",
        en: "Systems that write tables of HTML as .xls are left out; a system's error page saved as .pdf is not.",
    },
    references: &["MITRE ATT&CK T1036.008"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.attached(lies)
}

fn lies(attachment: &Attachment) -> bool {
    let name = attachment.name.original();
    let promised = Kind::promised(name);
    let is = attachment.kind;
    if !promised.is_document() || promised == Kind::Text {
        return false;
    }
    match is {
        Kind::Script | Kind::Hta | Kind::Shortcut | Kind::UrlFile | Kind::DiskImage => true,
        // Office itself opens pages under its own names, and business systems write them.
        Kind::Html | Kind::Svg => !matches!(promised, Kind::Ole | Kind::Ooxml | Kind::Rtf),
        Kind::Rtf => !matches!(extension(name).as_str(), "doc" | "rtf" | "dot" | "wri"),
        Kind::Zip => !matches!(promised, Kind::Ooxml | Kind::OpenDocument),
        kind => kind.is_archive() || kind.is_program(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, kind: Kind) -> Attachment {
        Attachment { name: crate::message::Text::new(name), kind, ..Attachment::default() }
    }

    #[test]
    fn names_that_lie_fire() {
        for (name, kind) in [
            ("請求書.pdf", Kind::Html),
            ("scan.jpg", Kind::Zip),
            ("order.xlsx", Kind::Rtf),
            ("order.docx", Kind::Rar),
            ("a.pdf", Kind::DiskImage),
        ] {
            assert!(lies(&file(name, kind)), "{name}");
        }
    }

    #[test]
    fn common_practice_is_silent() {
        for (name, kind) in [
            ("売上.xls", Kind::Html),
            ("letter.doc", Kind::Rtf),
            ("letter.docx", Kind::Ooxml),
            ("secret.xlsx", Kind::Ole),
            ("photo.jpg", Kind::Png),
            ("notes.txt", Kind::Html),
            ("a.zip", Kind::Html),
            ("report.pdf", Kind::Unknown),
        ] {
            assert!(!lies(&file(name, kind)), "{name}");
        }
    }
}
