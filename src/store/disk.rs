//! Files that become durable under their name, or not at all (evidence order: content, directory, then the chain).

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{CWD, RenameFlags};

use crate::store::error::Error;
use crate::store::fault::{Fault, Faults, Step};

/// Files held open at once between being written and being synced.
const OPEN_AT_ONCE: usize = 64;

/// The disk, and what tests make of it.
#[derive(Clone, Default)]
pub(super) struct Disk {
    pub(super) faults: Option<Arc<dyn Faults>>,
}

/// Content to be published under `path`, whose parent may be missing and whose grandparent exists.
pub(super) struct Content<'a> {
    pub(super) path: PathBuf,
    pub(super) octets: &'a [u8],
}

impl Disk {
    pub(super) fn fault(&self, step: Step) -> Fault {
        self.faults.as_ref().map_or(Fault::Pass, |faults| faults.at(step))
    }

    pub(super) fn hit(&self, step: Step, path: &Path) -> Result<(), Error> {
        self.fault(step).split().1.map_err(|e| Error::io(step, path, e))
    }

    /// Makes a directory (0700) durable; one that is there is set to 0700. Returns true where it was made.
    pub(super) fn dir(&self, path: &Path) -> Result<bool, Error> {
        self.hit(Step::MakeDir, path)?;
        match DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => {
                if let Some(parent) = path.parent() {
                    self.sync_dir(parent)?;
                }
                Ok(true)
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                close_to_others(path).map_err(|e| Error::io(Step::MakeDir, path, e))?;
                Ok(false)
            }
            Err(e) => Err(Error::io(Step::MakeDir, path, e)),
        }
    }

    pub(super) fn sync_dir(&self, path: &Path) -> Result<(), Error> {
        self.hit(Step::SyncDir, path)?;
        File::open(path).and_then(|dir| dir.sync_all()).map_err(|e| Error::io(Step::SyncDir, path, e))
    }

    /// Publishes all, in any order, with as few waits as there are kinds of step. One result for each, in order.
    /// Content that is there already is compared instead; other octets under its name are [`Error::Damaged`].
    pub(super) fn publish(&self, contents: &[Content<'_>]) -> Vec<Result<(), Error>> {
        let mut results: Vec<Result<(), Error>> = contents.iter().map(|_| Ok(())).collect();
        let mut dirs = BTreeSet::new();
        // The same octets twice in a group of commits are one file.
        let mut first: BTreeMap<&Path, &[u8]> = BTreeMap::new();
        let mut fresh: Vec<Option<&Content<'_>>> = Vec::new();
        for (content, result) in contents.iter().zip(&mut results) {
            let mut new = None;
            let octets = *first.entry(&content.path).or_insert(content.octets);
            let prepared = if octets == content.octets {
                self.prepare(content, &mut dirs)
            } else {
                Err(Error::Damaged(content.path.clone()))
            };
            match prepared {
                Ok(true) => new = Some(content),
                Ok(false) => {}
                Err(e) => *result = Err(e),
            }
            fresh.push(new);
        }
        let mut seen = BTreeSet::new();
        for new in &mut fresh {
            *new = new.filter(|content| seen.insert(content.path.as_path()));
        }
        // All are written before the first is synced: on a filesystem with a journal the first sync then carries the
        // others, which cost next to nothing (measured on ext4: faster than a thread for each).
        let mut written: Vec<Result<(), Error>> = Vec::with_capacity(fresh.len());
        for some in fresh.chunks(OPEN_AT_ONCE) {
            let files: Vec<_> =
                some.iter().map(|new| new.map(|content| (content, self.write(content)))).collect();
            written.extend(files.into_iter().map(|new| match new {
                None => Ok(()),
                Some((content, file)) => file.and_then(|file| self.sync(content, &file)),
            }));
        }
        keep_first(&mut results, written);
        for (new, result) in fresh.iter().zip(&mut results) {
            if let (Some(content), Ok(())) = (new, &*result) {
                *result = self.name(content);
            }
        }
        // Also where a file was there already: whoever named it may have been stopped before this.
        if let Some(error) = dirs.iter().find_map(|dir| self.sync_dir(dir).err()) {
            results.iter_mut().filter(|r| r.is_ok()).for_each(|r| *r = Err(error.clone()));
        }
        results
    }

    /// Puts a checkpoint or a key under its name, durably; what stands there already may only be the same.
    pub(super) fn seal(&self, path: &Path, octets: &[u8]) -> Result<(), Error> {
        match same(path, octets) {
            Ok(true) => return self.sync_seal_dir(path),
            Ok(false) => return Err(Error::Damaged(path.to_owned())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(Error::io(Step::Read, path, e)),
        }
        self.write_seal(path, octets, true)?;
        self.name_seal(&temporary(path), path)
    }

    /// Puts a file in another's place, in one act. Where it is a copy of what is durable, nobody waits for the disk: lost
    /// with the power, it is made again.
    pub(super) fn replace(&self, path: &Path, octets: &[u8], durable: bool) -> Result<(), Error> {
        self.write_seal(path, octets, durable)?;
        if durable {
            return self.name_seal(&temporary(path), path);
        }
        self.hit(Step::NameSeal, path)?;
        std::fs::rename(temporary(path), path).map_err(|e| Error::io(Step::NameSeal, path, e))
    }

    /// Gives a file that is durable another name, over what stands there.
    pub(super) fn name_seal(&self, from: &Path, to: &Path) -> Result<(), Error> {
        self.hit(Step::NameSeal, to)?;
        std::fs::rename(from, to).map_err(|e| Error::io(Step::NameSeal, to, e))?;
        self.sync_seal_dir(to)
    }

    /// Writes zeros over a key that is to be forgotten. What the medium keeps of it below is not ours to say.
    pub(super) fn forget(&self, path: &Path) -> Result<(), Error> {
        let write = || {
            let mut file = OpenOptions::new().write(true).open(path)?;
            let length = usize::try_from(file.metadata()?.len()).unwrap_or(0);
            let (octets, error) = self.fault(Step::WriteSeal).split();
            file.write_all(&vec![0; length.min(octets)])?;
            error.map(|()| file)
        };
        let file = write().map_err(|e| Error::io(Step::WriteSeal, path, e))?;
        self.hit(Step::SyncSeal, path)?;
        file.sync_all().map_err(|e| Error::io(Step::SyncSeal, path, e))
    }

    fn write_seal(&self, path: &Path, octets: &[u8], durable: bool) -> Result<(), Error> {
        let path = temporary(path);
        let file = create(&path, true).and_then(|mut file| {
            let (part, error) = self.fault(Step::WriteSeal).split();
            file.write_all(octets.get(..part).unwrap_or(octets))?;
            error.map(|()| file)
        });
        let file = file.map_err(|e| {
            let _ = std::fs::remove_file(&path);
            Error::io(Step::WriteSeal, &path, e)
        })?;
        if !durable {
            return Ok(());
        }
        self.hit(Step::SyncSeal, &path)?;
        file.sync_all().map_err(|e| Error::io(Step::SyncSeal, &path, e))
    }

    fn sync_seal_dir(&self, path: &Path) -> Result<(), Error> {
        let Some(dir) = path.parent() else { return Ok(()) };
        self.hit(Step::SyncSealDir, dir)?;
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(|e| Error::io(Step::SyncSealDir, dir, e))
    }

    /// True where the file is to be written. Notes which directories have to be synced.
    fn prepare(&self, content: &Content<'_>, dirs: &mut BTreeSet<PathBuf>) -> Result<bool, Error> {
        let Some(dir) = content.path.parent() else { return Ok(true) };
        match same(&content.path, content.octets) {
            Ok(true) => {
                dirs.insert(dir.to_owned());
                return Ok(false);
            }
            Ok(false) => return Err(Error::Damaged(content.path.clone())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(Error::io(Step::Read, &content.path, e)),
        }
        if !dir.is_dir() {
            self.hit(Step::MakeDir, dir)?;
            match DirBuilder::new().mode(0o700).create(dir) {
                Err(e) if e.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(Error::io(Step::MakeDir, dir, e));
                }
                _ => {}
            }
            dirs.extend(dir.parent().map(Path::to_owned));
        }
        dirs.insert(dir.to_owned());
        Ok(true)
    }

    /// Writes under a temporary name beside the final one: a rename across directories is what Landlock refuses first.
    /// The name is fixed, so that what a crash left is overwritten and not piled up.
    fn write(&self, content: &Content<'_>) -> Result<File, Error> {
        let path = temporary(&content.path);
        let file = create(&path, true).and_then(|mut file| {
            let (octets, error) = self.fault(Step::Write).split();
            file.write_all(content.octets.get(..octets).unwrap_or(content.octets))?;
            error.map(|()| file)
        });
        file.map_err(|e| {
            // Frees the space at once; where it cannot, the next attempt overwrites it.
            let _ = std::fs::remove_file(&path);
            Error::io(Step::Write, &path, e)
        })
    }

    fn sync(&self, content: &Content<'_>, file: &File) -> Result<(), Error> {
        let path = temporary(&content.path);
        self.hit(Step::Sync, &path)?;
        file.sync_all().map_err(|e| Error::io(Step::Sync, &path, e))
    }

    fn name(&self, content: &Content<'_>) -> Result<(), Error> {
        self.hit(Step::Publish, &content.path)?;
        let from = temporary(&content.path);
        rustix::fs::renameat_with(CWD, &from, CWD, &content.path, RenameFlags::NOREPLACE)
            .map_err(io::Error::from)
            .or_else(|e| match e.kind() {
                // Filesystems without RENAME_NOREPLACE have hard links, which do not overwrite either.
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported => {
                    std::fs::hard_link(&from, &content.path).and_then(|()| std::fs::remove_file(&from))
                }
                _ => Err(e),
            })
            .map_err(|e| Error::io(Step::Publish, &content.path, e))
    }
}

/// A file that only its owner can read. `O_APPEND` where it is not to be truncated.
pub(super) fn create(path: &Path, truncate: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).mode(0o600);
    if truncate {
        options.write(true).truncate(true);
    } else {
        options.append(true).read(true);
    }
    options.open(path)
}

/// Takes group's and others' rights away.
pub(super) fn close_to_others(path: &Path) -> io::Result<()> {
    let mode = path.metadata()?.permissions().mode();
    if mode & 0o077 != 0 {
        std::fs::set_permissions(path, Permissions::from_mode(mode & 0o700))?;
    }
    Ok(())
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    name.into()
}

/// True where the file has exactly these octets.
fn same(path: &Path, octets: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() != octets.len() as u64 {
        return Ok(false);
    }
    let mut found = Vec::with_capacity(octets.len());
    file.read_to_end(&mut found)?;
    Ok(found == octets)
}

fn keep_first(results: &mut [Result<(), Error>], more: Vec<Result<(), Error>>) {
    for (result, new) in results.iter_mut().zip(more) {
        if result.is_ok() {
            *result = new;
        }
    }
}
