//! Many phrases looked for in one pass over the characters of a text (Aho and Corasick, 1975).
//!
//! Own, and not the crate, for three reasons: a step is a character and not an octet, of which Japanese has three; a pattern
//! that begins with an ASCII letter or digit is followed only from the edge of a word, so that the rest of most words
//! costs nothing; and it is built in a third of the time, which was half of what the program did before its first message.

use std::ops::ControlFlow;

/// A state; 0 is the root.
type State = u32;

/// States and classes of characters that an edge can hold.
const MOST_STATES: usize = 1 << 24;
const MOST_CLASSES: usize = 1 << 16;
/// Code points by page, so that only those that are used take room.
const PAGE: usize = 256;
const PAGES: usize = 0x11_0000 / PAGE;

/// The patterns do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the phrases are too many to be looked for")]
pub struct TooMany;

/// Takes up patterns.
#[derive(Debug)]
pub(super) struct Builder {
    classes: Classes,
    edges: Edges,
    root: Vec<State>,
    nodes: Vec<Fresh>,
}

/// A state as it is built.
#[derive(Debug, Clone, Copy)]
struct Fresh {
    parent: State,
    class: u16,
    kind: Kind,
    depth: u32,
    octets: u32,
    /// 0, or the number of the pattern that ends here, from 1.
    own: u32,
}

/// The compiled patterns.
#[derive(Debug)]
pub(super) struct Automaton {
    classes: Classes,
    edges: Edges,
    /// By class: the state of a pattern's first character.
    root: Vec<State>,
    states: Vec<Known>,
    ends: Vec<End>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// The longest proper end of what was read up to here that is the beginning of a pattern, too.
    fail: State,
    /// The nearest state, this one or behind it, in which a pattern ends; the root where there is none.
    first: State,
    /// A bit for each class with which an edge leads on, one for every 64th: most states have one or two, and the table of the
    /// edges is larger than a cache.
    ahead: u64,
}

/// The pattern that ends in a state.
#[derive(Debug, Clone, Copy, Default)]
struct End {
    /// Its number from 1; 0 where none ends.
    own: u32,
    /// Octets from the root to here.
    octets: u32,
}

/// ASCII letters, ASCII digits, all else: a number and its unit are two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Other,
}

impl Kind {
    #[inline]
    fn of(ch: char) -> Self {
        match ch {
            'a'..='z' | 'A'..='Z' => Self::Letter,
            '0'..='9' => Self::Digit,
            _ => Self::Other,
        }
    }

    /// Whether one character goes on the word of the other.
    #[inline]
    fn joins(self, next: Self) -> bool {
        self == next && self != Self::Other
    }
}

impl Builder {
    pub(super) fn new() -> Self {
        let root = Fresh { parent: 0, class: 0, kind: Kind::Other, depth: 0, octets: 0, own: 0 };
        Self { classes: Classes::new(), edges: Edges::new(), root: vec![0], nodes: vec![root] }
    }

    /// Takes up a pattern, which must not be empty. Gives the number of its text: `fresh` where it is a new one.
    pub(super) fn add(&mut self, pattern: &str, fresh: u32) -> Result<u32, TooMany> {
        let mut state: State = 0;
        for ch in pattern.chars() {
            let class = self.classes.intern(ch)?;
            if usize::from(class) >= self.root.len() {
                self.root.resize(usize::from(class) + 1, 0);
            }
            let next = if state == 0 {
                self.root.get(usize::from(class)).copied().unwrap_or(0)
            } else {
                self.edges.get(state, class)
            };
            state = if next == 0 { self.grow(state, class, ch)? } else { next };
        }
        let node = self.nodes.get_mut(state as usize).ok_or(TooMany)?;
        if node.own == 0 {
            node.own = fresh + 1;
        }
        Ok(node.own - 1)
    }

    fn grow(&mut self, parent: State, class: u16, ch: char) -> Result<State, TooMany> {
        let state = self.nodes.len();
        if state >= MOST_STATES {
            return Err(TooMany);
        }
        let (depth, octets) =
            self.nodes.get(parent as usize).map_or((0, 0), |node| (node.depth, node.octets));
        let (depth, octets) = (depth + 1, octets.saturating_add(ch.len_utf8() as u32));
        self.nodes.push(Fresh { parent, class, kind: Kind::of(ch), depth, octets, own: 0 });
        let state = state as State;
        if parent == 0 {
            if let Some(slot) = self.root.get_mut(usize::from(class)) {
                *slot = state;
            }
        } else {
            self.edges.insert(parent, class, state);
        }
        Ok(state)
    }

    pub(super) fn build(self) -> Automaton {
        let Self { classes, edges, root, nodes } = self;
        let mut states = vec![Known::default(); nodes.len()];
        for node in &nodes {
            if let Some(parent) = states.get_mut(node.parent as usize) {
                parent.ahead |= bit(node.class);
            }
        }
        let ends = nodes.iter().map(|node| End { own: node.own, octets: node.octets }).collect();
        let mut automaton = Automaton { classes, edges, root, states, ends };
        // A state's fail is less deep than it is.
        let mut layers: Vec<Vec<State>> = Vec::new();
        for (state, node) in nodes.iter().enumerate().skip(1) {
            if layers.len() <= node.depth as usize {
                layers.resize(node.depth as usize + 1, Vec::new());
            }
            if let Some(layer) = layers.get_mut(node.depth as usize) {
                layer.push(state as State);
            }
        }
        for state in layers.into_iter().flatten() {
            let Some(node) = nodes.get(state as usize) else { continue };
            let fail = if node.parent == 0 {
                0
            } else {
                let before = nodes.get(node.parent as usize).map_or(Kind::Other, |parent| parent.kind);
                let behind = automaton.known(node.parent).fail;
                automaton.step(behind, node.class, before.joins(node.kind))
            };
            let first = if node.own == 0 { automaton.known(fail).first } else { state };
            if let Some(known) = automaton.states.get_mut(state as usize) {
                (known.fail, known.first) = (fail, first);
            }
        }
        automaton
    }
}

impl Automaton {
    #[inline]
    fn known(&self, state: State) -> Known {
        self.states.get(state as usize).copied().unwrap_or_default()
    }

    /// The state behind a character; `within`: it goes on a word, so that no pattern begins with it.
    fn step(&self, mut state: State, class: u16, within: bool) -> State {
        while state != 0 {
            let known = self.known(state);
            if known.ahead & bit(class) != 0 {
                let next = self.edges.get(state, class);
                if next != 0 {
                    return next;
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
        let mut state: State = 0;
        let mut before = Kind::Other;
        for (at, ch) in text.char_indices() {
            let kind = Kind::of(ch);
            let within = before.joins(kind);
            before = kind;
            if state == 0 && within {
                continue;
            }
            let class = self.classes.of(ch);
            state = if class == 0 { 0 } else { self.step(state, class, within) };
            if state == 0 {
                continue;
            }
            let mut ends = self.known(state).first;
            while ends != 0 {
                let End { own, octets } = self.ends.get(ends as usize).copied().unwrap_or_default();
                let end = at + ch.len_utf8();
                let start = end.saturating_sub(octets as usize);
                if seen(own.saturating_sub(1) as usize, start, end).is_break() {
                    return;
                }
                ends = self.known(self.known(ends).fail).first;
            }
        }
    }
}

fn bit(class: u16) -> u64 {
    1 << (class % 64)
}

/// The characters of the patterns, numbered from 1; 0 is any other.
#[derive(Debug)]
struct Classes {
    /// By page of code points: where it stands in `numbers`; page 0 is empty.
    pages: Vec<u16>,
    numbers: Vec<u16>,
    count: u16,
}

impl Classes {
    fn new() -> Self {
        Self { pages: vec![0; PAGES], numbers: vec![0; PAGE], count: 0 }
    }

    #[inline]
    fn of(&self, ch: char) -> u16 {
        let code = u32::from(ch) as usize;
        let page = usize::from(self.pages.get(code / PAGE).copied().unwrap_or(0));
        self.numbers.get(page * PAGE + code % PAGE).copied().unwrap_or(0)
    }

    fn intern(&mut self, ch: char) -> Result<u16, TooMany> {
        let known = self.of(ch);
        if known != 0 {
            return Ok(known);
        }
        if usize::from(self.count) + 1 >= MOST_CLASSES {
            return Err(TooMany);
        }
        let code = u32::from(ch) as usize;
        let page = self.pages.get_mut(code / PAGE).ok_or(TooMany)?;
        if *page == 0 {
            *page = (self.numbers.len() / PAGE) as u16;
            self.numbers.resize(self.numbers.len() + PAGE, 0);
        }
        self.count += 1;
        let slot = self.numbers.get_mut(usize::from(*page) * PAGE + code % PAGE).ok_or(TooMany)?;
        *slot = self.count;
        Ok(self.count)
    }
}

/// What leads from a state with a class to a state: a table of `state, class, next` in one word each, open addressing. The
/// root's edges are not among them, so that a word of 0 is free.
#[derive(Debug)]
struct Edges {
    slots: Vec<u64>,
    used: usize,
}

impl Edges {
    fn new() -> Self {
        Self { slots: vec![0; 1 << 8], used: 0 }
    }

    fn key(state: State, class: u16) -> u64 {
        u64::from(state) << 16 | u64::from(class)
    }

    #[inline]
    fn place(&self, key: u64) -> usize {
        // 2^64 over the golden ratio; its upper half mixes best.
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & (self.slots.len() - 1)
    }

    #[inline]
    fn get(&self, state: State, class: u16) -> State {
        let key = Self::key(state, class);
        let mut at = self.place(key);
        loop {
            let slot = self.slots.get(at).copied().unwrap_or(0);
            if slot >> 24 == key {
                return (slot & 0xff_ffff) as State;
            }
            if slot == 0 {
                return 0;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn insert(&mut self, state: State, class: u16, next: State) {
        if self.used * 2 >= self.slots.len() {
            let larger = vec![0; self.slots.len() * 2];
            for slot in std::mem::replace(&mut self.slots, larger) {
                if slot != 0 {
                    self.put(slot);
                }
            }
        }
        self.used += 1;
        self.put(Self::key(state, class) << 24 | u64::from(next));
    }

    fn put(&mut self, word: u64) {
        let mut at = self.place(word >> 24);
        while self.slots.get(at).is_some_and(|slot| *slot != 0) {
            at = (at + 1) & (self.slots.len() - 1);
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = word;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(patterns: &[String], text: &str) -> Vec<(usize, String)> {
        let mut builder = Builder::new();
        let mut texts: Vec<&String> = Vec::new();
        for pattern in patterns {
            let number = builder.add(pattern, texts.len() as u32).unwrap();
            if number as usize == texts.len() {
                texts.push(pattern);
            }
        }
        let mut found = Vec::new();
        builder.build().each(text, |pattern, start, end| {
            assert_eq!(text.get(start..end), Some(texts[pattern].as_str()));
            found.push((end, texts[pattern].clone()));
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
                let kind = |ch: Option<char>| ch.map_or(Kind::Other, Kind::of);
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
    fn many_patterns_keep_their_edges() {
        let patterns: Vec<String> = (0..20_000).map(|n| format!("x{n}y")).collect();
        for n in [0, 7, 4_096, 19_999] {
            let text = format!(" x{n}y");
            assert_eq!(found(&patterns, &text), [(text.len(), format!("x{n}y"))]);
        }
    }
}
