//! Which days are due, and where in the chain a day ends.
//!
//! Digests cut the chain into pieces that follow each other: a day's begins with the record at which the piece before
//! ended, and ends before the first record whose time is at or past the end of the day ([`Period::ends_before`]). So each
//! record, and each message, is in exactly one digest, also where the clock was set back between two of them.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use memchr::memmem;

use crate::evidence::{Entry, Record};

/// So many missing days are caught up, one digest each; what is older goes into the first of them.
pub const MOST_CAUGHT_UP: usize = 400;

/// A local calendar day, `[start, end)`: 23, 24 or 25 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Which.
    pub date: Date,
    /// The first moment of the day.
    pub start: Timestamp,
    /// The first moment of the day after.
    pub end: Timestamp,
}

/// Digests that were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Each with the first record that it covers, and the first that it no longer covers.
    pub days: BTreeMap<Date, (u64, u64)>,
    /// The day of the one that was written last.
    pub last: Option<Date>,
}

impl Written {
    /// One more was written.
    pub fn add(&mut self, date: Date, first: u64, next: u64) {
        self.days.insert(date, (first, next));
        self.last = Some(date);
    }

    /// Takes the next line of the chain.
    pub fn take_line(&mut self, line: &str) {
        // A quotation mark inside a JSON string is escaped, so that this stands nowhere else.
        if memmem::find(line.as_bytes(), b"\"event.action\":\"digest-written\"").is_some()
            && let Ok(Entry::DigestWritten { date, first, next, .. }) =
                Record::from_line(line).map(|record| record.entry)
        {
            self.add(date, first, next);
        }
    }

    /// The first record that is in no digest.
    pub fn next_seq(&self) -> u64 {
        self.last.and_then(|last| self.days.get(&last)).map_or(0, |(_, next)| *next)
    }
}

impl Period {
    /// The day of that date; none at the ends of the calendar.
    pub fn of(date: Date, zone: &TimeZone) -> Option<Self> {
        let midnight = |date: Date| {
            // Where midnight does not exist, the day begins when the clock was put forward.
            zone.to_ambiguous_zoned_datetime(date.to_datetime(Time::midnight())).compatible().ok()
        };
        let start = midnight(date)?.timestamp();
        let end = midnight(date.checked_add(1.day()).ok()?)?.timestamp();
        Some(Self { date, start, end })
    }

    /// The day that a moment is in.
    pub fn at(at: Timestamp, zone: &TimeZone) -> Option<Self> {
        Self::of(zone.to_datetime(at).date(), zone)
    }

    /// True where a record of that time is the first that is no longer of this day. A time that is still to come is a
    /// wrong clock's and says nothing: it must not end the days before it.
    pub fn ends_before(&self, at: Timestamp, now: Timestamp) -> bool {
        at >= self.end && at <= now
    }
}

/// The days that are over and have no digest, ascending: from the day after the one that was written last, or the day of
/// the first record, to yesterday. Where the last one is of a day to come, the clock had been ahead: then yesterday only.
pub fn due(written: &Written, first_record: Timestamp, now: Timestamp, zone: &TimeZone) -> Vec<Period> {
    let today = zone.to_datetime(now).date();
    let Ok(yesterday) = today.yesterday() else { return Vec::new() };
    let from = match written.last {
        Some(last) if last < today => last.checked_add(1.day()).unwrap_or(today),
        Some(_) => yesterday,
        None => zone.to_datetime(first_record).date(),
    };
    let mut days = Vec::new();
    let mut date = yesterday;
    while date >= from && days.len() < MOST_CAUGHT_UP {
        if !written.days.contains_key(&date) {
            days.extend(Period::of(date, zone));
        }
        match date.yesterday() {
            Ok(before) => date = before,
            Err(_) => break,
        }
    }
    days.reverse();
    days
}
