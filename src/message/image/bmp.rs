//! BMP ([MS-WMF] §2.2.2.9), uncompressed: what programs that draw codes write.

use super::{Budget, Grey, brightness};

fn le16(octets: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(octets.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn le32(octets: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(octets.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Decodes a BMP of 1, 4, 8, 24 or 32 bits a pixel. What a cut file lacks stays white.
pub(super) fn grey(octets: &[u8], budget: &mut Budget) -> Option<Grey> {
    let data = le32(octets, 10)? as usize;
    let header = le32(octets, 14)? as usize;
    let bits = usize::from(le16(octets, 28)?);
    // 0 is BI_RGB; 3 is BI_BITFIELDS, which with 32 bits is blue, green, red in practice.
    let compression = le32(octets, 30)?;
    if header < 40
        || !matches!(bits, 1 | 4 | 8 | 24 | 32)
        || !(compression == 0 || (compression == 3 && bits == 32))
    {
        return None;
    }
    let width = usize::try_from(le32(octets, 18)? as i32).ok()?;
    let rows = le32(octets, 22)? as i32;
    let height = rows.unsigned_abs() as usize;
    if !budget.allows(width, height) {
        return None;
    }
    let palette: Vec<u8> = octets
        .get(14usize.checked_add(header)?..)?
        .chunks_exact(4)
        .take(1 << bits.min(8))
        .map(|entry| match *entry {
            [blue, green, red, _] => brightness(red, green, blue),
            _ => 255,
        })
        .collect();
    let stride = (width.checked_mul(bits)?).div_ceil(32) * 4;
    let lines = octets.get(data..)?.chunks(stride.max(4));
    let mut pixels = vec![255; width.checked_mul(height)?];
    for (at, line) in lines.take(height).enumerate() {
        // A positive height counts from below.
        let y = if rows > 0 { height - 1 - at } else { at };
        let row = pixels.chunks_exact_mut(width).nth(y)?;
        for (x, pixel) in row.iter_mut().enumerate() {
            *pixel = sample(line, x, bits, &palette).unwrap_or(255);
        }
    }
    Some(Grey { width, height, pixels })
}

/// The x-th pixel of a line; none where the file ends before it.
fn sample(line: &[u8], x: usize, bits: usize, palette: &[u8]) -> Option<u8> {
    let indexed = |index: u8| palette.get(usize::from(index)).copied();
    match bits {
        1 => indexed((line.get(x / 8)? >> (7 - x % 8)) & 1),
        4 => indexed((line.get(x / 2)? >> (4 * (1 - x % 2))) & 15),
        8 => indexed(*line.get(x)?),
        _ => match *line.get(x * (bits / 8)..)? {
            [blue, green, red, ..] => Some(brightness(red, green, blue)),
            _ => None,
        },
    }
}
