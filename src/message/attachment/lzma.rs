//! LZMA (the specification of the LZMA SDK), for one thing only: the listing of a 7z archive, which is packed as a rule.

/// Where the probabilities of each kind begin; the layout is our own.
const IS_MATCH: usize = 0;
const IS_REP: usize = IS_MATCH + 12 * 16;
const IS_REP_0: usize = IS_REP + 12;
const IS_REP_1: usize = IS_REP_0 + 12;
const IS_REP_2: usize = IS_REP_1 + 12;
const IS_REP_0_LONG: usize = IS_REP_2 + 12;
const SLOT: usize = IS_REP_0_LONG + 12 * 16;
const SPECIAL: usize = SLOT + 4 * 64;
const ALIGN: usize = SPECIAL + 128;
const LENGTH: usize = ALIGN + 16;
const REP_LENGTH: usize = LENGTH + LENGTHS;
const LITERAL: usize = REP_LENGTH + LENGTHS;
/// Probabilities of one length coder: two choices, then trees of 3, 3 and 8 bits, the first two by position.
const LENGTHS: usize = 2 + 16 * 8 + 16 * 8 + 256;

struct Decoder<'a> {
    rest: std::slice::Iter<'a, u8>,
    range: u32,
    code: u32,
    odds: Vec<u16>,
    out: Vec<u8>,
}

/// Unpacks `size` octets, or as many as there are. `properties` is the octet that holds lc, lp and pb.
pub(super) fn decode(properties: u8, packed: &[u8], size: usize) -> Vec<u8> {
    let (lc, rest) = (usize::from(properties % 9), properties / 9);
    let (lp, pb) = (usize::from(rest % 5), usize::from(rest / 5));
    if lc + lp > 4 || pb > 4 {
        return Vec::new();
    }
    let Some((start, packed)) = packed.split_first_chunk::<5>() else { return Vec::new() };
    let [_, code @ ..] = *start;
    let mut decoder = Decoder {
        rest: packed.iter(),
        range: u32::MAX,
        code: u32::from_be_bytes(code),
        odds: vec![1024; LITERAL + (0x300 << (lc + lp))],
        out: Vec::new(),
    };
    decoder.run(size, (lc, lp, pb));
    decoder.out
}

impl Decoder<'_> {
    /// None at the end of the octets.
    fn bit(&mut self, at: usize) -> Option<usize> {
        let odds = self.odds.get_mut(at)?;
        let bound = (self.range >> 11) * u32::from(*odds);
        let bit = if self.code < bound {
            self.range = bound;
            *odds += (2048 - *odds) >> 5;
            0
        } else {
            self.range -= bound;
            self.code -= bound;
            *odds -= *odds >> 5;
            1
        };
        self.refill()?;
        Some(bit)
    }

    fn refill(&mut self) -> Option<()> {
        if self.range < 1 << 24 {
            self.range <<= 8;
            self.code = self.code << 8 | u32::from(*self.rest.next()?);
        }
        Some(())
    }

    /// Bits of equal odds.
    fn direct(&mut self, count: usize) -> Option<usize> {
        let mut value = 0;
        for _ in 0..count {
            self.range >>= 1;
            let one = self.code >= self.range;
            if one {
                self.code -= self.range;
            }
            value = value << 1 | usize::from(one);
            self.refill()?;
        }
        Some(value)
    }

    fn tree(&mut self, at: usize, bits: usize) -> Option<usize> {
        let mut node = 1;
        for _ in 0..bits {
            node = node << 1 | self.bit(at + node)?;
        }
        Some(node - (1 << bits))
    }

    fn reverse(&mut self, at: usize, bits: usize) -> Option<usize> {
        let (mut node, mut value) = (1, 0);
        for i in 0..bits {
            let bit = self.bit(at + node)?;
            node = node << 1 | bit;
            value |= bit << i;
        }
        Some(value)
    }

    fn length(&mut self, at: usize, position: usize) -> Option<usize> {
        if self.bit(at)? == 0 {
            return self.tree(at + 2 + position * 8, 3);
        }
        if self.bit(at + 1)? == 0 {
            return Some(8 + self.tree(at + 2 + 128 + position * 8, 3)?);
        }
        Some(16 + self.tree(at + 2 + 256, 8)?)
    }

    fn distance(&mut self, length: usize) -> Option<usize> {
        let slot = self.tree(SLOT + length.min(3) * 64, 6)?;
        if slot < 4 {
            return Some(slot);
        }
        let bits = (slot >> 1) - 1;
        let base = (2 | slot & 1) << bits;
        if slot < 14 {
            return Some(base + self.reverse(SPECIAL + base - slot, bits)?);
        }
        Some(base + (self.direct(bits - 4)? << 4) + self.reverse(ALIGN, 4)?)
    }

    fn literal(&mut self, state: usize, last: usize, (lc, lp): (usize, usize)) -> Option<()> {
        let before = usize::from(self.out.last().copied().unwrap_or(0));
        let context = ((self.out.len() & ((1 << lp) - 1)) << lc) + (before >> (8 - lc));
        let at = LITERAL + 0x300 * context;
        let mut node = 1;
        if state >= 7 {
            let mut matched = self.back(last)?;
            while node < 0x100 {
                let bit = matched >> 7 & 1;
                matched <<= 1;
                let read = self.bit(at + ((1 + bit) << 8) + node)?;
                node = node << 1 | read;
                if read != bit {
                    break;
                }
            }
        }
        while node < 0x100 {
            node = node << 1 | self.bit(at + node)?;
        }
        self.out.push(u8::try_from(node & 0xFF).unwrap_or(0));
        Some(())
    }

    /// The octet that stands `distance` + 1 before the end.
    fn back(&self, distance: usize) -> Option<usize> {
        let at = self.out.len().checked_sub(distance.checked_add(1)?)?;
        self.out.get(at).copied().map(usize::from)
    }

    fn run(&mut self, size: usize, (lc, lp, pb): (usize, usize, usize)) -> Option<()> {
        let (mut state, mut last) = (0usize, [0usize; 4]);
        while self.out.len() < size {
            let position = self.out.len() & ((1 << pb) - 1);
            if self.bit(IS_MATCH + state * 16 + position)? == 0 {
                self.literal(state, last[0], (lc, lp))?;
                state = if state < 4 { 0 } else { state - if state < 10 { 3 } else { 6 } };
                continue;
            }
            let [a, b, c, d] = last;
            let length;
            if self.bit(IS_REP + state)? == 0 {
                length = self.length(LENGTH, position)?;
                state = if state < 7 { 7 } else { 10 };
                last = [self.distance(length)?, a, b, c];
            } else {
                if self.bit(IS_REP_0 + state)? == 0 {
                    if self.bit(IS_REP_0_LONG + state * 16 + position)? == 0 {
                        state = if state < 7 { 9 } else { 11 };
                        let octet = self.back(a)?;
                        self.out.push(u8::try_from(octet).unwrap_or(0));
                        continue;
                    }
                } else if self.bit(IS_REP_1 + state)? == 0 {
                    last = [b, a, c, d];
                } else if self.bit(IS_REP_2 + state)? == 0 {
                    last = [c, a, b, d];
                } else {
                    last = [d, a, b, c];
                }
                length = self.length(REP_LENGTH, position)?;
                state = if state < 7 { 8 } else { 11 };
            }
            for _ in 0..(length + 2).min(size - self.out.len()) {
                let octet = self.back(last[0])?;
                self.out.push(u8::try_from(octet).unwrap_or(0));
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_encoder_packed() {
        let words = "最終通告 未納料金のお知らせ ".repeat(6) + "abcabcabcabcabd";
        let packed = hex::decode(
            "0073270c0e7637c53ca747ead295d951cc533263714b64d9e36ae86d502e6a097f4c6e9a609ddc1d9f4412c97c54f06424ffa28e4dadeffffe4e8380",
        )
        .unwrap();
        assert_eq!(String::from_utf8(decode(0x5d, &packed, words.len())).unwrap(), words);
        for end in 0..packed.len() {
            assert!(decode(0x5d, &packed[..end], words.len()).len() <= words.len());
        }
        for properties in 0..=255 {
            assert!(decode(properties, &packed, 1000).len() <= 1000);
        }
    }
}
