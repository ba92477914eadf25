//! A file that runs.
//!
//! # Detects
//!
//! A program by its first octets or its name, a script behind a double extension, and either of them, a shortcut or
//! a disk image inside an archive whose members can be listed.
//!
//! # Why it matters
//!
//! The attachment runs when it is opened. Do not open it.
//!
//! # False positives
//!
//! Developers who mail programs; scripts in larger archives of source code are left out. An encrypted
//! archive alone is no hit: Japanese companies send them (PPAP).
//!
//! # References
//!
//! - MITRE ATT&CK T1566.001
//! - Microsoft Outlook: blocked attachments

use crate::message::{Attachment, Excerpt, Feature, Kind, Place, extension};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "executable-attachment",
    title: Bilingual { ja: "実行可能な添付ファイル", en: "an attachment that runs" },
    category: Some(Category::Malware),
    family: Family::Attachment,
    weight: Hundredths(720),
    hard: true,
    basis: Basis::Prior("mail programs have refused such files for twenty years; nobody honest sends them"),
    why: Bilingual {
        ja: "開くとプログラムが動く添付ファイルです。開かないでください。",
        en: "The attachment runs when it is opened. Do not open it.",
    },
    genuine: Bilingual {
        ja: "本物の請求書や通知は、PDFで届くか、サインインした会員ページで見られます。プログラムやスクリプトを開かせることはありません。",
        en: "Genuine invoices and notices come as PDF or stand in your account. Nobody has you run a program or script to read one.",
    },
    false_positives: Bilingual {
        ja: "プログラムをメールで送る開発者（ソースコードをまとめた書庫の中のスクリプトは数えない）。暗号化 ZIP だけでは該当しない。日本の企業がふつうに送る (PPAP) ため。",
        en: "Developers who mail programs; scripts in larger archives of source code are left out. An encrypted archive alone is no hit: Japanese companies send them (PPAP).",
    },
    references: &["MITRE ATT&CK T1566.001", "Microsoft Outlook: blocked attachments"],
    check,
};

/// Scripts that nobody but Windows administrators writes, and these do not mail them.
const RUNS: &[&str] =
    &["jse", "vbs", "vbe", "wsf", "wsh", "wsc", "sct", "reg", "gadget", "ppam", "psc1", "scpt"];
/// What a machine runs, but a name ends in for other reasons, too.
const QUIET: &[&str] = &["bin", "run", "elf", "dll", "sys", "ocx", "jar", "jnlp", "application"];
/// An archive of more members than this is source code, not a lure.
const LURE: usize = 3;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.message.attachments.iter().enumerate().find_map(|(index, attachment)| {
        running(attachment)
            .map(|name| Observation { place: Place::Attachment(index + 1), excerpt: Excerpt::new(&name) })
    })
}

fn running(attachment: &Attachment) -> Option<String> {
    let name = attachment.name.original();
    if attachment.kind.is_program() || runs(name) {
        return Some(if name.is_empty() { attachment.kind.name().to_owned() } else { name.to_owned() });
    }
    let few = attachment.members.len() <= LURE;
    let member = attachment.members.iter().find(|member| {
        let promised = Kind::promised(member);
        runs(member)
            || matches!(promised, Kind::Shortcut | Kind::DiskImage)
            || (few && promised == Kind::Script)
    });
    if let Some(member) = member {
        return Some(format!("{name}: {member}"));
    }
    // The name in the archive lies: by its octets it is a program.
    let inside = attachment.kind.is_archive() || matches!(attachment.kind, Kind::DiskImage | Kind::OneNote);
    (inside && attachment.features.contains(&Feature::ProgramInside)).then(|| name.to_owned())
}

fn runs(name: &str) -> bool {
    let last = extension(name);
    let promised = Kind::promised(name);
    let program = promised.is_program() && !QUIET.contains(&last.as_str()) && !is_domain(name);
    program || RUNS.contains(&last.as_str()) || (promised == Kind::Script && poses(name))
}

/// A document's extension before the last one, or a character that turns the rest of the name round: `invoice<RLO>fdp.js`
/// is shown as `invoicesj.pdf`.
fn poses(name: &str) -> bool {
    let before = name.trim_end().rsplit_once('.').map_or("", |(before, _)| before);
    let promised = Kind::promised(before);
    name.contains('\u{202e}') || promised.is_document() || matches!(promised, Kind::Zip | Kind::Html)
}

/// `www.example.com` is a name that ends in `.com` without being a program.
fn is_domain(name: &str) -> bool {
    extension(name) == "com" && !poses(name) && name.matches('.').count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attachment(name: &str, kind: Kind, members: &[&str]) -> Attachment {
        Attachment {
            name: crate::message::Text::new(name),
            kind,
            members: members.iter().map(|member| (*member).to_owned()).collect(),
            ..Attachment::default()
        }
    }

    #[test]
    fn programs_scripts_in_disguise_and_archives_that_hold_them_fire() {
        for (name, kind, members) in [
            ("invoice.exe", Kind::Unknown, &[][..]),
            ("請求書.pdf.js", Kind::Script, &[]),
            ("photo.jpg", Kind::Pe, &[]),
            ("notes.txt", Kind::Elf, &[]),
            ("invoice\u{202e}fdp.scr", Kind::Unknown, &[]),
            ("invoice\u{202e}fdp.js", Kind::Script, &[]),
            ("a.zip", Kind::Zip, &["請求書.lnk"]),
            ("a.zip", Kind::Zip, &["invoice.js"]),
            ("a.iso", Kind::DiskImage, &["Invoice.exe"]),
            ("a.rar", Kind::Rar, &["見積書.pdf.vbs", "b.txt"]),
        ] {
            assert!(running(&attachment(name, kind, members)).is_some(), "{name}");
        }
        let lying = Attachment {
            features: [Feature::ProgramInside].into(),
            ..attachment("a.zip", Kind::Zip, &["invoice.pdf"])
        };
        assert!(running(&lying).is_some());
    }

    #[test]
    fn documents_source_code_and_encrypted_archives_are_silent() {
        for (name, kind, members) in [
            ("請求書.pdf", Kind::Pdf, &[][..]),
            ("0001-fix.js", Kind::Script, &[]),
            ("src.zip", Kind::Zip, &["a.js", "b.js", "c.js", "d.js"]),
            ("www.example.com", Kind::Unknown, &[]),
            ("firmware.bin", Kind::Unknown, &[]),
            ("page.url", Kind::UrlFile, &[]),
        ] {
            assert!(running(&attachment(name, kind, members)).is_none(), "{name}");
        }
        let ppap =
            Attachment { encrypted: true, ..attachment("見積書.zip", Kind::Zip, &["見積書.xlsx"]) };
        assert!(running(&ppap).is_none());
    }
}
