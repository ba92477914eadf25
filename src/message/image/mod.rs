//! Images to grey: PNG, JPEG, GIF and BMP, for what can be read off them by machine.
//!
//! An image is only ever decoded as far as a reader of codes needs it: the first picture, brightness alone, on white where
//! it is transparent. What it may cost is set by its header before a pixel is decoded, and by a [`Budget`] that all images of
//! a message share: an image has at most [`MAX_OCTETS`] and [`MAX_PIXELS`], so that memory and time are bounded by
//! numbers and not by a clock.

mod bmp;
mod gif;
mod jpeg;
mod png;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher as _};

/// Octets of one image. A screenshot of a page with a code in it is a tenth of that.
const MAX_OCTETS: usize = 4 * 1024 * 1024;
/// Pixels of one image: 2,000 by 2,000. What comes out of a camera is larger, and is no lure.
const MAX_PIXELS: usize = 4_000_000;
/// The longest side of an image: a page of text that was made an image is long and narrow.
const MAX_SIDE: usize = 8_192;
/// The smallest side that holds a code: version 1 is 21 modules wide, and 4 modules stay empty around it
/// (ISO/IEC 18004 §5.3.8).
const MIN_SIDE: usize = 29;

/// Files that are told apart.
const MAX_KNOWN: usize = 200;

/// What all images of one message may cost together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Budget {
    /// Images that are still decoded.
    images: u32,
    /// Pixels that are still decoded.
    pixels: usize,
    /// Steps that the search for codes may still take; one is about a nanosecond or two.
    steps: u64,
    /// Something was left out.
    pub(super) cut: bool,
    /// Digests of the files that were looked at: the same logo is sent many times.
    known: BTreeSet<u64>,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { images: 24, pixels: 8_000_000, steps: 80_000_000, cut: false, known: BTreeSet::new() }
    }
}

impl Budget {
    /// Takes steps; false, and something is left out, where there are not so many left.
    pub(super) fn pay(&mut self, steps: u64) -> bool {
        let left = self.steps.checked_sub(steps);
        self.steps = left.unwrap_or(self.steps);
        self.cut |= left.is_none();
        left.is_some()
    }

    /// Whether a file of these octets has not been looked at before.
    pub(super) fn is_new(&mut self, octets: &[u8]) -> bool {
        let mut hasher = DefaultHasher::new();
        hasher.write(octets);
        self.known.len() < MAX_KNOWN && self.known.insert(hasher.finish())
    }

    /// Whether no more image is decoded.
    pub(super) fn is_spent(&self) -> bool {
        self.images == 0
    }

    /// Whether an image of this size is decoded; takes its price where it is.
    pub(super) fn allows(&mut self, width: usize, height: usize) -> bool {
        let pixels = width.saturating_mul(height);
        if width.min(height) < MIN_SIDE {
            return false;
        }
        if self.images == 0 || pixels > MAX_PIXELS.min(self.pixels) || width.max(height) > MAX_SIDE {
            self.cut = true;
            return false;
        }
        self.images -= 1;
        self.pixels -= pixels;
        true
    }
}

/// An image as brightness: 0 is black, 255 white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Row by row; `width * height` octets.
    pub(super) pixels: Vec<u8>,
}

/// Whether octets of this sniffed type can be decoded.
pub(super) fn is_known(sniffed: &str) -> bool {
    matches!(sniffed, "png" | "jpeg" | "gif" | "bmp")
}

/// Decodes an image by its sniffed type, as far as it is whole. None where it is no such image, too small for any code, or
/// beyond what the budget allows.
pub(super) fn grey(sniffed: &str, octets: &[u8], budget: &mut Budget) -> Option<Grey> {
    if octets.len() > MAX_OCTETS {
        budget.cut = true;
        return None;
    }
    let grey = match sniffed {
        "png" => png::grey(octets, budget),
        "jpeg" => jpeg::grey(octets, budget),
        "gif" => gif::grey(octets, budget),
        "bmp" => bmp::grey(octets, budget),
        _ => None,
    }?;
    (grey.pixels.len() == grey.width.saturating_mul(grey.height)).then_some(grey)
}

/// Brightness of a colour (ITU-R BT.601).
fn brightness(red: u8, green: u8, blue: u8) -> u8 {
    ((u32::from(red) * 77 + u32::from(green) * 150 + u32::from(blue) * 29) >> 8) as u8
}

/// A brightness on white, as far as it is transparent.
fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha)) / 255) as u8
}

/// Rows of 1, 2, 3 or 4 samples a pixel (grey, grey and alpha, RGB, RGBA) to brightness.
pub(super) fn from_samples(samples: &[u8], each: usize) -> Vec<u8> {
    let pixel = |sample: &[u8]| match *sample {
        [grey] => grey,
        [grey, alpha] => on_white(grey, alpha),
        [red, green, blue] => brightness(red, green, blue),
        [red, green, blue, alpha] => on_white(brightness(red, green, blue), alpha),
        _ => 255,
    };
    samples.chunks_exact(each.max(1)).map(pixel).collect()
}

#[cfg(test)]
pub(super) mod tests;
