//! The month as bars: threats by category and day, drawn twice (wide, and for a telephone), with patterns beside the
//! colours, a legend, and a table that says the same in numbers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::day::{Day, Tally};
use super::html::escaped;
use super::words;
use crate::case::words::category_word;
use crate::document::Language;
use crate::indicator::Category;

/// Categories with a pattern of their own; the others are put together.
const APART: usize = 5;
/// Days in the picture.
const DAYS: i64 = 31;

/// One drawing's measures, in its own units.
struct Measures {
    class: &'static str,
    width: u32,
    height: u32,
    /// A date is written below every so many days.
    every: i64,
}

const WIDE: Measures = Measures { class: "wide", width: 700, height: 210, every: 5 };
const SMALL: Measures = Measures { class: "small", width: 300, height: 190, every: 10 };

/// Room at the left for numbers, below for dates, above.
const LEFT: u32 = 26;
const BELOW: u32 = 22;
const ABOVE: u32 = 14;

struct Month<'d> {
    days: Vec<(Date, Option<&'d Tally>)>,
    /// The categories that stand apart, the most frequent first.
    apart: Vec<Category>,
    /// There are others.
    rest: bool,
    /// The most of one day, at least 1.
    most: u64,
    lang: Language,
}

/// The figure.
pub(super) fn figure(day: &Day, lang: Language) -> String {
    let month = Month::of(day, lang);
    let mut out = String::from("<figure>");
    out.push_str(PATTERNS);
    month.draw(&WIDE, &mut out);
    month.draw(&SMALL, &mut out);
    month.legend(&mut out);
    month.table(&mut out);
    out.push_str("</figure>\n");
    out
}

/// What fills the bars: 1 solid, 2 diagonal, 3 dots, 4 level lines, 5 upright lines, 6 checks.
const PATTERNS: &str = r#"<svg class="off" width="0" height="0" aria-hidden="true"><defs><pattern id="p1" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="b1" width="6" height="6"/></pattern><pattern id="p2" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="b2" width="6" height="6"/><path class="s" d="M-1 1L1-1M0 6L6 0M5 7L7 5"/></pattern><pattern id="p3" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="b3" width="6" height="6"/><circle class="k" cx="3" cy="3" r="1.5"/></pattern><pattern id="p4" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="b4" width="6" height="6"/><path class="s" d="M0 3H6"/></pattern><pattern id="p5" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="b5" width="6" height="6"/><path class="s" d="M3 0V6"/></pattern><pattern id="p6" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="b6" width="6" height="6"/><rect class="k" width="3" height="3"/><rect class="k" x="3" y="3" width="3" height="3"/></pattern></defs></svg>"#;

impl<'d> Month<'d> {
    fn of(day: &'d Day, lang: Language) -> Self {
        let mut days = Vec::new();
        for back in (0..DAYS).rev() {
            if let Ok(date) = day.date.checked_sub(back.days()) {
                days.push((date, day.month.iter().find(|tally| tally.date == date)));
            }
        }
        let mut sums: BTreeMap<Category, u64> = BTreeMap::new();
        let mut most = 1;
        for tally in days.iter().filter_map(|(_, tally)| *tally) {
            for one in &tally.by_category {
                let sum = sums.entry(one.category).or_default();
                *sum = sum.saturating_add(one.count);
            }
            most = most.max(threats(tally));
        }
        let mut apart: Vec<(u64, Category)> =
            sums.into_iter().map(|(category, count)| (count, category)).collect();
        apart.sort_by_key(|(count, category)| (std::cmp::Reverse(*count), *category));
        let rest = apart.len() > APART + 1;
        apart.truncate(if rest { APART } else { APART + 1 });
        Self { days, apart: apart.into_iter().map(|(_, category)| category).collect(), rest, most, lang }
    }

    /// How many of each that stands apart, and of the others.
    fn parts(&self, tally: &Tally) -> Vec<u64> {
        let mut parts = vec![0_u64; self.apart.len() + usize::from(self.rest)];
        for one in &tally.by_category {
            let at = self.apart.iter().position(|apart| *apart == one.category).unwrap_or(self.apart.len());
            if let Some(part) = parts.get_mut(at) {
                *part = part.saturating_add(one.count);
            }
        }
        parts
    }

    fn draw(&self, measures: &Measures, out: &mut String) {
        let Measures { class, width, height, every } = *measures;
        let floor = height - BELOW;
        let tall = f64::from(floor - ABOVE);
        let step = f64::from(width - LEFT) / DAYS as f64;
        let caption = escaped(&self.caption());
        // Writing to a String cannot fail; nor below.
        let _ = write!(
            out,
            "<svg class=\"{class}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{caption}\">"
        );
        let half = self.most / 2;
        let lines = if self.most >= 4 { vec![half, self.most] } else { vec![self.most] };
        for line in lines {
            let y = f64::from(floor) - tall * share(line, self.most);
            let _ = write!(
                out,
                "<path class=\"axis\" d=\"M{LEFT} {y:.1}H{width}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{line}</text>",
                LEFT - 6,
                y + 4.0
            );
        }
        for (n, (date, tally)) in self.days.iter().enumerate() {
            let x = f64::from(LEFT) + step * n as f64;
            let back = self.days.len().saturating_sub(n + 1) as i64;
            if back % every == 0 {
                let anchor = if back == 0 { "end" } else { "middle" };
                let at = if back == 0 { f64::from(width) } else { x + step / 2.0 };
                let _ = write!(
                    out,
                    "<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}/{}</text>",
                    height - 5,
                    date.month(),
                    date.day()
                );
            }
            let Some(tally) = tally else { continue };
            let mut y = f64::from(floor);
            for (part, count) in self.parts(tally).into_iter().enumerate() {
                if count > 0 {
                    let bar = tall * share(count, self.most);
                    y -= bar;
                    let (left, wide) = (x + step * 0.12, step * 0.76);
                    let _ = write!(
                        out,
                        "<rect x=\"{left:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{bar:.1}\" fill=\"url(#p{})\"/>",
                        part + 1
                    );
                }
            }
        }
        let _ = write!(out, "<path class=\"axis\" d=\"M{LEFT} {floor}H{width}\"/></svg>");
    }

    /// What the picture shows, in a sentence.
    fn caption(&self) -> String {
        let all = self.days.iter().filter_map(|(_, tally)| *tally).map(threats);
        let sum = all.clone().fold(0, u64::saturating_add);
        let days = all.filter(|count| *count > 0).count();
        match self.lang {
            Language::Ja => format!(
                "31 日間の脅威、日ごと種類別の棒グラフ。合わせて {sum} 件、あった日は {days} 日。数は下の表に。"
            ),
            Language::En => format!(
                "Bar chart of the threats of 31 days, by day and category: {sum} in all, on {days} days. The table below has the numbers."
            ),
        }
    }

    fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.apart.iter().map(|one| category_word(*one, self.lang)).collect();
        if self.rest {
            names.push(self.lang.pick("そのほか", "all others"));
        }
        names
    }

    fn legend(&self, out: &mut String) {
        let mut sums = vec![0_u64; self.names().len()];
        for tally in self.days.iter().filter_map(|(_, tally)| *tally) {
            for (sum, count) in sums.iter_mut().zip(self.parts(tally)) {
                *sum = sum.saturating_add(count);
            }
        }
        out.push_str("<ul class=\"legend\">");
        if sums.is_empty() {
            let none = self
                .lang
                .pick("この 31 日間に、脅威は見つかっていません。", "No threat was found in these 31 days.");
            let _ = write!(out, "<li>{none}</li>");
        }
        for (n, (name, sum)) in self.names().into_iter().zip(sums).enumerate() {
            let _ = write!(
                out,
                "<li><svg viewBox=\"0 0 18 18\" aria-hidden=\"true\"><rect width=\"18\" height=\"18\" fill=\"url(#p{})\"/></svg>{} {sum}</li>",
                n + 1,
                escaped(name)
            );
        }
        out.push_str("</ul>");
    }

    fn table(&self, out: &mut String) {
        let told: Vec<(Date, &Tally)> =
            self.days.iter().filter_map(|(date, tally)| Some((*date, (*tally)?))).collect();
        let _ =
            write!(out, "<details><summary>{}</summary><table>", self.lang.pick("数で見る", "In numbers"));
        for (date, tally) in told.into_iter().rev() {
            let mut parts: Vec<String> = tally
                .by_category
                .iter()
                .map(|one| format!("{} {}", category_word(one.category, self.lang), one.count))
                .collect();
            let mut more = |ja: &str, en: &str, count: u64| {
                if count > 0 {
                    parts.push(format!("{} {count}", self.lang.pick(ja, en)));
                }
            };
            more("疑わしい", "suspicious", tally.suspicious);
            more("検査できず", "not checked", tally.not_judged);
            more("該当なし", "nothing found", tally.clean);
            let _ = write!(
                out,
                "<tr><th>{}</th><td>{}</td></tr>",
                escaped(&words::short_date(date, self.lang)),
                escaped(&parts.join(self.lang.pick("、", ", ")))
            );
        }
        out.push_str("</table></details>");
    }
}

fn threats(tally: &Tally) -> u64 {
    tally.by_category.iter().fold(0, |sum, one| sum.saturating_add(one.count))
}

fn share(count: u64, most: u64) -> f64 {
    (count as f64 / most.max(1) as f64).min(1.0)
}
