//! Answers go somewhere else.
//!
//! # Detects
//!
//! A Reply-To of another organisation than From's: a free address, or any other where the author's domain
//! is not authenticated.
//!
//! # Why it matters
//!
//! An answer would go to somebody else than the sender.
//!
//! # False positives
//!
//! Ticket systems, contact forms, mailing lists, delivery services.
//!
//! # References
//!
//! - RFC 5322 §3.6.2
//! - stalwart#3314 (this signal alone filed honest mail as spam)

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation,
    observables::{is_freemail, organisation},
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "reply-to-mismatch",
    title: Bilingual { ja: "返信先の不一致", en: "answers go to another domain" },
    category: None,
    family: Family::Sender,
    weight: Hundredths(260),
    hard: false,
    basis: Basis::Prior("ticket systems, forms and lists do it honestly: kept below what would matter alone"),
    why: Bilingual {
        ja: "返信すると、差出人とは別の宛先に届きます。名前を借りた人が返信を受け取るための細工です。",
        en: "An answer would go to somebody else than the sender. That is how one who borrows a name gets the answers.",
    },
    genuine: Bilingual {
        ja: "本物の差出人への返信は、同じ組織のアドレスに届きます。問い合わせ先は公式サイトでも確かめられます。",
        en: "An answer to a genuine sender goes to an address of the same organisation, which its official site names, too.",
    },
    false_positives: Bilingual {
        ja: "問い合わせ管理システム、問い合わせフォーム、メーリングリスト、配信サービス。",
        en: "Ticket systems, contact forms, mailing lists, delivery services.",
    },
    references: &["RFC 5322 §3.6.2", "stalwart#3314 (this signal alone filed honest mail as spam)"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let author = observables.author().filter(|author| !author.domain.is_empty())?;
    let reply = message.reply_to.iter().find(|reply| {
        !reply.domain.is_empty()
            && organisation(&reply.domain) != organisation(&author.domain)
            && !observables.is_own(&reply.addr)
    })?;
    // A list sets Reply-To to itself, and is among the recipients.
    let list =
        message.to.iter().chain(&message.cc).any(|to| to.domain == reply.domain && !is_freemail(&to.domain));
    (!list && (is_freemail(&reply.domain) || !observables.author_is_authenticated())).then(|| Observation {
        place: Place::Header("reply-to".to_owned()),
        excerpt: Excerpt::new(&format!("{} (From: {})", reply.addr, author.addr)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn headers(headers: &str) -> bool {
        testing::fires_raw(&INDICATOR, &testing::raw(headers, "hello"))
    }

    #[test]
    fn another_organisation_fires() {
        assert!(headers("From: a@example.com\r\nReply-To: b@freemail.test\r\n"));
        assert!(headers("From: a@example.com\r\nReply-To: b@example.org\r\n"));
    }

    #[test]
    fn the_same_organisation_lists_and_authenticated_senders_are_silent() {
        assert!(!headers("From: a@news.example.com\r\nReply-To: b@example.com\r\n"));
        assert!(!headers("From: a@example.com\r\nTo: list@example.org\r\nReply-To: list@example.org\r\n"));
        assert!(!headers(concat!(
            "Authentication-Results: mx.example.net; dkim=pass header.d=example.com\r\n",
            "Received: from x by y; Tue, 24 Nov 2026 09:00:00 +0900\r\nFrom: a@example.com\r\nReply-To: b@example.org\r\n"
        )));
    }
}
