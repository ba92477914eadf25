//! A form to be filled in within the mail.
//!
//! # Detects
//!
//! An HTML form with fields, in the body, that posts what is typed in to somebody else than the sender or a
//! known brand; not in mail of lists.
//!
//! # Why it matters
//!
//! What you type into this mail goes to somebody else than the sender. Do not fill it in.
//!
//! # False positives
//!
//! Newsletters with a survey or a search field in them.
//!
//! # References
//!
//! - SpamAssassin: HTML_FORM, T_HTML_ATTACH
//! - Sublime rules: HTML form in body

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "form-in-mail",
    title: Bilingual { ja: "メール内の入力フォーム", en: "a form within the mail" },
    category: Some(Category::Phishing),
    family: Family::Markup,
    weight: Hundredths(60),
    hard: false,
    basis: Basis::Prior("in newsletters of 2002 it is honest; nobody has counted newer ones"),
    why: Bilingual {
        ja: "メールの中で入力させ、差出人と違う相手へ送ります。入力しないでください。",
        en: "What you type into this mail goes to somebody else than the sender. Do not fill it in.",
    },
    genuine: Bilingual {
        ja: "正規の事業者は、メールの中に入力欄を置かず、自社のサイトで入力してもらいます。",
        en: "A genuine sender takes you to its own site to fill something in.",
    },
    false_positives: Bilingual {
        ja: "アンケートや検索欄を埋め込んだニュースレター。",
        en: "Newsletters with a survey or a search field in them.",
    },
    references: &["SpamAssassin: HTML_FORM, T_HTML_ATTACH", "Sublime rules: HTML form in body"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let forms = &observables.message.markup.forms;
    let form = forms.iter().find(|form| {
        form.fields > 0 && (form.post || form.secret) && observables.is_strange_url(&form.action)
    })?;
    (!observables.is_list_mail())
        .then(|| Observation { place: Place::Message, excerpt: Excerpt::new(&form.action) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn html(body: &str) -> String {
        testing::raw("From: News <news@shop.example>\r\nContent-Type: text/html; charset=utf-8\r\n", body)
    }

    #[test]
    fn fires_on_foreign_forms_and_not_on_the_senders() {
        assert!(testing::fires_raw(
            &INDICATOR,
            &html("<form method=post action='https://collect.test/x'><input name=user></form>")
        ));
        for body in [
            "<form action='https://www.shop.example/search'><input name=q></form>",
            "<form method=post action='https://collect.test/x'><input type=submit value=Go></form>",
            "<form action='https://find.test/x'><input name=q></form>",
            "<p>Please fill in the form on our site.</p>",
        ] {
            assert!(!testing::fires_raw(&INDICATOR, &html(body)), "{body}");
        }
    }
}
