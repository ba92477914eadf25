//! The date does not fit the time of arrival.
//!
//! # Detects
//!
//! A Date field more than a day after, or more than a week before, the arrival (INTERNALDATE, else the topmost
//! Received field).
//!
//! # Why it matters
//!
//! The date in the message is far from the time at which it came.
//!
//! # False positives
//!
//! Wrong clocks; mail held in a queue.
//!
//! # References
//!
//! - RFC 5322 §3.6.1

use jiff::Timestamp;

use crate::message::{Excerpt, Message, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "date-skew",
    title: Bilingual {
        ja: "送信日時と受信日時のずれ", en: "the date does not fit the time of arrival"
    },
    category: None,
    family: Family::Transport,
    weight: Hundredths(90),
    hard: false,
    basis: Basis::Prior("clocks of machines are wrong now and then; queues hold mail for days"),
    why: Bilingual {
        ja: "メールに書かれた日時が、届いた日時と大きくずれています。",
        en: "The date in the message is far from the time at which it came.",
    },
    genuine: Bilingual {
        ja: "本物のメールの日時は、届いた日時とほぼ同じです。",
        en: "The date of genuine mail is close to its arrival.",
    },
    false_positives: Bilingual {
        ja: "時計の狂った機械、遅延した配送。",
        en: "Wrong clocks; mail held in a queue.",
    },
    references: &["RFC 5322 §3.6.1"],
    check,
};

/// Seconds.
const DAY: i64 = 86_400;

/// The time of the topmost Received field, which the provider's own server wrote.
fn received(message: &Message) -> Option<Timestamp> {
    let (_, value) = message.fields.iter().find(|(name, _)| name == "received")?;
    let (_, written) = value.rsplit_once(';')?;
    let written = written.split('(').next().unwrap_or_default().trim();
    jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(written).ok()
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let date = message.date?;
    let arrived = observables.context.received_at.or_else(|| received(message))?;
    let apart = date.as_second() - arrived.as_second();
    (!(-7 * DAY..=DAY).contains(&apart)).then(|| {
        let written =
            message.fields.iter().find(|(name, _)| name == "date").map_or("", |(_, value)| value.as_str());
        Observation { place: Place::Header("date".to_owned()), excerpt: Excerpt::new(written) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/date-skew_future_en.eml");
        let benign = include_str!("../../tests/corpus/benign/date-skew_now_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
