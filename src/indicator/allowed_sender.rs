//! A sender whose mail the person wants, and who the provider says it is.
//!
//! # Detects
//!
//! The one author, by address or domain, stands in the person's `[[allow]]` list, and the account's provider found it
//! authentic: DMARC passed, or DKIM for a domain of the same organisation, in a field of a pinned authserv-id. The text of
//! From alone never counts: anybody can write it.
//!
//! # Why it matters
//!
//! A trusted supplier's reminder may read like a scam. What is taken away is bounded, because a trusted sender's account
//! may be broken into: two strong families together still get through, and a hard fact counts in full (see `examine`).
//!
//! # False positives
//!
//! Mail that somebody sends from an account of that sender that was broken into.
//!
//! # References
//!
//! - RFC 7489 §3.1 (identifier alignment)
//! - RFC 8601 §5, §7.1 (whose results may be believed)

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Decision, Family, Hundredths, Indicator, Observables, Observation, Sender};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "allowed-sender",
    title: Bilingual {
        ja: "許可リストの差出人（認証済み）",
        en: "a sender on the allow list, authenticated",
    },
    category: None,
    family: Family::Mitigation,
    weight: Hundredths(-300),
    hard: false,
    basis: Basis::Prior(
        "the person's own decision, bounded: an account that was broken into must still be noticed, and a hard fact counts in full",
    ),
    why: Bilingual {
        ja: "あなたが許可した差出人からで、受信サーバーも本物の送信元と確認しています。点数を下げますが、決定的な事実（実行可能な添付など）は打ち消しません。",
        en: "You allowed this sender, and the receiving server confirmed that it is the one it names. It takes away from the score, but never from a hard fact such as an attachment that runs.",
    },
    genuine: Bilingual {
        ja: "許可した本物の差出人なら、いつもの用件を、いつもの方法で送ってきます。口座の変更や急な支払いの依頼は、許可済みでも別の手段で確かめてください。",
        en: "The sender you allowed writes about the usual things in the usual way. Confirm a new bank account or a sudden payment by another way, even so.",
    },
    false_positives: Bilingual {
        ja: "許可した差出人のアカウントが乗っ取られて送られたメール。",
        en: "Mail sent from that sender's account by somebody who broke into it.",
    },
    references: &[
        "RFC 7489 §3.1 (identifier alignment)",
        "RFC 8601 §5, §7.1 (whose results may be believed)",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    decided(observables, Decision::Allow)
}

/// What the person decided about the author, where the provider vouches for it.
pub(super) fn decided(observables: &Observables<'_>, wanted: Decision) -> Option<Observation> {
    let senders = observables.context.tables.senders();
    if senders.is_empty() {
        return None;
    }
    let author = observables.authenticated_author()?;
    let (decision, entry) = senders.decide(&author)?;
    let (Sender::Address(entry) | Sender::Domain(entry)) = entry;
    (decision == wanted).then(|| Observation {
        place: Place::Header("from".to_owned()),
        excerpt: Excerpt::new(&format!("{author} ({entry})")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::{Additions, Context, Senders, Tables, blocked_sender, examine};
    use crate::message::Message;

    const TRUSTED: &str =
        "Authentication-Results: mx.example.net; dmarc=pass header.from=partner.example\r\n";

    fn context(pinned: bool) -> Context {
        let mut senders = Senders::default();
        senders.insert(Sender::Domain("partner.example".into()), Decision::Allow);
        senders.insert(Sender::Address("news@partner.example".into()), Decision::Block);
        let tables = Tables::with(Additions { senders, ..Additions::default() }, Vec::new()).unwrap();
        let authserv_ids = if pinned { vec!["mx.example.net".to_owned()] } else { Vec::new() };
        Context { authserv_ids, tables, ..Context::default() }
    }

    fn seen(context: &Context, fields: &str, body: &str) -> Vec<(&'static str, i32)> {
        let message = Message::parse(format!("{fields}Subject: x\r\n\r\n{body}\r\n").as_bytes());
        examine(&message, context).iter().map(|finding| (finding.indicator, finding.weight.0)).collect()
    }

    fn lists(context: &Context, fields: &str) -> Vec<&'static str> {
        let own = [INDICATOR.id, blocked_sender::INDICATOR.id];
        seen(context, fields, "hello").into_iter().map(|(id, _)| id).filter(|id| own.contains(id)).collect()
    }

    #[test]
    fn only_what_the_pinned_provider_vouches_for_counts() {
        let from = "From: Kaikei <Kaikei@Partner.example>\r\n";
        let with = |results: &str| lists(&context(true), &format!("{results}{from}"));
        assert_eq!(with(TRUSTED), ["allowed-sender"]);
        assert_eq!(
            with("Authentication-Results: mx.example.net; dkim=pass header.d=mail.partner.example\r\n"),
            ["allowed-sender"]
        );
        for forged in [
            "",
            "Authentication-Results: mx.example.net; dmarc=fail header.from=partner.example\r\n",
            "Authentication-Results: mx.example.net; dmarc=pass header.from=other.example\r\n",
            "Authentication-Results: mx.example.net; dkim=pass header.d=other.example\r\n",
            "Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=partner.example\r\n",
            "Authentication-Results: mx.other.example; dmarc=pass header.from=partner.example\r\n",
            "Received: from a by b; Tue, 24 Nov 2026 00:00:00 +0000\r\nAuthentication-Results: mx.example.net; dmarc=pass header.from=partner.example\r\n",
        ] {
            assert!(with(forged).is_empty(), "{forged}");
        }
        assert!(lists(&context(false), &format!("{TRUSTED}{from}")).is_empty(), "no authserv-id is pinned");
        let two = format!("{TRUSTED}From: a@partner.example, b@other.example\r\n");
        assert!(lists(&context(true), &two).is_empty(), "which of two authors was checked is not known");
    }

    #[test]
    fn a_blocked_address_of_an_allowed_domain_is_blocked() {
        let fields = format!("{TRUSTED}From: news@partner.example\r\n");
        assert_eq!(lists(&context(true), &fields), ["blocked-sender"]);
    }

    #[test]
    fn what_is_taken_away_is_bounded_and_never_from_a_hard_fact() {
        let fields = format!("{TRUSTED}From: kaikei@partner.example\r\n");
        let soft = seen(&context(true), &fields, "未納料金が発生しております。本日中にお支払いください。");
        assert!(soft.contains(&("allowed-sender", -300)), "{soft:?}");

        let attached = format!(
            "{fields}MIME-Version: 1.0\r\nContent-Type: application/octet-stream; name=\"a.exe\"\r\nContent-Disposition: attachment; filename=\"a.exe\"\r\n"
        );
        let hard = seen(&context(true), &attached, "MZ");
        assert!(hard.iter().any(|(id, _)| *id == "executable-attachment"), "{hard:?}");
        assert!(hard.contains(&("allowed-sender", 0)), "{hard:?}");
    }
}
