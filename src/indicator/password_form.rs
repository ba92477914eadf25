//! A field for a password or card within the mail.
//!
//! # Detects
//!
//! An HTML form in the body with a field for a password, a PIN or a card number.
//!
//! # Why it matters
//!
//! The mail itself asks for a password or card number to be typed in. Nobody honest does that.
//!
//! # False positives
//!
//! Hardly any.
//!
//! # References
//!
//! - SpamAssassin: T_FORM_PASSWORD
//! - Sublime rules: HTML form with a password field

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "password-form",
    title: Bilingual {
        ja: "メール内のパスワード入力欄", en: "a field for a password within the mail"
    },
    category: Some(Category::Phishing),
    family: Family::Secrets,
    weight: Hundredths(380),
    hard: false,
    basis: Basis::Prior("nobody honest does it; public corpora hold too few to fit"),
    why: Bilingual {
        ja: "メールの中でパスワードやカード番号を入力させようとしています。正規の事業者は絶対に行いません。",
        en: "The mail itself asks for a password or card number to be typed in. Nobody honest does that.",
    },
    genuine: Bilingual {
        ja: "正規の事業者がメールの中にパスワード欄を置くことはありません。",
        en: "No genuine sender puts a password field into a mail.",
    },
    false_positives: Bilingual { ja: "ほとんどない。", en: "Hardly any." },
    references: &["SpamAssassin: T_FORM_PASSWORD", "Sublime rules: HTML form with a password field"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let form = observables.message.markup.forms.iter().find(|form| form.secret)?;
    Some(Observation { place: Place::Message, excerpt: Excerpt::new(&format!("form {}", form.action)) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn html(body: &str) -> String {
        testing::raw("From: News <news@shop.example>\r\nContent-Type: text/html; charset=utf-8\r\n", body)
    }

    #[test]
    fn fires_on_secrets_and_not_on_other_fields() {
        for body in
            ["<form><input type=password name=p></form>", "<form action=x><input name=cardnumber></form>"]
        {
            assert!(testing::fires_raw(&INDICATOR, &html(body)), "{body}");
        }
        for body in ["<form action=x><input name=email><input type=submit></form>", "<p>password</p>"] {
            assert!(!testing::fires_raw(&INDICATOR, &html(body)), "{body}");
        }
    }
}
