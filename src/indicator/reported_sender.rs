//! A sender whose mail the person put into quarantine, and who the provider says it is.
//!
//! # Detects
//!
//! The one author was learned from a report, and the account's provider found it authentic, as for `allowed-sender`. A forged
//! From never counts: it would be a way to have an honest sender's mail put away.
//!
//! # Why it matters
//!
//! Who sent one threat sends another. Each report adds 3.00, at most 6.00, and is one witness: by itself it does not
//! quarantine, because one message that was put away is not a decision about all to come. That is what `[[block]]` is for.
//!
//! # False positives
//!
//! Mail of a sender of whom a single message was unwanted.
//!
//! # References
//!
//! - RFC 7489 §3.1 (identifier alignment)

use super::{
    Basis, Bilingual, Family, Indicator, LESSON, Observables, Observation, released_sender::observed,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "reported-sender",
    title: Bilingual {
        ja: "以前あなたが隔離先へ移した差出人（認証済み）",
        en: "a sender whose mail you put into quarantine, authenticated",
    },
    category: None,
    family: Family::Person,
    weight: LESSON,
    hard: false,
    basis: Basis::Prior(
        "the person's own act, 3.00 for each report and 6.00 at most: one witness, which does not quarantine alone",
    ),
    why: Bilingual {
        ja: "あなたはこの差出人のメールを自分で隔離先へ移しました。受信サーバーも本物の送信元と確認しています。",
        en: "You put mail of this sender into quarantine yourself, and the receiving server confirmed that it is the one it names.",
    },
    genuine: Bilingual {
        ja: "あなたの判断によるものです。必要な差出人であれば、komainu learn undo で取り消せます。",
        en: "It follows from what you did. Should you need its mail after all: komainu learn undo.",
    },
    false_positives: Bilingual {
        ja: "一通だけが不要だった差出人からのメール。",
        en: "Mail of a sender of whom a single message was unwanted.",
    },
    references: &["RFC 7489 §3.1 (identifier alignment)"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observed(observables, |weight| weight.0 > 0)
}
