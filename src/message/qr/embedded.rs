//! Codes in images that stand in the source of a text: `data:` URIs (RFC 2397), also within SVG.

use std::borrow::Cow;

use super::in_image;
use crate::message::attachment::sniff;
use crate::message::header::{base64, percent};
use crate::message::image::Budget;

/// Octets of an SVG that are searched for images.
const MAX_SVG: usize = 4 * 1024 * 1024;
/// Images of one SVG.
const MAX_IMAGES: usize = 8;

/// What the codes in the image of a `data:` URI say.
pub(in crate::message) fn in_uri(uri: &str, budget: &mut Budget) -> Vec<Vec<u8>> {
    let octets = octets(uri);
    if sniff(&octets) == "svg" { in_svg(&octets, budget) } else { in_image(sniff(&octets), &octets, budget) }
}

/// What the codes in the images of an SVG say.
pub(in crate::message) fn in_svg(svg: &[u8], budget: &mut Budget) -> Vec<Vec<u8>> {
    let svg = String::from_utf8_lossy(svg.get(..MAX_SVG).unwrap_or(svg));
    let mut found = Vec::new();
    let mut rest: &str = &svg;
    for _ in 0..MAX_IMAGES {
        let Some(at) = rest.find("data:image/") else { break };
        let uri = rest.get(at..).unwrap_or_default();
        let uri = uri.get(..uri.find(['"', '\'', ')', '<']).unwrap_or(uri.len())).unwrap_or_default();
        let image = octets(uri);
        found.extend(in_image(sniff(&image), &image, budget));
        rest = rest.get(at + uri.len()..).unwrap_or_default();
    }
    found
}

/// The octets of a `data:` URI: everything after the first comma, in base64 or percent-encoded.
fn octets(uri: &str) -> Vec<u8> {
    let Some((head, data)) = uri.split_once(',') else { return Vec::new() };
    // Programs escape the `+`, `/` and `=` of base64, and break it into lines.
    let plain = if data.contains('%') {
        Cow::Owned(percent(data.as_bytes(), b'%', false))
    } else {
        Cow::Borrowed(data.as_bytes())
    };
    if head.to_ascii_lowercase().ends_with(";base64") { base64(&plain).0 } else { plain.into_owned() }
}
