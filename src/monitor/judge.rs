//! Octets to a judgement, fenced: whatever a message does to the judging, the loop goes on.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::demand::{self, Demand};
use crate::evidence::Digest;
use crate::imap::Summary;
use crate::indicator::Context;
use crate::message::{Excerpt, Message};
use crate::verdict::{Level, Thresholds, Verdict};

/// A message with its judgement, ready to be recorded. Octets are held only where they will be kept.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) summary: Summary,
    pub(super) sha256: Digest,
    pub(super) subject: Excerpt,
    pub(super) outcome: Judgement,
}

/// What came of judging.
#[derive(Debug)]
pub(super) enum Judgement {
    /// Nothing that adds up: only its identities are kept.
    Clean(Verdict),
    /// To be recorded, and perhaps moved.
    Hit(Box<Hit>),
    /// It stays where it is and is counted.
    NotJudged {
        /// Machine word.
        reason: &'static str,
        /// What octets came, if any.
        octets: Vec<u8>,
    },
}

/// A message to be kept.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) verdict: Verdict,
    pub(super) demand: Option<Demand>,
    pub(super) message: Message,
    pub(super) octets: Vec<u8>,
    /// True where only the head of a larger message was fetched.
    pub(super) partial: bool,
}

/// What is kept of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Nothing where it is clean.
    Hits,
    /// All of it, whatever it is: the person says that it matters.
    All,
}

/// Parses and judges one message. `partial` where `octets` is only its head.
pub(super) fn judge(
    summary: &Summary,
    octets: Cow<'_, [u8]>,
    partial: bool,
    (context, thresholds): (&Context, Thresholds),
    keep: Keep,
) -> Judged {
    let sha256 = Digest::of(&octets);
    let work = AssertUnwindSafe(|| {
        let message = if partial { Message::parse_partial(&octets) } else { Message::parse(&octets) };
        let context = Context { received_at: summary.received_at(), ..context.clone() };
        let verdict = crate::verdict::judge(&message, &context, &thresholds);
        // Of clean mail nothing is kept.
        let noticed = keep == Keep::All || verdict.level != Level::Clean;
        let demand = if noticed { demand::extract(&message, &context, true) } else { None };
        (message, verdict, demand, noticed)
    });
    let Ok((message, verdict, demand, noticed)) = catch_unwind(work) else {
        return not_judged(summary, "panic", &octets);
    };
    let subject = Excerpt::new(message.subject.original());
    let outcome = if octets.is_empty() {
        Judgement::NotJudged { reason: "no-octets", octets: Vec::new() }
    } else if !noticed && !partial {
        Judgement::Clean(verdict)
    } else if !noticed {
        // What lies beyond the head was not read, so "clean" cannot be said of it.
        Judgement::NotJudged { reason: "too-large", octets: octets.into_owned() }
    } else {
        Judgement::Hit(Box::new(Hit { verdict, demand, message, octets: octets.into_owned(), partial }))
    };
    Judged { summary: summary.clone(), sha256, subject, outcome }
}

/// A message that gave no octets to judge, or whose judging failed.
pub(super) fn not_judged(summary: &Summary, reason: &'static str, octets: &[u8]) -> Judged {
    Judged {
        summary: summary.clone(),
        sha256: Digest::of(octets),
        subject: Excerpt::new(""),
        outcome: Judgement::NotJudged { reason, octets: octets.to_vec() },
    }
}
