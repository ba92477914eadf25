//! Events on a line of time. Down the page, time runs as far as it lasts; a long silence is cut short, dashed, and says how
//! long it was.

use super::block::{Line, broken};
use super::line::{Manner, trimmed, width};
use super::sheet::{Figure, Mark, Sheet};
use super::sign::{Hand, Sign, line, signs};
use super::style::{ACCENT, BLACK, BODY, CELL, Dress, GREY, Ink, LABEL, LEFT, OTHERS, RIGHT};
use crate::document::{Event, EventKind, Language};

/// Where the line of time stands; dates are at its left, words at its right.
const AXIS: f32 = LEFT + 128.0;
const WORDS: f32 = AXIS + 16.0;
const DATE_MEASURE: f32 = AXIS - 14.0 - LEFT;
const WORDS_MEASURE: f32 = RIGHT - WORDS;

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

/// Draws the events in the order of time.
pub(super) fn timeline(sheet: &mut Sheet, events: &[Event], language: Language) {
    let mut events: Vec<&Event> = events.iter().collect();
    events.sort_by_key(|event| event.at);
    if events.is_empty() {
        return;
    }
    legend(sheet, &events, language);
    let silences = silences(&events);
    // Where the line of time has been drawn to on this page, and whether it goes on dashed.
    let mut drawn: Option<f32> = None;
    for (event, silence) in events.iter().zip(silences) {
        let dates = [line(&event.when, Hand::Quiet, sheet.face)];
        let what = signs(&event.what.as_str().into(), sheet.face);
        let dates = broken(&dates, DATE_MEASURE, LABEL.size, Manner::Words);
        let words = broken(&what, WORDS_MEASURE, CELL.size, Manner::Words);
        let rows = dates.len().max(words.len());
        let together = rows.min(4) as f32 * CELL.leading;
        let dashed = silence.cut.is_some();
        if sheet.room() < silence.height + together && !sheet.is_fresh() {
            axis(sheet, &mut drawn, dashed);
            sheet.turn();
            drawn = Some(sheet.y);
            sheet.y += NEAR;
        } else {
            if let Some(seconds) = silence.cut {
                say_silence(sheet, seconds, silence.height, language);
            }
            sheet.y += silence.height;
        }
        let middle = sheet.y + CELL.leading / 2.0;
        axis_to(sheet, drawn, middle, dashed);
        drawn = Some(middle);
        let (figure, ink) = figure_of(event.kind);
        sheet.ink(Mark::Figure { figure, x: AXIS, y: middle, radius: 3.6, ink });
        rows_of(sheet, &dates, &words, &mut drawn);
    }
    sheet.y += 14.0;
}

/// The lines of one event, over as many pages as it takes.
fn rows_of(sheet: &mut Sheet, dates: &[Line], words: &[Line], drawn: &mut Option<f32>) {
    for row in 0..dates.len().max(words.len()) {
        if sheet.room() < CELL.leading && !sheet.is_fresh() {
            axis(sheet, drawn, false);
            sheet.turn();
            *drawn = Some(sheet.y);
        }
        if let Some(date) = dates.get(row) {
            let length = width(trimmed(date.signs)) * LABEL.size;
            sheet.line(LEFT + DATE_MEASURE - length, sheet.y, date.signs, LABEL, false);
        }
        if let Some(words) = words.get(row) {
            sheet.line(WORDS, sheet.y, words.signs, CELL, false);
        }
        sheet.y += CELL.leading;
    }
}

/// The line of time as far as the page goes.
fn axis(sheet: &mut Sheet, drawn: &mut Option<f32>, dashed: bool) {
    let y = sheet.y;
    axis_to(sheet, *drawn, y, dashed);
    *drawn = None;
}

fn axis_to(sheet: &mut Sheet, from: Option<f32>, to: f32, dashed: bool) {
    let Some(from) = from.filter(|from| *from < to) else { return };
    sheet.ground(Mark::Rule { from: (AXIS, from), to: (AXIS, to), width: 1.0, ink: GREY, dashed });
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

fn say_silence(sheet: &mut Sheet, seconds: i64, height: f32, language: Language) {
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
    sheet.line(WORDS, sheet.y + (height - small.leading) / 2.0, &signs, small, false);
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
