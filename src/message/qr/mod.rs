//! QR codes (ISO/IEC 18004): in images, and drawn with characters or table cells.
//!
//! The path within: `bitmap` makes two colours of a picture; `finder` looks for the marks that stand in three corners of
//! every code; `corners` tries which three belong together and reads the modules between them; `rqrr` corrects and decodes
//! what was read. Finding is our own, because the finders there are take no limit: theirs is the third power of the number
//! of marks, and an image full of marks is easily made.

mod bitmap;
mod corners;
mod document;
mod drawn;
mod embedded;
mod finder;
mod ordered;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::image::{self, Budget, Grey};
use bitmap::Bitmap;

pub(super) use document::in_pdf;
pub(super) use drawn::{Canvas, in_text};
pub(super) use embedded::{in_svg, in_uri};
pub(super) use ordered::ordered;

/// Codes of one image that are read.
const MAX_CODES: usize = 8;

/// What the codes in an image file say; the octets as they were encoded.
///
/// The decoders are other people's, and what they decode is an attacker's: a panic in there costs this image and nothing
/// else.
pub(super) fn in_image(sniffed: &str, octets: &[u8], budget: &mut Budget) -> Vec<Vec<u8>> {
    if !image::is_known(sniffed) || !budget.is_new(octets) {
        return Vec::new();
    }
    let mut lent = budget.clone();
    let read = catch_unwind(AssertUnwindSafe(|| {
        image::grey(sniffed, octets, &mut lent).map(|grey| in_picture(&grey, &mut lent))
    }));
    *budget = lent;
    budget.cut |= read.is_err();
    read.ok().flatten().unwrap_or_default()
}

/// What the codes in a picture say: by one threshold for all of it, then by one for each place, each also with light and
/// dark exchanged.
fn in_picture(grey: &Grey, budget: &mut Budget) -> Vec<Vec<u8>> {
    // Each way: the threshold, and two searches.
    let price = 3 * grey.pixels.len() as u64;
    if !budget.pay(price) {
        return Vec::new();
    }
    // Nothing stands out in it at all.
    let Some(global) = Bitmap::global(grey) else { return Vec::new() };
    let found = in_both_colours(global, budget);
    if found.is_empty() && budget.pay(price) { in_both_colours(Bitmap::local(grey), budget) } else { found }
}

fn in_both_colours(mut bitmap: Bitmap, budget: &mut Budget) -> Vec<Vec<u8>> {
    let found = corners::codes(&bitmap, &finder::finders(&bitmap), budget);
    if !found.is_empty() {
        return found;
    }
    bitmap.invert();
    corners::codes(&bitmap, &finder::finders(&bitmap), budget)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::drawing;
