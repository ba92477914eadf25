//! A sender whose mail the person does not want, and who the provider says it is.
//!
//! # Detects
//!
//! The one author, by address or domain, stands in the person's `[[block]]` list, and the account's provider found it
//! authentic, as for `allowed-sender`. A forged From never counts: it would be a way to have an honest sender's mail put away.
//!
//! # Why it matters
//!
//! The person decided; the decision is followed.
//!
//! # False positives
//!
//! None but a mistake in the list.
//!
//! # References
//!
//! - RFC 7489 §3.1 (identifier alignment)

use super::{
    Basis, Bilingual, Decision, Family, Hundredths, Indicator, Observables, Observation,
    allowed_sender::decided,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "blocked-sender",
    title: Bilingual {
        ja: "拒否リストの差出人（認証済み）",
        en: "a sender on the block list, authenticated",
    },
    category: None,
    family: Family::Person,
    weight: Hundredths(750),
    hard: true,
    basis: Basis::Prior("the person's own decision: enough to quarantine by itself at the usual thresholds"),
    why: Bilingual {
        ja: "あなたが拒否した差出人からで、受信サーバーも本物の送信元と確認しています。",
        en: "You blocked this sender, and the receiving server confirmed that it is the one it names.",
    },
    genuine: Bilingual {
        ja: "拒否したのはあなたの判断です。必要な差出人であれば、拒否リストから外してください。",
        en: "Blocking it was your decision. Take it off the list if you need its mail after all.",
    },
    false_positives: Bilingual { ja: "リストの書き間違い。", en: "A mistake in the list." },
    references: &["RFC 7489 §3.1 (identifier alignment)"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    decided(observables, Decision::Block)
}
