//! How a moment is said: a day with or without a time, an hour, a number of hours or days, in Japanese and English.

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, ToSpan};

use super::date::{date, day_of_month, later, weekday, working_days};
use super::read::{Reader, Time};
use super::{Read, Scan};

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

const KANJI_WEEKDAYS: [(&str, Weekday); 7] = [
    ("月曜", Weekday::Monday),
    ("火曜", Weekday::Tuesday),
    ("水曜", Weekday::Wednesday),
    ("木曜", Weekday::Thursday),
    ("金曜", Weekday::Friday),
    ("土曜", Weekday::Saturday),
    ("日曜", Weekday::Sunday),
];

impl Scan<'_, '_> {
    pub(super) fn dated(&self, mut reader: Reader<'_>) -> Option<(Read, usize, bool)> {
        let day = date(&mut reader, self.today)?;
        let time = reader.time();
        Some((Read::Day(day, time), reader.at, false))
    }

    pub(super) fn hour(&self, mut reader: Reader<'_>) -> Option<(Read, usize, bool)> {
        let time = reader.time()?;
        let mut ahead = reader;
        ahead.space();
        if ahead.eat_word(&["today", "tonight", "this afternoon", "on the same day"]).is_some() {
            return Some((Read::Day(self.today.date, Some(time)), ahead.at, false));
        }
        if ahead.eat_word(&["tomorrow"]).is_some() {
            return Some((Read::Day(self.today.date.tomorrow().ok()?, Some(time)), ahead.at, false));
        }
        if ahead.eat(&["on "]).is_some() || reader.rest().starts_with(' ') {
            let mut further = ahead;
            if let Some(index) = further.eat_word(&WEEKDAYS.map(|(name, _)| name)) {
                let day = weekday(self.today, WEEKDAYS.get(index)?.1)?;
                return Some((Read::Day(day, Some(time)), further.at, false));
            }
            if let Some(day) = date(&mut ahead, self.today) {
                return Some((Read::Day(day, Some(time)), ahead.at, false));
            }
        }
        Some((Read::Hour(time), reader.at, false))
    }

    pub(super) fn japanese(&self, mut reader: Reader<'_>) -> Option<(Read, usize, bool)> {
        let today = self.today.date;
        let words = [
            ("本日", 0),
            ("今日", 0),
            ("当日", 0),
            ("きょう", 0),
            ("今晩", 0),
            ("今夜", 0),
            ("明後日", 2),
            ("明日", 1),
            ("あさつて", 2),
            ("あした", 1),
            ("翌日", 1),
            ("翌々日", 2),
        ];
        if let Some(index) = reader.eat(&words.map(|(word, _)| word)) {
            let (word, days) = words.get(index)?;
            let day = later(today, i64::from(*days).days())?;
            reader.weekday_mark();
            let mut time = if word.ends_with("夜") || word.ends_with("晩") {
                let mut ahead = reader;
                ahead.eat(&["の"]);
                ahead.time().map(|time| {
                    reader.at = ahead.at;
                    if time.hour < 12 { Time { hour: time.hour + 12, ..time } } else { time }
                })
            } else {
                reader.time()
            };
            // A date in brackets behind it says the same: 本日(11月25日)17時.
            if time.is_none() {
                let mut ahead = reader;
                ahead.skip(&['(', '、', ' ']);
                if let Some(day) = date(&mut ahead, self.today) {
                    ahead.skip(&[')']);
                    time = ahead.time();
                    return Some((Read::Day(day, time), ahead.at, reader.rest().starts_with("中")));
                }
            }
            let own = reader.rest().starts_with("中") || reader.rest().starts_with("いつぱい");
            return Some((Read::Day(day, time), reader.at, own));
        }
        if reader.eat(&["翌営業日"]).is_some() {
            return Some((Read::Day(working_days(today, 1)?, reader.time()), reader.at, false));
        }
        let this = reader.eat(&["今週", "来週", "今度の", "次の"]);
        if this.is_some() {
            reader.eat(&["の"]);
        }
        if let Some(index) = reader.eat(&KANJI_WEEKDAYS.map(|(name, _)| name)) {
            let name = KANJI_WEEKDAYS.get(index)?.1;
            reader.eat(&["日"]);
            let mut day = weekday(self.today, name)?;
            if this == Some(1) && same_week(today, day) {
                day = later(day, 7.days())?;
            }
            return Some((Read::Day(day, reader.time()), reader.at, false));
        }
        if matches!(this, Some(0 | 1)) && reader.eat(&["中", "末", "いつぱい"]).is_some() {
            let sunday = weekday(self.today, Weekday::Sunday)?;
            let sunday = if today.weekday() == Weekday::Sunday { today } else { sunday };
            let friday = later(sunday, (-2).days())?;
            let friday = if friday < today { sunday } else { friday };
            let day = if this == Some(1) { later(friday, 7.days())? } else { friday };
            return Some((Read::Day(day, None), reader.at, true));
        }
        None
    }

    /// `48時間以内`, `3日以内`, `within 3 days`, `2営業日以内`, `48 hours`.
    pub(super) fn counted(&self, mut reader: Reader<'_>) -> Option<(Read, usize, bool)> {
        let today = self.today.date;
        let amount = reader.count().filter(|n| (1..=1_000).contains(n))?;
        self.unit(&mut reader, amount, today)
    }

    fn unit(&self, reader: &mut Reader<'_>, amount: u32, today: Date) -> Option<(Read, usize, bool)> {
        reader.skip(&[' ', '-', '+']);
        // `48 (forty-eight) hours`, `two (2) days`.
        if reader.rest().starts_with('(') {
            let mut ahead = *reader;
            let close = ahead.rest().find(')').filter(|at| *at < 24)?;
            ahead.at += close + 1;
            ahead.space();
            reader.at = ahead.at;
        }
        let read = match self.japanese_unit(reader, amount, today) {
            Some(read) => read,
            None => english_unit(reader, amount, today)?,
        };
        let own = reader.rest().starts_with("以内");
        Some((read, reader.at, own))
    }

    fn japanese_unit(&self, reader: &mut Reader<'_>, amount: u32, today: Date) -> Option<Read> {
        let wide = i64::from(amount);
        if let Some(index) = reader.eat(&["時間", "分間", "分"]) {
            let minutes = if index == 0 { wide * 60 } else { wide };
            return Some(Read::In(SignedDuration::from_mins(minutes)));
        }
        if reader.eat(&["営業日", "銀行営業日"]).is_some() {
            return Some(Read::Day(working_days(today, amount)?, None));
        }
        if reader.eat(&["週間", "か月", "ケ月", "力月"]).is_some() {
            return Some(Read::Day(later(today, (wide * 7).days())?, None));
        }
        let index = reader.eat(&["日間", "日"])?;
        // A day of the month has `まで` behind it, a number of days `以内` or `後`.
        let days = ["以内", "後", "のうちに", "内に", "の猶予", "間"];
        if index == 1 && !days.iter().any(|word| reader.rest().starts_with(word)) {
            let day = day_of_month(self.today, amount)?;
            reader.weekday_mark();
            return Some(Read::Day(day, reader.time()));
        }
        Some(match hours_in_brackets(reader) {
            Some(hours) => Read::In(hours),
            None => Read::Day(later(today, wide.days())?, None),
        })
    }

    pub(super) fn english(&self, mut reader: Reader<'_>) -> Option<(Read, usize, bool)> {
        let today = self.today.date;
        if reader
            .eat_word(&[
                "end of the day",
                "end of the workday",
                "end of the work day",
                "end of the working day",
                "end of today",
                "end of day",
                "eod",
                "close of day",
            ])
            .is_some()
        {
            let mut ahead = reader;
            ahead.space();
            let day = if ahead.eat_word(&["tomorrow"]).is_some() {
                reader.at = ahead.at;
                today.tomorrow().ok()?
            } else if let Some((day, end)) = ahead
                .rest()
                .starts_with(|c: char| c.is_ascii_alphabetic())
                .then(|| self.named_day(ahead))
                .flatten()
            {
                reader.at = end;
                day
            } else {
                today
            };
            return Some((Read::Day(day, None), reader.at, true));
        }
        if reader.eat_word(&["close of business", "cob", "end of business"]).is_some() {
            let mut ahead = reader;
            ahead.space();
            let (day, end) = self.named_day(ahead).unwrap_or((today, reader.at));
            let time = Time { hour: 17, minute: 0, offset: None };
            return Some((Read::Day(day, Some(time)), end, true));
        }
        if reader.eat_word(&["end of the week", "end of this week", "end of week", "this week"]).is_some() {
            let friday = if matches!(today.weekday(), Weekday::Friday) {
                today
            } else {
                weekday(self.today, Weekday::Friday)?
            };
            return Some((Read::Day(friday, None), reader.at, false));
        }
        if let Some((day, end)) = self.named_day(reader) {
            let mut ahead = Reader::new(self.page.normal, end);
            let mut further = ahead;
            further.skip(&[' ', ',', '(']);
            // `Friday, 27 November at 5 pm`: the date decides.
            if let Some(exact) = date(&mut further, self.today) {
                let time = further.time();
                return Some((Read::Day(exact, time), further.at, false));
            }
            let time = ahead.time();
            return Some((Read::Day(day, time), ahead.at, false));
        }
        let numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
        if let Some(index) = reader.eat_word(&numbers) {
            return self.unit(&mut reader, u32::try_from(index + 1).ok()?, today);
        }
        for (word, amount) in [
            ("twelve", 12),
            ("twenty-four", 24),
            ("twenty four", 24),
            ("forty-eight", 48),
            ("forty eight", 48),
            ("seventy-two", 72),
            ("fourteen", 14),
            ("thirty", 30),
        ] {
            if reader.eat_word(&[word]).is_some() {
                return self.unit(&mut reader, amount, today);
            }
        }
        None
    }

    /// today, tonight, tomorrow, (this|next|coming) Friday.
    fn named_day(&self, mut reader: Reader<'_>) -> Option<(Date, usize)> {
        let today = self.today.date;
        if reader.eat_word(&["today", "tonight", "this evening", "same day"]).is_some() {
            return Some((today, reader.at));
        }
        if reader.eat_word(&["tomorrow"]).is_some() {
            return Some((today.tomorrow().ok()?, reader.at));
        }
        if reader.eat_word(&["the day after tomorrow"]).is_some() {
            return Some((later(today, 2.days())?, reader.at));
        }
        let next = reader.eat(&["this coming ", "this ", "coming ", "next ", "on "]) == Some(3);
        let long = reader.rest().bytes().take_while(u8::is_ascii_alphabetic).count();
        let word = reader.rest().get(..long)?;
        let (_, name) = WEEKDAYS.iter().find(|(name, _)| {
            *name == word
                || (matches!(long, 3 | 4) && name.starts_with(word) && word != "sun" && word != "sat")
        })?;
        reader.at += long;
        let mut day = weekday(self.today, *name)?;
        if next && same_week(today, day) {
            day = later(day, 7.days())?;
        }
        Some((day, reader.at))
    }
}

fn english_unit(reader: &mut Reader<'_>, amount: u32, today: Date) -> Option<Read> {
    let wide = i64::from(amount);
    if reader.eat_word(&["hours", "hour", "hrs", "hr", "h"]).is_some() {
        return Some(Read::In(SignedDuration::from_hours(wide)));
    }
    if reader.eat_word(&["minutes", "minute", "mins", "min"]).is_some() {
        return Some(Read::In(SignedDuration::from_mins(wide)));
    }
    if reader
        .eat_word(&["business days", "business day", "working days", "working day", "banking days"])
        .is_some()
    {
        return Some(Read::Day(working_days(today, amount)?, None));
    }
    if reader.eat_word(&["weeks", "week"]).is_some() {
        return Some(Read::Day(later(today, (wide * 7).days())?, None));
    }
    reader.eat_word(&["days", "day", "calendar days"])?;
    Some(match hours_in_brackets(reader) {
        Some(hours) => Read::In(hours),
        None => Read::Day(later(today, wide.days())?, None),
    })
}

/// `two days (48 hours)`, `2日間(48時間)`: the hours are what is meant.
fn hours_in_brackets(reader: &mut Reader<'_>) -> Option<SignedDuration> {
    let mut ahead = *reader;
    ahead.space();
    ahead.eat(&["("])?;
    let hours = ahead.count().filter(|hours| *hours <= 1_000)?;
    ahead.space();
    ahead.eat(&["時間", "hours", "hrs"])?;
    ahead.eat(&[")"])?;
    reader.at = ahead.at;
    Some(SignedDuration::from_hours(i64::from(hours)))
}

/// Whether two days lie in one week, Monday to Sunday.
fn same_week(a: Date, b: Date) -> bool {
    let monday = |date: Date| date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).ok();
    monday(a) == monday(b)
}
