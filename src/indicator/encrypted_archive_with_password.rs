//! An encrypted file with its password in the same mail.
//!
//! # Detects
//!
//! An encrypted archive or document whose password stands in the same message, which presses for money or hides
//! even the names in the archive. A password in a second mail (PPAP), or a quiet letter, is no hit.
//!
//! # Why it matters
//!
//! Encrypted to escape checks: to protect it, nobody would write the password beside it.
//!
//! # False positives
//!
//! Small companies that write the password into the same mail and remind of an invoice.
//!
//! # References
//!
//! - MITRE ATT&CK T1027.013
//! - IPA, Emotet: encrypted ZIP attachments (2020-2023)

use std::sync::LazyLock;

use crate::message::{Attachment, Feature, Kind, normalise};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "encrypted-archive-with-password",
    title: Bilingual {
        ja: "同じメールにパスワードがある暗号化ファイル",
        en: "an encrypted file with its password in the same mail",
    },
    category: Some(Category::Malware),
    family: Family::Attachment,
    weight: Hundredths(240),
    hard: false,
    basis: Basis::Prior(
        "Japanese companies encrypt by habit, and some write the password beside it; small for that reason",
    ),
    why: Bilingual {
        ja: "暗号化は検査を避けるためで、守るためならパスワードを同じメールには書きません。",
        en: "Encrypted to escape checks: to protect it, nobody would write the password beside it.",
    },
    genuine: Bilingual {
        ja: "日本の企業が暗号化 ZIP を送るときは、パスワードを別のメールや電話で伝えます。",
        en: "Companies that encrypt an attachment tell the password in another mail or by telephone.",
    },
    false_positives: Bilingual {
        ja: "同じメールにパスワードを書く小さな事業者の督促。",
        en: "Small companies that write the password into the same mail and remind of an invoice.",
    },
    references: &["MITRE ATT&CK T1027.013", "IPA, Emotet: encrypted ZIP attachments (2020-2023)"],
    check,
};

/// What stands before a password.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    ["パスワード", "解凍pw", "zip pw", "password", "passcode", "pass:", "pw:", "パスコード", "解凍キー"]
        .iter()
        .map(|name| normalise(name))
        .collect()
});

/// What presses.
const PRESSING: &[Slot] = &[
    Slot::Deadline,
    Slot::FinalNotice,
    Slot::Ultimatum,
    Slot::LegalThreat,
    Slot::UnpaidDebt,
    Slot::PaymentDemand,
    Slot::AccountTrouble,
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let locked = observables.attached(|file| file.encrypted && holds_files(file))?;
    let hidden = observables
        .attached(|file| file.encrypted && file.features.contains(&Feature::NamesHidden))
        .is_some();
    let pressing = PRESSING.iter().any(|slot| observables.says(*slot));
    ((pressing || hidden) && tells_password(observables)).then_some(locked)
}

fn holds_files(file: &Attachment) -> bool {
    file.kind.is_archive() || file.kind == Kind::Ole
}

/// The word, and within a few characters of it a run of letters and digits that is no word.
fn tells_password(observables: &Observables<'_>) -> bool {
    observables.visible().any(|(_, text)| {
        let normal = text.normal();
        NAMES.iter().any(|name| {
            normal.match_indices(name.as_str()).take(20).any(|(at, _)| {
                let rest = normal.get(at + name.len()..).unwrap_or_default();
                let near = rest.get(..rest.floor_char_boundary(60)).unwrap_or_default();
                near.split(|c: char| {
                    !c.is_ascii_graphic() || matches!(c, ':' | '=' | '"' | '\'' | '(' | ')' | '.' | ',')
                })
                .any(|word| word.len() >= 3 && word.bytes().any(|b| b.is_ascii_digit()))
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::indicator::testing;

    /// An encrypted ZIP of one entry (APPNOTE 4.3: flag bit 0 in the local header).
    fn mail(words: &str) -> String {
        let zip = "UEsDBBQAAQAAAAAAAAAAAAAABAAAAAQAAAAFAAAAYS5wZGZhYmNk";
        format!(
            "From: a@shop.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n--b\r\nContent-Type: application/zip; name=a.zip\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{zip}\r\n--b--\r\n"
        )
    }

    #[test]
    fn password_and_pressure_beside_it_fire() {
        for words in [
            "未納料金の明細です。本日中にご確認ください。解凍パスワード：4821",
            "Your invoice is overdue, this is the final notice. Archive password: Inv2026",
        ] {
            assert!(testing::fires_raw(&INDICATOR, &mail(words)), "{words}");
        }
    }

    #[test]
    fn ppap_and_quiet_letters_are_silent() {
        for words in [
            "見積書をお送りします。パスワードは別途メールでお送りいたします。",
            "お見積書です。パスワード：4821",
            "本日中にご確認ください。パスワードは後ほどお知らせします。",
        ] {
            assert!(!testing::fires_raw(&INDICATOR, &mail(words)), "{words}");
        }
    }
}
