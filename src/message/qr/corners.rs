//! Three finder patterns to a code: which belong together, how many modules lie between them, and what they are.

use rqrr::{Grid, SimpleGrid};

use super::MAX_CODES;
use super::bitmap::Bitmap;
use super::finder::Finder;
use crate::message::image::Budget;

/// Triples that are tried, the likeliest first.
const MAX_TRIES: usize = 60;
/// Modules on a side, of versions 1 and 40.
const SIDES: std::ops::RangeInclusive<usize> = 21..=177;

/// Three patterns as the corners of a code.
#[derive(Debug, Clone, Copy)]
struct Corners {
    /// Top left: where the right angle is.
    corner: Finder,
    right: Finder,
    below: Finder,
    /// How far it is from a square, from 0.
    off: f64,
    /// Which patterns these are.
    ids: [usize; 3],
}

/// A map from modules to pixels, `(a x + b y + c) / (g x + h y + 1)` and `(d x + e y + f) / (g x + h y + 1)`, as a to h.
#[derive(Debug, Clone, Copy)]
struct Map([f64; 8]);

/// Reads the codes that the patterns are corners of.
pub(super) fn codes(bitmap: &Bitmap, finders: &[Finder], budget: &mut Budget) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    let mut used: Vec<usize> = Vec::new();
    for corners in triples(finders).into_iter().take(MAX_TRIES) {
        if found.len() >= MAX_CODES || corners.ids.iter().any(|id| used.contains(id)) {
            continue;
        }
        let Some(content) = corners.read(bitmap, budget) else { continue };
        used.extend(corners.ids);
        if !content.is_empty() && !found.contains(&content) {
            found.push(content);
        }
    }
    found
}

/// All threes that could be a code's, the squarest first and among those the nearest.
fn triples(finders: &[Finder]) -> Vec<Corners> {
    let mut all = Vec::new();
    for (a, first) in finders.iter().enumerate() {
        for (b, second) in finders.iter().enumerate().skip(a + 1) {
            for (c, third) in finders.iter().enumerate().skip(b + 1) {
                all.extend(Corners::of([(a, first), (b, second), (c, third)]));
            }
        }
    }
    // Squareness in steps, so that what is as square as can be is tried from the smallest on.
    let key = |corners: &Corners| ((corners.off * 8.0) as u32, corners.corner.far(&corners.right) as u32);
    all.sort_by_key(key);
    all
}

impl Finder {
    fn far(&self, other: &Finder) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

impl Corners {
    fn of(three: [(usize, &Finder); 3]) -> Option<Corners> {
        let [a, b, c] = three;
        let modules = three.map(|(_, finder)| finder.module);
        let (least, most) =
            (modules.iter().copied().fold(f64::MAX, f64::min), modules.iter().copied().fold(0.0, f64::max));
        if most > 1.6 * least {
            return None;
        }
        // The right angle is opposite the longest side.
        let (ab, bc, ca) = (a.1.far(b.1), b.1.far(c.1), c.1.far(a.1));
        let (corner, one, other, longest) = if bc >= ab && bc >= ca {
            (a, b, c, bc)
        } else if ca >= ab && ca >= bc {
            (b, c, a, ca)
        } else {
            (c, a, b, ab)
        };
        let (first, second) = (corner.1.far(one.1), corner.1.far(other.1));
        // Centres of two patterns are 14 modules apart in version 1 and 170 in version 40.
        let apart = first.min(second) / most;
        if !(10.0..200.0).contains(&apart) {
            return None;
        }
        let sides = first.max(second) / first.min(second) - 1.0;
        let angle = (longest.powi(2) / (first.powi(2) + second.powi(2)) - 1.0).abs();
        if sides > 0.4 || angle > 0.4 {
            return None;
        }
        // Clockwise from the top right: the cross product is positive where y goes down.
        let cross = (one.1.x - corner.1.x) * (other.1.y - corner.1.y)
            - (one.1.y - corner.1.y) * (other.1.x - corner.1.x);
        let (right, below) = if cross > 0.0 { (one, other) } else { (other, one) };
        let off = sides + angle + (most / least - 1.0) / 2.0;
        let ids = [corner.0, right.0, below.0];
        Some(Corners { corner: *corner.1, right: *right.1, below: *below.1, off, ids })
    }

    /// Reads the code, with the number of modules that is likeliest, then with its neighbours.
    fn read(&self, bitmap: &Bitmap, budget: &mut Budget) -> Option<Vec<u8>> {
        // Across and down, a pattern that stands at an angle is seen longer than it is.
        let (dx, dy) = ((self.right.x - self.corner.x).abs(), (self.right.y - self.corner.y).abs());
        let straight = dx.max(dy) / dx.hypot(dy);
        let module = straight * (self.corner.module + self.right.module + self.below.module) / 3.0;
        let across = f64::midpoint(self.corner.far(&self.right), self.corner.far(&self.below));
        let about = across / module + 7.0;
        let version = (((about - 17.0) / 4.0).round() as usize).clamp(1, 40);
        for version in
            [version, version + 1, version.saturating_sub(1), version + 2, version.saturating_sub(2)]
        {
            let side = 17 + 4 * version;
            if !SIDES.contains(&side) || !budget.pay(2 * (side * side * 5) as u64) {
                continue;
            }
            let flat = self.flat(side);
            // A wrong number of modules shows here; chance alone gives half of them.
            if timing(bitmap, &flat, side) * 20 < 11 * 2 * (side - 16) {
                continue;
            }
            let read = decode(bitmap, &flat, side);
            if read.is_some() {
                return read;
            }
            if let Some(skewed) = self.skewed(bitmap, &flat, side, budget) {
                let read = decode(bitmap, &skewed, side);
                if read.is_some() {
                    return read;
                }
            }
        }
        None
    }

    /// The map that knows three corners only: turned, stretched and sheared.
    fn flat(&self, side: usize) -> Map {
        let between = side as f64 - 7.0;
        let (a, b) = ((self.right.x - self.corner.x) / between, (self.below.x - self.corner.x) / between);
        let (d, e) = ((self.right.y - self.corner.y) / between, (self.below.y - self.corner.y) / between);
        Map([a, b, self.corner.x - 3.5 * (a + b), d, e, self.corner.y - 3.5 * (d + e), 0.0, 0.0])
    }

    /// The map with the alignment pattern as fourth corner (§5.3.6): for photographs and perspective.
    fn skewed(&self, bitmap: &Bitmap, flat: &Map, side: usize, budget: &mut Budget) -> Option<Map> {
        if side < 25 || !budget.pay(33 * 33 * 25) {
            return None;
        }
        let at = side as f64 - 6.5;
        let mut best = (0, f64::MAX, at, at);
        for step_y in -16i32..=16 {
            for step_x in -16i32..=16 {
                let (dx, dy) = (f64::from(step_x) / 3.0, f64::from(step_y) / 3.0);
                let like = alignment(bitmap, flat, at + dx, at + dy);
                let far = dx.hypot(dy);
                if like > best.0 || (like == best.0 && far < best.1) {
                    best = (like, far, at + dx, at + dy);
                }
            }
        }
        let (like, _, x, y) = best;
        if like < 23 {
            return None;
        }
        let far = side as f64 - 3.5;
        let from = [(3.5, 3.5), (far, 3.5), (3.5, far), (at, at)];
        let fourth = flat.to(x, y);
        let to = [
            (self.corner.x, self.corner.y),
            (self.right.x, self.right.y),
            (self.below.x, self.below.y),
            fourth,
        ];
        Map::through(from, to)
    }
}

impl Map {
    fn to(&self, x: f64, y: f64) -> (f64, f64) {
        let [xx, xy, x1, yx, yy, y1, dx, dy] = self.0;
        let by = dx * x + dy * y + 1.0;
        ((xx * x + xy * y + x1) / by, (yx * x + yy * y + y1) / by)
    }

    /// The map that takes four points to four points: eight equations, solved by elimination.
    fn through(from: [(f64, f64); 4], to: [(f64, f64); 4]) -> Option<Map> {
        let mut rows: Vec<[f64; 9]> = Vec::with_capacity(8);
        for ((x, y), (u, v)) in from.into_iter().zip(to) {
            rows.push([x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u]);
            rows.push([0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v]);
        }
        for column in 0..8 {
            let size = |row: &[f64; 9]| row.get(column).copied().unwrap_or_default().abs();
            let best = (column..8).max_by(|a, b| {
                let of = |at: &usize| rows.get(*at).map_or(0.0, size);
                of(a).total_cmp(&of(b))
            })?;
            rows.swap(column, best);
            let pivot = *rows.get(column)?;
            let by = *pivot.get(column)?;
            if by.abs() < 1e-9 {
                return None;
            }
            for (at, row) in rows.iter_mut().enumerate() {
                let times = if at == column { 0.0 } else { row.get(column)? / by };
                for (value, of) in row.iter_mut().zip(pivot) {
                    *value -= times * of;
                }
            }
        }
        let mut solved = [0.0; 8];
        for (at, (value, row)) in solved.iter_mut().zip(&rows).enumerate() {
            *value = row.get(8)? / row.get(at)?;
        }
        Some(Map(solved))
    }
}

/// Whether the pixel of a place in modules is dark.
fn dark(bitmap: &Bitmap, map: &Map, x: f64, y: f64) -> bool {
    let (x, y) = map.to(x, y);
    // Casts of floats saturate; NaN is 0.
    x >= 0.0 && y >= 0.0 && bitmap.at(x as usize, y as usize) == 1
}

/// Whether a module is dark, by five of its places.
fn module(bitmap: &Bitmap, map: &Map, x: usize, y: usize) -> bool {
    const PLACES: [(f64, f64); 5] = [(0.5, 0.5), (0.3, 0.5), (0.7, 0.5), (0.5, 0.3), (0.5, 0.7)];
    let seen = |(dx, dy): &(f64, f64)| dark(bitmap, map, x as f64 + dx, y as f64 + dy);
    PLACES.iter().filter(|place| seen(place)).count() > 2
}

/// How many of the modules between two finder patterns alternate as they must (§5.3.4), both across and down.
fn timing(bitmap: &Bitmap, map: &Map, side: usize) -> usize {
    let as_expected = |at: usize| {
        let expected = at.is_multiple_of(2);
        let across = module(bitmap, map, at, 6) == expected;
        usize::from(across) + usize::from(module(bitmap, map, 6, at) == expected)
    };
    (8..side - 8).map(as_expected).sum()
}

/// How many of the 25 modules around a place are those of an alignment pattern: dark, light, dark from within.
fn alignment(bitmap: &Bitmap, map: &Map, x: f64, y: f64) -> usize {
    (0..25)
        .filter(|at| {
            let (dx, dy) = (at % 5 - 2i32, at / 5 - 2i32);
            let ring = dx.abs().max(dy.abs());
            dark(bitmap, map, x + f64::from(dx), y + f64::from(dy)) == (ring != 1)
        })
        .count()
}

fn decode(bitmap: &Bitmap, map: &Map, side: usize) -> Option<Vec<u8>> {
    decode_modules(side, |x, y| module(bitmap, map, x, y))
}

/// Corrects and decodes a square of modules.
pub(super) fn decode_modules(side: usize, dark: impl Fn(usize, usize) -> bool) -> Option<Vec<u8>> {
    if !SIDES.contains(&side) || side % 4 != 1 {
        return None;
    }
    let mut content = Vec::new();
    Grid::new(SimpleGrid::from_func(side, dark)).decode_to(&mut content).ok()?;
    Some(content)
}
