//! Checkpoints and key rolls: what the writer signs, and when.
//!
//! A checkpoint follows what it covers at once, but nobody waits for it: the reply to a commit comes first.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::evidence::{Checkpoint, Digest, Entry, Note, Tree, is_name, stamped};
use crate::store::Batch;
use crate::store::disk::Disk;
use crate::store::error::Error;
use crate::store::fault::Step;
use crate::store::index::{Index, Rotation};
use crate::store::keys::Keys;
use crate::store::layout::Layout;
use crate::store::writer::Writer;
use crate::verdict::Level;

/// What is signed with, and how far it came.
pub(super) struct Seal {
    origin: String,
    keys: Keys,
    /// Over every line of the chain.
    pub(super) tree: Tree,
    /// The last key roll of the chain.
    rotation: Option<Rotation>,
    /// The day (UTC) since which the key is in force; none before the first record.
    day: Option<Date>,
    /// The size of a checkpoint that is durable.
    covered: Option<u64>,
    /// Something stands in the chain that is to be covered at once.
    pub(super) wanted: bool,
}

impl Seal {
    pub(super) fn open(
        disk: &Disk,
        layout: &Layout,
        index: &Index,
        last: Option<Timestamp>,
    ) -> Result<Self, Error> {
        let path = layout.origin();
        let text = std::fs::read_to_string(&path).map_err(|e| Error::io(Step::Read, &path, e))?;
        let origin = text.strip_suffix('\n').filter(|name| is_name(name));
        let origin = origin.ok_or(Error::Damaged(path))?.to_owned();
        let rotations = index.rotations()?;
        let rotation = rotations.first().copied();
        let since = rotation.map(|rotation| rotation.at).or(index.began()?).or(last);
        let tree = index.tree()?;
        let covered = Some(tree.size()).filter(|size| layout.checkpoint(*size).is_file());
        let keys = Keys::open(disk, layout, &rotations)?;
        Ok(Self { origin, keys, tree, rotation, day: since.map(day), covered, wanted: false })
    }

    /// True where nothing can be signed.
    pub(super) fn is_keyless(&self) -> bool {
        self.keys.current.is_none() && self.keys.next.is_none()
    }
}

impl Writer {
    /// What was to be done at the opening: finishes a roll, rolls where the day changed, covers the end.
    pub(super) fn settle_seal(&mut self) -> Result<(), Error> {
        let settled =
            self.roll_if_due().and_then(|()| if self.seal.tree.size() == 0 { Ok(()) } else { self.sign() });
        self.tolerate(settled)
    }

    /// Finishes a roll that was interrupted. Until it is, nothing may be appended.
    pub(super) fn finish_roll(&mut self) -> Result<(), Error> {
        let (Some(next), Some(rotation)) = (&self.seal.keys.next, self.seal.rotation) else { return Ok(()) };
        let size = rotation.seq.saturating_add(1);
        self.disk.seal(&self.layout.public_key(size), next.public().to_pem().as_bytes())?;
        if !self.layout.checkpoint(size).is_file() || self.seal.keys.current.is_some() {
            if self.seal.tree.size() != size || self.seal.keys.current.is_none() {
                // The old key is gone before it signed: no checkpoint leads to the new one.
                self.seal.keys.next = None;
                return Ok(());
            }
            self.seal.covered = None;
            self.sign()?;
        }
        self.seal.keys.advance(&self.disk, &self.layout)
    }

    /// Takes a new key into force where the day (UTC) is not the one of the key, and finishes what stands half done.
    pub(super) fn roll_if_due(&mut self) -> Result<(), Error> {
        self.finish_roll()?;
        let today = day(self.now().0);
        let Some(since) = self.seal.day else {
            // Before the first record there is nothing that a thief of the key could rewrite.
            return Ok(());
        };
        if since == today || self.seal.keys.current.is_none() {
            return Ok(());
        }
        let next = Keys::make_next(&self.disk, &self.layout)?;
        let entries = vec![Entry::KeyRotated { public_key: next.public().to_base64() }];
        let batch = Batch { entries, ..Batch::default() };
        self.try_commit(&mut [Some(batch.into())]).into_iter().collect::<Result<(), _>>()?;
        self.seal.rotation = self.index.rotations()?.first().copied();
        self.seal.day = Some(today);
        self.seal.keys.next = Some(next);
        self.finish_roll()
    }

    /// True where a roll was recorded and its checkpoint is missing: nothing may be appended.
    pub(super) fn is_rolling(&self) -> bool {
        self.seal.keys.next.is_some()
    }

    /// Signs what is to be covered at once.
    pub(super) fn sign_if_wanted(&mut self) {
        if self.seal.wanted {
            self.sign_end();
        }
    }

    /// Covers the end of the chain, where that can be done.
    pub(super) fn sign_end(&mut self) {
        if self.broken.is_none() && self.seal.tree.size() > 0 {
            let signed = self.sign();
            // What it could not do, the next occasion or the next start does.
            let _ = self.tolerate(signed);
        }
    }

    /// The latest checkpoint; signs where the end is not covered.
    pub(in crate::store) fn checkpoint(&mut self) -> Result<Vec<u8>, Error> {
        if let Some(after) = &self.broken {
            return Err(Error::Broken { after: Box::new(after.clone()) });
        }
        let signed = self.sign();
        if let Err(error) = &signed {
            self.close_after(error);
        }
        signed?;
        let path = self.layout.checkpoint(self.seal.tree.size());
        std::fs::read(&path).map_err(|e| Error::io(Step::Read, &path, e))
    }

    /// Puts a timestamp authority's reply beside the checkpoint that it stamps.
    pub(in crate::store) fn timestamp(&mut self, reply: &[u8]) -> Result<(), Error> {
        let of = stamped(reply).ok_or(Error::NotATimestamp)?;
        let size = self.checkpoint_of(of)?.ok_or(Error::NotATimestamp)?;
        self.disk.seal(&self.layout.timestamp(size, Digest::of(reply)), reply)?;
        self.append(vec![Entry::Witness { kind: "rfc3161".to_owned(), size, sha256: Digest::of(reply) }])
    }

    /// The size of the checkpoint whose note has this digest.
    fn checkpoint_of(&self, note: Digest) -> Result<Option<u64>, Error> {
        let latest = self.layout.latest_checkpoint();
        let dir = self.layout.checkpoint(0);
        let dir = dir.parent().unwrap_or(&latest);
        let names = std::fs::read_dir(dir).map_err(|e| Error::io(Step::Open, dir, e))?;
        for entry in names.filter_map(Result::ok) {
            let octets = std::fs::read(entry.path()).map_err(|e| Error::io(Step::Read, &entry.path(), e))?;
            if Digest::of(&octets) == note {
                return Ok(Note::parse(&octets).ok().map(|note| note.checkpoint.size));
            }
        }
        Ok(None)
    }

    /// The first public key, as PEM.
    pub(in crate::store) fn genesis(&self) -> Result<String, Error> {
        let genesis = self.seal.keys.genesis.ok_or_else(|| Error::Damaged(self.layout.genesis_key()))?;
        Ok(genesis.to_pem())
    }

    /// Notes that lines were appended: what they were decides how soon they are covered.
    pub(super) fn appended<'a>(&mut self, entries: impl IntoIterator<Item = &'a Entry>, at: Timestamp) {
        self.seal.day.get_or_insert(day(at));
        self.seal.wanted |= entries.into_iter().any(|entry| {
            matches!(
                entry,
                Entry::Judged { level: Level::Suspicious | Level::Threat, .. }
                    | Entry::MoveIntent { .. }
                    | Entry::Erased { .. }
                    | Entry::Exported { .. }
                    | Entry::Heartbeat
            )
        });
    }

    fn sign(&mut self) -> Result<(), Error> {
        let size = self.seal.tree.size();
        if self.seal.covered == Some(size) {
            self.seal.wanted = false;
            return self.copy_latest(size);
        }
        let Some(key) = &self.seal.keys.current else {
            return Err(Error::Keyless(self.layout.secret_key()));
        };
        let checkpoint = Checkpoint { origin: self.seal.origin.clone(), size, root: self.seal.tree.root() };
        self.disk.seal(&self.layout.checkpoint(size), checkpoint.sign(key).as_bytes())?;
        self.seal.covered = Some(size);
        self.seal.wanted = false;
        self.copy_latest(size)
    }

    /// The copy under the fixed name: for people, and for whoever carries it elsewhere.
    fn copy_latest(&self, size: u64) -> Result<(), Error> {
        let path = self.layout.checkpoint(size);
        let octets = std::fs::read(&path).map_err(|e| Error::io(Step::Read, &path, e))?;
        let latest = self.layout.latest_checkpoint();
        if std::fs::read(&latest).is_ok_and(|there| there == octets) {
            return Ok(());
        }
        self.disk.replace(&latest, &octets, false)
    }

    /// A full disk, or a key that is not there, keeps nothing from being recorded; a failed fsync closes the store.
    pub(super) fn tolerate(&mut self, result: Result<(), Error>) -> Result<(), Error> {
        match result {
            Err(error) if error.is_broken() => {
                self.close_after(&error);
                Err(error)
            }
            _ => Ok(()),
        }
    }

    fn close_after(&mut self, error: &Error) {
        if error.is_broken() && self.broken.is_none() {
            self.broken = Some(error.clone());
        }
    }
}

fn day(at: Timestamp) -> Date {
    Offset::UTC.to_datetime(at).date()
}
