//! A sender whose mail the person took out of quarantine, and who the provider says it is.
//!
//! # Detects
//!
//! The one author was learned from a release, and the account's provider found it authentic, as for `allowed-sender`. A message
//! that only names the same address in From says nothing: anybody can write it.
//!
//! # Why it matters
//!
//! Who has put a mistake right once must not have to do it again. Each release takes away 3.00, at most 6.00; and without a
//! hard fact the score is held below the threshold of a threat (`released-sender-gate`), whatever the words are. The message
//! is still noted where it would have been moved: the account of a known sender may have been broken into. A hard fact, such
//! as an attachment that runs, counts in full: to want somebody's mail is not to want their programs.
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

use super::{Basis, Bilingual, Family, Hundredths, Indicator, LESSON, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "released-sender",
    title: Bilingual {
        ja: "以前あなたが隔離から戻した差出人（認証済み）",
        en: "a sender whose mail you took out of quarantine, authenticated",
    },
    category: None,
    family: Family::Mitigation,
    weight: Hundredths(-LESSON.0),
    hard: false,
    basis: Basis::Prior(
        "the person's own act, 3.00 for each release and 6.00 at most: one that was put right is not made again, and an account that was broken into is still noticed",
    ),
    why: Bilingual {
        ja: "あなたはこの差出人のメールを隔離から戻しました。受信サーバーも本物の送信元と確認しています。文面だけを理由に、もう一度隔離することはありません。決定的な事実（実行可能な添付など）があれば隔離します。",
        en: "You took mail of this sender out of quarantine, and the receiving server confirmed that it is the one it names. It is not quarantined again for its words alone; a hard fact, such as an attachment that runs, still counts in full.",
    },
    genuine: Bilingual {
        ja: "いつもの差出人なら、いつもの用件を、いつもの方法で送ってきます。口座の変更や急な支払いの依頼は、別の手段で確かめてください。",
        en: "The sender you know writes about the usual things in the usual way. Confirm a new bank account or a sudden payment by another way, even so.",
    },
    false_positives: Bilingual {
        ja: "その差出人のアカウントが乗っ取られて送られたメール。",
        en: "Mail sent from that sender's account by somebody who broke into it.",
    },
    references: &[
        "RFC 7489 §3.1 (identifier alignment)",
        "RFC 8601 §5, §7.1 (whose results may be believed)",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observed(observables, |weight| weight.0 < 0)
}

/// The author, where what was learned of them weighs so.
pub(super) fn observed(
    observables: &Observables<'_>,
    weighs: impl Fn(Hundredths) -> bool,
) -> Option<Observation> {
    observables.learned().filter(|weight| weighs(*weight))?;
    let author = observables.authenticated_author()?;
    Some(Observation { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(&author) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::{Context, Decision, Learned, reported_sender};
    use crate::message::Message;
    use crate::verdict::{Level, RELEASED, Thresholds, Verdict, judge};

    const TRUSTED: &str = "Authentication-Results: mx.example.net; dmarc=pass header.from=clinic.example\r\n";
    const FROM: &str = "From: Clinic <desk@clinic.example>\r\n";
    const SCAM: &str = "お客様が以前ご利用の有料動画サイトにつきまして、退会手続きが完了しておりません。\r\n\
                        そのため、利用料金が未納となっております。未納料金：48,600円\r\n\
                        本日中にご連絡いただけない場合は、法的手続きに移行する場合がございます。電話 050-5555-0143";

    fn context(says: &[Decision]) -> Context {
        let lessons =
            says.iter().enumerate().map(|(n, says)| (n.to_string(), "desk@clinic.example".to_owned(), *says));
        Context {
            authserv_ids: vec!["mx.example.net".to_owned()],
            learned: Learned::of(lessons),
            ..Context::default()
        }
    }

    fn judged(says: &[Decision], fields: &str, body: &str) -> Verdict {
        let message = Message::parse(format!("{fields}Subject: x\r\n\r\n{body}\r\n").as_bytes());
        judge(&message, &context(says), &Thresholds::default())
    }

    fn weight(verdict: &Verdict, id: &str) -> Option<i32> {
        verdict.findings.iter().find(|finding| finding.indicator == id).map(|finding| finding.weight.0)
    }

    #[test]
    fn who_was_released_is_not_quarantined_again_for_words_and_is_still_noted() {
        let fields = format!("{TRUSTED}{FROM}");
        assert_eq!(judged(&[], &fields, SCAM).level, Level::Threat);
        let released = judged(&[Decision::Allow], &fields, SCAM);
        assert_eq!(weight(&released, INDICATOR.id), Some(-300));
        assert_eq!(released.level, Level::Suspicious, "{:#?}", released.findings);
        // What is taken away is not enough: the gate holds it below, and is listed.
        assert_eq!(released.score, Hundredths(499));
        assert_eq!(released.findings.last().unwrap().indicator, RELEASED);
        let sum: i32 = released.findings.iter().map(|finding| finding.weight.0).sum();
        assert_eq!(sum, released.score.0);
    }

    #[test]
    fn who_only_borrows_the_name_gets_nothing() {
        for fields in [
            FROM.to_owned(),
            format!(
                "Authentication-Results: mx.example.net; dmarc=fail header.from=clinic.example\r\n{FROM}"
            ),
            format!(
                "Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=clinic.example\r\n{FROM}"
            ),
            format!(
                "Authentication-Results: mx.other.example; dmarc=pass header.from=clinic.example\r\n{FROM}"
            ),
            format!("{TRUSTED}From: Clinic <other@clinic.example>\r\n"),
        ] {
            let verdict = judged(&[Decision::Allow], &fields, SCAM);
            assert_eq!((weight(&verdict, INDICATOR.id), verdict.level), (None, Level::Threat), "{fields}");
        }
    }

    #[test]
    fn a_hard_fact_counts_in_full() {
        let fields = format!(
            "{TRUSTED}{FROM}Message-ID: <1@clinic.example>\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream; name=\"a.exe\"\r\nContent-Disposition: attachment; filename=\"a.exe\"\r\n"
        );
        let verdict = judged(&[Decision::Allow, Decision::Allow], &fields, "MZ");
        assert_eq!(verdict.level, Level::Threat, "{:#?}", verdict.findings);
        assert_eq!(weight(&verdict, RELEASED), None);
    }

    #[test]
    fn a_report_adds_and_one_of_each_says_nothing() {
        let fields = format!("{TRUSTED}{FROM}");
        let reported = judged(&[Decision::Block], &fields, "hello");
        assert_eq!(weight(&reported, reported_sender::INDICATOR.id), Some(300));
        assert_ne!(reported.level, Level::Threat);
        let both = judged(&[Decision::Block, Decision::Allow], &fields, SCAM);
        assert_eq!(both.findings, judged(&[], &fields, SCAM).findings);
        let often = judged(&[Decision::Allow; 9], &fields, "hello");
        assert_eq!(weight(&often, INDICATOR.id), Some(-600));
    }
}
