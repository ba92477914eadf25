//! Patterns to states.

use super::classes::{Beginnings, Classes};
use super::{Automaton, End, Known, MANY, ROW, State, TooMany, bit};

/// States that can be told apart.
const MOST_STATES: usize = 1 << 24;

/// Takes up patterns.
#[derive(Debug, Default)]
pub(in crate::indicator) struct Builder {
    /// One behind the other.
    texts: String,
    /// By pattern: the octet of `texts` at which it ends.
    until: Vec<u32>,
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
    pub(in crate::indicator) fn new() -> Self {
        Self::default()
    }

    /// Takes up a pattern, which must not be empty.
    pub(in crate::indicator) fn add(&mut self, pattern: &str) -> Result<(), TooMany> {
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
    pub(in crate::indicator) fn build(self) -> Result<(Automaton, Vec<u32>), TooMany> {
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
}
