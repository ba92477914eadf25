//! Finder patterns: dark, light, dark, light, dark as 1:1:3:1:1, both across and down (ISO/IEC 18004 §5.3.2).

use super::bitmap::Bitmap;

/// Patterns of one picture; eight codes have 24, and text makes a few by accident.
const MAX_FINDERS: usize = 48;

/// A finder pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Finder {
    /// Its centre.
    pub(super) x: f64,
    pub(super) y: f64,
    /// Pixels of a module.
    pub(super) module: f64,
    /// Rows in which it was seen.
    rows: f64,
}

/// The finder patterns of a bitmap. Linear in the pixels: what is looked at down is no longer than what was seen across.
pub(super) fn finders(bitmap: &Bitmap) -> Vec<Finder> {
    let mut found: Vec<Finder> = Vec::new();
    for (y, row) in bitmap.pixels.chunks_exact(bitmap.width.max(1)).enumerate() {
        let mut runs = [0; 5];
        let (mut last, mut from) = (0, 0);
        while let Some(rest) = row.get(from..).filter(|rest| !rest.is_empty()) {
            let length = rest.iter().position(|pixel| *pixel != last).unwrap_or(rest.len());
            from += length;
            // A pattern may touch the edge.
            runs.rotate_left(1);
            runs[4] = length;
            if last == 1 && is_finder(runs) {
                add(bitmap, from, y, runs, &mut found);
            }
            last = 1 - last;
        }
    }
    found
}

/// Adds a pattern whose right edge was seen at a place, if it is one down, too.
fn add(bitmap: &Bitmap, x: usize, y: usize, runs: [usize; 5], found: &mut Vec<Finder>) {
    let [_, _, stone, light, ring] = runs;
    let middle = x - ring - light - stone.div_ceil(2);
    let Some((centre, down)) = down(bitmap, middle, y, runs.iter().sum()) else { return };
    let module = (runs.iter().sum::<usize>() + down) as f64 / 14.0;
    let seen = Finder { x: (x - ring - light) as f64 - stone as f64 / 2.0, y: centre, module, rows: 1.0 };
    let same = |f: &&mut Finder| {
        let near = 2.0 * f.module;
        (f.x - seen.x).abs() < near
            && (f.y - seen.y).abs() < near
            && f.module < 1.5 * module
            && module < 1.5 * f.module
    };
    if let Some(known) = found.iter_mut().find(same) {
        let rows = known.rows + 1.0;
        let mean = |old: f64, new: f64| (old * known.rows + new) / rows;
        let (x, y, module) = (mean(known.x, seen.x), mean(known.y, seen.y), mean(known.module, seen.module));
        *known = Finder { x, y, module, rows };
    } else if found.len() < MAX_FINDERS {
        found.push(seen);
    }
}

/// Centre and height of the pattern that goes up and down from a dark place; `size` is its width.
fn down(bitmap: &Bitmap, x: usize, y: usize, size: usize) -> Option<(f64, usize)> {
    // The run of a colour that begins at `from` and goes up or down.
    let run = |from: Option<usize>, step: isize, colour: u8| {
        let mut length = 0;
        let mut at = from;
        while let Some(here) = at
            && length <= size
            && here < bitmap.height
            && bitmap.at(x, here) == colour
        {
            length += 1;
            at = here.checked_add_signed(step);
        }
        (length, at)
    };
    let (stone_up, at) = run(Some(y), -1, 1);
    let (light_up, at) = run(at, -1, 0);
    let (ring_up, _) = run(at, -1, 1);
    let (stone_down, at) = run(Some(y + 1), 1, 1);
    let (light_down, at) = run(at, 1, 0);
    let (ring_down, _) = run(at, 1, 1);
    let runs = [ring_up, light_up, stone_up + stone_down, light_down, ring_down];
    let high: usize = runs.iter().sum();
    let centre = (y + 1 + stone_down) as f64 - (stone_up + stone_down) as f64 / 2.0;
    (is_finder(runs) && high < 2 * size && size < 2 * high).then_some((centre, high))
}

/// Whether five runs are as 1:1:3:1:1, as far as pixels allow.
fn is_finder(runs: [usize; 5]) -> bool {
    let total: usize = runs.iter().sum();
    if total < 7 || runs.contains(&0) {
        return false;
    }
    // In sevenths, to stay with integers: a module is `total`, a run `7 * run`. Half a module may be amiss, or a pixel.
    let near =
        |run: usize, modules: usize| (7 * run).abs_diff(modules * total) <= (modules * total / 2).max(7);
    runs.into_iter().zip([1, 1, 3, 1, 1]).all(|(run, modules)| near(run, modules))
}
