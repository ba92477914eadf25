//! JPEG (ITU-T T.81), baseline and progressive, by `zune-jpeg`.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::{Budget, Grey, MAX_SIDE, from_samples};

/// Scans of a progressive image: encoders write about ten. Each costs a walk over all blocks, however little it holds.
const MAX_SCANS: usize = 24;

/// Decodes the brightness of a JPEG; of what a cut file lacks the decoder makes grey.
pub(super) fn grey(octets: &[u8], budget: &mut Budget) -> Option<Grey> {
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
        .jpeg_set_max_scans(MAX_SCANS);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(octets), options);
    decoder.decode_headers().ok()?;
    let info = decoder.info()?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    if !budget.allows(width, height) {
        return None;
    }
    // Luminance alone is a third of the work; images of other models have none of their own.
    let (out, each) = match decoder.input_colorspace()? {
        ColorSpace::YCbCr | ColorSpace::Luma => (ColorSpace::Luma, 1),
        _ => (ColorSpace::RGB, 3),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(out));
    let samples = decoder.decode().ok()?;
    Some(Grey { width, height, pixels: from_samples(&samples, each) })
}
