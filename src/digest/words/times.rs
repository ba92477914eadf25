//! Dates, times and lengths in words.

use jiff::SignedDuration;
use jiff::civil::{Date, Weekday};

use crate::digest::day::Day;
use crate::digest::moment::Moment;
use crate::document::Language;

/// `2026年11月23日(月)`, `Monday, 23 November 2026`
pub(in crate::digest) fn date(date: Date, lang: Language) -> String {
    match lang {
        Language::Ja => format!("{}年{}月{}日({})", date.year(), date.month(), date.day(), weekday(date)),
        Language::En => date.strftime("%A, %-d %B %Y").to_string(),
    }
}

/// `11/23(月)`, `Mon 23 Nov`: where the year is plain.
pub(in crate::digest) fn short_date(date: Date, lang: Language) -> String {
    match lang {
        Language::Ja => format!("{}/{}({})", date.month(), date.day(), weekday(date)),
        Language::En => date.strftime("%a %-d %b").to_string(),
    }
}

fn weekday(date: Date) -> char {
    match date.weekday() {
        Weekday::Monday => '月',
        Weekday::Tuesday => '火',
        Weekday::Wednesday => '水',
        Weekday::Thursday => '木',
        Weekday::Friday => '金',
        Weekday::Saturday => '土',
        Weekday::Sunday => '日',
    }
}

/// From when to when.
pub(in crate::digest) fn period(day: &Day, lang: Language) -> String {
    let (start, end) = (day.period.start, day.period.end);
    let length = duration(end.at().duration_since(start.at()), lang);
    let (from, until) = if start.offset() == end.offset() {
        (minute(start), minute(end))
    } else {
        (format!("{} ({})", minute(start), start.offset()), format!("{} ({})", minute(end), end.offset()))
    };
    let zone = &day.timezone;
    match lang {
        Language::Ja => format!("{from} から {until} まで（{zone}、{length}）"),
        Language::En => format!("{from} to {until} ({zone}, {length})"),
    }
}

/// The same in UTC.
pub(in crate::digest) fn period_utc(day: &Day, lang: Language) -> String {
    let utc = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M").to_string();
    let (from, until) = (utc(day.period.start_utc), utc(day.period.end_utc));
    match lang {
        Language::Ja => format!("{from} から {until} まで"),
        Language::En => format!("{from} to {until}"),
    }
}

/// `2026-11-23 10:15`
pub(in crate::digest) fn minute(at: Moment) -> String {
    at.local().strftime("%Y-%m-%d %H:%M").to_string()
}

/// `10:15` of the digest's own day, `11-22 10:15` of another.
pub(in crate::digest) fn short(at: Moment, day: Date) -> String {
    let local = at.local();
    if local.date() == day { at.clock() } else { local.strftime("%m-%d %H:%M").to_string() }
}

/// Whole minutes, rounded up.
pub(in crate::digest) fn minutes(length: SignedDuration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(0).div_ceil(60_000)
}

/// `3 時間 30 分`, whole minutes, rounded up.
pub(in crate::digest) fn duration(length: SignedDuration, lang: Language) -> String {
    let minutes = minutes(length);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match (hours, minutes, lang) {
        (0, _, Language::Ja) => format!("{minutes} 分"),
        (_, 0, Language::Ja) => format!("{hours} 時間"),
        (_, _, Language::Ja) => format!("{hours} 時間 {minutes} 分"),
        (0, _, Language::En) => format!("{minutes} min"),
        (_, 0, Language::En) => format!("{hours} h"),
        (_, _, Language::En) => format!("{hours} h {minutes} min"),
    }
}
