//! The bundle for a desk: a case as a BagIt directory (RFC 8493) and the same as one .zip, each whole under its name or
//! not there at all.

mod bag;
mod chain;
mod contents;
mod zip;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::case::{Case, Variant};
use crate::document::{Document, Language};
use crate::evidence::{CaseId, Digest};
use crate::store::error::Error;
use crate::store::read::Reading;

/// A bundle of the small variant is no larger than this, zipped; octets.
pub const LITE: u64 = 4_500_000;

/// What the small bundle leaves free for the reports and the README at first; octets.
const RESERVE: u64 = 500_000;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Of which case.
    pub case: CaseId,
    /// How much.
    pub variant: Variant,
    /// In which languages the report is written.
    pub languages: Vec<Language>,
    /// In which local time is told.
    pub zone: TimeZone,
    /// When it is made.
    pub made: Timestamp,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The directory.
    pub dir: PathBuf,
    /// The same in one file.
    pub zip: PathBuf,
    /// The latter's size in octets.
    pub zip_size: u64,
    /// SHA-256 of `tagmanifest-sha256.txt`, which binds every file.
    pub sha256: Digest,
    /// Originals that are not in it.
    pub absent: usize,
}

/// Why there is no bundle.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// No case of that number.
    #[error("there is no case {0}")]
    NoCase(CaseId),
    /// Nothing is overwritten.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] Error),
    /// The bundle cannot be written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The report cannot be made.
    #[error("the report cannot be made: {0}")]
    Report(String),
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> BundleError + '_ {
    |source| BundleError::Io { path: path.to_owned(), source }
}

/// Writes `<case>-<variant>/` and `<case>-<variant>.zip` into a directory, which is made where it is missing. Durable
/// when this returns. `progress` is told how many of how many messages are done.
pub fn write(
    reading: &Reading,
    wanted: &Wanted,
    into: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Written, BundleError> {
    let case = reading.case(wanted.case).ok_or(BundleError::NoCase(wanted.case))?;
    let name = format!("{}-{}", case.id, wanted.variant.word());
    bag::make_dir(into)?;
    let (dir, zip) = (into.join(&name), into.join(format!("{name}.zip")));
    for path in [&dir, &zip] {
        if path.symlink_metadata().is_ok() {
            return Err(BundleError::Exists(path.clone()));
        }
    }
    let (items, absent) = items(reading, &case, wanted, progress)?;
    let draft = into.join(format!(".{name}.tmp"));
    let info = bag::Info { case: &case, variant: wanted.variant, made: wanted.made };
    let sha256 = bag::write(&draft, &items, &info)?;
    let packed = zip::write(&draft, &name, &into.join(format!(".{name}.zip.tmp")), wanted.made)?;
    bag::publish(&draft, &dir)?;
    bag::publish(&packed, &zip)?;
    let zip_size = zip.metadata().map_err(at(&zip))?.len();
    Ok(Written { dir, zip, zip_size, sha256, absent })
}

/// Every file, reports included. How large these are shows only when they are drawn, and what is left out stands in
/// them: where they took more than was left for them, all is done once more.
fn items(
    reading: &Reading,
    case: &Case,
    wanted: &Wanted,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(Vec<bag::Item>, usize), BundleError> {
    let mut reserve = RESERVE;
    loop {
        let contents::Gathered { mut items, documents, absent } =
            contents::gather(reading, case, wanted, reserve, progress)?;
        let drawn: Vec<bag::Item> = documents.iter().map(contents::drawn).collect::<Result<_, _>>()?;
        let size = drawn.iter().map(contents::packed).sum::<u64>();
        if wanted.variant == Variant::Full || size <= reserve || reserve > RESERVE {
            items.extend(drawn);
            return Ok((items, absent));
        }
        // What is said of a few more messages that are left out is not much.
        reserve = size + size / 8;
    }
}

/// The reports of a bundle as values, without writing anything.
pub fn documents(reading: &Reading, wanted: &Wanted) -> Result<Vec<Document>, BundleError> {
    let case = reading.case(wanted.case).ok_or(BundleError::NoCase(wanted.case))?;
    Ok(contents::gather(reading, &case, wanted, RESERVE, &mut |_, _| {})?.documents)
}
