//! BagIt 1.0 (RFC 8493): payload under `data/`, tag files beside it, a manifest of digests for each.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::fs::{CWD, RenameFlags};
use sha2::{Digest as _, Sha256};

use super::{BundleError, at};
use crate::case::{Case, Variant};
use crate::document::Language;
use crate::evidence::Digest;

/// What goes into a bundle, by its path below `data/`.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) path: String,
    pub(super) content: Content,
    /// May be run: nothing but the program that checks the bundle.
    pub(super) program: bool,
}

#[derive(Debug)]
pub(super) enum Content {
    Octets(Vec<u8>),
    /// A file of the store, copied as it is.
    File(PathBuf),
}

impl Item {
    pub(super) fn new(path: impl Into<String>, octets: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), content: Content::Octets(octets.into()), program: false }
    }

    pub(super) fn file(path: impl Into<String>, from: PathBuf) -> Self {
        Self { path: path.into(), content: Content::File(from), program: false }
    }
}

/// What the tag files say.
pub(super) struct Info<'a> {
    pub(super) case: &'a Case,
    pub(super) variant: Variant,
    pub(super) made: Timestamp,
}

/// Makes a directory and those above it, closed to others; one that is there stays as it is.
pub(super) fn make_dir(path: &Path) -> Result<(), BundleError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(at(path))
}

/// Writes a bag under a temporary name and makes it durable. What a crash left under that name goes first. Returns the
/// digest of `tagmanifest-sha256.txt`.
pub(super) fn write(dir: &Path, items: &[Item], info: &Info<'_>) -> Result<Digest, BundleError> {
    if dir.symlink_metadata().is_ok() {
        fs::remove_dir_all(dir).map_err(at(dir))?;
    }
    make_dir(dir)?;
    let mut payload = BTreeMap::new();
    let mut octets = 0_u64;
    for item in items {
        let path = format!("data/{}", item.path);
        let (digest, size) = put(&dir.join(&path), &item.content, item.program)?;
        octets += size;
        payload.insert(path, digest);
    }
    let mut tags = BTreeMap::new();
    let texts = [
        ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned()),
        ("bag-info.txt", about(info, octets, payload.len())),
        ("manifest-sha256.txt", manifest(&payload)),
    ];
    for (name, text) in texts {
        let (digest, _) = put(&dir.join(name), &Content::Octets(text.into_bytes()), false)?;
        tags.insert(name.to_owned(), digest);
    }
    let text = manifest(&tags);
    let (digest, _) = put(&dir.join("tagmanifest-sha256.txt"), &Content::Octets(text.into_bytes()), false)?;
    // One wait for a thousand files and their directories (syncfs(2); it tells of write errors since Linux 5.8).
    let synced = File::open(dir).and_then(|open| rustix::fs::syncfs(&open).map_err(io::Error::from));
    synced.map_err(at(dir))?;
    Ok(digest)
}

/// `<digest>  <path>`, the form that `sha256sum -c` reads. No path has a line feed or a `%` in it.
fn manifest(digests: &BTreeMap<String, Digest>) -> String {
    let mut text = String::new();
    for (path, digest) in digests {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{digest}  {path}");
    }
    text
}

/// `bag-info.txt` (RFC 8493 §2.2.2). A value that came from outside is bounded and has no line end.
fn about(info: &Info<'_>, octets: u64, files: usize) -> String {
    let Info { case, variant, made } = info;
    format!(
        "Bag-Software-Agent: komainu {version}\nBagging-Date: {date}\nExternal-Description: {what}\n\
         External-Identifier: {id}\nInternal-Sender-Identifier: {id}-{variant}\nPayload-Oxum: {octets}.{files}\n",
        version = env!("CARGO_PKG_VERSION"),
        date = made.strftime("%Y-%m-%d"),
        what = case.title(Language::Ja),
        id = case.id,
        variant = variant.word(),
    )
}

/// Writes one file; its digest and size.
fn put(path: &Path, content: &Content, program: bool) -> Result<(Digest, u64), BundleError> {
    if let Some(parent) = path.parent() {
        make_dir(parent)?;
    }
    let mode = if program { 0o700 } else { 0o600 };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path).map_err(at(path))?;
    let mut hash = Sha256::new();
    let mut size = 0;
    match content {
        Content::Octets(octets) => {
            hash.update(octets);
            size += octets.len() as u64;
            file.write_all(octets).map_err(at(path))?;
        }
        Content::File(from) => {
            let mut from_file = File::open(from).map_err(at(from))?;
            let mut buffer = vec![0; 1 << 16];
            loop {
                let long = from_file.read(&mut buffer).map_err(at(from))?;
                let some = buffer.get(..long).unwrap_or_default();
                if some.is_empty() {
                    break;
                }
                hash.update(some);
                size += some.len() as u64;
                file.write_all(some).map_err(at(path))?;
            }
        }
    }
    Ok((Digest(hash.finalize().into()), size))
}

/// Gives a finished draft its name, overwriting nothing.
pub(super) fn publish(draft: &Path, path: &Path) -> Result<(), BundleError> {
    rustix::fs::renameat_with(CWD, draft, CWD, path, RenameFlags::NOREPLACE)
        .map_err(io::Error::from)
        .or_else(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Err(BundleError::Exists(path.to_owned())),
            // A stick with FAT knows no RENAME_NOREPLACE.
            io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported if !path.exists() => {
                fs::rename(draft, path).map_err(at(path))
            }
            _ => Err(BundleError::Io { path: path.to_owned(), source: error }),
        })?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent).and_then(|dir| dir.sync_all()).map_err(at(parent))
}
