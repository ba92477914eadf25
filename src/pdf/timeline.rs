//! Events on a line of time. Down the page, time runs as far as it lasts; a long silence is cut short, dashed, and says how
//! long it was.

use super::block::{Line, broken};
use super::line::{Manner, trimmed, width};
use super::sheet::{Figure, Mark, Sheet};
use super::sign::{Hand, Sign, line, signs};
use super::style::{ACCENT, BLACK, BODY, CELL, Dress, GREY, Ink, LABEL, LEFT, OTHERS, RIGHT};
use crate::document::{Event, EventKind, Language};

/// Dates are at the left of the line of time, words at its right; each so far from it.
const ASIDE: f32 = 15.0;
/// How wide dates may be.
const DATES: (f32, f32) = (60.0, 165.0);

/// From one event to the next: at least, for a silence of middle length, and at most.
const NEAR: f32 = 7.0;
const MIDDLE: f32 = 12.0;
const FAR: f32 = 40.0;

/// How a silence is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Silence {
    height: f32,
    /// Cut short; so many seconds it was.
    cut: Option<i64>,
}

/// The line of time on the page that is being laid out.
struct Axis {
    x: f32,
    /// How far down it has been drawn.
    drawn: Option<f32>,
}

/// Draws the events in the order of time.
pub(super) fn timeline(sheet: &mut Sheet, events: &[Event], language: Language) {
    let mut events: Vec<&Event> = events.iter().collect();
    events.sort_by_key(|event| event.at);
    if events.is_empty() {
        return;
    }
    legend(sheet, &events, language);
    let dates: Vec<Vec<Sign>> =
        events.iter().map(|event| line(&event.when, Hand::Quiet, sheet.face)).collect();
    let widest = dates.iter().map(|date| width(date) * LABEL.size).fold(DATES.0, f32::max).min(DATES.1);
    let mut axis = Axis { x: LEFT + widest + 1.0 + ASIDE, drawn: None };
    for ((event, date), silence) in events.iter().zip(dates).zip(silences(&events)) {
        let what = signs(&event.what.as_str().into(), sheet.face);
        let date = [date];
        let date = broken(&date, widest + 1.0, LABEL.size, Manner::Words);
        let words = broken(&what, RIGHT - axis.x - ASIDE, CELL.size, Manner::Words);
        let together = date.len().max(words.len()).min(4) as f32 * CELL.leading;
        let dashed = silence.cut.is_some();
        if sheet.room() < silence.height + together && !sheet.is_fresh() {
            axis.turn(sheet, dashed);
        }
        if let Some(seconds) = silence.cut {
            axis.say_silence(sheet, seconds, silence.height, language);
        }
        sheet.y += silence.height;
        let middle = sheet.y + CELL.leading / 2.0;
        axis.reach(sheet, middle, dashed);
        let (figure, ink) = figure_of(event.kind);
        sheet.ink(Mark::Figure { figure, x: axis.x, y: middle, radius: 3.6, ink });
        axis.rows(sheet, &date, &words);
    }
    sheet.y += 14.0;
}

impl Axis {
    /// The lines of one event, over as many pages as it takes.
    fn rows(&mut self, sheet: &mut Sheet, date: &[Line], words: &[Line]) {
        for row in 0..date.len().max(words.len()) {
            if sheet.room() < CELL.leading && !sheet.is_fresh() {
                self.turn(sheet, false);
            }
            if let Some(date) = date.get(row) {
                let length = width(trimmed(date.signs)) * LABEL.size;
                sheet.line(self.x - ASIDE - length, sheet.y, date.signs, LABEL, false);
            }
            if let Some(words) = words.get(row) {
                sheet.line(self.x + ASIDE, sheet.y, words.signs, CELL, false);
            }
            sheet.y += CELL.leading;
        }
    }

    /// Goes on at the top of the next page.
    fn turn(&mut self, sheet: &mut Sheet, dashed: bool) {
        self.reach(sheet, sheet.y, dashed);
        sheet.turn();
        self.drawn = Some(sheet.y);
    }

    /// Draws it down to there; from the first event, it only begins.
    fn reach(&mut self, sheet: &mut Sheet, y: f32, dashed: bool) {
        if let Some(from) = self.drawn.filter(|from| *from < y) {
            let (from, to) = ((self.x, from), (self.x, y));
            sheet.ground(Mark::Rule { from, to, width: 1.0, ink: GREY, dashed });
        }
        self.drawn = Some(y);
    }

    fn say_silence(&self, sheet: &mut Sheet, seconds: i64, height: f32, language: Language) {
        let (count, ja, en) = match seconds {
            172_800.. => (seconds / 86_400, "日", "days"),
            7_200.. => (seconds / 3_600, "時間", "hours"),
            _ => (seconds / 60, "分", "minutes"),
        };
        let said = match language {
            Language::Ja => format!("（この間 約{count}{ja}）"),
            Language::En => format!("(about {count} {en} between)"),
        };
        let signs = line(&said, Hand::Quiet, sheet.face);
        let small = Dress { size: 7.5, ..LABEL };
        sheet.line(self.x + ASIDE, sheet.y + (height - small.leading) / 2.0, &signs, small, false);
    }
}

/// What comes before each event. The middle one of the silences is [`MIDDLE`] high, the others in proportion.
fn silences(events: &[&Event]) -> Vec<Silence> {
    let lengths: Vec<i64> = events
        .iter()
        .zip(events.iter().skip(1))
        .map(|(before, after)| after.at.as_second().saturating_sub(before.at.as_second()))
        .collect();
    let mut sorted: Vec<i64> = lengths.iter().copied().filter(|length| *length > 0).collect();
    sorted.sort_unstable();
    let middle = sorted.get(sorted.len() / 2).copied().unwrap_or(1) as f32;
    let first = Silence { height: 0.0, cut: None };
    let of = |length: &i64| {
        let height = MIDDLE * (*length as f32 / middle);
        Silence { height: NEAR + height.min(FAR), cut: (height > FAR).then_some(*length) }
    };
    std::iter::once(first).chain(lengths.iter().map(of)).collect()
}

fn figure_of(kind: EventKind) -> (Figure, Ink) {
    match kind {
        EventKind::Message => (Figure::Disc, OTHERS),
        EventKind::Act => (Figure::Square, ACCENT),
        EventKind::Person => (Figure::Triangle, BLACK),
        EventKind::Gap => (Figure::Ring, GREY),
        EventKind::Deadline => (Figure::Diamond, OTHERS),
    }
}

/// What each figure means, of those that occur.
fn legend(sheet: &mut Sheet, events: &[&Event], language: Language) {
    let all = [
        (EventKind::Message, language.pick("メールの受信", "message received")),
        (EventKind::Act, language.pick("komainuの処置", "done by komainu")),
        (EventKind::Person, language.pick("本人の行動・申告", "done or stated by the person")),
        (EventKind::Gap, language.pick("監視していなかった期間", "not watching")),
        (EventKind::Deadline, language.pick("相手が示した期限", "date set by the sender")),
    ];
    sheet.need(3.0 * BODY.leading + 40.0);
    let dress = Dress { size: 8.0, ..LABEL };
    let mut x = LEFT + 4.0;
    for (kind, said) in all.into_iter().filter(|(kind, _)| events.iter().any(|event| event.kind == *kind)) {
        let said: Vec<Sign> = line(said, Hand::Plain, sheet.face);
        let length = width(&said) * dress.size;
        if x + 9.0 + length > RIGHT {
            x = LEFT + 4.0;
            sheet.y += dress.leading;
        }
        let (figure, ink) = figure_of(kind);
        sheet.ink(Mark::Figure { figure, x, y: sheet.y + dress.leading / 2.0, radius: 3.2, ink });
        sheet.line(x + 9.0, sheet.y, &said, dress, false);
        x += 9.0 + length + 16.0;
    }
    sheet.y += dress.leading + 8.0;
}
