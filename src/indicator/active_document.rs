//! A document that acts when it is opened.
//!
//! # Detects
//!
//! A document that fetches its template or an object from elsewhere, starts a program by DDE, holds an Excel 4.0
//! macro sheet, an RTF object that runs by itself, a OneNote page with a script, or a PDF that starts a program.
//!
//! # Why it matters
//!
//! Opening it is enough to load a file from elsewhere or to start a program.
//!
//! # False positives
//!
//! Documents made from a template on an intranet server; very old spreadsheets with macro sheets.
//!
//! # References
//!
//! - MITRE ATT&CK T1221, T1559.002, T1203
//! - CVE-2017-0199, CVE-2017-11882

use crate::message::{Attachment, Feature, Kind};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "active-document",
    title: Bilingual {
        ja: "開くと外部へ動作する文書", en: "a document that acts when it is opened"
    },
    category: Some(Category::Malware),
    family: Family::Attachment,
    weight: Hundredths(420),
    hard: false,
    basis: Basis::Prior(
        "hardly any honest document does so; not measured on attachments, which public corpora lack",
    ),
    why: Bilingual {
        ja: "開くだけで外部のファイルを読み込んだり、プログラムを動かしたりする細工です。",
        en: "Opening it is enough to load a file from elsewhere or to start a program.",
    },
    genuine: Bilingual {
        ja: "本物の請求書や通知は、開いただけで何かが動くようにはできていません。",
        en: "Genuine invoices and notices do nothing by being opened.",
    },
    false_positives: Bilingual {
        ja: "社内の雛形サーバを参照した Word 文書、古いマクロシートを残した Excel。",
        en: "Documents made from a template on an intranet server; very old spreadsheets with macro sheets.",
    },
    references: &["MITRE ATT&CK T1221, T1559.002, T1203", "CVE-2017-0199, CVE-2017-11882"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.attached(acts)
}

fn acts(attachment: &Attachment) -> bool {
    let has = |feature| attachment.features.contains(&feature);
    [Feature::RemoteTemplate, Feature::Dde, Feature::MacroSheet, Feature::LiveObject, Feature::PdfLaunch]
        .into_iter()
        .any(has)
        || (attachment.kind == Kind::OneNote && has(Feature::ScriptInside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, kind: Kind, features: &[Feature]) -> Attachment {
        Attachment {
            name: crate::message::Text::new(name),
            kind,
            features: features.iter().copied().collect(),
            ..Attachment::default()
        }
    }

    #[test]
    fn what_acts_by_itself_fires_and_what_only_carries_it_does_not() {
        for (kind, feature) in [
            (Kind::Ooxml, Feature::RemoteTemplate),
            (Kind::Rtf, Feature::LiveObject),
            (Kind::Pdf, Feature::PdfLaunch),
            (Kind::OneNote, Feature::ScriptInside),
        ] {
            assert!(acts(&file("a", kind, &[feature])), "{feature:?}");
        }
        for (kind, feature) in [
            (Kind::Ooxml, Feature::Macro),
            (Kind::Pdf, Feature::PdfScript),
            (Kind::Zip, Feature::ScriptInside),
        ] {
            assert!(!acts(&file("a", kind, &[feature])), "{feature:?}");
        }
    }
}
