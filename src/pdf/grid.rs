//! Rows of cells: tables, and labels with their values. A row that is higher than what is left of the page is parted
//! between its lines.

use super::block::{Line, broken};
use super::face::Face;
use super::line::{Manner, longest, width};
use super::sheet::{Mark, Sheet};
use super::sign::{Hand, Sign, line, signs};
use super::style::{
    ACCENT, ACCENT_GROUND, BOTTOM, CELL, Dress, HAIR, HEAD, LABEL, LEFT, MEASURE, RIGHT, TOP,
};
use crate::document::Text;

/// Left and right of a cell's text.
const SIDE: f32 = 5.0;
/// Above and below it.
const PAD: f32 = 3.5;
/// Of all dresses in a grid.
const LEADING: f32 = CELL.leading;
/// No column is narrower, unless there are too many.
const NARROW: f32 = 30.0;
/// A column is so wide that numbers, dates and words in it stay whole, but no more than this is done for them; only cells
/// of so few octets are looked at, and so many rows.
const WHOLE: f32 = 128.0;
const SHORT: usize = 100;
const LOOKED_AT: usize = 200;
/// Lines of a head that is repeated on each page.
const HEAD_LINES: usize = 4;
/// A row of so many lines, a quarter of a page, is parted rather than put on a new page.
const PARTED: usize = ((BOTTOM - TOP) / LEADING / 4.0) as usize;

/// A column's left edge and width.
#[derive(Debug, Clone, Copy)]
struct Column {
    x: f32,
    width: f32,
    dress: Dress,
}

impl Column {
    fn side(self) -> f32 {
        SIDE.min(self.width / 6.0)
    }

    fn measure(self) -> f32 {
        self.width - 2.0 * self.side()
    }
}

struct Grid<'t> {
    columns: Vec<Column>,
    /// Of each column, put again on each page; empty where there is none.
    head: Vec<Vec<Line<'t>>>,
}

/// Label and value.
pub(super) fn fields(sheet: &mut Sheet, fields: &[(String, Text)]) {
    let labels: Vec<Vec<Sign>> =
        fields.iter().map(|(label, _)| line(label, Hand::Plain, sheet.face)).collect();
    let widest = labels.iter().map(|label| width(label) * LABEL.size).fold(0.0, f32::max);
    let first = (widest + 2.0 * SIDE + 1.0).clamp(60.0, MEASURE * 0.3);
    let columns = vec![
        Column { x: LEFT, width: first, dress: LABEL },
        Column { x: LEFT + first, width: MEASURE - first, dress: CELL },
    ];
    let grid = Grid { columns, head: Vec::new() };
    for (label, (_, value)) in labels.into_iter().zip(fields) {
        grid.row(sheet, &[vec![label], signs(value, sheet.face)]);
    }
    sheet.y += 8.0;
}

/// A table. Cells that are one too many are put into the last column.
pub(super) fn table(sheet: &mut Sheet, columns: &[(String, u16)], rows: &[Vec<Text>]) {
    if columns.is_empty() {
        return;
    }
    let heads: Vec<Vec<Vec<Sign>>> =
        columns.iter().map(|(head, _)| vec![line(head, Hand::Plain, sheet.face)]).collect();
    let columns_at = measures(columns, &heads, rows, sheet.face);
    let head: Vec<Vec<Line>> = heads
        .iter()
        .zip(&columns_at)
        .map(|(text, column)| {
            let mut lines = broken(text, column.measure(), HEAD.size, Manner::Words);
            lines.truncate(HEAD_LINES);
            lines
        })
        .collect();
    let grid = Grid { columns: columns_at, head };
    sheet.need(grid.head_height() + 3.0 * LEADING);
    grid.put_head(sheet);
    for row in rows {
        let mut cells: Vec<Vec<Vec<Sign>>> = Vec::with_capacity(columns.len());
        for (at, cell) in row.iter().enumerate() {
            match cells.last_mut() {
                Some(last) if at >= columns.len() => last.extend(signs(cell, sheet.face)),
                _ => cells.push(signs(cell, sheet.face)),
            }
        }
        grid.row(sheet, &cells);
    }
    sheet.y += 10.0;
}

/// Widths by share, but each column at least as wide as what should not be broken in it.
fn measures(
    columns: &[(String, u16)],
    heads: &[Vec<Vec<Sign>>],
    rows: &[Vec<Text>],
    face: &Face,
) -> Vec<Column> {
    let mut least: Vec<f32> = heads.iter().flatten().map(|head| longest(head) * HEAD.size).collect();
    for row in rows.iter().take(LOOKED_AT) {
        for (least, cell) in least.iter_mut().zip(row) {
            if cell.0.iter().map(|span| span.text.len()).sum::<usize>() <= SHORT {
                let words =
                    signs(cell, face).iter().map(|line| longest(line) * CELL.size).fold(0.0, f32::max);
                *least = least.max(words);
            }
        }
    }
    let room = MEASURE / columns.len() as f32;
    let least: Vec<f32> =
        least.iter().map(|words| (words.min(WHOLE) + 2.0 * SIDE + 0.5).max(NARROW).min(room)).collect();
    let shares: Vec<f32> = columns.iter().map(|(_, share)| f32::from((*share).max(1))).collect();
    let mut x = LEFT;
    divided(&shares, &least)
        .into_iter()
        .map(|width| {
            let column = Column { x, width, dress: CELL };
            x += width;
            column
        })
        .collect()
}

/// Divides the measure by share. Who would get less than the least gets that, and the others divide what is left.
fn divided(shares: &[f32], least: &[f32]) -> Vec<f32> {
    let mut held = vec![false; shares.len()];
    // Each round holds one more, or is the last.
    for _ in 0..=shares.len() {
        let (mut room, mut sum) = (MEASURE, 0.0);
        for ((share, least), held) in shares.iter().zip(least).zip(&held) {
            if *held { room -= least } else { sum += share }
        }
        let width = |share: f32| room * share / sum;
        let short: Vec<bool> = shares
            .iter()
            .zip(least)
            .zip(&held)
            .map(|((share, least), held)| *held || width(*share) < *least)
            .collect();
        if short == held {
            let widths = shares.iter().zip(least).zip(&held);
            return widths.map(|((share, least), held)| if *held { *least } else { width(*share) }).collect();
        }
        held = short;
    }
    least.to_vec()
}

impl Grid<'_> {
    fn head_height(&self) -> f32 {
        let lines = self.head.iter().map(Vec::len).max().unwrap_or(0);
        if lines == 0 { 0.0 } else { lines as f32 * LEADING + 2.0 * PAD }
    }

    fn put_head(&self, sheet: &mut Sheet) {
        let height = self.head_height();
        if height <= 0.0 {
            return;
        }
        sheet.ground(Mark::Field { x: LEFT, y: sheet.y, width: MEASURE, height, ink: ACCENT_GROUND });
        for (column, lines) in self.columns.iter().zip(&self.head) {
            put(sheet, column.x + column.side(), lines, HEAD);
        }
        sheet.y += height;
        sheet.rule((LEFT, sheet.y), (RIGHT, sheet.y), 0.8, ACCENT);
    }

    /// One row, over as many pages as it takes.
    fn row(&self, sheet: &mut Sheet, cells: &[Vec<Vec<Sign>>]) {
        let cells: Vec<Vec<Line>> = cells
            .iter()
            .zip(&self.columns)
            .map(|(text, column)| broken(text, column.measure(), column.dress.size, Manner::Words))
            .collect();
        let all = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let mut done = 0;
        let mut turned = false;
        while done < all {
            // A negative room becomes 0.
            let fit = ((sheet.room() - 2.0 * PAD) / LEADING) as usize;
            let left = all - done;
            if left > fit && !turned && !sheet.is_fresh() && (left <= PARTED || fit < 3) {
                sheet.turn();
                self.put_head(sheet);
                turned = true;
                continue;
            }
            let take = left.min(fit.max(1));
            for (column, lines) in self.columns.iter().zip(&cells) {
                let lines = lines.get(done..).unwrap_or_default();
                put(sheet, column.x + column.side(), lines.get(..take).unwrap_or(lines), column.dress);
            }
            done += take;
            sheet.y += take as f32 * LEADING + 2.0 * PAD;
            sheet.rule((LEFT, sheet.y), (RIGHT, sheet.y), 0.5, HAIR);
            turned = false;
        }
    }
}

fn put(sheet: &mut Sheet, x: f32, lines: &[Line], dress: Dress) {
    let mut y = sheet.y + PAD;
    for line in lines {
        sheet.line(x, y, line.signs, dress, true);
        y += LEADING;
    }
}
