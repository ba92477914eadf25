//! A document with a macro that starts by itself.
//!
//! # Detects
//!
//! A Word, Excel or PowerPoint file, old or new, with a VBA project in which a procedure stands that runs when the
//! file is opened or closed.
//!
//! # Why it matters
//!
//! Once its content is enabled, the macro fetches a program and runs it.
//!
//! # False positives
//!
//! Forms with macros, which Japanese offices and tax consultants do send; therefore small.
//!
//! # References
//!
//! - MITRE ATT&CK T1204.002, T1137
//! - [MS-OVBA]

use crate::message::{Attachment, Feature};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "macro-document",
    title: Bilingual {
        ja: "自動で動くマクロ付き文書", en: "a document with a macro that starts by itself"
    },
    category: Some(Category::Malware),
    family: Family::Attachment,
    weight: Hundredths(200),
    hard: false,
    basis: Basis::Prior("honest offices send such forms, so it is small and needs a second witness"),
    why: Bilingual {
        ja: "開いて「コンテンツの有効化」を押すと、マクロがプログラムを取り込んで動かします。",
        en: "Once its content is enabled, the macro fetches a program and runs it.",
    },
    genuine: Bilingual {
        ja: "取引先がマクロ付き文書を初めての相手に送ることはまれです。送り主に別の手段で確かめてください。",
        en: "Business partners rarely send macros to people they do not know. Ask the sender by another way.",
    },
    false_positives: Bilingual {
        ja: "社内の申請書や見積書など、マクロを使った Excel 様式。",
        en: "Forms with macros, which Japanese offices and tax consultants do send; therefore small.",
    },
    references: &["MITRE ATT&CK T1204.002, T1137", "[MS-OVBA]"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.attached(starts)
}

fn starts(attachment: &Attachment) -> bool {
    attachment.features.contains(&Feature::Macro) && attachment.features.contains(&Feature::MacroStarts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_macro_that_starts_by_itself_counts() {
        let with = |features: &[Feature]| Attachment {
            features: features.iter().copied().collect(),
            ..Attachment::default()
        };
        assert!(starts(&with(&[Feature::Macro, Feature::MacroStarts])));
        assert!(!starts(&with(&[Feature::Macro])));
        assert!(!starts(&with(&[])));
    }
}
