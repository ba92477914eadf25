//! Phrases of parts, found in one pass over a normalised text: the matcher under the lexicon and under the words of a demand.
//!
//! A phrase is its parts in order, each within a distance of the one before. A part has one or more wordings; one that begins
//! or ends with an ASCII letter or digit matches only at the edge of a word, unless its end is open.

use std::cell::Cell;
use std::ops::{ControlFlow, Range};

use crate::message::normalise;

use super::automaton::{Automaton, Builder, TooMany};

/// One part of a phrase, normalised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// Octets of normalised text that may lie between the part before and this one.
    pub(crate) gap: usize,
    /// What is matched, each with whether its end is open.
    pub(crate) wordings: Vec<(String, bool)>,
}

/// Whether a phrase is still looked for once it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Yes,
    No,
}

/// Compiled phrases, by the number in which they came.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    automaton: Option<Automaton>,
    /// By pattern: where its uses begin in `uses`; one more at the end.
    starts: Vec<u32>,
    uses: Vec<Use>,
    /// By place of a phrase's part among all parts of all phrases: its gap.
    gaps: Vec<u32>,
    phrases: usize,
}

/// A pattern as a part of a phrase.
#[derive(Debug, Clone, Copy, Default)]
struct Use {
    phrase: u32,
    /// Its place among all parts of all phrases: those of one phrase stand side by side.
    place: u32,
    first: bool,
    last: bool,
    /// Must end at the edge of a word.
    word_end: bool,
}

/// Where the parts of phrases were seen in one text. Kept between texts, because there are thousands of parts and most texts
/// have a few of them: what bears another text's number was not seen in this one.
#[derive(Debug, Default)]
struct Scratch {
    text: u32,
    /// By place of a part: the text, where its phrase began and where this part ended.
    open: Vec<(u32, u32, u32)>,
    /// By phrase: the text in which it need not be looked for any more.
    done: Vec<u32>,
}

thread_local! {
    static SCRATCH: Cell<Scratch> = const { Cell::new(Scratch { text: 0, open: Vec::new(), done: Vec::new() }) };
}

impl Scratch {
    /// Ready for another text.
    fn fresh(mut self, parts: usize, phrases: usize) -> Self {
        self.text = self.text.wrapping_add(1);
        if self.text == 0 {
            self = Self { text: 1, ..Self::default() };
        }
        self.open.resize(parts.max(self.open.len()), (0, 0, 0));
        self.done.resize(phrases.max(self.done.len()), 0);
        self
    }

    fn is_done(&self, phrase: u32) -> bool {
        self.done.get(phrase as usize).is_none_or(|text| *text == self.text)
    }
}

impl Matcher {
    /// Compiles phrases.
    pub(crate) fn new(phrases: impl Iterator<Item = Vec<Part>>) -> Result<Self, TooMany> {
        let mut builder = Builder::new();
        // By pattern, in the order in which they came.
        let mut uses: Vec<Use> = Vec::new();
        let mut gaps = Vec::new();
        let mut count = 0;
        for (phrase, parts) in phrases.enumerate() {
            let parts_in_all = parts.len();
            for (index, part) in parts.into_iter().enumerate() {
                let (first, last) = (index == 0, index + 1 == parts_in_all);
                for (text, open) in part.wordings {
                    let word_end = !open && text.ends_with(|c: char| c.is_ascii_alphanumeric());
                    if text.is_empty() {
                        continue;
                    }
                    builder.add(&text)?;
                    uses.push(Use { phrase: phrase as u32, place: gaps.len() as u32, first, last, word_end });
                }
                gaps.push(u32::try_from(part.gap).unwrap_or(u32::MAX));
            }
            count = phrase + 1;
        }
        let (automaton, patterns) = builder.build()?;
        let (starts, uses) = by_pattern(&patterns, &uses);
        Ok(Self { automaton: Some(automaton), starts, uses, gaps, phrases: count })
    }

    /// Tells each phrase that is seen, by its number, with its span, in the order of the ends.
    pub(crate) fn each(&self, text: &str, mut seen: impl FnMut(usize, Range<usize>) -> Again) {
        let Some(automaton) = &self.automaton else { return };
        let mut scratch = SCRATCH.take().fresh(self.gaps.len(), self.phrases);
        automaton.each(text, |pattern, start, end| {
            let mut within = None;
            for one in self.uses_of(pattern) {
                if scratch.is_done(one.phrase)
                    || one.word_end && *within.get_or_insert_with(|| is_within_word(text, end))
                {
                    continue;
                }
                let Some(begun) = self.start(*one, start, &scratch) else { continue };
                if one.last {
                    if seen(one.phrase as usize, begun..end) == Again::No
                        && let Some(done) = scratch.done.get_mut(one.phrase as usize)
                    {
                        *done = scratch.text;
                    }
                } else if let Some(slot) = scratch.open.get_mut(one.place as usize) {
                    *slot = (scratch.text, begun as u32, end as u32);
                }
            }
            ControlFlow::Continue(())
        });
        SCRATCH.set(scratch);
    }

    fn uses_of(&self, pattern: usize) -> &[Use] {
        let bound = |pattern: usize| self.starts.get(pattern).map(|start| *start as usize);
        bound(pattern)
            .zip(bound(pattern + 1))
            .and_then(|(from, to)| self.uses.get(from..to))
            .unwrap_or_default()
    }

    /// Where a phrase began of which this part begins at `at`; none where the part before is not near enough.
    fn start(&self, one: Use, at: usize, scratch: &Scratch) -> Option<usize> {
        if one.first {
            return Some(at);
        }
        let (text, start, end) = *scratch.open.get(one.place.checked_sub(1)? as usize)?;
        let (start, end) = (start as usize, end as usize);
        let gap = *self.gaps.get(one.place as usize)? as usize;
        (text == scratch.text && end <= at && at - end <= gap).then_some(start)
    }
}

/// Where each pattern's uses begin, and the uses: those whose end is open first, else as they came.
fn by_pattern(patterns: &[u32], uses: &[Use]) -> (Vec<u32>, Vec<Use>) {
    let mut starts = vec![0; patterns.len() + 1];
    for pattern in patterns {
        if let Some(count) = starts.get_mut(*pattern as usize + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut next: Vec<u32> = starts.clone();
    let mut sorted = vec![Use::default(); uses.len()];
    for closed in [false, true] {
        for (pattern, one) in patterns.iter().zip(uses).filter(|(_, one)| one.word_end == closed) {
            let Some(at) = next.get_mut(*pattern as usize) else { continue };
            if let Some(slot) = sorted.get_mut(*at as usize) {
                *slot = *one;
            }
            *at += 1;
        }
    }
    (starts, sorted)
}

/// [`normalise`] for thousands of phrases: what it makes of a character is kept.
#[derive(Debug, Default)]
pub(crate) struct Normaliser {
    /// By code point from [`FIRST`] on: the character, plus one; 0 where it was not asked yet.
    kept: Vec<u32>,
}

/// Kana and kanji that are folded one by one, whatever stands beside them: not what may be a dash, nor voicing marks.
const FIRST: u32 = 0x3041;
const LAST: u32 = 0x9FFF;

impl Normaliser {
    /// The normal form, without spaces at its ends.
    pub(crate) fn of(&mut self, written: &str) -> String {
        if written.is_ascii() {
            return ascii(written);
        }
        let mut out = String::with_capacity(written.len());
        let mut japanese = false;
        for ch in written.chars() {
            let folded = match ch {
                'a'..='z' | '0'..='9' => Some(ch),
                'A'..='Z' => Some(ch.to_ascii_lowercase()),
                // Behind Japanese, a dash is one of its own.
                'ー' | '一' if japanese => Some('一'),
                'ぁ'..='ゖ' | 'ァ'..='ヺ' | '\u{4e01}'..='\u{9fff}' => self.fold(ch),
                _ => None,
            };
            let Some(folded) = folded else { return normalise(written).trim().to_owned() };
            japanese = !folded.is_ascii();
            out.push(folded);
        }
        out
    }

    fn fold(&mut self, ch: char) -> Option<char> {
        if self.kept.is_empty() {
            self.kept = vec![0; (LAST - FIRST + 1) as usize];
        }
        let slot = self.kept.get_mut(u32::from(ch).checked_sub(FIRST)? as usize)?;
        if *slot == 0 {
            let mut buffer = [0; 4];
            let folded = normalise(ch.encode_utf8(&mut buffer));
            let mut folded = folded.chars();
            // What a dash becomes depends on what stands beside it.
            let alone =
                folded.next().filter(|ch| folded.next().is_none() && !matches!(ch, '一' | 'ー' | '-'));
            *slot = alone.map_or(u32::MAX, |ch| u32::from(ch) + 1);
        }
        char::from_u32(slot.wrapping_sub(1))
    }
}

/// The normal form of a phrase of ASCII: small letters, one space for any white space, none at the ends, no controls.
fn ascii(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut space = false;
    for octet in written.bytes() {
        if octet.is_ascii_whitespace() || octet == 0x0B {
            space = !out.is_empty();
        } else if !octet.is_ascii_control() {
            if std::mem::take(&mut space) {
                out.push(' ');
            }
            out.push(char::from(octet.to_ascii_lowercase()));
        }
    }
    out
}

/// Whether an octet offset lies between two ASCII letters or between two ASCII digits: a number and its unit are two words.
fn is_within_word(text: &str, at: usize) -> bool {
    let octets = text.as_bytes();
    let both = |kind: fn(&u8) -> bool| {
        [at.checked_sub(1), Some(at)].iter().all(|index| index.and_then(|i| octets.get(i)).is_some_and(kind))
    };
    both(u8::is_ascii_alphabetic) || both(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn what_is_kept_is_what_the_normaliser_makes(text in "[a-z0-9A ぁ-ゖァ-ヿ一-鿿・。ー一.-]{0,12}|[ -~\\t\\n\u{b}\u{7f}]{0,12}") {
            let whole = normalise(&text);
            prop_assert_eq!(Normaliser::default().of(&text), whole.trim());
        }
    }

    #[test]
    fn every_character_is_folded_by_itself() {
        let mut normaliser = Normaliser::default();
        for ch in (FIRST..=LAST).filter_map(char::from_u32) {
            for text in [format!("{ch}"), format!("a{ch}b"), format!("口{ch}ト")] {
                assert_eq!(normaliser.of(&text), normalise(&text).trim(), "{text}");
            }
        }
    }
}
