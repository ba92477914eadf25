//! GIF (89a), by the `gif` crate.

use gif::{ColorOutput, DecodeOptions, MemoryLimit};

use super::{Budget, Grey, MAX_PIXELS, from_samples};

/// Decodes the first picture of a GIF, on white.
pub(super) fn grey(octets: &[u8], budget: &mut Budget) -> Option<Grey> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    options.set_memory_limit(MemoryLimit::Bytes(std::num::NonZeroU64::new(4 * MAX_PIXELS as u64)?));
    let mut decoder = options.read_info(octets).ok()?;
    let (width, height) = (usize::from(decoder.width()), usize::from(decoder.height()));
    if !budget.allows(width, height) {
        return None;
    }
    let frame = decoder.read_next_frame().ok()??;
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let seen = from_samples(&frame.buffer, 4);
    let mut pixels = vec![255; width.checked_mul(height)?];
    let rows = pixels.chunks_exact_mut(width).skip(top);
    for (row, from) in rows.zip(seen.chunks_exact(usize::from(frame.width).max(1))) {
        for (pixel, value) in row.iter_mut().skip(left).zip(from) {
            *pixel = *value;
        }
    }
    Some(Grey { width, height, pixels })
}
