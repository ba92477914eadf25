//! A reader over normalised text, and the times of day.

use jiff::tz::Offset;

use crate::demand::clock::zone;
use crate::demand::number::count;

/// A place in a normalised text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) at: usize,
}

/// A time of day; 24:00 is allowed and is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) offset: Option<Offset>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes one of these, where it stands here; which one.
    pub(super) fn eat(&mut self, words: &[&str]) -> Option<usize> {
        let index = words.iter().position(|word| self.begins_with(word))?;
        self.at += words.get(index).map_or(0, |word| word.len());
        Some(index)
    }

    /// The first octet decides in nearly all cases, and a text is asked this a hundred times for each of its words.
    fn begins_with(&self, word: &str) -> bool {
        self.text.as_bytes().get(self.at) == word.as_bytes().first() && self.rest().starts_with(word)
    }

    /// As [`Reader::eat`], where no letter or digit follows.
    pub(super) fn eat_word(&mut self, words: &[&str]) -> Option<usize> {
        let index = words.iter().position(|word| {
            let next = self.text.as_bytes().get(self.at + word.len());
            self.begins_with(word) && !next.is_some_and(u8::is_ascii_alphanumeric)
        })?;
        self.at += words.get(index).map_or(0, |word| word.len());
        Some(index)
    }

    pub(super) fn skip(&mut self, signs: &[char]) {
        let trimmed = self.rest().trim_start_matches(signs);
        self.at = self.text.len() - trimmed.len();
    }

    pub(super) fn space(&mut self) {
        self.skip(&[' ']);
    }

    /// A count below ten thousand.
    pub(super) fn count(&mut self) -> Option<u32> {
        let (value, end) = count(self.text, self.at)?;
        self.at = end;
        Some(value)
    }

    /// Digits only, how many of them, at most four.
    pub(super) fn digits(&mut self) -> Option<(u32, usize)> {
        let long = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if long == 0 || long > 4 {
            return None;
        }
        let value = self.rest().get(..long)?.parse().ok()?;
        self.at += long;
        Some((value, long))
    }

    /// A day of the week in brackets or as a word behind a date: read over.
    pub(super) fn weekday_mark(&mut self) {
        let mut ahead = *self;
        ahead.space();
        let open = ahead.eat(&["(", "[", "<", "「"]).is_some();
        let day = ahead.eat(&["日", "月", "火", "水", "木", "金", "土", "祝"]).is_some();
        if day {
            ahead.eat(&["曜日", "曜"]);
            ahead.eat(&["・祝", "祝"]);
        }
        let closed = ahead.eat(&[")", "]", ">", "」"]).is_some();
        // `11月9日(月)`, `11月9日月曜日`; `11月9日月末` is something else.
        if day && (open == closed) && (open || self.rest().contains('曜')) {
            self.at = ahead.at;
        }
    }

    /// A time of day that stands here: `17時`, `午後5時30分`, `夜8時`, `正午`, `17:00`, `5 pm`, `5:30 p.m. est`, `noon`.
    pub(super) fn time(&mut self) -> Option<Time> {
        let mut ahead = *self;
        ahead.skip(&[' ', ',', 'の']);
        ahead.eat(&["at ", "by ", "@ ", "@"]);
        if ahead.eat(&["正午", "お昼の12時", "昼12時"]).is_some()
            || ahead.eat_word(&["12 noon", "noon", "midday"]).is_some()
        {
            return self.done(ahead, 12, 0);
        }
        if ahead.eat_word(&["midnight"]).is_some() {
            return self.done(ahead, 24, 0);
        }
        let half = ahead.eat(&["午前", "午後", "朝", "昼", "夕方", "夜", "深夜", "未明", "今夜", "am", "pm"]);
        ahead.space();
        let hour = ahead.count().filter(|hour| *hour <= 24)?;
        let (minute, named) = ahead.minutes()?;
        let (hour, said) = ahead.half_of_day(hour, half)?;
        if !(named || said) {
            return None;
        }
        self.done(ahead, hour, minute)
    }

    /// Minutes behind an hour, and whether anything said that it is an hour.
    fn minutes(&mut self) -> Option<(u32, bool)> {
        let mut ahead = *self;
        if ahead.eat(&["時間"]).is_some() {
            return None;
        }
        if ahead.eat(&["時"]).is_some() {
            let mut minute = 0;
            if ahead.eat(&["半"]).is_some() {
                minute = 30;
            } else {
                let mut further = ahead;
                if let Some(value) = further.count().filter(|value| *value < 60)
                    && further.eat(&["分"]).is_some()
                {
                    minute = value;
                    ahead = further;
                }
            }
            self.at = ahead.at;
            return Some((minute, true));
        }
        if ahead.eat(&[":", "."]).is_some()
            && let Some((value, 2)) = ahead.digits()
            && value < 60
        {
            // Seconds, if any.
            let mut further = ahead;
            if further.eat(&[":"]).is_some() && matches!(further.digits(), Some((0..=59, 2))) {
                ahead = further;
            }
            let colon = self.rest().starts_with(':');
            self.at = ahead.at;
            return Some((value, colon));
        }
        Some((0, false))
    }

    fn half_of_day(&mut self, hour: u32, before: Option<usize>) -> Option<(u32, bool)> {
        let mut ahead = *self;
        ahead.space();
        let behind = ahead.eat_word(&["a.m.", "a.m", "am", "p.m.", "p.m", "pm"]);
        let (half, said) = match (before, behind) {
            // 午後, 夕方, 夜, 今夜, pm; 昼 only for the early hours.
            (Some(1 | 4 | 5 | 8 | 10), _) => (12, true),
            (Some(3), _) => (if hour < 6 { 12 } else { 0 }, true),
            (Some(_), _) => (0, true),
            (None, Some(index)) => {
                self.at = ahead.at;
                if hour > 12 || hour == 0 {
                    return Some((hour, true));
                }
                return Some((if index >= 3 { hour % 12 + 12 } else { hour % 12 }, true));
            }
            (None, None) => (0, false),
        };
        let hour = if half == 12 && hour < 12 { hour + 12 } else { hour };
        (hour <= 24).then_some((hour, said))
    }

    fn done(&mut self, mut ahead: Reader<'a>, hour: u32, minute: u32) -> Option<Time> {
        let offset = ahead.zone();
        self.at = ahead.at;
        (minute < 60 && (hour < 24 || minute == 0)).then_some(Time { hour, minute, offset })
    }

    fn zone(&mut self) -> Option<Offset> {
        let mut ahead = *self;
        ahead.skip(&[' ', '(']);
        let long = ahead.rest().bytes().take_while(u8::is_ascii_alphabetic).count();
        if !(2..=4).contains(&long) {
            return None;
        }
        let word = ahead.rest().get(..long)?;
        let offset = zone(word)?;
        ahead.at += long;
        ahead.eat(&[")"]);
        self.at = ahead.at;
        Some(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::normalise;

    #[test]
    fn times_of_day() {
        for (written, hour, minute) in [
            ("17時", 17, 0),
            ("午後5時30分", 17, 30),
            ("夜8時", 20, 0),
            ("午前９時半", 9, 30),
            ("正午", 12, 0),
            ("17:00", 17, 0),
            ("23時59分", 23, 59),
            ("5 pm", 17, 0),
            ("5:30 p.m.", 17, 30),
            ("12 am", 0, 0),
            ("at 12:00 utc", 12, 0),
            ("午後三時", 15, 0),
            ("noon", 12, 0),
            ("24時", 24, 0),
        ] {
            let text = normalise(written);
            let time = Reader::new(&text, 0).time().map(|time| (time.hour, time.minute));
            assert_eq!(time, Some((hour, minute)), "{written}");
        }
        for none in ["48時間", "5", "2026", "17", "x", "3.5"] {
            assert_eq!(Reader::new(&normalise(none), 0).time(), None, "{none}");
        }
    }
}
