//! PNG (RFC 2083), by the `png` crate.

use std::io::Cursor;

use png::{ColorType, Decoder, Limits, Transformations};

use super::{Budget, Grey, MAX_PIXELS, from_samples};

/// Decodes a PNG; of an animated one the first picture. What a cut file lacks stays white.
pub(super) fn grey(octets: &[u8], budget: &mut Budget) -> Option<Grey> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(octets), Limits { bytes: 8 * MAX_PIXELS });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    // A wrong checksum does not keep a mail program from showing the image.
    decoder.ignore_checksums(true);
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    if !budget.allows(width, height) {
        return None;
    }
    let each = match reader.output_color_type().0 {
        ColorType::Grayscale | ColorType::Indexed => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
    };
    let mut samples = vec![255; width.checked_mul(height)?.checked_mul(each)?];
    if reader.output_buffer_size()? != samples.len() {
        return None;
    }
    // Where it fails, the rows before are there.
    let _ = reader.next_frame(&mut samples);
    Some(Grey { width, height, pixels: from_samples(&samples, each) })
}
