//! A shortcut to a program or a file server.
//!
//! # Detects
//!
//! A Windows shortcut (.lnk and its kin), or an Internet shortcut that leads to a file server or a local program
//! and not to a page.
//!
//! # Why it matters
//!
//! It looks like a document and starts a program.
//!
//! # False positives
//!
//! People who attach the shortcut in place of the file by mistake.
//!
//! # References
//!
//! - MITRE ATT&CK T1204.002, T1547.009
//! - CVE-2023-36025, CVE-2024-21412

use crate::message::{Attachment, Feature, Kind};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "shortcut-attachment",
    title: Bilingual {
        ja: "ショートカットファイルの添付", en: "a shortcut to a program or a file server"
    },
    category: Some(Category::Malware),
    family: Family::Attachment,
    weight: Hundredths(560),
    hard: true,
    basis: Basis::Prior(
        "a shortcut works only on the machine it was made on; sent, it is a lure or a mistake",
    ),
    why: Bilingual {
        ja: "書類のように見えますが、開くと別のプログラムが動きます。",
        en: "It looks like a document and starts a program.",
    },
    genuine: Bilingual {
        ja: "ショートカットを相手に送っても、相手の端末では働きません。本物の送り主が送る理由がありません。",
        en: "A shortcut to one's own file is of no use to somebody else: nobody honest sends one.",
    },
    false_positives: Bilingual {
        ja: "自分の端末のショートカットを誤って添付した人。",
        en: "People who attach the shortcut in place of the file by mistake.",
    },
    references: &["MITRE ATT&CK T1204.002, T1547.009", "CVE-2023-36025, CVE-2024-21412"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.attached(leads_to_a_program)
}

fn leads_to_a_program(attachment: &Attachment) -> bool {
    let promised = Kind::promised(attachment.name.original());
    match attachment.kind {
        Kind::Shortcut => true,
        Kind::UrlFile => attachment.features.contains(&Feature::OpensElsewhere),
        Kind::Unknown => promised == Kind::Shortcut,
        _ => false,
    }
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
    fn shortcuts_to_programs_fire_and_saved_web_addresses_do_not() {
        assert!(leads_to_a_program(&file("請求書.pdf.lnk", Kind::Unknown, &[])));
        assert!(leads_to_a_program(&file("invoice.pdf", Kind::Shortcut, &[])));
        assert!(leads_to_a_program(&file("a.url", Kind::UrlFile, &[Feature::OpensElsewhere])));
        assert!(!leads_to_a_program(&file("社内ポータル.url", Kind::UrlFile, &[])));
        assert!(!leads_to_a_program(&file("a.pdf", Kind::Pdf, &[])));
    }
}
