//! The moment from which "today" and "within 48 hours" count.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::indicator::Context;
use crate::message::Message;

/// How far the Date field may lie after the arrival before it is taken to be wrong.
const LEEWAY: SignedDuration = SignedDuration::from_hours(24);
/// Japan Standard Time has no daylight saving.
const JAPAN: i8 = 9;

/// A point in time with the offset in which its reader's clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) at: Timestamp,
    pub(super) offset: Offset,
}

impl Clock {
    /// From the Date field, because it is what the sender counts from and what the reader sees; from the arrival where there
    /// is none, or where it lies more than a day after the arrival. (An arrival much later than Date says nothing: moved
    /// mailboxes arrive anew.)
    ///
    /// The offset: Japan's for a Japanese text, whatever the sending machine is set to, because "本日17時" is read on a clock in
    /// Japan; else that of the Date field; else UTC.
    pub(super) fn of(message: &Message, context: &Context, japanese: bool) -> Option<Self> {
        let at = match (message.date, context.received_at) {
            (Some(date), Some(received)) if date.duration_since(received) > LEEWAY => received,
            (Some(date), _) => date,
            (None, received) => received?,
        };
        let written = message
            .fields
            .iter()
            .find(|(name, _)| name == "date")
            .and_then(|(_, value)| written_offset(value));
        let offset = if japanese { Offset::constant(JAPAN) } else { written.unwrap_or(Offset::UTC) };
        Some(Self { at, offset })
    }

    pub(super) fn civil(self) -> DateTime {
        self.offset.to_datetime(self.at)
    }
}

/// The zone of a Date field (RFC 5322 §3.3, obsolete names of §4.3 included).
fn written_offset(value: &str) -> Option<Offset> {
    let words = value.split(|c: char| c.is_whitespace() || c == '(' || c == ')');
    words.filter(|word| !word.is_empty()).skip(1).find_map(zone)
}

/// `+0900`, `-05:00`, `JST`, `est`.
pub(super) fn zone(word: &str) -> Option<Offset> {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    let signed = word.strip_prefix(['+', '-']);
    if let Some(rest) = signed
        && digits.len() == 4
        && rest.chars().all(|c| c.is_ascii_digit() || c == ':')
    {
        let hours: i32 = digits.get(..2)?.parse().ok()?;
        let minutes: i32 = digits.get(2..)?.parse().ok()?;
        let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
        return Offset::from_seconds(if word.starts_with('-') { -seconds } else { seconds }).ok();
    }
    let hours = match word.to_ascii_lowercase().as_str() {
        "utc" | "gmt" | "ut" | "z" | "wet" => 0,
        "jst" | "kst" => JAPAN,
        "est" | "cdt" => -5,
        "edt" => -4,
        "cst" | "mdt" => -6,
        "mst" | "pdt" => -7,
        "pst" => -8,
        "bst" | "cet" => 1,
        "cest" | "eet" => 2,
        _ => return None,
    };
    Offset::from_hours(hours).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(date: &str) -> Message {
        Message::parse(format!("Date: {date}\nSubject: x\n\ny\n").as_bytes())
    }

    #[test]
    fn date_counts_unless_it_is_missing_or_impossible() {
        let arrival: Timestamp = "2026-11-24T01:00:00Z".parse().unwrap();
        let context = Context { received_at: Some(arrival), ..Context::default() };
        let clock = |date: &str, context: &Context, japanese| {
            Clock::of(&message(date), context, japanese)
                .map(|clock| format!("{}{}", clock.civil(), clock.offset))
        };
        let date = "Tue, 24 Nov 2026 09:15:00 +0800 (CST)";
        assert_eq!(clock(date, &context, false).as_deref(), Some("2026-11-24T09:15:00+08"));
        assert_eq!(clock(date, &context, true).as_deref(), Some("2026-11-24T10:15:00+09"));
        assert_eq!(
            clock("Tue, 24 Nov 2037 09:15:00 +0900", &context, false).as_deref(),
            Some("2026-11-24T10:00:00+09")
        );
        assert_eq!(clock("", &context, false).as_deref(), Some("2026-11-24T01:00:00+00"));
        assert_eq!(clock("", &Context::default(), true), None);
    }

    #[test]
    fn zones() {
        for (word, seconds) in [("+0900", 32_400), ("-05:30", -19_800), ("EST", -18_000), ("gmt", 0)] {
            assert_eq!(zone(word).map(Offset::seconds), Some(seconds), "{word}");
        }
        for none in ["2026", "24", "nov", "+99999", ""] {
            assert_eq!(zone(none), None, "{none}");
        }
    }
}
