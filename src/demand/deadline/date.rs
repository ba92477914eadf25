//! Dates as they are written, each as a civil date.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::read::Reader;

/// The day from which dates without a year count, and which order `11/12` is read in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Today {
    pub(super) date: Date,
    /// Month before day where both would be a date: the United States.
    pub(super) month_first: bool,
}

/// A date or a stretch of days that begins here; the reader stands behind it.
pub(super) fn date(reader: &mut Reader<'_>, today: Today) -> Option<Date> {
    for read in [era, japanese, month_and_day, numeric, english_day_first, english_month_first, month_end] {
        let mut ahead = *reader;
        if let Some(date) = read(&mut ahead, today) {
            ahead.weekday_mark();
            reader.at = ahead.at;
            return Some(date);
        }
    }
    None
}

fn civil(year: u32, month: u32, day: u32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// 令和8年11月25日, 令和元年…, R8.11.25, R8/11/25.
fn era(reader: &mut Reader<'_>, _: Today) -> Option<Date> {
    let short = reader.eat(&["令和", "r.", "r"])? > 0;
    let year = if reader.eat(&["元"]).is_some() { 1 } else { reader.count().filter(|year| *year < 100)? };
    reader.space();
    let by_signs = reader.eat(&["年", ".", "/", "-"])? > 0;
    if short && !by_signs && !reader.rest().starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    reader.space();
    let month = reader.count()?;
    reader.eat(&["月", ".", "/", "-"])?;
    reader.space();
    let day = reader.count()?;
    reader.eat(&["日"]);
    civil(2018 + year, month, day)
}

/// 2026年11月25日, 二〇二六年十一月二十五日.
fn japanese(reader: &mut Reader<'_>, _: Today) -> Option<Date> {
    let year = reader.count().filter(|year| (2000..2100).contains(year))?;
    reader.eat(&["年"])?;
    let month = reader.count()?;
    reader.eat(&["月"])?;
    if reader.eat(&["末日", "末"]).is_some() {
        return civil(year, month, 1).map(Date::last_of_month);
    }
    let day = reader.count()?;
    reader.eat(&["日"])?;
    civil(year, month, day)
}

/// 11月25日, 来月10日, 今月15日, 25日 (with a word of time behind it, which the caller asks for).
fn month_and_day(reader: &mut Reader<'_>, today: Today) -> Option<Date> {
    let here = today.date;
    if let Some(which) = reader.eat(&["今月", "当月", "来月", "翌月"]) {
        let month = if which < 2 { here } else { here.first_of_month().checked_add(1.month()).ok()? };
        if reader.eat(&["末日", "末", "中"]).is_some() {
            return Some(month.last_of_month());
        }
        let day = reader.count()?;
        reader.eat(&["日"])?;
        return Date::new(month.year(), month.month(), i8::try_from(day).ok()?).ok();
    }
    let month = reader.count()?;
    reader.eat(&["月"])?;
    if reader.eat(&["末日", "末"]).is_some() {
        return nearest(today, month, 1).map(Date::last_of_month);
    }
    let day = reader.count()?;
    reader.eat(&["日"])?;
    nearest(today, month, day)
}

/// 月末 alone.
fn month_end(reader: &mut Reader<'_>, today: Today) -> Option<Date> {
    reader.eat(&[
        "月末",
        "the end of the month",
        "end of the month",
        "end of this month",
        "the end of this month",
        "month end",
        "month-end",
    ])?;
    Some(today.date.last_of_month())
}

/// 2026/11/25, 2026-11-25, 2026.11.25, 11/25/2026, 25/11/2026, 25.11.2026, 11/25.
fn numeric(reader: &mut Reader<'_>, today: Today) -> Option<Date> {
    let (first, long) = reader.digits()?;
    let mark = reader.eat(&["/", "-", "."])?;
    let marks: &[&str] = match mark {
        0 => &["/"],
        1 => &["-"],
        _ => &["."],
    };
    reader.space();
    let (second, _) = reader.digits()?;
    if long == 4 {
        reader.eat(marks)?;
        reader.space();
        let (day, _) = reader.digits()?;
        let glued = reader.rest().starts_with(|c: char| c.is_ascii_digit());
        return (!glued).then(|| civil(first, second, day)).flatten();
    }
    let mut ahead = *reader;
    if ahead.eat(marks).is_some()
        && let Some((year, digits)) = ahead.digits()
    {
        let year = match digits {
            4 => year,
            2 => 2000 + year,
            _ => return None,
        };
        reader.at = ahead.at;
        return day_and_month(first, second, today, |month, day| civil(year, month, day));
    }
    // Without a year only with a slash; 11.25 and 11-25 are mostly something else.
    let glued = reader.rest().starts_with(|c: char| c.is_ascii_digit() || c == '/');
    if mark != 0 || glued || long > 2 {
        return None;
    }
    day_and_month(first, second, today, |month, day| nearest(today, month, day))
}

/// Of the two orders the one that is a date; where both are, the one of the country.
fn day_and_month(
    first: u32,
    second: u32,
    today: Today,
    make: impl Fn(u32, u32) -> Option<Date>,
) -> Option<Date> {
    let (month_first, day_first) = (make(first, second), make(second, first));
    match (month_first, day_first) {
        (Some(a), Some(b)) => {
            let near = |date: Date| date.since(today.date).map_or(i32::MAX, |span| span.get_days().abs());
            // A deadline lies ahead and not far: where the country's reading is a year off, the other one is meant.
            let (mine, other) = if today.month_first { (a, b) } else { (b, a) };
            let far = mine < today.date || near(mine) > 90;
            Some(if far && other >= today.date && near(other) <= 31 { other } else { mine })
        }
        (a, b) => a.or(b),
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn month_name(reader: &mut Reader<'_>) -> Option<u32> {
    let long = reader.rest().bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = reader.rest().get(..long)?;
    if long < 3 {
        return None;
    }
    let index = MONTHS
        .iter()
        .position(|month| month.starts_with(word) && (long == 3 || long == month.len() || word == "sept"))?;
    reader.at += long;
    reader.eat(&["."]);
    u32::try_from(index + 1).ok()
}

/// 25 November 2026, 25th of Nov, 25-Nov-2026.
fn english_day_first(reader: &mut Reader<'_>, today: Today) -> Option<Date> {
    let (day, long) = reader.digits()?;
    if long > 2 {
        return None;
    }
    reader.eat(&["st", "nd", "rd", "th"]);
    reader.skip(&[' ', '-', '/']);
    reader.eat(&["day of ", "of "]);
    let month = month_name(reader)?;
    year_behind(reader, today, month, day)
}

/// November 25, 2026; Nov 25th; Wednesday, November 25.
fn english_month_first(reader: &mut Reader<'_>, today: Today) -> Option<Date> {
    let month = month_name(reader)?;
    reader.skip(&[' ', '-']);
    reader.eat(&["the "]);
    let (day, long) = reader.digits()?;
    if long > 2 {
        return None;
    }
    reader.eat(&["st", "nd", "rd", "th"]);
    year_behind(reader, today, month, day)
}

fn year_behind(reader: &mut Reader<'_>, today: Today, month: u32, day: u32) -> Option<Date> {
    let mut ahead = *reader;
    ahead.skip(&[' ', ',', '-', '/']);
    if let Some((year, 4)) = ahead.digits()
        && (2000..2100).contains(&year)
        && !ahead.rest().starts_with(|c: char| c.is_ascii_digit())
    {
        reader.at = ahead.at;
        return civil(year, month, day);
    }
    nearest(today, month, day)
}

/// The day of this month and day that lies ahead, or not long past.
fn nearest(today: Today, month: u32, day: u32) -> Option<Date> {
    let year = u32::try_from(today.date.year()).ok()?;
    let past = today.date.checked_sub(60.days()).ok()?;
    let this = civil(year, month, day);
    match this {
        Some(date) if date >= past => Some(date),
        _ => civil(year + 1, month, day),
    }
}

/// The next day of the week at or after tomorrow; `next` the one after where it would be within this week.
pub(super) fn weekday(today: Today, weekday: Weekday) -> Option<Date> {
    today.date.nth_weekday(1, weekday).ok()
}

/// So many working days (Monday to Friday) later. Holidays are not known.
pub(super) fn working_days(from: Date, days: u32) -> Option<Date> {
    let mut date = from;
    let mut left = days.min(260);
    while left > 0 {
        date = date.tomorrow().ok()?;
        if !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            left -= 1;
        }
    }
    Some(date)
}

/// So many days, weeks or months later.
pub(super) fn later(from: Date, span: Span) -> Option<Date> {
    from.checked_add(span).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::normalise;

    #[test]
    fn dates() {
        let today = Today { date: Date::constant(2026, 11, 24), month_first: false };
        for (written, expected) in [
            ("令和8年11月25日", "2026-11-25"),
            ("令和８年１１月２５日(水)", "2026-11-25"),
            ("R8.11.30", "2026-11-30"),
            ("2026年11月25日", "2026-11-25"),
            ("二〇二六年十一月二十五日", "2026-11-25"),
            ("11月30日(月)", "2026-11-30"),
            ("1月5日", "2027-01-05"),
            ("今月末", "2026-11-30"),
            ("来月10日", "2026-12-10"),
            ("12月末日", "2026-12-31"),
            ("2026/11/25", "2026-11-25"),
            ("2026-11-25", "2026-11-25"),
            ("2026.11.25", "2026-11-25"),
            ("11/25/2026", "2026-11-25"),
            ("25/11/2026", "2026-11-25"),
            ("25.11.2026", "2026-11-25"),
            ("06/12/2026", "2026-12-06"),
            ("25 November 2026", "2026-11-25"),
            ("25th of November, 2026", "2026-11-25"),
            ("Nov 27", "2026-11-27"),
            ("November 27th, 2026", "2026-11-27"),
            ("27-Nov-2026", "2026-11-27"),
        ] {
            let text = normalise(written);
            let found = date(&mut Reader::new(&text, 0), today).map(|date| date.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{written}");
        }
        let us = Today { month_first: true, ..today };
        let read = |text: &str| date(&mut Reader::new(text, 0), us).map(|date| date.to_string());
        assert_eq!(read("12/06/2026").as_deref(), Some("2026-12-06"));
        assert_eq!(read("12/1").as_deref(), Some("2026-12-01"));
        assert_eq!(read("25/11/2026").as_deref(), Some("2026-11-25"));
        for none in ["2月30日", "11.25", "0120-000-000", "13/13/2026", "report 5", "marching 5"] {
            let text = normalise(none);
            assert_eq!(date(&mut Reader::new(&text, 0), today), None, "{none}");
        }
    }

    #[test]
    fn working_days_leave_out_weekends() {
        let thursday = Date::constant(2026, 11, 19);
        assert_eq!(working_days(thursday, 2), Some(Date::constant(2026, 11, 23)));
        assert_eq!(working_days(thursday, 1), Some(Date::constant(2026, 11, 20)));
    }
}
