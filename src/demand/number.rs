//! Numbers as people write them: `1,234.56`, `1.234,56`, `20万`, `5万5千`, `二十三`, `金弐拾参万`, `5 million`, `1.5m`.

/// One, in the units of [`Number`].
const ONE: u128 = 100_000_000;
/// Digits of one run; more is not an amount.
const MOST_DIGITS: usize = 18;

/// A number in hundred-millionths, so that a satoshi is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number(u128);

/// How a single separator with three digits behind it is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `1.200` is one thousand two hundred: money.
    Money,
    /// `1.200` is one and a fifth: coins that are divided further.
    Coin,
}

impl Number {
    /// A whole number, where it is one.
    pub(super) fn whole(self) -> Option<u64> {
        self.0.is_multiple_of(ONE).then_some(self.0 / ONE).and_then(|n| u64::try_from(n).ok())
    }

    /// As written in decimals, without trailing zeros.
    pub(super) fn decimal(self) -> String {
        let (whole, rest) = (self.0 / ONE, self.0 % ONE);
        if rest == 0 {
            return whole.to_string();
        }
        let text = format!("{whole}.{rest:08}");
        text.trim_end_matches('0').to_owned()
    }

    pub(super) fn is_zero(self) -> bool {
        self.0 == 0
    }

    fn times(self, factor: u128) -> Option<Self> {
        self.0.checked_mul(factor).map(Self)
    }
}

/// The number that begins at `at` of a normalised text, and where it ends. None where none begins there.
pub(super) fn number(text: &str, at: usize, style: Style) -> Option<(Number, usize)> {
    let mut reader = Reader { text, at, style };
    let (number, end) = reader.mixed()?;
    let (number, end) = english_scale(text, number, end);
    Some((number, end))
}

/// A count (days, hours, dates): at most four digits or a kanji numeral below ten thousand.
pub(super) fn count(text: &str, at: usize) -> Option<(u32, usize)> {
    let rest = text.get(at..)?;
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        let digits: &str = rest.get(..rest.bytes().take_while(u8::is_ascii_digit).count())?;
        return (digits.len() <= 4).then(|| digits.parse().ok()).flatten().map(|n| (n, at + digits.len()));
    }
    let mut reader = Reader { text, at, style: Style::Money };
    let (number, end) = reader.kanji()?;
    let number = u32::try_from(number.whole()?).ok().filter(|n| *n < 10_000)?;
    Some((number, end))
}

/// Whether a character outside of ASCII can begin a number.
pub(super) fn is_numeral(ch: char) -> bool {
    digit(ch).is_some() || unit(ch).is_some()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    style: Style,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    /// Digits and kanji units: `1億2000万`, `3千5百`, `20万`, `二十三万`.
    fn mixed(&mut self) -> Option<(Number, usize)> {
        let first = self.peek()?;
        if !first.is_ascii_digit() && digit(first).is_none() && unit(first).is_none() {
            return None;
        }
        let (mut total, mut section): (u128, u128) = (0, 0);
        let mut current: Option<u128> = None;
        let start = self.at;
        let mut steps = 0;
        while let Some(ch) = self.peek() {
            steps += 1;
            if steps > MOST_DIGITS {
                return None;
            }
            if ch.is_ascii_digit() && current.is_none() {
                current = Some(self.digits()?);
            } else if let Some(value) = digit(ch) {
                // Positional: 二〇〇.
                let above = current.unwrap_or(0).checked_mul(10)?;
                current = Some(above.checked_add(value.checked_mul(ONE)?)?);
                self.at += ch.len_utf8();
            } else if let Some(factor) = unit(ch) {
                self.at += ch.len_utf8();
                if factor >= 10_000 {
                    let all = section.checked_add(current.take().unwrap_or(0))?;
                    let all = if all == 0 { ONE } else { all };
                    total = total.checked_add(all.checked_mul(factor)?)?;
                    section = 0;
                } else {
                    section = section.checked_add(current.take().unwrap_or(ONE).checked_mul(factor)?)?;
                }
            } else {
                break;
            }
        }
        let number = total.checked_add(section)?.checked_add(current.unwrap_or(0))?;
        (self.at > start).then_some((Number(number), self.at))
    }

    fn kanji(&mut self) -> Option<(Number, usize)> {
        let first = self.peek()?;
        if first.is_ascii() || (digit(first).is_none() && unit(first).is_none()) {
            return None;
        }
        self.mixed()
    }

    /// A run of digits with separators, in hundred-millionths.
    fn digits(&mut self) -> Option<u128> {
        let rest = self.text.get(self.at..)?.as_bytes();
        let mut end = 0;
        while let Some(byte) = rest.get(end) {
            let separator = matches!(byte, b',' | b'.' | b'\'')
                && rest.get(end + 1).is_some_and(u8::is_ascii_digit)
                && end > 0;
            // A space groups only where exactly three digits follow: `1 250`, `48 750`.
            let space = *byte == b' '
                && end > 0
                && end <= 3
                && rest.get(end + 1..end + 4).is_some_and(|group| group.iter().all(u8::is_ascii_digit))
                && !rest.get(end + 4).is_some_and(u8::is_ascii_digit);
            if !(byte.is_ascii_digit() || separator || space) {
                break;
            }
            end += 1;
        }
        let run = self.text.get(self.at..self.at + end)?;
        let value = decimal(run, self.style)?;
        self.at += end;
        Some(value)
    }
}

fn decimal(run: &str, style: Style) -> Option<u128> {
    let last = run.rfind([',', '.']);
    let point = last.filter(|at| {
        let mark = run.get(*at..*at + 1).unwrap_or_default();
        let behind = run.len() - at - 1;
        let other = if mark == "," { '.' } else { ',' };
        if run.matches(mark).count() > 1 {
            // `1,500,000,00`: a slip of the hand; two digits are cents.
            return behind < 3 && !run.contains(other);
        }
        // Both marks: the last one is the decimal mark. One mark: three digits behind it make it a group.
        run.contains(other) || behind != 3 || (mark == "." && (style == Style::Coin || run.starts_with("0.")))
    });
    let (whole, fraction) = match point {
        Some(at) => (run.get(..at)?, run.get(at + 1..)?),
        None => (run, ""),
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() || digits.len() > MOST_DIGITS || fraction.len() > MOST_DIGITS {
        return None;
    }
    let whole: u128 = digits.parse().ok()?;
    let mut scaled = whole.checked_mul(ONE)?;
    let mut place = ONE / 10;
    for byte in fraction.bytes().filter(u8::is_ascii_digit) {
        scaled = scaled.checked_add(u128::from(byte - b'0').checked_mul(place)?)?;
        place /= 10;
    }
    Some(scaled)
}

fn english_scale(text: &str, number: Number, end: usize) -> (Number, usize) {
    let rest = text.get(end..).unwrap_or_default();
    let word = rest.strip_prefix([' ', '-']).unwrap_or(rest);
    let gap = rest.len() - word.len();
    for (name, factor) in [
        ("thousand", 1_000),
        ("million", 1_000_000),
        ("millions", 1_000_000),
        ("billion", 1_000_000_000),
        ("mio", 1_000_000),
        ("mln", 1_000_000),
        ("mn", 1_000_000),
        ("bn", 1_000_000_000),
        ("k", 1_000),
        ("m", 1_000_000),
        ("b", 1_000_000_000),
    ] {
        // A letter alone belongs to the number only where it is glued to it.
        let glued = name.len() > 1 || gap == 0;
        if let Some(after) = word.strip_prefix(name)
            && glued
            // `10,500,000 million`: said twice.
            && !(factor >= 1_000_000 && number.0 >= 100_000 * ONE)
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric())
            && let Some(scaled) = number.times(factor)
        {
            return (scaled, end + gap + name.len());
        }
    }
    (number, end)
}

/// Kanji numerals and 大字; the normaliser has made 壹, 貳 and 參 to 壱, 弐 and 参, and 〇 to 0.
fn digit(ch: char) -> Option<u128> {
    Some(match ch {
        '0'..='9' => u128::from(u32::from(ch) - u32::from('0')),
        '零' => 0,
        '一' | '壱' => 1,
        '二' | '弐' => 2,
        '三' | '参' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陸' => 6,
        '七' | '漆' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn unit(ch: char) -> Option<u128> {
    Some(match ch {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' | '阡' => 1_000,
        '万' => 10_000,
        '億' => 100_000_000,
        '兆' => 1_000_000_000_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::normalise;

    fn read(text: &str, style: Style) -> Option<String> {
        number(&normalise(text), 0, style).map(|(number, _)| number.decimal())
    }

    #[test]
    fn money() {
        for (written, value) in [
            ("298,000円", "298000"),
            ("９８，０００円", "98000"),
            ("20万円", "200000"),
            ("5万5千円", "55000"),
            ("5.5万円", "55000"),
            ("1億2000万円", "120000000"),
            ("三十五万円", "350000"),
            ("弐拾参万円也", "230000"),
            ("壹百萬圓", "1000000"),
            ("二〇〇万円", "2000000"),
            ("十万円", "100000"),
            ("3千円", "3000"),
            ("万円", "10000"),
            ("1,234.56", "1234.56"),
            ("1.234,56", "1234.56"),
            ("1.250,00", "1250"),
            ("1.200 EUR", "1200"),
            ("1 250 EUR", "1250"),
            ("1'250.50", "1250.5"),
            ("12,480.50", "12480.5"),
            ("0.05", "0.05"),
            ("0.125", "0.125"),
            ("2.99", "2.99"),
            ("5 million", "5000000"),
            ("10,500,000.00 million", "10500000"),
            ("1.5m)", "1500000"),
            ("10k", "10000"),
            ("12,5", "12.5"),
            ("1,234,567", "1234567"),
            ("1,500,000,00", "1500000"),
        ] {
            assert_eq!(read(written, Style::Money).as_deref(), Some(value), "{written}");
        }
        assert_eq!(read("1.250", Style::Coin).as_deref(), Some("1.25"));
        for none in ["", "円", "x1", "99999999999999999999999999円"] {
            assert_eq!(read(none, Style::Money), None, "{none}");
        }
    }

    #[test]
    fn counts() {
        for (written, value) in
            [("48時間", 48), ("三日", 3), ("十一月", 11), ("二十四時間", 24), ("3 days", 3)]
        {
            assert_eq!(count(&normalise(written), 0).map(|(n, _)| n), Some(value), "{written}");
        }
        assert_eq!(count("12345", 0), None);
        assert_eq!(count("時", 0), None);
    }
}
