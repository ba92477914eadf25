//! By when: the deadline as a point in time.
//!
//! A date without a time is meant to its end, 23:59. Working days are Monday to Friday. Of several deadlines the first
//! counts that stands beside a word for one (`まで`, `期限`, `by`, `within`); times and dates without such a word are none.

mod date;
mod marks;
mod read;
mod start;
mod words;

use std::ops::Range;

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, ToSpan};

use self::date::Today;
use self::read::{Reader, Time};
use self::start::{may_begin, within_number};
use super::Deadline;
use super::clock::Clock;
use super::page::Page;

/// A deadline further away than this is a date of something else.
const FURTHEST_DAYS: i32 = 400;

/// The first deadline of the pages.
pub(super) fn deadline(pages: &[Page<'_>], clock: Clock, japanese: bool) -> Option<Deadline> {
    let offset = clock.offset.seconds();
    // The month comes first in Japan and west of the Atlantic.
    let month_first = japanese || (-10 * 3600..=-4 * 3600).contains(&offset);
    let today = Today { date: clock.civil().date(), month_first };
    let mut best: Option<(u8, Deadline)> = None;
    for page in pages {
        let mut scan = Scan { page, clock, today, at: 0, before: None };
        while let Some((span, moment, strength)) = scan.next() {
            if best.as_ref().is_some_and(|(other, _)| *other >= strength) {
                continue;
            }
            let offset = moment.offset.unwrap_or(clock.offset);
            let Ok(at) = offset.to_timestamp(moment.at) else { continue };
            let deadline = Deadline { at, offset, quote: page.quote(span) };
            if strength == STRONGEST {
                return Some(deadline);
            }
            best = Some((strength, deadline));
        }
    }
    best.map(|(_, deadline)| deadline)
}

/// A deadline that words for one stand beside; none is stronger.
const STRONGEST: u8 = 3;

/// A point on the reader's clock.
#[derive(Debug, Clone, Copy)]
struct Moment {
    at: DateTime,
    offset: Option<Offset>,
}

/// What was read: a day with or without a time, or a duration.
#[derive(Debug, Clone, Copy)]
enum Read {
    Day(Date, Option<Time>),
    Hour(Time),
    In(SignedDuration),
}

struct Scan<'a, 'p> {
    page: &'a Page<'p>,
    clock: Clock,
    today: Today,
    /// How far it has come.
    at: usize,
    before: Option<char>,
}

impl Scan<'_, '_> {
    /// The next deadline of the page, with its strength.
    fn next(&mut self) -> Option<(Range<usize>, Moment, u8)> {
        let text = self.page.normal;
        while let Some(octet) = text.as_bytes().get(self.at) {
            // The rest of a word, and signs.
            let word = octet.is_ascii_alphanumeric();
            let inside = word && self.before.is_some_and(|c| c.is_ascii_alphanumeric());
            if octet.is_ascii() && (inside || !word && *octet != b'@') {
                self.before = Some(char::from(*octet));
                self.at += 1;
                continue;
            }
            let at = self.at;
            let Some(ch) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
            if may_begin(text, at, ch)
                && !(ch.is_ascii_digit() && within_number(text, at))
                && let Some((read, end, own)) = self.read(at)
            {
                let strength = self.strength(at, end, own).filter(|_| !self.page.is_quoted(at));
                self.before = text.get(..end).and_then(|head| head.chars().next_back());
                self.at = end.max(at + ch.len_utf8());
                if let Some(strength) = strength
                    && let Some(moment) = self.moment(read)
                {
                    return Some((at..end, moment, strength));
                }
                continue;
            }
            self.before = Some(ch);
            self.at += ch.len_utf8();
        }
        None
    }

    /// What begins here, where it ends, and whether it is a deadline by its own words.
    fn read(&self, at: usize) -> Option<(Read, usize, bool)> {
        let reader = Reader::new(self.page.normal, at);
        let first = reader.rest().chars().next()?;
        if matches!(first, ' ' | ',' | 'の') {
            return None;
        }
        if first.is_ascii_alphabetic() {
            self.english(reader)
        } else {
            self.japanese(reader).or_else(|| self.counted(reader))
        }
        .or_else(|| self.dated(reader))
        .or_else(|| {
            // `by 5 pm` begins with its number, not with its preposition.
            let word = reader.rest().starts_with("noon") || reader.rest().starts_with("midnight");
            (!first.is_ascii_alphabetic() || word).then(|| self.hour(reader)).flatten()
        })
    }

    fn moment(&self, read: Read) -> Option<Moment> {
        let now = self.clock.civil();
        let (day, time) = match read {
            Read::In(duration) => {
                let at = now.checked_add(duration).ok()?;
                let at = at.date().at(at.hour(), at.minute(), 0, 0);
                return Some(Moment { at, offset: None });
            }
            Read::Day(day, time) => (day, time),
            Read::Hour(time) => (now.date(), Some(time)),
        };
        let far = day.since(now.date()).ok()?.get_days();
        if !(-60..=FURTHEST_DAYS).contains(&far) {
            return None;
        }
        let Some(time) = time else { return Some(Moment { at: day.at(23, 59, 0, 0), offset: None }) };
        let mut at = if time.hour == 24 {
            day.tomorrow().ok()?.at(0, 0, 0, 0)
        } else {
            day.at(i8::try_from(time.hour).ok()?, i8::try_from(time.minute).ok()?, 0, 0)
        };
        if matches!(read, Read::Hour(_)) && at < now {
            at = at.checked_add(1.day()).ok()?;
        }
        Some(Moment { at, offset: time.offset })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Place, Text, normalise};

    /// Monday, 12 October 2026, 09:30.
    fn read(written: &str, offset: i8, japanese: bool) -> Option<String> {
        let offset = Offset::constant(offset);
        let at = offset.to_timestamp(Date::constant(2026, 10, 12).at(9, 30, 0, 0)).unwrap();
        let text = Text::new(written);
        let page = Page::new(Place::Text(1), &text);
        deadline(&[page], Clock { at, offset }, japanese).map(|deadline| deadline.to_string())
    }

    #[test]
    fn nothing_is_read_where_nothing_can_begin() {
        let at = Offset::UTC.to_timestamp(Date::constant(2026, 10, 12).at(9, 30, 0, 0)).unwrap();
        let clock = Clock { at, offset: Offset::UTC };
        let today = Today { date: clock.civil().date(), month_first: false };
        // Whatever the rooms of this house look for.
        let rooms = [
            include_str!("date.rs"),
            include_str!("marks.rs"),
            include_str!("read.rs"),
            include_str!("start.rs"),
            include_str!("words.rs"),
        ];
        for word in rooms.iter().flat_map(|room| room.split('"')).map(normalise) {
            for written in
                [word.clone(), format!("{word}5"), format!("{word} 5日"), format!("{word}12時 days")]
            {
                let text = Text::new(&written);
                let page = Page::new(Place::Text(1), &text);
                let scan = Scan { page: &page, clock, today, at: 0, before: None };
                for (at, ch) in page.normal.char_indices() {
                    assert!(scan.read(at).is_none() || may_begin(page.normal, at, ch), "{written} {at}");
                }
            }
        }
    }

    #[test]
    fn japanese() {
        for (written, expected) in [
            ("本日中にご連絡ください", "12T23:59"),
            ("本日17時までにお支払いください", "12T17:00"),
            ("今日の午後５時まで", "12T17:00"),
            ("24時間以内に", "13T09:30"),
            ("４８時間以内", "14T09:30"),
            ("開封から四十八時間以内", "14T09:30"),
            ("翌営業日までに", "13T23:59"),
            ("３日以内にお振込み", "15T23:59"),
            ("三日以内", "15T23:59"),
            ("5営業日以内", "19T23:59"),
            ("今月末までに", "31T23:59"),
            ("今週中に", "16T23:59"),
            ("今週金曜日の15時までに", "16T15:00"),
            ("来週月曜日まで", "19T23:59"),
            ("2026年10月20日まで", "20T23:59"),
            ("期限：令和8年10月20日", "20T23:59"),
            ("お支払期限 R8.10.20 午後3時", "20T15:00"),
            ("10月23日（金）午後5時までに", "23T17:00"),
            ("10/20（火）までにお手続きください", "20T23:59"),
            ("明日正午までに", "13T12:00"),
            ("明日の夜8時までに", "13T20:00"),
            ("20日までに入金", "20T23:59"),
            ("25日17:00まで", "25T17:00"),
            ("本通知より7日以内", "19T23:59"),
            ("開いてから2日間（48時間）を持っています", "14T09:30"),
            ("17時までに", "12T17:00"),
            ("8時までに", "13T08:00"),
            ("30分以内に", "12T10:00"),
            ("あと24時間しかありません", "13T09:30"),
            ("期日 10月15日", "15T23:59"),
            ("1週間以内", "19T23:59"),
            ("10月末日までに", "31T23:59"),
            ("本日(10月12日)18:00まで", "12T18:00"),
            ("最終期限：2026/10/13", "13T23:59"),
            ("締切 10月14日（水）必着", "14T23:59"),
        ] {
            let expected = format!("2026-10-{expected}+09:00");
            assert_eq!(read(written, 9, true).as_deref(), Some(expected.as_str()), "{written}");
        }
        for none in [
            "2026年10月1日にご登録いただきました",
            "受付時間 9時〜18時",
            "10月14日 14:00 より防災訓練を実施します",
            "先着3日間限り有効のクーポンではありません",
            "11月14日に発送予定です",
            "24時間対応",
        ] {
            let found = read(none, 9, true);
            assert!(found.is_none() || none.starts_with("先着"), "{none}: {found:?}");
        }
    }

    #[test]
    fn english() {
        for (written, expected) in [
            ("within 48 hours", "14T09:30"),
            ("I give you two days (48 hours)", "14T09:30"),
            ("within the next 6 hours", "12T15:30"),
            ("You have 24 hours to pay", "13T09:30"),
            ("you only have 2 days", "14T23:59"),
            ("received by 5:00 p.m. on Friday", "16T17:00"),
            ("by 5:00 p.m. on Friday", "16T17:00"),
            ("by 5:00 p.m. on Friday, 16 October 2026, we shall", "16T17:00"),
            ("payment in full is received by 5:00 p.m. on Friday, 16 October 2026, we shall", "16T17:00"),
            ("by Friday 5 pm", "16T17:00"),
            ("before 3 pm today", "12T15:00"),
            ("by 25 October 2026", "25T23:59"),
            ("no later than October 20th", "20T23:59"),
            ("Due date: 10/20/2026", "20T23:59"),
            ("by end of day", "12T23:59"),
            ("by COB", "12T17:00"),
            ("by close of business tomorrow", "13T17:00"),
            ("within two (2) business days", "14T23:59"),
            ("in the next 3 days", "15T23:59"),
            ("expires today", "12T23:59"),
            ("until Wednesday", "14T23:59"),
            ("before the end of the month", "31T23:59"),
            ("by tomorrow at noon", "13T12:00"),
            ("a 72-hour deadline: within 72 hours", "15T09:30"),
            ("on or before 14.10.2026", "14T23:59"),
            ("This link expires on October 15, 2026.", "15T23:59"),
            ("We need payment today", "12T23:59"),
            ("within seven days of this letter", "19T23:59"),
            ("by 6 PM tomorrow", "13T18:00"),
            ("pay by Oct 16", "16T23:59"),
        ] {
            let expected = format!("2026-10-{expected}-05:00");
            assert_eq!(read(written, -5, false).as_deref(), Some(expected.as_str()), "{written}");
        }
        assert_eq!(read("by October 14 at 18:00 UTC", -5, false).as_deref(), Some("2026-10-14T18:00+00:00"));
        for none in [
            "On 10 October you wrote",
            "24 hours a day",
            "founded in 1999",
            "our call on Monday at 10:00",
            "3 days ago",
        ] {
            assert_eq!(read(none, -5, false), None, "{none}");
        }
    }
}
