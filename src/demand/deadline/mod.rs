//! By when: the deadline as a point in time.
//!
//! A date without a time is meant to its end, 23:59. Working days are Monday to Friday. Of several deadlines the first
//! counts that stands beside a word for one (`まで`, `期限`, `by`, `within`); times and dates without such a word are none.

mod date;
mod read;

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::Offset;
use jiff::{SignedDuration, ToSpan};

use self::date::{Today, date, day_of_month, later, weekday, working_days};
use self::read::{Reader, Time};
use super::Deadline;
use super::clock::Clock;
use super::cue::Cue;
use super::number;
use super::page::Page;
use crate::message::normalise;

/// Octets within which a word for a deadline stands before its date.
const LEAD: usize = 48;
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

/// [`BEHIND`] and [`BEFORE`] as they stand in normal text.
static MARKS_BEHIND: LazyLock<Vec<String>> =
    LazyLock::new(|| BEHIND.iter().map(|word| normalise(word)).collect());
static MARKS_BEFORE: LazyLock<Vec<String>> =
    LazyLock::new(|| BEFORE.iter().map(|word| normalise(word)).collect());

/// Words that make what stands before them a deadline.
const BEHIND: &[&str] = &[
    "まで",
    "迄",
    "以内",
    "中に",
    "中の",
    "中、",
    "限り",
    "までに",
    "締切",
    "〆切",
    "必着",
    "期限",
    "を過ぎ",
    "厳守",
    "を持って",
    "の猶予",
    "があります",
    "しかありません",
    "しかない",
    "を与え",
    "待ちます",
    "待つ",
    "を期限",
    "を最終",
    "が期限",
    "が最終",
    "が支払",
    "がお支払",
    "に期限",
    "内に",
    "以降は",
    "より前",
    "deadline",
    "at the latest",
    "or your",
    "or we",
    "or else",
    "otherwise",
    "or the",
    "to pay",
    "to make",
    "to send",
    "to comply",
    "to respond",
    "to complete",
    "to transfer",
    "to act",
    "to settle",
    "to confirm",
    "to verify",
    "to cancel",
    "to claim",
    "to get",
    "in order",
    "from now",
    "after opening",
    "after reading",
    "after receiving",
    "left",
    "remaining",
    "以上経過",
    "latest",
];

/// Words that make what stands after them a deadline; before them only signs, spaces and an article may stand.
const BEFORE: &[&str] = &[
    "期限",
    "期日",
    "締切",
    "締め切り",
    "〆切",
    "最終日",
    "納期",
    "支払日",
    "支払い日",
    "有効期間",
    "までに",
    "期限日",
    "by",
    "before",
    "until",
    "till",
    "no later than",
    "not later than",
    "latest",
    "on or before",
    "due",
    "due on",
    "due by",
    "due date",
    "deadline",
    "deadline is",
    "expires",
    "expires on",
    "expire",
    "expire on",
    "expires in",
    "expiring",
    "expire in",
    "expiration",
    "expiry",
    "expiry date",
    "within",
    "within the next",
    "in the next",
    "in less than",
    "have less than",
    "prior to",
    "you have",
    "you have only",
    "you has",
    "you only have",
    "you have exactly",
    "you have just",
    "close on",
    "close at",
    "have only",
    "you've got",
    "only have",
    "i give you",
    "i'm giving you",
    "we give you",
    "giving you",
    "payable",
    "payable on",
    "valid until",
    "valid through",
    "valid till",
    "ends",
    "ends on",
    "ends in",
    "ending",
    "closes",
    "closes on",
    "close of business",
    "cob",
    "eod",
    "end of",
    "end of business",
    "deactivated on",
    "starting",
    "starting on",
    "suspended on",
    "suspended in",
    "deleted in",
    "closed in",
    "closed on",
    "terminated in",
    "expired on",
    "after",
    "begins",
    "exactly",
    "terminated on",
    "deadline for payment",
    "payment date",
    "pay date",
    "last day",
    "final date",
    "cut-off",
    "term for payment",
    "payment term",
    "time limit",
    "time frame",
    "grace period",
    "cutoff",
    "offer ends",
    "up to",
    "at most",
    "maximum of",
    "a maximum of",
    "the next",
    "another",
    "limit of",
];

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

    fn dated(&self, mut reader: Reader<'_>) -> Option<(Read, usize, bool)> {
        let day = date(&mut reader, self.today)?;
        let time = reader.time();
        Some((Read::Day(day, time), reader.at, false))
    }

    fn hour(&self, mut reader: Reader<'_>) -> Option<(Read, usize, bool)> {
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

    fn japanese(&self, mut reader: Reader<'_>) -> Option<(Read, usize, bool)> {
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
    fn counted(&self, mut reader: Reader<'_>) -> Option<(Read, usize, bool)> {
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

    fn english(&self, mut reader: Reader<'_>) -> Option<(Read, usize, bool)> {
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

    /// How surely this is a deadline; None where nothing says so.
    fn strength(&self, at: usize, end: usize, own: bool) -> Option<u8> {
        let text = self.page.normal;
        let behind = text.get(end..).unwrap_or_default();
        // `本日15時(香港時間)までに`
        let behind = behind
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
            .filter(|(inner, _)| inner.len() < 40)
            .map_or(behind, |(_, rest)| rest);
        let behind = behind.trim_start_matches([' ', '(', ')', '、', ',', ']', '】', '日']);
        if [
            "以降",
            "から",
            "より",
            "に発",
            "に開",
            "〜",
            "頃に",
            "~",
            "に実施",
            "付",
            "現在",
            "以前",
            "ago",
            "に届",
            "にお届",
            "の引き落",
            "に引き落",
            "前に",
            "前、",
        ]
        .iter()
        .any(|word| behind.starts_with(word))
        {
            return None;
        }
        if MARKS_BEHIND.iter().any(|word| behind.starts_with(word.as_str())) {
            return Some(STRONGEST);
        }
        if own {
            return Some(STRONGEST);
        }
        let lead = self.page.lead(at, LEAD);
        let lead = lead.trim_end_matches([
            ' ', ':', '(', '[', '-', '・', '=', '。', '…', '.', '一', '】', ')', '→', '>', '|', '*',
        ]);
        let lead = lead.strip_suffix("は").unwrap_or(lead);
        let marked = is_marked(lead);
        // A label at the end of the line before, as in a table: the line begins here.
        let above = || {
            let (index, line) = self.page.line_of(at)?;
            let blank = text.get(line.span.start..at)?.trim().is_empty();
            let above = self.page.lines.get(index.checked_sub(1)?)?;
            let label = text.get(above.span.clone())?.trim_end_matches([':', ' ', '】', '■']);
            (blank
                && label.len() < 40
                && ["期限", "期日", "締切", "due date", "due", "deadline", "pay by", "expires"]
                    .iter()
                    .any(|word| label.ends_with(word)))
            .then_some(())
        };
        if marked || above().is_some() {
            return Some(STRONGEST);
        }
        let today = text.get(at..end)?;
        // `call … today`, `we need a deposit today`.
        let asked = [Cue::Pay, Cue::Call, Cue::Consequence]
            .iter()
            .any(|cue| self.page.cues.before(*cue, at, 40).is_some());
        if (today.starts_with("today") || today.starts_with("tonight")) && asked {
            return Some(2);
        }
        (today == "today"
            && (lead.ends_with("immediately")
                || lead.ends_with("now")
                || lead.ends_with("done")
                || lead.ends_with("paid")
                || lead.ends_with("out")
                || lead.ends_with("processed")))
        .then_some(2)
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

/// Whether what stands before a date makes it a deadline: a word of [`BEFORE`], with small words in between.
fn is_marked(lead: &str) -> bool {
    const SMALL: [&str; 17] = [
        "the", "a", "on", "at", "is", "in", "only", "about", "this", "as", "maximum", "exactly", "just",
        "next", "of", "date", "full",
    ];
    let mut lead = lead.trim_end_matches([':', ' ']);
    for _ in 0..4 {
        let marked = MARKS_BEFORE.iter().any(|word| {
            lead.strip_suffix(word.as_str())
                .is_some_and(|rest| !word.is_ascii() || !rest.ends_with(|c: char| c.is_ascii_alphanumeric()))
        });
        if marked {
            return true;
        }
        let Some(rest) =
            SMALL.iter().find_map(|word| lead.strip_suffix(word).filter(|rest| rest.ends_with([' ', ':'])))
        else {
            return false;
        };
        lead = rest.trim_end_matches([':', ' ']);
    }
    false
}

/// Whether what [`Scan::read`] knows can begin with this character at all: it is asked of each word, and of each Japanese
/// character.
fn may_begin(text: &str, at: usize, ch: char) -> bool {
    if !ch.is_ascii() {
        return is_start(ch) || number::is_numeral(ch);
    }
    if !ch.is_ascii_alphabetic() {
        return ch.is_ascii_digit() || ch == '@';
    }
    // Japan's era, `r8.11.25`.
    ch == 'r' || text.as_bytes().get(at..at + 3).is_some_and(is_head)
}

/// What times and days begin with in Japanese, numerals left out.
fn is_start(ch: char) -> bool {
    matches!(
        ch,
        '本' | '今'
            | '当'
            | 'き'
            | '明'
            | 'あ'
            | '翌'
            | '来'
            | '次'
            | '月'
            | '火'
            | '水'
            | '木'
            | '金'
            | '土'
            | '日'
            | '令'
            | '正'
            | 'お'
            | '昼'
            | '午'
            | '朝'
            | '夕'
            | '夜'
            | '深'
            | '未'
    )
}

/// The same in English: months, days of the week, words for days and numbers, `end of`, `close of`, `cob`, `eod`.
fn is_head(head: &[u8]) -> bool {
    let month = matches!(
        head,
        b"jan"
            | b"feb"
            | b"mar"
            | b"apr"
            | b"may"
            | b"jun"
            | b"jul"
            | b"aug"
            | b"sep"
            | b"oct"
            | b"nov"
            | b"dec"
    );
    let day = matches!(
        head,
        b"mon"
            | b"tue"
            | b"wed"
            | b"thu"
            | b"fri"
            | b"sat"
            | b"sun"
            | b"tod"
            | b"ton"
            | b"tom"
            | b"thi"
            | b"the"
            | b"sam"
            | b"com"
            | b"nex"
            | b"on "
            | b"noo"
            | b"mid"
    );
    let number = matches!(
        head,
        b"one"
            | b"two"
            | b"thr"
            | b"fou"
            | b"fiv"
            | b"six"
            | b"sev"
            | b"eig"
            | b"nin"
            | b"ten"
            | b"twe"
            | b"for"
    );
    month || day || number || matches!(head, b"end" | b"eod" | b"clo" | b"cob")
}

/// Whether the digit at `at` goes on a number (`12:30`, `1,500`, `$20`).
fn within_number(text: &str, at: usize) -> bool {
    let mut head = text.get(..at).unwrap_or_default().chars().rev();
    let sign = head.next();
    match sign {
        Some('$' | '¥' | '€' | '£') => true,
        Some('.' | '/' | '-' | ':' | ',') => head.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Place, Text};

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
        let words = MARKS_BEHIND.iter().chain(&*MARKS_BEFORE).cloned().chain(
            include_str!("mod.rs").split('"').chain(include_str!("date.rs").split('"')).map(normalise),
        );
        for word in words.chain(include_str!("read.rs").split('"').map(normalise)) {
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
