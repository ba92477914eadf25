//! A file that runs.
//!
//! # Detects
//!
//! A program, script, shortcut or disk image by its first octets or its name, also behind a double
//! extension, and inside an archive whose members can be listed.
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

use crate::message::{Attachment, Excerpt, Place};

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

/// Programs, shortcuts, disk images: no honest use in a mail.
const RUNS: &[&str] = &[
    "exe",
    "scr",
    "pif",
    "com",
    "cpl",
    "msi",
    "msp",
    "lnk",
    "hta",
    "jse",
    "vbs",
    "vbe",
    "wsf",
    "wsh",
    "iso",
    "img",
    "vhd",
    "vhdx",
    "scf",
    "chm",
    "appx",
    "msix",
    "application",
    "gadget",
    "reg",
    "sct",
    "xll",
    "ppam",
    "url",
];
/// Scripts that developers do send each other: they count where they pose as something else, or stand almost alone in an archive.
const SCRIPTS: &[&str] = &["js", "bat", "cmd", "ps1", "jar", "py", "one"];
/// What a double extension pretends to be.
const DOCUMENTS: &[&str] = &[
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "jpg", "jpeg", "png", "zip", "rtf", "htm",
    "html",
];
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
    if ["pe", "elf", "lnk", "iso"].contains(&attachment.sniffed) || runs(name) {
        return Some(if name.is_empty() { attachment.sniffed.to_owned() } else { name.to_owned() });
    }
    attachment
        .members
        .iter()
        .find(|member| {
            runs(member)
                || (attachment.members.len() <= LURE && SCRIPTS.contains(&extension(member).as_str()))
        })
        .map(|member| format!("{name}: {member}"))
}

fn runs(name: &str) -> bool {
    let last = extension(name);
    // U+202E turns the rest of a name round: `invoice\u{202e}fdp.exe` is shown as `invoiceexe.pdf`.
    RUNS.contains(&last.as_str()) && !is_domain(name) || SCRIPTS.contains(&last.as_str()) && poses(name)
}

fn poses(name: &str) -> bool {
    let before = name.trim_end().rsplit_once('.').map_or("", |(before, _)| before);
    name.contains('\u{202e}') || DOCUMENTS.contains(&extension(before).as_str())
}

/// `www.example.com` is a name that ends in `.com` without being a program.
fn is_domain(name: &str) -> bool {
    extension(name) == "com" && !poses(name) && name.matches('.').count() > 1
}

fn extension(name: &str) -> String {
    let name = name.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    name.rsplit_once('.').map_or_else(String::new, |(_, last)| last.trim().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attachment(name: &str, sniffed: &'static str, members: &[&str]) -> Attachment {
        Attachment {
            name: crate::message::Text::new(name),
            sniffed,
            members: members.iter().map(|member| (*member).to_owned()).collect(),
            ..Attachment::default()
        }
    }

    #[test]
    fn programs_scripts_in_disguise_and_archives_that_hold_them_fire() {
        for (name, sniffed, members) in [
            ("invoice.exe", "", &[][..]),
            ("請求書.pdf.js", "", &[]),
            ("photo.jpg", "pe", &[]),
            ("invoice\u{202e}fdp.scr", "", &[]),
            ("a.zip", "zip", &["請求書.lnk"]),
            ("a.zip", "zip", &["invoice.js"]),
        ] {
            assert!(running(&attachment(name, sniffed, members)).is_some(), "{name}");
        }
    }

    #[test]
    fn documents_source_code_and_encrypted_archives_are_silent() {
        for (name, sniffed, members) in [
            ("請求書.pdf", "pdf", &[][..]),
            ("0001-fix.js", "", &[]),
            ("src.zip", "zip", &["a.js", "b.js", "c.js", "d.js"]),
            ("www.example.com", "", &[]),
        ] {
            assert!(running(&attachment(name, sniffed, members)).is_none(), "{name}");
        }
        let ppap = Attachment { encrypted: true, ..attachment("見積書.zip", "zip", &["見積書.xlsx"]) };
        assert!(running(&ppap).is_none());
    }
}
