//! Checkpoints and keys, held against the lines as they go by.

use std::collections::{BTreeMap, HashSet};

use crate::evidence::audit::What;
use crate::evidence::{Digest, Note, PublicKey, Tree};

/// What is found: what, at which record, in which file.
pub(super) type Found = (What, Option<u64>, String);

/// The notes that are still to be met, and the key whose turn it is.
pub(super) struct Seals {
    origin: String,
    tree: Tree,
    key: Option<PublicKey>,
    /// A roll that is recorded, and comes into force with the next line.
    next: Option<(u64, PublicKey)>,
    /// The size at which the key before signed for the next one.
    signed_at: Option<u64>,
    rolled: BTreeMap<u64, PublicKey>,
    notes: BTreeMap<u64, Vec<Expected>>,
    octets: HashSet<Digest>,
    pub(super) covered: u64,
    pub(super) checkpoints: u64,
    pub(super) witnesses: u64,
}

struct Expected {
    note: Note,
    file: String,
    outside: bool,
}

impl Seals {
    pub(super) fn new(origin: &str, genesis: Option<PublicKey>) -> Self {
        Self {
            origin: origin.to_owned(),
            tree: Tree::default(),
            key: genesis,
            next: None,
            signed_at: None,
            rolled: BTreeMap::new(),
            notes: BTreeMap::new(),
            octets: HashSet::new(),
            covered: 0,
            checkpoints: 0,
            witnesses: 0,
        }
    }

    pub(super) fn note(&mut self, file: &str, size: u64, octets: &[u8]) -> Result<(), What> {
        self.octets.insert(Digest::of(octets));
        match Note::parse(octets) {
            Ok(note) if note.checkpoint.size == size => self.expect(note, file, false),
            _ => Err(What::NoNote),
        }
    }

    pub(super) fn witness(&mut self, file: &str, octets: &[u8]) -> Result<(), What> {
        self.expect(Note::within(octets).map_err(|_| What::NoNote)?, file, true)
    }

    fn expect(&mut self, note: Note, file: &str, outside: bool) -> Result<(), What> {
        if note.checkpoint.origin != self.origin {
            return Err(What::Origin);
        }
        let expected = Expected { note, file: file.to_owned(), outside };
        self.notes.entry(expected.note.checkpoint.size).or_default().push(expected);
        Ok(())
    }

    /// True where a note of these octets was taken.
    pub(super) fn has(&self, octets: &[u8]) -> bool {
        self.octets.contains(&Digest::of(octets))
    }

    /// The key that came into force behind a size.
    pub(super) fn rolled_at(&self, size: u64) -> Option<PublicKey> {
        self.rolled.get(&size).copied()
    }

    /// How many keys came after the first.
    pub(super) fn rolls(&self) -> u64 {
        self.rolled.len() as u64
    }

    /// Looks at notes of size 0, before the first line.
    pub(super) fn begin(&mut self) -> Vec<Found> {
        self.meet()
    }

    /// Takes the line at `seq`.
    pub(super) fn follow(&mut self, line: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        // A checkpoint over this line would be larger than the one that the old key signed for the new one.
        if let Some((seq, key)) = self.next.take() {
            if self.signed_at != Some(seq.saturating_add(1)) {
                found.push((What::Roll, Some(seq), String::new()));
            }
            self.key = Some(key);
        }
        self.tree.push(line);
        found.extend(self.meet());
        found
    }

    /// The last line named a new key.
    pub(super) fn rotate(&mut self, seq: u64, key: PublicKey) {
        self.next = Some((seq, key));
        self.rolled.insert(seq.saturating_add(1), key);
    }

    /// Holds the notes of this size against the lines so far.
    fn meet(&mut self) -> Vec<Found> {
        let size = self.tree.size();
        let Some(notes) = self.notes.remove(&size) else { return Vec::new() };
        let root = self.tree.root();
        let mut found = Vec::new();
        for Expected { note, file, outside } in notes {
            let what = if note.checkpoint.root != root {
                What::Root
            } else if !self.key.is_some_and(|key| note.is_signed_by(key)) {
                What::Signature
            } else {
                (self.covered, self.signed_at) = (size, Some(size));
                *(if outside { &mut self.witnesses } else { &mut self.checkpoints }) += 1;
                continue;
            };
            found.push((what, size.checked_sub(1), file));
        }
        found
    }

    /// Notes over more lines than there are. One over none at all says nothing.
    pub(super) fn unmet(&self) -> Vec<Found> {
        let unmet =
            self.notes.range(1..).flat_map(|(size, notes)| notes.iter().map(move |note| (*size, note)));
        unmet.map(|(signed, note)| (What::Missing { signed }, None, note.file.clone())).collect()
    }
}
