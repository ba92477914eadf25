//! Phrases of parts, found in one pass over a normalised text: the matcher under the lexicon and under the words of a demand.
//!
//! A phrase is its parts in order, each within a distance of the one before. A part has one or more wordings; one that begins
//! or ends with an ASCII letter or digit matches only at the edge of a word, unless its end is open.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, BuildError};

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
    automaton: Option<AhoCorasick>,
    patterns: Vec<Pattern>,
    /// By place of a phrase's part among all parts of all phrases: its gap.
    gaps: Vec<usize>,
    phrases: usize,
}

#[derive(Debug)]
struct Pattern {
    word_start: bool,
    word_end: bool,
    uses: Vec<Use>,
}

/// A pattern as a part of a phrase.
#[derive(Debug, Clone, Copy)]
struct Use {
    phrase: usize,
    /// Its place among all parts of all phrases: those of one phrase stand side by side.
    place: usize,
    first: bool,
    last: bool,
}

impl Matcher {
    /// Compiles phrases.
    pub(crate) fn new(phrases: impl Iterator<Item = Vec<Part>>) -> Result<Self, BuildError> {
        let mut patterns: BTreeMap<(String, bool, bool), Vec<Use>> = BTreeMap::new();
        let mut gaps = Vec::new();
        let mut count = 0;
        for (phrase, parts) in phrases.enumerate() {
            let parts_in_all = parts.len();
            for (index, part) in parts.into_iter().enumerate() {
                let one =
                    Use { phrase, place: gaps.len(), first: index == 0, last: index + 1 == parts_in_all };
                for (text, open) in part.wordings {
                    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                    let (start, end) = (edge(text.chars().next()), !open && edge(text.chars().next_back()));
                    patterns.entry((text, start, end)).or_default().push(one);
                }
                gaps.push(part.gap);
            }
            count = phrase + 1;
        }
        let automaton = AhoCorasick::new(patterns.keys().map(|(text, _, _)| text))?;
        let patterns = patterns
            .into_iter()
            .map(|((_, word_start, word_end), uses)| Pattern { word_start, word_end, uses })
            .collect();
        Ok(Self { automaton: Some(automaton), patterns, gaps, phrases: count })
    }

    /// Tells each phrase that is seen, by its number, with its span, in the order of the ends.
    pub(crate) fn each(&self, text: &str, mut seen: impl FnMut(usize, Range<usize>) -> Again) {
        let Some(automaton) = &self.automaton else { return };
        // By place of a part: where its phrase began and where this part ended; (0, 0) where it was not seen up to here.
        let mut open: Vec<(u32, u32)> = vec![(0, 0); self.gaps.len()];
        let mut done = vec![false; self.phrases];
        for found in automaton.find_overlapping_iter(text) {
            let Some(pattern) = self.patterns.get(found.pattern().as_usize()) else { continue };
            if (pattern.word_start && within_word(text, found.start()))
                || (pattern.word_end && within_word(text, found.end()))
            {
                continue;
            }
            for one in &pattern.uses {
                if done.get(one.phrase).copied().unwrap_or(true) {
                    continue;
                }
                let Some(start) = self.start(*one, found.start(), &open) else { continue };
                if one.last {
                    if seen(one.phrase, start..found.end()) == Again::No
                        && let Some(done) = done.get_mut(one.phrase)
                    {
                        *done = true;
                    }
                } else if let Some(slot) = open.get_mut(one.place) {
                    *slot = (start as u32, found.end() as u32);
                }
            }
        }
    }

    /// Where a phrase began of which this part begins at `at`; none where the part before is not near enough.
    fn start(&self, one: Use, at: usize, open: &[(u32, u32)]) -> Option<usize> {
        if one.first {
            return Some(at);
        }
        let (start, end) = *open.get(one.place - 1)?;
        let (start, end) = (start as usize, end as usize);
        let gap = *self.gaps.get(one.place)?;
        (end > 0 && end <= at && at - end <= gap).then_some(start)
    }
}

/// Whether an octet offset lies between two ASCII letters or between two ASCII digits: a number and its unit are two words.
fn within_word(text: &str, at: usize) -> bool {
    let octets = text.as_bytes();
    let both = |kind: fn(&u8) -> bool| {
        [at.checked_sub(1), Some(at)].iter().all(|index| index.and_then(|i| octets.get(i)).is_some_and(kind))
    };
    both(u8::is_ascii_alphabetic) || both(u8::is_ascii_digit)
}
