//! A text in stretches: those that have nothing but ASCII take a short way through the steps, so that English with a sign
//! beyond ASCII here and there costs what English does.

use super::units;

/// (offset in the normal text, offset in the original).
pub(in crate::message) type Map = Vec<(u32, u32)>;

/// Characters that are worked on at a time.
const ROOM: usize = 2048;

/// All steps for any text.
pub(in crate::message) fn mapped(original: &str) -> (String, Map) {
    by_stretches(original, ROOM)
}

pub(super) fn by_stretches(original: &str, room: usize) -> (String, Map) {
    let mut out = Mapped::new(original.len(), room);
    let mut at = 0;
    while let Some(rest) = original.get(at..).filter(|rest| !rest.is_empty()) {
        let (plain, long) = stretch(rest);
        let text = rest.get(..long).unwrap_or(rest);
        if plain {
            out.ascii(text, at);
        } else {
            out.mixed(text, at);
        }
        at += text.len();
    }
    out.end(original.len())
}

/// What is put together from stretches.
struct Mapped {
    normal: String,
    map: Map,
    /// Where the next character would lie if it went on octet for octet; then it needs no entry of its own.
    expected: Option<(u32, u32)>,
    /// Characters that are worked on at a time.
    room: usize,
}

impl Mapped {
    fn new(long: usize, room: usize) -> Mapped {
        Mapped { normal: String::with_capacity(long), map: Vec::new(), expected: None, room }
    }

    fn end(mut self, long: usize) -> (String, Map) {
        self.map.push((offset(self.normal.len()), offset(long)));
        (self.normal, self.map)
    }

    /// What comes next stands here in the original.
    fn enter(&mut self, at: usize) {
        let here = (offset(self.normal.len()), offset(at));
        if self.expected != Some(here) {
            self.map.push(here);
        }
    }

    /// A stretch of ASCII, of which only the first may begin with anything but white space.
    fn ascii(&mut self, text: &str, base: usize) {
        let bytes = text.as_bytes();
        let from = self.normal.len();
        let mut space = None;
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if !byte.is_ascii_graphic() {
                if is_space(byte) {
                    space.get_or_insert(at);
                }
                at += 1;
                continue;
            }
            if let Some(space) = space.take()
                && !self.normal.is_empty()
            {
                self.enter(base + space);
                self.normal.push(' ');
                self.expected = Some((offset(self.normal.len()), offset(base + space + 1)));
            }
            // Words with one space between them go on octet for octet.
            let begun = at;
            while bytes.get(at).is_some_and(u8::is_ascii_graphic)
                || (bytes.get(at) == Some(&b' ') && bytes.get(at + 1).is_some_and(u8::is_ascii_graphic))
            {
                at += 1;
            }
            self.enter(base + begun);
            self.normal.push_str(text.get(begun..at).unwrap_or_default());
            self.expected = Some((offset(self.normal.len()), offset(base + at)));
        }
        if let Some(new) = self.normal.get_mut(from..) {
            new.make_ascii_lowercase();
        }
    }

    /// A stretch of anything.
    fn mixed(&mut self, text: &str, base: usize) {
        let mut text = text;
        let mut base = base;
        if base > 0 {
            // A stretch begins within the text where one space stays of what stands between two words.
            self.enter(base);
            self.normal.push(' ');
            self.expected = Some((offset(self.normal.len()), offset(base + 1)));
            let words = text.trim_start_matches(|ch: char| u8::try_from(ch).is_ok_and(is_space));
            base += text.len() - words.len();
            text = words;
        }
        units(text, self.room, &mut |unit| {
            self.enter(base + unit.at as usize);
            self.normal.push(unit.ch);
            let end = base + unit.at as usize + unit.long as usize;
            self.expected = unit.goes_on().then(|| (offset(self.normal.len()), offset(end)));
        });
    }
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0B
}

/// How long the first stretch of a text is, and whether it is all ASCII. Texts are parted only before white space between
/// two ASCII letters or digits, where no step looks from one side to the other but to see that the space stays.
fn stretch(text: &str) -> (bool, usize) {
    let bytes = text.as_bytes();
    let Some(beyond) = bytes.iter().position(|byte| !byte.is_ascii()) else { return (true, text.len()) };
    let head = bytes.get(..beyond).unwrap_or_default();
    if let Some(cut) = last_cut(head).filter(|cut| *cut > 0) {
        return (true, cut);
    }
    let tail = bytes.get(beyond..).unwrap_or_default();
    (false, first_cut(tail).map_or(text.len(), |cut| beyond + cut))
}

/// The last place in ASCII octets where a text may be parted. To the last of them a mark may belong.
fn last_cut(head: &[u8]) -> Option<usize> {
    let mut end = head.len().checked_sub(2)?;
    loop {
        let space = head.get(..end)?.iter().rposition(|byte| is_space(*byte))?;
        let before = head.get(..space)?.iter().rposition(|byte| !is_space(*byte))?;
        let (left, right) = (head.get(before)?, head.get(space + 1)?);
        if left.is_ascii_alphanumeric() && right.is_ascii_alphanumeric() {
            return Some(before + 1);
        }
        end = before + 1;
    }
}

/// The first place where a text may be parted.
fn first_cut(tail: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += tail.get(at..)?.iter().position(|byte| is_space(*byte))?;
        let long = tail.get(at..)?.iter().position(|byte| !is_space(*byte))?;
        let left = at.checked_sub(1).and_then(|before| tail.get(before));
        let mut right = tail.get(at + long..)?.iter();
        if left.is_some_and(u8::is_ascii_alphanumeric)
            && right.next().is_some_and(u8::is_ascii_alphanumeric)
            && right.next().is_none_or(u8::is_ascii)
        {
            return Some(at);
        }
        at += long;
    }
}

pub(super) fn offset(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// As [`mapped`], all at once.
#[cfg(test)]
pub(super) fn whole(original: &str) -> (String, Map) {
    let mut out = Mapped::new(0, usize::MAX);
    out.mixed(original, 0);
    out.end(original.len())
}
