//! By when: the deadline as a point in time.
//!
//! A date without a time is meant to its end, 23:59. Working days are Monday to Friday. Of several deadlines the first
//! counts that stands beside a word for one (`まで`, `期限`, `by`, `within`); times and dates without such a word are none.

mod date;
mod read;

use std::ops::Range;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::Offset;
use jiff::{SignedDuration, ToSpan};

use self::date::{Today, date, later, weekday, working_days};
use self::read::{Reader, Time};
use super::Deadline;
use super::clock::Clock;
use super::cue::Cue;
use super::page::Page;

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
        let mut scan = Scan { page, clock, today };
        for (span, moment, strength) in scan.all() {
            if best.as_ref().is_some_and(|(other, _)| *other >= strength) {
                continue;
            }
            let offset = moment.offset.unwrap_or(clock.offset);
            let Ok(at) = offset.to_timestamp(moment.at) else { continue };
            best = Some((strength, Deadline { at, offset, quote: page.quote(span) }));
        }
    }
    best.map(|(_, deadline)| deadline)
}

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
    "less than",
    "prior to",
    "you have",
    "you have only",
    "you has",
    "you only have",
    "you have exactly",
    "you have just",
    "close on",
    "close at",
    "closing",
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
    /// Every deadline of the page with its strength.
    fn all(&mut self) -> Vec<(Range<usize>, Moment, u8)> {
        let text = self.page.normal;
        let mut found = Vec::new();
        let mut at = 0;
        let mut before: Option<char> = None;
        while let Some(ch) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let inside = ch.is_ascii_alphanumeric() && before.is_some_and(|c| c.is_ascii_alphanumeric());
            let glued = ch.is_ascii_digit() && within_number(text, at);
            if !inside
                && !glued
                && let Some((read, end, own)) = self.read(at)
            {
                if let Some(strength) = self.strength(at, end, own)
                    && !self.page.is_quoted(at)
                    && let Some(moment) = self.moment(read)
                {
                    found.push((at..end, moment, strength));
                }
                before = text.get(..end).and_then(|head| head.chars().next_back());
                at = end.max(at + ch.len_utf8());
                continue;
            }
            before = Some(ch);
            at += ch.len_utf8();
        }
        found
    }

    /// What begins here, where it ends, and whether it is a deadline by its own words.
    fn read(&self, at: usize) -> Option<(Read, usize, bool)> {
        let reader = Reader::new(self.page.normal, at);
        let first = reader.rest().chars().next()?;
        if first.is_ascii_alphabetic() {
            self.english(reader)
        } else {
            self.japanese(reader).or_else(|| self.counted(reader))
        }
        .or_else(|| self.dated(reader))
        .or_else(|| self.hour(reader))
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
        let wide = i64::from(amount);
        reader.skip(&[' ', '-', '+']);
        // `48 (forty-eight) hours`, `two (2) days`.
        if reader.rest().starts_with('(') {
            let mut ahead = *reader;
            let close = ahead.rest().find(')').filter(|at| *at < 24)?;
            ahead.at += close + 1;
            ahead.space();
            reader.at = ahead.at;
        }
        let read = if let Some(index) = reader.eat(&["時間", "分間", "分"]) {
            let minutes = if index == 0 { wide * 60 } else { wide };
            Read::In(SignedDuration::from_mins(minutes))
        } else if reader.eat(&["営業日", "銀行営業日"]).is_some() {
            Read::Day(working_days(today, amount)?, None)
        } else if reader.eat(&["日間", "日"]).is_some() {
            // A day of the month has `まで` behind it, a number of days `以内` or `後`.
            if !["以内", "後", "のうちに", "内に", "の猶予", "間"]
                .iter()
                .any(|word| reader.rest().starts_with(word))
            {
                return None;
            }
            Read::Day(later(today, wide.days())?, None)
        } else if reader.eat(&["週間", "か月", "ケ月", "力月"]).is_some() {
            Read::Day(later(today, (wide * 7).days())?, None)
        } else if reader.eat_word(&["hours", "hour", "hrs", "hr", "h"]).is_some() {
            Read::In(SignedDuration::from_hours(wide))
        } else if reader.eat_word(&["minutes", "minute", "mins", "min"]).is_some() {
            Read::In(SignedDuration::from_mins(wide))
        } else if reader
            .eat_word(&["business days", "business day", "working days", "working day", "banking days"])
            .is_some()
        {
            Read::Day(working_days(today, amount)?, None)
        } else if reader.eat_word(&["days", "day", "calendar days"]).is_some() {
            Read::Day(later(today, wide.days())?, None)
        } else if reader.eat_word(&["weeks", "week"]).is_some() {
            Read::Day(later(today, (wide * 7).days())?, None)
        } else {
            return None;
        };
        let own = reader.rest().starts_with("以内");
        Some((read, reader.at, own))
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
        if BEHIND.iter().any(|word| behind.starts_with(word)) {
            return Some(3);
        }
        if own {
            return Some(3);
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
            return Some(3);
        }
        let today = text.get(at..end)?;
        // `call … today`, `we need a deposit today`.
        let asked = [Cue::Pay, Cue::Call].iter().any(|cue| self.page.cues.before(*cue, at, 60).is_some());
        if (today == "today" || today == "tonight") && asked {
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
        let marked = BEFORE.iter().any(|word| {
            lead.strip_suffix(word)
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
