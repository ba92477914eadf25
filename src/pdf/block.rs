//! Blocks to pages.

use super::face::Face;
use super::grid;
use super::line::{Manner, wrap};
use super::sheet::{Book, Figure, Mark, Sheet};
use super::sign::{self, Hand, Sign, signs};
use super::style::{
    ACCENT, ACCENT_GROUND, BODY, BOTTOM, Dress, GREY, HAIR, HEADING, LEFT, MEASURE, OTHERS_BAR,
    OTHERS_GROUND, RIGHT, SUBHEADING, SUBTITLE, TITLE, TOP, VERBATIM,
};
use super::timeline;
use crate::document::{Block, Document, Language, Text, Tone};

/// A notice is not parted if it is no higher than this.
const KEPT: f32 = (BOTTOM - TOP) / 3.0;

/// Nor are so few lines.
const KEPT_LINES: usize = 3;

/// So many empty lines in a row are shown; of more it is said how many.
const EMPTY_LINES: usize = 3;

/// One line, and whether it goes on with the one before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    pub(super) signs: &'t [Sign],
    pub(super) turned: bool,
}

/// Lines of a text in a measure.
pub(super) fn broken(text: &[Vec<Sign>], measure: f32, size: f32, manner: Manner) -> Vec<Line<'_>> {
    let mut lines = Vec::with_capacity(text.len());
    for signs in text {
        if signs.is_empty() {
            lines.push(Line { signs, turned: false });
        }
        for (at, range) in wrap(signs, measure, size, manner).into_iter().enumerate() {
            lines.push(Line { signs: signs.get(range).unwrap_or_default(), turned: at > 0 });
        }
    }
    lines
}

/// All pages of a document.
pub(super) fn lay_out(document: &Document, face: &Face) -> Book {
    let mut sheet = Sheet::new(face);
    title(&mut sheet, document);
    for (at, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Heading(level, text) => {
                let next = document.blocks.get(at + 1);
                heading(&mut sheet, *level, text, next.map_or(0.0, |next| least(next, face)));
            }
            Block::Paragraph(text) => paragraph(&mut sheet, text),
            Block::Notice(text) => notice(&mut sheet, text),
            Block::List(items) => list(&mut sheet, items),
            Block::Fields(fields) => grid::fields(&mut sheet, fields),
            Block::Table { columns, rows } => grid::table(&mut sheet, columns, rows),
            Block::Verbatim(lines) => verbatim(&mut sheet, lines, document.language),
            Block::Lines(lines) => own_lines(&mut sheet, lines),
            Block::Timeline(events) => timeline::timeline(&mut sheet, events, document.language),
            Block::Foot(text) => sheet.foot(text),
            Block::NewPage if !sheet.is_fresh() => sheet.turn(),
            Block::NewPage => {}
        }
    }
    sheet.finish()
}

/// What of a block must stand on one page with the heading above it.
fn least(block: &Block, face: &Face) -> f32 {
    match block {
        Block::Notice(text) => {
            let text = signs(text, face);
            (broken(&text, NOTICE_MEASURE, BODY.size, Manner::Words).len() as f32 * BODY.leading + 16.0)
                .min(KEPT)
        }
        Block::Timeline(_) => 110.0,
        Block::Table { .. } | Block::Heading(..) => 84.0,
        Block::NewPage | Block::Foot(_) => 0.0,
        _ => 3.0 * BODY.leading,
    }
}

/// Puts lines one below the other, over as many pages as it takes. `portion` is told from where to where they stand on
/// each: it draws what is around them.
pub(super) fn flow(
    sheet: &mut Sheet,
    lines: &[Line],
    x: f32,
    dress: Dress,
    tinted: bool,
    portion: impl Fn(&mut Sheet, f32, f32),
) {
    sheet.need(dress.leading * lines.len().min(KEPT_LINES) as f32);
    let mut top = sheet.y;
    for (at, line) in lines.iter().enumerate() {
        // The last line does not stand alone on a page.
        let least = if at > 0 && at + 2 == lines.len() { 2.0 } else { 1.0 };
        if sheet.room() < dress.leading * least && !sheet.is_fresh() {
            portion(sheet, top, sheet.y);
            sheet.turn();
            top = sheet.y;
        }
        sheet.line(x, sheet.y, line.signs, dress, tinted);
        if line.turned && dress == VERBATIM {
            hook(sheet, x - 9.5, sheet.y + dress.leading * 0.62);
        }
        sheet.y += dress.leading;
    }
    portion(sheet, top, sheet.y);
}

/// Before a line that goes on with the one above, where every line counts.
fn hook(sheet: &mut Sheet, x: f32, y: f32) {
    sheet.rule((x, y - 4.0), (x, y), 0.6, GREY);
    sheet.rule((x, y), (x + 4.0, y), 0.6, GREY);
}

fn plain(_: &mut Sheet, _: f32, _: f32) {}

fn title(sheet: &mut Sheet, document: &Document) {
    let text = signs(&document.title.as_str().into(), sheet.face);
    sheet.ground(Mark::Field { x: LEFT, y: sheet.y, width: 44.0, height: 3.5, ink: ACCENT });
    sheet.y += 12.0;
    flow(sheet, &broken(&text, MEASURE, TITLE.size, Manner::Words), LEFT, TITLE, false, plain);
    if !document.subtitle.is_empty() {
        sheet.y += 3.0;
        let text = signs(&document.subtitle.as_str().into(), sheet.face);
        flow(sheet, &broken(&text, MEASURE, SUBTITLE.size, Manner::Words), LEFT, SUBTITLE, false, plain);
    }
    sheet.y += 8.0;
    sheet.rule((LEFT, sheet.y), (RIGHT, sheet.y), 0.6, HAIR);
    sheet.y += 14.0;
}

fn heading(sheet: &mut Sheet, level: u8, text: &str, next: f32) {
    let first = level <= 1;
    let (dress, x, above) = if first { (HEADING, LEFT, 18.0) } else { (SUBHEADING, LEFT + 9.0, 10.0) };
    let bookmark: String = sign::shown(text, sheet.face).chars().take(200).collect();
    let text = signs(&text.into(), sheet.face);
    let lines = broken(&text, RIGHT - x, dress.size, Manner::Words);
    sheet.space(above);
    sheet.need((lines.len() as f32 * dress.leading).min(KEPT) + 14.0 + next);
    sheet.bookmark(level, bookmark);
    flow(sheet, &lines, x, dress, false, |sheet, top, bottom| {
        if !first {
            let height = bottom - top - 7.0;
            sheet.ground(Mark::Field { x: LEFT, y: top + 3.5, width: 2.5, height, ink: ACCENT });
        }
    });
    if first {
        sheet.y += 2.0;
        sheet.rule((LEFT, sheet.y), (RIGHT, sheet.y), 0.9, ACCENT);
        sheet.y += 8.0;
    } else {
        sheet.y += 3.0;
    }
}

fn paragraph(sheet: &mut Sheet, text: &Text) {
    let others = !text.0.is_empty() && text.0.iter().all(|span| span.tone == Tone::Quoted);
    let signs = signs(text, sheet.face);
    if others {
        sheet.space(6.0);
        let lines = broken(&signs, MEASURE - 24.0, BODY.size, Manner::Words);
        flow(sheet, &lines, LEFT + 14.0, BODY, false, |sheet, top, bottom| {
            others_ground(sheet, top - 3.0, bottom + 3.0);
        });
        sheet.y += 11.0;
    } else {
        flow(sheet, &broken(&signs, MEASURE, BODY.size, Manner::Words), LEFT, BODY, true, plain);
        sheet.y += 7.0;
    }
}

/// Ground and bar of what others wrote.
fn others_ground(sheet: &mut Sheet, top: f32, bottom: f32) {
    sheet.ground(Mark::Field { x: LEFT, y: top, width: MEASURE, height: bottom - top, ink: OTHERS_GROUND });
    sheet.ground(Mark::Field { x: LEFT, y: top, width: 2.0, height: bottom - top, ink: OTHERS_BAR });
}

const NOTICE_MEASURE: f32 = MEASURE - 32.0;

fn notice(sheet: &mut Sheet, text: &Text) {
    let text = signs(text, sheet.face);
    let lines = broken(&text, NOTICE_MEASURE, BODY.size, Manner::Words);
    let height = lines.len() as f32 * BODY.leading;
    sheet.space(4.0);
    sheet.need((height + 16.0).min(KEPT));
    sheet.y += 8.0;
    flow(sheet, &lines, LEFT + 18.0, BODY, true, |sheet, top, bottom| {
        let (top, height) = (top - 8.0, bottom - top + 16.0);
        // A later page's ground lies beneath the tints that its lines have put already.
        sheet.beneath(Mark::Field { x: LEFT, y: top, width: 4.0, height, ink: ACCENT });
        sheet.beneath(Mark::Field { x: LEFT, y: top, width: MEASURE, height, ink: ACCENT_GROUND });
    });
    sheet.y += 18.0;
}

fn list(sheet: &mut Sheet, items: &[Text]) {
    for item in items {
        let text = signs(item, sheet.face);
        let lines = broken(&text, MEASURE - 16.0, BODY.size, Manner::Words);
        sheet.need(BODY.leading * lines.len().min(KEPT_LINES) as f32);
        let y = sheet.y + BODY.leading / 2.0 + 0.4;
        sheet.ink(Mark::Figure { figure: Figure::Disc, x: LEFT + 5.5, y, radius: 1.7, ink: ACCENT });
        flow(sheet, &lines, LEFT + 16.0, BODY, true, plain);
        sheet.y += 2.5;
    }
    sheet.y += 5.0;
}

fn verbatim(sheet: &mut Sheet, lines: &[String], language: Language) {
    let mut text = Vec::with_capacity(lines.len());
    for run in lines.chunk_by(|a, b| a.trim().is_empty() == b.trim().is_empty()) {
        if run.len() > EMPTY_LINES && run.iter().all(|line| line.trim().is_empty()) {
            let count = run.len();
            let said = match language {
                Language::Ja => format!("（空行 {count} 行）"),
                Language::En => format!("({count} empty lines)"),
            };
            text.push(sign::line(&said, Hand::Quiet, sheet.face));
        } else {
            text.extend(
                run.iter().flat_map(|line| signs(&Text::of(line.as_str(), Tone::Quoted), sheet.face)),
            );
        }
    }
    let lines = broken(&text, MEASURE - 26.0, VERBATIM.size, Manner::Anywhere);
    if lines.is_empty() {
        return;
    }
    on_ground(sheet, &lines, others_ground);
}

fn own_lines(sheet: &mut Sheet, lines: &[String]) {
    let text: Vec<_> =
        lines.iter().flat_map(|line| signs(&Text::of(line.as_str(), Tone::Code), sheet.face)).collect();
    let lines = broken(&text, MEASURE - 26.0, VERBATIM.size, Manner::Anywhere);
    if !lines.is_empty() {
        on_ground(sheet, &lines, |sheet, top, bottom| {
            let height = bottom - top;
            sheet.ground(Mark::Field { x: LEFT, y: top, width: MEASURE, height, ink: ACCENT_GROUND });
        });
    }
}

fn on_ground(sheet: &mut Sheet, lines: &[Line], ground: impl Fn(&mut Sheet, f32, f32)) {
    sheet.space(4.0);
    sheet.y += 5.0;
    flow(sheet, lines, LEFT + 18.0, VERBATIM, false, |sheet, top, bottom| {
        ground(sheet, top - 5.0, bottom + 5.0);
    });
    sheet.y += 13.0;
}

#[cfg(test)]
mod tests;
