//! Sent by a script of a web site.
//!
//! # Detects
//!
//! X-PHP-Originating-Script, X-PHP-Script and the like.
//!
//! # Why it matters
//!
//! A script of a web site sent it. Intruders use hacked sites so.
//!
//! # False positives
//!
//! Contact forms, web shops, forums.
//!
//! # References
//!
//! - PHP manual: mail.add_x_header

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "sent-by-web-script",
    title: Bilingual {
        ja: "ウェブのスクリプトからの送信", en: "sent by a script of a web site"
    },
    category: None,
    family: Family::Transport,
    weight: Hundredths(40),
    hard: false,
    basis: Basis::Prior("contact forms and shops send so as well"),
    why: Bilingual {
        ja: "ウェブサイト上のスクリプトから送信されています。乗っ取られたサイトが使われることがあります。",
        en: "A script of a web site sent it. Intruders use hacked sites so.",
    },
    genuine: Bilingual {
        ja: "会社のお知らせは、配信の仕組みから送られます。",
        en: "Companies send notices from mail systems.",
    },
    false_positives: Bilingual {
        ja: "問い合わせフォーム、ネットショップ、掲示板。",
        en: "Contact forms, web shops, forums.",
    },
    references: &["PHP manual: mail.add_x_header"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let (name, value) = message.fields.iter().find(|(name, _)| {
        matches!(
            name.as_str(),
            "x-php-originating-script"
                | "x-php-script"
                | "x-source-args"
                | "x-source-dir"
                | "x-authenticated-php"
        )
    })?;
    Some(Observation { place: Place::Header(name.clone()), excerpt: Excerpt::new(value) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/sent-by-web-script_php_en.eml");
        let benign = include_str!("../../tests/corpus/benign/sent-by-web-script_none_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
