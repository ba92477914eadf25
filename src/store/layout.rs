//! Where everything stands below the state directory (`docs/record.md`).

use std::fs::{DirBuilder, File, TryLockError};
use std::io::Read as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::evidence::{Digest, EvidenceId};
use crate::store::disk::{Content, Disk, create};
use crate::store::error::Error;
use crate::store::fault::Step;

/// The paths of a store. Makes no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    dir: PathBuf,
}

impl Layout {
    /// Of the store in a state directory.
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// The state directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The evidence itself.
    pub fn evidence(&self) -> PathBuf {
        self.dir.join("evidence")
    }

    /// The chain's segments.
    pub fn chain(&self) -> PathBuf {
        self.evidence().join("chain")
    }

    /// Torn tails that were put aside.
    pub fn quarantine_tail(&self) -> PathBuf {
        self.evidence().join("quarantine-tail")
    }

    /// Octets of a message.
    pub fn blob(&self, sha256: Digest) -> PathBuf {
        let name = sha256.to_string();
        let shard: String = name.chars().take(2).collect();
        self.evidence().join("blobs").join(shard).join(format!("{name}.eml"))
    }

    /// What was read out of a message. By the id's last two digits: a UUIDv7's first ones are the clock's, the same
    /// for years.
    pub fn meta(&self, id: EvidenceId) -> PathBuf {
        let name = id.0.to_string();
        let shard: String = name.chars().skip(34).collect();
        self.evidence().join("meta").join(shard).join(format!("{name}.json"))
    }

    /// What a verdict depended on.
    pub fn context(&self, sha256: Digest) -> PathBuf {
        self.evidence().join("context").join(format!("{sha256}.json"))
    }

    /// The person's own words: what a case is called, and what they did or saw.
    pub fn note(&self, sha256: Digest) -> PathBuf {
        self.evidence().join("notes").join(format!("{sha256}.json"))
    }

    /// The log's name.
    pub fn origin(&self) -> PathBuf {
        self.evidence().join("origin")
    }

    /// The signed checkpoint that covers `size` records.
    pub fn checkpoint(&self, size: u64) -> PathBuf {
        self.evidence().join("checkpoints").join(format!("{size:010}.note"))
    }

    /// A copy of the latest checkpoint.
    pub fn latest_checkpoint(&self) -> PathBuf {
        self.evidence().join("checkpoint")
    }

    /// The public key that the first checkpoints are signed with, and from which the later ones follow.
    pub fn genesis_key(&self) -> PathBuf {
        self.evidence().join("keys").join("genesis.pub.pem")
    }

    /// The public key of checkpoints that cover more than `size` records.
    pub fn public_key(&self, size: u64) -> PathBuf {
        self.evidence().join("keys").join(format!("{size:010}.pub.pem"))
    }

    /// A timestamp authority's reply on a checkpoint. There may be several: one of them may be worthless, and only
    /// `openssl ts` can tell.
    pub fn timestamp(&self, size: u64, reply: Digest) -> PathBuf {
        let name: String = reply.to_string().chars().take(8).collect();
        self.checkpoint(size).with_extension(format!("{name}.tsr"))
    }

    /// The private key in force. Outside the evidence, so that a copy of this is not a copy of the key.
    pub fn secret_key(&self) -> PathBuf {
        self.dir.join("key").join("current.pem")
    }

    /// The private key that is about to take its place.
    pub fn next_secret_key(&self) -> PathBuf {
        self.dir.join("key").join("next.pem")
    }

    /// The index.
    pub fn index(&self) -> PathBuf {
        self.dir.join("state.sqlite")
    }

    /// Makes what is missing, durable, and closes what is there to others.
    pub(super) fn make(&self, disk: &Disk) -> Result<(), Error> {
        disk.dir(&self.dir)?;
        disk.dir(&self.dir.join("key"))?;
        disk.dir(&self.evidence())?;
        for name in ["chain", "blobs", "meta", "context", "notes", "quarantine-tail", "checkpoints", "keys"] {
            disk.dir(&self.evidence().join(name))?;
        }
        origin(disk, self.origin())
    }
}

/// The log's identity, for its checkpoints: made once, from 128 random bits.
fn origin(disk: &Disk, path: PathBuf) -> Result<(), Error> {
    if path.exists() {
        return Ok(());
    }
    let octets = format!("komainu.invalid/{}\n", hex::encode(random::<16>()?)).into_bytes();
    disk.publish(&[Content { path, octets: &octets }]).into_iter().collect()
}

/// Octets nobody can guess.
pub(super) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut random = [0; N];
    let source = Path::new("/dev/urandom");
    File::open(source)
        .and_then(|mut file| file.read_exact(&mut random))
        .map_err(|e| Error::io(Step::Read, source, e))?;
    Ok(random)
}

/// The store's lock. Closing the file would not do: a process that is being started at this moment has a copy of it
/// until its exec, and with it the lock.
pub(super) struct Lock(File);

impl Lock {
    /// Makes the state directory where it is missing, and takes the lock.
    pub(super) fn take(dir: &Path) -> Result<Arc<Self>, Error> {
        if !dir.exists() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(dir)
                .map_err(|e| Error::io(Step::MakeDir, dir, e))?;
            // The name of the state directory has to last as well.
            if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                Disk::default().sync_dir(parent)?;
            }
        }
        let path = dir.join("lock");
        let file = create(&path, false).map_err(|e| Error::io(Step::Open, &path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(Arc::new(Self(file))),
            Err(TryLockError::WouldBlock) => Err(Error::Locked(dir.to_owned())),
            Err(TryLockError::Error(e)) => Err(Error::io(Step::Open, &path, e)),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}
