//! Many phrases looked for in one pass over the characters of a text (Aho and Corasick, 1975).
//!
//! Own, and not the crate, for three reasons: a step is a character and not an octet, of which Japanese has three; a pattern
//! that begins with an ASCII letter or digit is followed only from the edge of a word, so that the rest of most words
//! costs nothing; and it is built in a sixth of the time, which was half of what the program did before its first message.
//!
//! The states of a hundred thousand characters are larger than the cache next to a processor, and waiting for them was most
//! of the cost. So they lie as they are walked: those that follow one another by one state side by side, sorted, and behind
//! them what follows the first of them.

mod build;
mod classes;

use std::ops::ControlFlow;

pub(super) use build::Builder;
use classes::{Beginnings, Classes, Kind};

/// A state; 0 is the root.
type State = u32;

/// States that follow one, from which on they are looked up in a row: the beginnings of words, where most time is spent.
const MANY: u16 = 8;
/// ASCII classes: they are the first.
const ROW: usize = 128;

/// The patterns do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the phrases are too many to be looked for")]
pub struct TooMany;

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

impl Automaton {
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

#[cfg(test)]
mod tests;
