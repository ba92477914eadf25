//! Characters as the automaton tells them apart.

use super::TooMany;

/// Classes of characters.
const MOST_CLASSES: usize = 1 << 16;
/// Code points by page, so that only those that are used take room.
const PAGE: usize = 256;
const PAGES: usize = 0x11_0000 / PAGE;

/// ASCII letters, ASCII digits, all else: a number and its unit are two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Letter,
    Digit,
    Other,
}

/// By octet; those of other characters are [`Kind::Other`].
static KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut octet = 0;
    while octet < 256 {
        #[expect(clippy::indexing_slicing, reason = "within bounds, or it would not compile")]
        if (octet as u8).is_ascii_alphabetic() {
            kinds[octet] = Kind::Letter;
        } else if (octet as u8).is_ascii_digit() {
            kinds[octet] = Kind::Digit;
        }
        octet += 1;
    }
    kinds
};

impl Kind {
    #[inline]
    pub(super) fn of(octet: u8) -> Self {
        KINDS.get(usize::from(octet)).copied().unwrap_or(Self::Other)
    }

    /// Whether one character goes on the word of the other.
    #[inline]
    pub(super) fn joins(self, next: Self) -> bool {
        self == next && self != Self::Other
    }
}

/// With which three octets patterns begin: most words of a text begin otherwise, and are passed over with one look. A bit
/// for each three kinds of octet, of which there are 32.
#[derive(Debug)]
pub(super) struct Beginnings(Vec<u32>);

impl Beginnings {
    pub(super) fn new() -> Self {
        Self(vec![0; 1 << 10])
    }

    /// Of an octet: a letter whatever its case, a digit, a space, or another.
    #[inline]
    fn code(octet: Option<u8>) -> usize {
        match octet {
            Some(letter) if letter.is_ascii_alphabetic() => usize::from(letter | 0x20) - usize::from(b'a'),
            Some(b'0'..=b'9') => 26,
            Some(b' ') => 27,
            Some(0x80..) => 28,
            Some(_) => 29,
            None => 30,
        }
    }

    /// A shorter pattern begins with whatever stands behind it.
    pub(super) fn add(&mut self, pattern: &[u8]) {
        let codes = |at: usize| match pattern.get(at) {
            Some(octet) => Self::code(Some(*octet))..Self::code(Some(*octet)) + 1,
            None => 0..32,
        };
        for first in codes(0) {
            for second in codes(1) {
                let bits = codes(2).fold(0, |bits, third| bits | 1 << third);
                if let Some(word) = self.0.get_mut(first << 5 | second) {
                    *word |= bits;
                }
            }
        }
    }

    /// Whether any pattern may begin here.
    #[inline]
    pub(super) fn has(&self, octets: &[u8], at: usize) -> bool {
        let code = |at: usize| Self::code(octets.get(at).copied());
        self.0.get(code(at) << 5 | code(at + 1)).is_none_or(|word| word & 1 << code(at + 2) != 0)
    }
}

/// The characters of the patterns, numbered from 1 in their order, so that those of ASCII are the first; 0 is any other.
#[derive(Debug)]
pub(super) struct Classes {
    /// Of the first 128 code points.
    ascii: [u16; 128],
    /// By page of code points: where it stands in `numbers`; page 0 is empty.
    pages: Vec<u16>,
    numbers: Vec<u16>,
    /// By class.
    pub(super) kinds: Vec<Kind>,
    pub(super) count: u16,
}

impl Classes {
    pub(super) fn of_all(texts: &str) -> Result<Self, TooMany> {
        let mut classes = Self {
            ascii: [0; 128],
            pages: vec![0; PAGES],
            numbers: vec![0; PAGE],
            kinds: vec![Kind::Other],
            count: 0,
        };
        for ch in texts.chars() {
            classes.mark(ch).ok_or(TooMany)?;
        }
        // As they are sorted in the patterns, so that a state's followers are sorted as well.
        for code in 0..PAGES {
            let page = classes.pages.get(code).copied().map_or(0, usize::from);
            if page == 0 {
                continue;
            }
            for at in 0..PAGE {
                let Some(slot) = classes.numbers.get_mut(page * PAGE + at).filter(|slot| **slot != 0) else {
                    continue;
                };
                if usize::from(classes.count) + 1 >= MOST_CLASSES {
                    return Err(TooMany);
                }
                classes.count += 1;
                *slot = classes.count;
                let octet = u8::try_from(code * PAGE + at).ok().filter(u8::is_ascii);
                classes.kinds.push(octet.map_or(Kind::Other, Kind::of));
                if let Some(ascii) = octet.and_then(|octet| classes.ascii.get_mut(usize::from(octet))) {
                    *ascii = classes.count;
                }
            }
        }
        Ok(classes)
    }

    #[inline]
    pub(super) fn of_ascii(&self, octet: u8) -> u16 {
        self.ascii.get(usize::from(octet)).copied().unwrap_or(0)
    }

    #[inline]
    pub(super) fn of(&self, ch: char) -> u16 {
        let code = u32::from(ch) as usize;
        let page = usize::from(self.pages.get(code / PAGE).copied().unwrap_or(0));
        self.numbers.get(page * PAGE + code % PAGE).copied().unwrap_or(0)
    }

    /// Notes that a character is in use.
    fn mark(&mut self, ch: char) -> Option<()> {
        let code = u32::from(ch) as usize;
        let page = self.pages.get_mut(code / PAGE)?;
        if *page == 0 {
            *page = (self.numbers.len() / PAGE) as u16;
            self.numbers.resize(self.numbers.len() + PAGE, 0);
        }
        *self.numbers.get_mut(usize::from(*page) * PAGE + code % PAGE)? = 1;
        Some(())
    }
}
