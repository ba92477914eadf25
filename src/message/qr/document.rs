//! Codes in the images of a PDF (ISO 32000-1 §8.9.5). Images are always streams of their own (§7.3.8.1), so that nothing
//! needs to be known of the document around them.

use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use flate2::bufread::ZlibDecoder;
use memchr::memmem;

use super::{in_image, in_picture};
use crate::message::image::{Budget, Grey, from_samples};

/// Octets of a document that are searched.
const SEARCH: usize = 16 * 1024 * 1024;
/// How far before a stream its dictionary is looked for.
const DICTIONARY: usize = 1024;

/// What the codes in the images of a PDF say.
pub(in crate::message) fn in_pdf(octets: &[u8], budget: &mut Budget) -> Vec<Vec<u8>> {
    let octets = octets.get(..SEARCH).unwrap_or(octets);
    let mut found: Vec<Vec<u8>> = Vec::new();
    let mut at = 0;
    while let Some(rest) = octets.get(at..).filter(|_| !budget.is_spent()) {
        let Some(begin) = memmem::find(rest, b"stream") else { break };
        let before = rest.get(begin.saturating_sub(DICTIONARY)..begin).unwrap_or_default();
        let dictionary = memmem::rfind(before, b"obj").and_then(|from| before.get(from..)).unwrap_or(before);
        let data = rest.get(begin + 6..).unwrap_or_default();
        let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
        let long = memmem::find(data, b"endstream").unwrap_or(data.len());
        if memmem::find(dictionary, b"/Image").is_some() {
            for content in in_stream(dictionary, data.get(..long).unwrap_or_default(), budget) {
                if !found.contains(&content) {
                    found.push(content);
                }
            }
        }
        at = octets.len() - data.len() + (long + 9).min(data.len());
    }
    found
}

fn in_stream(dictionary: &[u8], data: &[u8], budget: &mut Budget) -> Vec<Vec<u8>> {
    let has = |name: &[u8]| memmem::find(dictionary, name).is_some();
    let text = has(b"/ASCII85Decode") || has(b"/A85");
    let data = if text { ascii85(data) } else { data.to_vec() };
    let flate = has(b"/FlateDecode") || has(b"/Fl ");
    if has(b"/DCTDecode") && !flate {
        return in_image("jpeg", &data, budget);
    }
    if has(b"/JPXDecode") || has(b"/JBIG2Decode") || has(b"/CCITTFaxDecode") || has(b"/LZWDecode") {
        return Vec::new();
    }
    let (Some(width), Some(height)) = (number(dictionary, b"/Width"), number(dictionary, b"/Height")) else {
        return Vec::new();
    };
    if !budget.allows(width, height) {
        return Vec::new();
    }
    let samples = if flate { unpack(&data, 5 * (width * height + height)) } else { data };
    if has(b"/DCTDecode") {
        return in_image("jpeg", &samples, budget);
    }
    let read = catch_unwind(AssertUnwindSafe(|| {
        let mut lent = budget.clone();
        let found = grey(dictionary, samples, width, height).map(|grey| in_picture(&grey, &mut lent));
        (found.unwrap_or_default(), lent)
    }));
    let Ok((found, spent)) = read else { return Vec::new() };
    *budget = spent;
    found
}

/// The value of a key, where it is a plain number.
fn number(dictionary: &[u8], key: &[u8]) -> Option<usize> {
    let at = memmem::find(dictionary, key)? + key.len();
    let digits = dictionary.get(at..)?.trim_ascii_start();
    let long = digits.iter().take(9).take_while(|octet| octet.is_ascii_digit()).count();
    std::str::from_utf8(digits.get(..long)?).ok()?.parse().ok()
}

/// At most so many octets of a packed stream; what stands before a break counts.
fn unpack(packed: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let _ = ZlibDecoder::new(packed).take(most as u64).read_to_end(&mut out);
    out
}

/// Samples to brightness. How many there are for a pixel is told by how many octets there are: the colour space may stand
/// elsewhere in the document.
fn grey(dictionary: &[u8], samples: Vec<u8>, width: usize, height: usize) -> Option<Grey> {
    let bits = number(dictionary, b"/BitsPerComponent")
        .unwrap_or(if memmem::find(dictionary, b"/ImageMask").is_some() { 1 } else { 8 });
    if !matches!(bits, 1 | 2 | 4 | 8) {
        return None;
    }
    let png_rows = number(dictionary, b"/Predictor").is_some_and(|predictor| predictor >= 10);
    let line = |each: usize| (width * each * bits).div_ceil(8);
    let each =
        [4, 3, 1].into_iter().find(|each| samples.len() >= (line(*each) + usize::from(png_rows)) * height)?;
    let line = line(each);
    let rows = if png_rows { unfilter(&samples, line, (each * bits / 8).max(1)) } else { samples };
    let mut pixels = Vec::with_capacity(width * height);
    for row in rows.chunks_exact(line).take(height) {
        match bits {
            8 if each == 4 => {
                // CMYK: brightness is what the inks leave.
                let ink =
                    |pixel: &[u8]| pixel.iter().fold(0u16, |ink, part| ink.saturating_add(u16::from(*part)));
                pixels.extend(row.chunks_exact(4).map(|pixel| 255 - ink(pixel).min(255) as u8));
            }
            8 => pixels.extend(from_samples(row, each)),
            1 | 2 | 4 if each == 1 => {
                let (per, top) = (8 / bits, (1u8 << bits) - 1);
                let sample = |x: usize| {
                    row.get(x / per).map_or(0, |octet| (octet >> (8 - bits - bits * (x % per))) & top)
                };
                pixels.extend((0..width).map(|x| sample(x) * (255 / top)));
            }
            _ => return None,
        }
    }
    spread(&mut pixels);
    Some(Grey { width, height, pixels }).filter(|grey| grey.pixels.len() == width * height)
}

/// Numbers of colours of a palette are not brightness; two of them next to each other are made black and white.
fn spread(pixels: &mut [u8]) {
    let (least, most) =
        pixels.iter().fold((255u8, 0u8), |(least, most), value| (least.min(*value), most.max(*value)));
    if most > least && most < 16 {
        for value in pixels {
            *value = (u16::from(*value - least) * 255 / u16::from(most - least)) as u8;
        }
    }
}

/// Undoes the filters of PNG rows (RFC 2083 §6), of which each begins with the number of its own.
fn unfilter(rows: &[u8], line: usize, pixel: usize) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(rows.len());
    let mut above = vec![0u8; line];
    for row in rows.chunks_exact(line + 1) {
        let Some((filter, row)) = row.split_first() else { break };
        let mut here: Vec<u8> = Vec::with_capacity(line);
        for (at, octet) in row.iter().enumerate() {
            let value = |row: &[u8], at: Option<usize>| at.and_then(|at| row.get(at)).copied().unwrap_or(0);
            let before = at.checked_sub(pixel);
            let (left, up, corner) = (value(&here, before), value(&above, Some(at)), value(&above, before));
            let guess = match filter {
                1 => left,
                2 => up,
                3 => u8::midpoint(left, up),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            here.push(octet.wrapping_add(guess));
        }
        out.extend(&here);
        above = here;
    }
    out
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |value: u8| (guess - i16::from(value)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}

/// §7.4.3: five characters are four octets, `z` is four zeros.
fn ascii85(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let (mut value, mut count) = (0u32, 0u32);
    for octet in text.iter().filter(|octet| !octet.is_ascii_whitespace()) {
        match octet {
            b'z' if count == 0 => out.extend([0; 4]),
            b'!'..=b'u' => {
                value = value.wrapping_mul(85).wrapping_add(u32::from(octet - b'!'));
                count += 1;
                if count == 5 {
                    out.extend(value.to_be_bytes());
                    (value, count) = (0, 0);
                }
            }
            _ => break,
        }
    }
    if count > 1 {
        for _ in count..5 {
            value = value.wrapping_mul(85).wrapping_add(84);
        }
        out.extend(value.to_be_bytes().into_iter().take(count as usize - 1));
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::message::image::tests::{code, jpeg_of};

    const URL: &str = "https://login.example/verify";

    fn pdf(dictionary: &str, data: &[u8]) -> Vec<u8> {
        let mut out =
            b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n5 0 obj\n<< /Type /XObject /Subtype /Image "
                .to_vec();
        out.extend(dictionary.as_bytes());
        out.extend(format!(" /Length {} >>\nstream\r\n", data.len()).as_bytes());
        out.extend(data);
        out.extend(b"\nendstream\nendobj\ntrailer << >>");
        out
    }

    fn packed(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn read(octets: &[u8]) -> Vec<Vec<u8>> {
        in_pdf(octets, &mut Budget::default())
    }

    #[test]
    fn images_as_programs_write_them() {
        let picture = code(URL, 3);
        let side = picture.width;
        let size = format!("/Width {side} /Height {side}");
        let rgb: Vec<u8> = picture.pixels.iter().flat_map(|value| [*value; 3]).collect();
        let cmyk: Vec<u8> = picture.pixels.iter().flat_map(|value| [0, 0, 0, 255 - value]).collect();
        let palette: Vec<u8> = picture.pixels.iter().map(|value| u8::from(*value == 0)).collect();
        let bits: Vec<u8> = picture
            .pixels
            .chunks(side)
            .flat_map(|row| {
                row.chunks(8).map(|c| c.iter().enumerate().map(|(i, v)| (v >> 7) << (7 - i)).sum::<u8>())
            })
            .collect();
        let up: Vec<u8> = (0..side)
            .flat_map(|y| {
                let row = &picture.pixels[y * side..(y + 1) * side];
                let above = |x: usize| if y == 0 { 0 } else { picture.pixels[(y - 1) * side + x] };
                std::iter::once(2)
                    .chain(row.iter().enumerate().map(move |(x, v)| v.wrapping_sub(above(x))))
                    .collect::<Vec<u8>>()
            })
            .collect();
        for (name, document) in [
            ("jpeg", pdf(&format!("{size} /Filter /DCTDecode /BitsPerComponent 8"), &jpeg_of(&picture, 80))),
            ("rgb", pdf(&format!("{size} /Filter /FlateDecode /BitsPerComponent 8"), &packed(&rgb))),
            ("cmyk", pdf(&format!("{size} /Filter[/FlateDecode]/BitsPerComponent 8"), &packed(&cmyk))),
            ("grey, raw", pdf(&format!("{size} /BitsPerComponent 8"), &picture.pixels)),
            (
                "palette",
                pdf(
                    &format!(
                        "{size} /Filter /FlateDecode /BitsPerComponent 8 /ColorSpace [/Indexed 7 0 R 1 <00>]"
                    ),
                    &packed(&palette),
                ),
            ),
            ("bits", pdf(&format!("{size} /Filter /FlateDecode /BitsPerComponent 1"), &packed(&bits))),
            ("mask", pdf(&format!("{size} /Filter /FlateDecode /ImageMask true"), &packed(&bits))),
            (
                "rows",
                pdf(
                    &format!(
                        "{size} /Filter /FlateDecode /BitsPerComponent 8 /DecodeParms << /Predictor 15 /Columns {side} >>"
                    ),
                    &packed(&up),
                ),
            ),
        ] {
            assert_eq!(read(&document), [URL.as_bytes()], "{name}");
        }
    }

    #[test]
    fn text_encoding() {
        assert_eq!(ascii85(b"87cURD_*#4DfTZ)~>"), b"Hello, World");
        assert_eq!(ascii85(b"zz~>"), [0; 8]);
    }

    #[test]
    fn hostile_documents() {
        let picture = code(URL, 3);
        for dictionary in [
            "/Width 99999 /Height 99999 /Filter /FlateDecode",
            "/Width 0 /Height 0",
            "/Width 100 /Height 100 /BitsPerComponent 16",
            "/Width 100 /Height 100 /BitsPerComponent 77",
            "/Width 100 /Height 100 /BitsPerComponent 0",
            "/Width 999999999999 /Height 1",
            "/Filter /DCTDecode",
            "/Width",
        ] {
            assert_eq!(read(&pdf(dictionary, &picture.pixels)), Vec::<Vec<u8>>::new(), "{dictionary}");
        }
        assert!(read(b"stream /Image stream").is_empty());
        assert!(read(&b"/Image stream\nx endstream ".repeat(5000)).is_empty());
    }
}
