//! Many phrases looked for in one pass over the characters of a text (Aho and Corasick, 1975).
//!
//! Own, and not the crate, for three reasons: a step is a character and not an octet, of which Japanese has three; a pattern
//! that begins with an ASCII letter or digit is followed only from the edge of a word, so that the rest of most words
//! costs nothing; and it is built in a sixth of the time, which was half of what the program did before its first message.
//!
//! The states of a hundred thousand characters are larger than the cache next to a processor, and waiting for them was most
//! of the cost. So they lie as they are walked: those that follow one another by one state side by side, sorted, and behind
//! them what follows the first of them.

use std::ops::ControlFlow;

/// A state; 0 is the root.
type State = u32;

/// States and classes of characters that can be told apart.
const MOST_STATES: usize = 1 << 24;
const MOST_CLASSES: usize = 1 << 16;
/// Code points by page, so that only those that are used take room.
const PAGE: usize = 256;
const PAGES: usize = 0x11_0000 / PAGE;

/// States that follow one, from which on they are looked up in a row: the beginnings of words, where most time is spent.
const MANY: u16 = 8;
/// ASCII classes: they are the first.
const ROW: usize = 128;

/// The patterns do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the phrases are too many to be looked for")]
pub struct TooMany;

/// Takes up patterns.
#[derive(Debug, Default)]
pub(super) struct Builder {
    /// One behind the other.
    texts: String,
    /// By pattern: the octet of `texts` at which it ends.
    until: Vec<u32>,
}

/// The compiled patterns.
#[derive(Debug)]
pub(super) struct Automaton {
    classes: Classes,
    /// By class: the state of a pattern's first character.
    root: Vec<State>,
    /// With which three octets patterns begin.
    beginnings: Beginnings,
    states: Vec<Known>,
    /// By state: the class that leads to it.
    labels: Vec<u16>,
    /// By row and class, less one: how far behind [`Known::next`] it leads, plus one; 0 where nothing follows.
    rows: Vec<u8>,
    /// From 1 on.
    ends: Vec<End>,
}

/// A state. Sixteen octets: four of them in a line of the cache.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// The first of the states that follow; the others stand behind it, by class.
    next: State,
    /// The longest proper end of what was read up to here that is the beginning of a pattern, too.
    fail: State,
    /// The longest pattern that ends here, as a place in `ends`; 0 where none does.
    end: u32,
    /// How many states follow.
    count: u16,
    /// Where few follow, a bit for each class that leads on, one for every 16th: most states have one, and need not be searched
    /// for another. Where [`MANY`] do, the row of its ASCII classes, or 0.
    ahead: u16,
}

/// A pattern that ends in a state.
#[derive(Debug, Clone, Copy, Default)]
struct End {
    pattern: u32,
    octets: u32,
    /// The next shorter one that ends with it, as a place in `ends`.
    shorter: u32,
}

/// ASCII letters, ASCII digits, all else: a number and its unit are two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
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
    fn of(octet: u8) -> Self {
        KINDS.get(usize::from(octet)).copied().unwrap_or(Self::Other)
    }

    /// Whether one character goes on the word of the other.
    #[inline]
    fn joins(self, next: Self) -> bool {
        self == next && self != Self::Other
    }
}

/// Patterns that begin alike, and the state in which that leads.
struct Shared {
    state: State,
    /// Where they stand among the sorted.
    patterns: std::ops::Range<usize>,
    /// Octets that they have in common.
    octets: usize,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Takes up a pattern, which must not be empty.
    pub(super) fn add(&mut self, pattern: &str) -> Result<(), TooMany> {
        self.texts.push_str(pattern);
        self.until.push(u32::try_from(self.texts.len()).map_err(|_| TooMany)?);
        Ok(())
    }

    fn text(&self, pattern: u32) -> &str {
        let until = |pattern: usize| self.until.get(pattern).map_or(0, |until| *until as usize);
        let from = (pattern as usize).checked_sub(1).map_or(0, until);
        self.texts.get(from..until(pattern as usize)).unwrap_or_default()
    }

    /// The patterns by their text, equal ones as they came.
    fn sorted(&self) -> Vec<u32> {
        // The first octets decide nearly always.
        let key = |pattern: u32| {
            let text = self.text(pattern).as_bytes();
            let mut first = [0; 8];
            first.iter_mut().zip(text).for_each(|(slot, octet)| *slot = *octet);
            (u64::from_be_bytes(first), text, pattern)
        };
        let mut sorted: Vec<_> = (0..self.until.len() as u32).map(key).collect();
        sorted.sort_unstable();
        sorted.into_iter().map(|(_, _, pattern)| pattern).collect()
    }

    /// Compiles them. With it, by pattern in the order in which they came: the first of the same text, which is the one
    /// that is told of.
    pub(super) fn build(self) -> Result<(Automaton, Vec<u32>), TooMany> {
        let sorted = self.sorted();
        let classes = Classes::of_all(&self.texts)?;
        let mut automaton = Automaton {
            root: vec![0; usize::from(classes.count) + 1],
            beginnings: Beginnings::new(),
            classes,
            states: vec![Known::default()],
            labels: vec![0],
            rows: vec![0; ROW],
            ends: vec![End::default()],
        };
        for pattern in &sorted {
            automaton.beginnings.add(self.text(*pattern).as_bytes());
        }
        let mut first: Vec<u32> = (0..sorted.len() as u32).collect();
        let mut open = vec![Shared { state: 0, patterns: 0..sorted.len(), octets: 0 }];
        let mut fresh: Vec<Shared> = Vec::new();
        while let Some(Shared { state, patterns, octets }) = open.pop() {
            let alike = sorted.get(patterns.clone()).unwrap_or_default();
            // Most have their own end.
            if let [pattern] = alike {
                automaton.tail(state, *pattern, self.text(*pattern), octets)?;
                continue;
            }
            let mut own = None;
            for (at, pattern) in patterns.zip(alike) {
                let Some(ch) = self.text(*pattern).get(octets..).and_then(|rest| rest.chars().next()) else {
                    // Those that are no longer stand before the others.
                    if let Some(slot) = first.get_mut(*pattern as usize) {
                        *slot = *own.get_or_insert(*pattern);
                    }
                    continue;
                };
                let class = automaton.classes.of(ch);
                match fresh.last_mut() {
                    Some(last) if automaton.label(last.state) == class => last.patterns.end = at + 1,
                    _ => fresh.push(Shared {
                        state: automaton.follow(state, class)?,
                        patterns: at..at + 1,
                        octets: octets + ch.len_utf8(),
                    }),
                }
            }
            if let Some(pattern) = own {
                automaton.end(state, pattern, octets);
            }
            open.extend(fresh.drain(..).rev());
        }
        automaton.link();
        Ok((automaton, first))
    }
}

impl Automaton {
    /// A pattern ends in this state.
    fn end(&mut self, state: State, pattern: u32, octets: usize) {
        if let Some(known) = self.states.get_mut(state as usize) {
            known.end = self.ends.len() as u32;
        }
        self.ends.push(End { pattern, octets: octets as u32, shorter: 0 });
    }

    /// A state more, behind this one.
    fn follow(&mut self, from: State, class: u16) -> Result<State, TooMany> {
        if self.states.len() >= MOST_STATES {
            return Err(TooMany);
        }
        let state = self.states.len() as State;
        self.states.push(Known::default());
        self.labels.push(class);
        if from == 0 {
            if let Some(slot) = self.root.get_mut(usize::from(class)) {
                *slot = state;
            }
        } else if let Some(known) = self.states.get_mut(from as usize) {
            if known.count == 0 {
                known.next = state;
            }
            known.count += 1;
            known.ahead |= bit(class);
        }
        Ok(state)
    }

    /// The rest of a pattern that no other begins with.
    fn tail(&mut self, mut state: State, pattern: u32, text: &str, octets: usize) -> Result<(), TooMany> {
        for ch in text.get(octets..).unwrap_or_default().chars() {
            state = self.follow(state, self.classes.of(ch))?;
        }
        self.end(state, pattern, text.len());
        Ok(())
    }

    /// Finds where each state goes on when nothing follows: layer by layer, for that is always less deep.
    fn link(&mut self) {
        for state in 1..self.states.len() as State {
            self.row(state);
        }
        let mut layer: Vec<State> = self.root.iter().copied().filter(|state| *state != 0).collect();
        while !layer.is_empty() {
            let mut next = Vec::with_capacity(layer.len());
            for parent in layer {
                let Known { next: first, fail: behind, count, .. } = self.known(parent);
                let before = self.kind(self.label(parent));
                for state in first..first + State::from(count) {
                    let class = self.label(state);
                    let fail = self.step(behind, class, before.joins(self.kind(class)));
                    let shorter = self.known(fail).end;
                    let Some(known) = self.states.get_mut(state as usize) else { continue };
                    known.fail = fail;
                    if known.end == 0 {
                        known.end = shorter;
                    } else if let Some(end) = self.ends.get_mut(known.end as usize) {
                        end.shorter = shorter;
                    }
                    next.push(state);
                }
            }
            layer = next;
        }
    }

    /// Writes the row of a state that many follow.
    fn row(&mut self, state: State) {
        let Some(known) = self.states.get_mut(state as usize).filter(|known| known.count >= MANY) else {
            return;
        };
        let from = known.next as usize;
        let labels = self.labels.get(from..from + usize::from(known.count)).unwrap_or_default();
        let row = self.rows.len() / ROW;
        known.ahead = 0;
        if let Ok(number) = u16::try_from(row)
            && labels.first().is_some_and(|class| usize::from(*class) <= ROW)
        {
            known.ahead = number;
            self.rows.resize((row + 1) * ROW, 0);
            for (rank, class) in (1..).zip(labels.iter().take_while(|class| usize::from(**class) <= ROW)) {
                if let Some(slot) = self.rows.get_mut(row * ROW + usize::from(*class) - 1) {
                    *slot = rank;
                }
            }
        }
    }

    fn label(&self, state: State) -> u16 {
        self.labels.get(state as usize).copied().unwrap_or(0)
    }

    fn kind(&self, class: u16) -> Kind {
        self.classes.kinds.get(usize::from(class)).copied().unwrap_or(Kind::Other)
    }

    #[inline]
    fn known(&self, state: State) -> Known {
        self.states.get(state as usize).copied().unwrap_or_default()
    }

    /// The state behind a character; `within`: it goes on a word, so that no pattern begins with it.
    #[inline]
    fn step(&self, mut state: State, class: u16, within: bool) -> State {
        while state != 0 {
            let known = self.known(state);
            if known.count >= MANY && usize::from(class) <= ROW {
                let at = usize::from(known.ahead) * ROW + usize::from(class) - 1;
                let rank = self.rows.get(at).copied().unwrap_or(0);
                if rank != 0 {
                    return known.next + State::from(rank) - 1;
                }
            } else if known.count >= MANY || known.ahead & bit(class) != 0 {
                let from = known.next as usize;
                let labels = self.labels.get(from..from + usize::from(known.count)).unwrap_or_default();
                if let Ok(at) = labels.binary_search(&class) {
                    return known.next + at as State;
                }
            }
            state = known.fail;
        }
        if within { 0 } else { self.root.get(usize::from(class)).copied().unwrap_or(0) }
    }

    /// Tells each pattern that stands in a text, by its number, with the octets at which it begins and ends, until it is told
    /// to stop: in the order of the ends, the longest first. One that begins with an ASCII letter or digit is only seen from the
    /// edge of a word on.
    pub(super) fn each(&self, text: &str, mut seen: impl FnMut(usize, usize, usize) -> ControlFlow<()>) {
        let octets = text.as_bytes();
        let mut state: State = 0;
        let mut before = Kind::Other;
        let mut at = 0;
        while let Some(&octet) = octets.get(at) {
            let kind = Kind::of(octet);
            let within = before.joins(kind);
            before = kind;
            if state == 0 && kind != Kind::Other && (within || !self.beginnings.has(octets, at)) {
                // Nothing begins before the word ends.
                let rest = octets.get(at..).unwrap_or_default();
                at += rest.iter().take_while(|octet| Kind::of(**octet) == kind).count();
                continue;
            }
            let class;
            (class, at) = if octet.is_ascii() {
                (self.classes.of_ascii(octet), at + 1)
            } else {
                let Some(ch) = text.get(at..).and_then(|rest| rest.chars().next()) else { return };
                (self.classes.of(ch), at + ch.len_utf8())
            };
            state = match (class, state) {
                (0, _) => 0,
                (class, 0) => self.root.get(usize::from(class)).copied().unwrap_or(0),
                (class, state) => self.step(state, class, within),
            };
            if state == 0 {
                continue;
            }
            let mut end = self.known(state).end;
            while end != 0 {
                let End { pattern, octets, shorter } =
                    self.ends.get(end as usize).copied().unwrap_or_default();
                if seen(pattern as usize, at.saturating_sub(octets as usize), at).is_break() {
                    return;
                }
                end = shorter;
            }
        }
    }
}

#[inline]
fn bit(class: u16) -> u16 {
    1 << (class % 16)
}

/// With which three octets patterns begin: most words of a text begin otherwise, and are passed over with one look. A bit
/// for each three kinds of octet, of which there are 32.
#[derive(Debug)]
struct Beginnings(Vec<u32>);

impl Beginnings {
    fn new() -> Self {
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
    fn add(&mut self, pattern: &[u8]) {
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
    fn has(&self, octets: &[u8], at: usize) -> bool {
        let code = |at: usize| Self::code(octets.get(at).copied());
        self.0.get(code(at) << 5 | code(at + 1)).is_none_or(|word| word & 1 << code(at + 2) != 0)
    }
}

/// The characters of the patterns, numbered from 1 in their order, so that those of ASCII are the first; 0 is any other.
#[derive(Debug)]
struct Classes {
    /// Of the first 128 code points.
    ascii: [u16; 128],
    /// By page of code points: where it stands in `numbers`; page 0 is empty.
    pages: Vec<u16>,
    numbers: Vec<u16>,
    /// By class.
    kinds: Vec<Kind>,
    count: u16,
}

impl Classes {
    fn of_all(texts: &str) -> Result<Self, TooMany> {
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
    fn of_ascii(&self, octet: u8) -> u16 {
        self.ascii.get(usize::from(octet)).copied().unwrap_or(0)
    }

    #[inline]
    fn of(&self, ch: char) -> u16 {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(patterns: &[String], text: &str) -> Vec<(usize, String)> {
        let mut builder = Builder::new();
        for pattern in patterns {
            builder.add(pattern).unwrap();
        }
        let (automaton, first) = builder.build().unwrap();
        for (pattern, first) in patterns.iter().zip(first) {
            assert_eq!(patterns.iter().position(|other| other == pattern), Some(first as usize));
        }
        let mut found = Vec::new();
        automaton.each(text, |pattern, start, end| {
            assert_eq!(text.get(start..end), Some(patterns[pattern].as_str()));
            found.push((end, patterns[pattern].clone()));
            ControlFlow::Continue(())
        });
        found
    }

    /// Each end, each pattern.
    fn looked_up(patterns: &[String], text: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let head = text.get(..end).unwrap();
            let mut here: Vec<&String> = patterns.iter().filter(|p| head.ends_with(*p)).collect();
            here.retain(|pattern| {
                let kind = |ch: Option<char>| {
                    ch.map_or(Kind::Other, |ch| u8::try_from(ch).map_or(Kind::Other, Kind::of))
                };
                let before = head.strip_suffix(pattern.as_str()).unwrap();
                !kind(before.chars().next_back()).joins(kind(pattern.chars().next()))
            });
            here.sort_by_key(|pattern| std::cmp::Reverse(pattern.len()));
            here.dedup();
            found.extend(here.into_iter().map(|pattern| (end, pattern.clone())));
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn sees_what_is_there(
            patterns in prop::collection::vec("[ab1 請求\u{1f600}]{1,4}", 0..12),
            text in "[abc12 請求の\u{1f600}]{0,40}",
        ) {
            prop_assert_eq!(found(&patterns, &text), looked_up(&patterns, &text));
        }
    }

    #[test]
    fn many_patterns_are_told_apart() {
        let patterns: Vec<String> = (0..20_000).map(|n| format!("x{n}y")).collect();
        for n in [0, 7, 4_096, 19_999] {
            let text = format!(" x{n}y");
            assert_eq!(found(&patterns, &text), [(text.len(), format!("x{n}y"))]);
        }
    }
}
