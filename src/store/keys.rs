//! The keys on disk: the public ones in the evidence, the private one beside it, and the roll from one to the next.
//!
//! A roll, in the order in which it becomes durable: (1) `key/next.pem`; (2) the key-rotated record; (3) the checkpoint
//! that covers it, signed with the old key; (4) zeros over the old key, and the next one in its place. Nothing is
//! appended between 2 and 3. [`Keys::open`] tells from what is there how far it came.

use std::io;
use std::path::Path;

use crate::evidence::{PublicKey, SecretKey};
use crate::store::disk::Disk;
use crate::store::error::Error;
use crate::store::fault::Step;
use crate::store::index::Rotation;
use crate::store::layout::{Layout, random};

/// What signs.
pub(super) struct Keys {
    /// What the trust begins with; none where the file is damaged or gone.
    pub(super) genesis: Option<PublicKey>,
    /// Signs now; none where the file is not the key that the record names.
    pub(super) current: Option<SecretKey>,
    /// A roll stands between its steps 2 and 4.
    pub(super) next: Option<SecretKey>,
}

impl Keys {
    /// Reads the keys; makes the first one where there never was one. `rotations` are the last two of the chain.
    pub(super) fn open(disk: &Disk, layout: &Layout, rotations: &[Rotation]) -> Result<Self, Error> {
        let mut current = secret(&layout.secret_key())?;
        let genesis_path = layout.genesis_key();
        let mut genesis = read(&genesis_path)?.and_then(|text| PublicKey::from_pem(&text).ok());
        // Where something was signed already, another first key would be another log.
        if !genesis_path.exists() && rotations.is_empty() && !layout.latest_checkpoint().exists() {
            let first = match current.take() {
                Some(key) => key,
                None => make(disk, &layout.secret_key())?,
            };
            disk.seal(&genesis_path, first.public().to_pem().as_bytes())?;
            genesis = Some(first.public());
            current = Some(first);
        }
        let next = secret(&layout.next_secret_key())?;
        let mut rotated = rotations.iter().map(|rotation| rotation.key);
        let Some(named) = rotated.next() else {
            disk.drop_key(&layout.next_secret_key())?;
            return Ok(Self {
                genesis,
                current: current.filter(|key| Some(key.public()) == genesis),
                next: None,
            });
        };
        let before = rotated.next().unwrap_or(genesis);
        if named.is_some() && next.as_ref().map(SecretKey::public) == named {
            return Ok(Self { genesis, current: current.filter(|key| Some(key.public()) == before), next });
        }
        // Step 1 of a roll that was not recorded.
        disk.drop_key(&layout.next_secret_key())?;
        Ok(Self { genesis, current: current.filter(|key| Some(key.public()) == named), next: None })
    }

    /// Step 1.
    pub(super) fn make_next(disk: &Disk, layout: &Layout) -> Result<SecretKey, Error> {
        make(disk, &layout.next_secret_key())
    }

    /// Step 4.
    pub(super) fn advance(&mut self, disk: &Disk, layout: &Layout) -> Result<(), Error> {
        let path = layout.secret_key();
        if path.exists() {
            disk.forget(&path)?;
        }
        disk.name_seal(&layout.next_secret_key(), &path)?;
        self.current = self.next.take();
        Ok(())
    }
}

impl Disk {
    /// Takes away a key that never came into force.
    fn drop_key(&self, path: &Path) -> Result<(), Error> {
        if !path.exists() {
            return Ok(());
        }
        self.forget(path)?;
        std::fs::remove_file(path).map_err(|e| Error::io(Step::NameSeal, path, e))
    }
}

fn make(disk: &Disk, path: &Path) -> Result<SecretKey, Error> {
    let key = SecretKey::new(&random()?);
    disk.replace(path, key.to_pem().as_bytes(), true)?;
    Ok(key)
}

fn secret(path: &Path) -> Result<Option<SecretKey>, Error> {
    Ok(read(path)?.and_then(|text| SecretKey::from_pem(&text).ok()))
}

/// A key's file; none where it is not there, or is no text.
fn read(path: &Path) -> Result<Option<String>, Error> {
    match std::fs::read(path) {
        Ok(octets) => Ok(String::from_utf8(octets).ok()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::io(Step::Read, path, e)),
    }
}
