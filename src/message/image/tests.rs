//! Images made for tests.

use super::*;

/// A picture of what a code says: dark modules of `scale` pixels on white, with a margin of four modules.
pub(in crate::message) fn code(content: &str, scale: usize) -> Grey {
    let code = qrcode::QrCode::new(content).unwrap();
    let modules = code.width();
    let dark = code.to_colors();
    let side = (modules + 8) * scale;
    let pixel = |at: usize| {
        let (x, y) = ((at % side) / scale, (at / side) / scale);
        let inside = (4..modules + 4).contains(&x) && (4..modules + 4).contains(&y);
        if inside && dark[(y - 4) * modules + (x - 4)] == qrcode::Color::Dark { 0 } else { 255 }
    };
    Grey { width: side, height: side, pixels: (0..side * side).map(pixel).collect() }
}

pub(in crate::message) fn png_of(grey: &Grey) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut octets, grey.width as u32, grey.height as u32);
    encoder.set_color(::png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&grey.pixels).unwrap();
    octets
}

pub(in crate::message) fn jpeg_of(grey: &Grey, quality: u8) -> Vec<u8> {
    let mut octets = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut octets, quality);
    let (width, height) = (grey.width as u16, grey.height as u16);
    encoder.encode(&grey.pixels, width, height, jpeg_encoder::ColorType::Luma).unwrap();
    octets
}

/// The same in colour, progressive.
pub(in crate::message) fn colour_jpeg_of(grey: &Grey) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut octets, 80);
    encoder.set_progressive(true);
    let (width, height) = (grey.width as u16, grey.height as u16);
    let pixels: Vec<u8> =
        grey.pixels.iter().flat_map(|value| [*value / 2, *value / 2 + 30, *value]).collect();
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    octets
}

pub(in crate::message) fn gif_of(grey: &Grey) -> Vec<u8> {
    let mut octets = Vec::new();
    let (width, height) = (grey.width as u16, grey.height as u16);
    let mut encoder = ::gif::Encoder::new(&mut octets, width, height, &[0, 0, 0, 255, 255, 255]).unwrap();
    let indices: Vec<u8> = grey.pixels.iter().map(|value| u8::from(*value > 127)).collect();
    encoder.write_frame(&::gif::Frame::from_indexed_pixels(width, height, indices, None)).unwrap();
    drop(encoder);
    octets
}

pub(in crate::message) fn bmp_of(grey: &Grey, bits: u16) -> Vec<u8> {
    let palette: Vec<u8> = match bits {
        1 => vec![0, 0, 0, 0, 255, 255, 255, 0],
        4 | 8 => (0..1u32 << bits).flat_map(|i| [(i * 255 / ((1 << bits) - 1)) as u8; 4]).collect(),
        _ => Vec::new(),
    };
    let mut rows = Vec::new();
    for row in grey.pixels.chunks(grey.width).rev() {
        let mut line: Vec<u8> = match bits {
            1 => {
                row.chunks(8).map(|c| c.iter().enumerate().map(|(i, v)| (v >> 7) << (7 - i)).sum()).collect()
            }
            4 => row.chunks(2).map(|c| (c[0] & 0xf0) | (c.get(1).unwrap_or(&0) >> 4)).collect(),
            8 => row.to_vec(),
            24 => row.iter().flat_map(|v| [*v; 3]).collect(),
            _ => row.iter().flat_map(|v| [*v; 4]).collect(),
        };
        line.resize(line.len().div_ceil(4) * 4, 0);
        rows.extend(line);
    }
    let mut octets = b"BM".to_vec();
    let data = 54 + palette.len() as u32;
    for word in [data + rows.len() as u32, 0, data, 40, grey.width as u32, grey.height as u32] {
        octets.extend(word.to_le_bytes());
    }
    octets.extend([1, 0]);
    octets.extend(bits.to_le_bytes());
    octets.extend([0; 24]);
    octets.extend(palette);
    octets.extend(rows);
    octets
}

fn checker(width: usize, height: usize) -> Grey {
    let pixel = |at: usize| if (at % width / 5 + at / width / 5).is_multiple_of(2) { 0 } else { 255 };
    Grey { width, height, pixels: (0..width * height).map(pixel).collect() }
}

fn read(sniffed: &str, octets: &[u8]) -> Option<Grey> {
    grey(sniffed, octets, &mut Budget::default())
}

#[test]
fn all_formats_give_the_picture_back() {
    let picture = checker(67, 41);
    assert_eq!(read("png", &png_of(&picture)).unwrap(), picture);
    assert_eq!(read("gif", &gif_of(&picture)).unwrap(), picture);
    for bits in [1, 4, 8, 24, 32] {
        assert_eq!(read("bmp", &bmp_of(&picture, bits)).unwrap(), picture, "{bits}");
    }
    for octets in [jpeg_of(&picture, 90), colour_jpeg_of(&picture)] {
        let read = read("jpeg", &octets).unwrap();
        assert_eq!((read.width, read.height), (67, 41));
        let off = read.pixels.iter().zip(&picture.pixels).filter(|(a, b)| (**a > 80) != (**b > 80)).count();
        assert!(off < read.pixels.len() / 20, "{off}");
    }
}

#[test]
fn what_is_transparent_is_white() {
    assert_eq!(from_samples(&[0, 0, 0, 255, 0, 128], 2), [255, 0, 127]);
    assert_eq!(from_samples(&[9, 9, 9, 0, 255, 255, 255, 255], 4), [255, 255]);
}

#[test]
fn what_is_too_small_or_too_large_is_left_alone() {
    let mut budget = Budget::default();
    assert_eq!(grey("png", &png_of(&checker(20, 400)), &mut budget), None);
    assert!(!budget.cut && budget == Budget::default());
    // A bomb: a few octets that say they are 60,000 by 60,000.
    let mut bomb = png_of(&checker(64, 64));
    bomb[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    assert_eq!(grey("png", &bomb, &mut budget), None);
    assert!(budget.cut);
}

#[test]
fn all_images_of_a_message_share_one_budget() {
    let octets = png_of(&checker(1000, 1000));
    let mut budget = Budget::default();
    let read = (0..20).filter(|_| grey("png", &octets, &mut budget).is_some()).count();
    assert_eq!((read, budget.cut), (8, true));
}

#[test]
fn cut_files_give_what_is_there() {
    let picture = checker(200, 200);
    for (sniffed, octets) in
        [("png", png_of(&picture)), ("bmp", bmp_of(&picture, 24)), ("jpeg", jpeg_of(&picture, 90))]
    {
        let half = read(sniffed, &octets[..octets.len() * 3 / 4]).unwrap();
        assert_eq!(half.pixels.len(), 40_000, "{sniffed}");
    }
}
