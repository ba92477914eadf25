//! Two colours of a picture.

use crate::message::image::Grey;

/// A picture whose brightest and darkest parts are nearer than this shows nothing.
const CONTRAST: u8 = 24;

/// A picture of dark (1) and light (0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bitmap {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Row by row.
    pub(super) pixels: Vec<u8>,
}

impl Bitmap {
    /// One threshold for all: the one that parts the two groups of pixels best (Otsu 1979). None where there is only one.
    pub(super) fn global(grey: &Grey) -> Option<Bitmap> {
        let mut counts = [0u64; 256];
        for value in &grey.pixels {
            if let Some(count) = counts.get_mut(usize::from(*value)) {
                *count += 1;
            }
        }
        let threshold = otsu(&counts)?;
        let pixels = grey.pixels.iter().map(|value| u8::from(*value <= threshold)).collect();
        Some(Bitmap { width: grey.width, height: grey.height, pixels })
    }

    /// A threshold for each place: the average of what lies around it. For codes on a coloured or uneven ground.
    pub(super) fn local(grey: &Grey) -> Bitmap {
        let around = (grey.width.max(grey.height) / 16).clamp(12, 80);
        let sums = Sums::of(grey);
        let mut pixels = Vec::with_capacity(grey.pixels.len());
        let widths = sums.widths(around);
        let mut columns = Vec::new();
        for (y, row) in grey.pixels.chunks_exact(grey.width.max(1)).enumerate() {
            let high = sums.columns(y, around, &mut columns);
            let ends = columns.get(2 * around + 1..).unwrap_or_default();
            let places = row.iter().zip(&columns).zip(ends).zip(&widths);
            // At most 255 * 161 * 161 * 100: within 32 bits.
            pixels.extend(places.map(|(((value, left), right), wide)| {
                let (sum, count) = (right.wrapping_sub(*left), wide * high);
                u8::from(u32::from(*value) * count * 100 < sum * 93)
            }));
        }
        Bitmap { width: grey.width, height: grey.height, pixels }
    }

    /// Exchanges dark and light.
    pub(super) fn invert(&mut self) {
        for pixel in &mut self.pixels {
            *pixel ^= 1;
        }
    }

    /// The colour at a place; outside all is light.
    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        if x < self.width { self.pixels.get(y * self.width + x).copied().unwrap_or(0) } else { 0 }
    }
}

/// The threshold between two groups of values, where they are far enough from each other.
fn otsu(counts: &[u64; 256]) -> Option<u8> {
    let total: u64 = counts.iter().sum();
    let weighted: u64 = counts.iter().zip(0u64..).map(|(count, value)| count * value).sum();
    let (mut below, mut below_sum) = (0u64, 0u64);
    let mut best = (0u128, 0u8);
    for (count, value) in counts.iter().zip(0u8..=255) {
        below += count;
        below_sum += count * u64::from(value);
        let above = total - below;
        if below == 0 || above == 0 {
            continue;
        }
        // Between-class variance, times the square of the total: (total * sum_below - below * sum)^2 / (below * above).
        let apart = u128::from((total * below_sum).abs_diff(below * weighted));
        let between = apart * apart / (u128::from(below) * u128::from(above));
        if between > best.0 {
            best = (between, value);
        }
    }
    let (light, dark) = counts.iter().zip(0u8..=255).fold((0, 255), |(light, dark), (count, value)| {
        // Less than a thousandth of the picture is dust, or the noise of a JPEG.
        if count * 1000 > total { (value.max(light), value.min(dark)) } else { (light, dark) }
    });
    (best.0 > 0 && light.saturating_sub(dark) >= CONTRAST).then_some(best.1)
}

/// Sums of brightness of all rectangles from the top left corner.
struct Sums {
    width: usize,
    height: usize,
    /// `(width + 1) * (height + 1)`; four million pixels of 255 stay below 2^32.
    from_corner: Vec<u32>,
}

impl Sums {
    fn of(grey: &Grey) -> Sums {
        let wide = grey.width + 1;
        let mut sums = vec![0u32; wide * (grey.height + 1)];
        for (y, line) in grey.pixels.chunks_exact(grey.width.max(1)).enumerate() {
            let (above, below) = sums.split_at_mut((y + 1) * wide);
            let above = above.get(y * wide..).unwrap_or_default();
            let mut sum = 0u32;
            for ((value, into), above) in line.iter().zip(below.iter_mut().skip(1)).zip(above.iter().skip(1))
            {
                sum += u32::from(*value);
                *into = sum + above;
            }
        }
        Sums { width: grey.width, height: grey.height, from_corner: sums }
    }

    /// For each place of a row, how many columns are at most so far from it.
    fn widths(&self, far: usize) -> Vec<u32> {
        let wide = |x: usize| (x + far + 1).min(self.width) - x.saturating_sub(far);
        (0..self.width).map(|x| wide(x) as u32).collect()
    }

    /// Sums of the rows at most so far from `y`, up to each column: `far` columns are put before the first and after the
    /// last, so that the sum around `x` is entry `x + 2 * far + 1` less entry `x`. Gives how many rows there are.
    fn columns(&self, y: usize, far: usize, into: &mut Vec<u32>) -> u32 {
        let (top, bottom) = (y.saturating_sub(far), (y + far + 1).min(self.height));
        let row = |y: usize| {
            let from = y * (self.width + 1);
            self.from_corner.get(from..=from + self.width).unwrap_or_default()
        };
        into.clear();
        into.resize(far, 0);
        into.extend(row(bottom).iter().zip(row(top)).map(|(below, above)| below - above));
        let last = into.last().copied().unwrap_or(0);
        into.resize(into.len() + far, last);
        (bottom - top) as u32
    }
}
