//! Words that get an attachment opened.
//!
//! # Detects
//!
//! An attachment, and a password for it in the text, content to be enabled, a label to be printed or an order to be
//! checked at once.
//!
//! # Why it matters
//!
//! A password in the text and "enable content" are how malware gets past scanners.
//!
//! # False positives
//!
//! Companies that send encrypted attachments as a habit, which is why it weighs little.
//!
//! # References
//!
//! - CISA: malicious attachments
//! - IPA: Emotet

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "attachment-push",
    title: Bilingual { ja: "添付を開かせる言葉", en: "words that get an attachment opened" },
    category: Some(Category::Malware),
    family: Family::Attachment,
    weight: Hundredths(120),
    hard: false,
    basis: Basis::Prior(
        "set by hand after published descriptions and letters of our own; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "パスワード付きの添付や「コンテンツの有効化」は、ウイルスを検査から隠す手口に使われます。",
        en: "A password in the text and \"enable content\" are how malware gets past scanners.",
    },
    genuine: Bilingual {
        ja: "取引先の文書は、マクロの有効化なしに開けます。不審なら電話で確かめてください。",
        en: "A partner's document opens without enabling anything. If in doubt, telephone.",
    },
    false_positives: Bilingual {
        ja: "パスワード付き添付を使う会社の本物のメール。",
        en: "Companies that send encrypted attachments as a habit, which is why it weighs little.",
    },
    references: &["CISA: malicious attachments", "IPA: Emotet"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    (!observables.message.attachments.is_empty()).then(|| observables.said(Slot::OpenAttachment))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    /// A message of this text with a file beside it.
    fn with_file(text: &str) -> String {
        let parts = format!(
            "--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--b\r\nContent-Type: application/zip; name=a.zip\r\n\
             Content-Disposition: attachment; filename=a.zip\r\n\r\nPK\r\n--b--"
        );
        testing::raw("Content-Type: multipart/mixed; boundary=b\r\n", &parts)
    }

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in ["The invoice is in the attached archive. Password to open: 2026."] {
            assert!(testing::fires_raw(&INDICATOR, &with_file(words)), "{words}");
        }
        for words in ["The photographs of the party are attached."] {
            assert!(!testing::fires_raw(&INDICATOR, &with_file(words)), "{words}");
        }
    }
}
