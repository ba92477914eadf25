//! A bag in one file. The same bag gives the same octets: files in the order of their paths, all of one time.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{BundleError, at};

/// A larger file is packed in haste: years of a chain took half of a report's time otherwise.
const LARGE: u64 = 4 << 20;

/// Packs the directory `bag` as `<name>/…` into a file under a temporary name, durable.
pub(super) fn write(bag: &Path, name: &str, draft: &Path, made: Timestamp) -> Result<PathBuf, BundleError> {
    let failed = |source: io::Error| BundleError::Io { path: draft.to_owned(), source };
    let mut paths = Vec::new();
    files(bag, &mut paths)?;
    paths.sort();
    let file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(draft).map_err(failed)?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    for path in paths {
        let Some(inner) = path.strip_prefix(bag).ok().and_then(Path::to_str) else { continue };
        let metadata = path.metadata().map_err(at(&path))?;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level((metadata.len() > LARGE).then_some(1))
            .last_modified_time(moment(made))
            .unix_permissions(metadata.permissions().mode() & 0o700)
            .large_file(metadata.len() >= u64::from(u32::MAX));
        zip.start_file(format!("{name}/{inner}"), options).map_err(|e| failed(e.into()))?;
        let mut from = File::open(&path).map_err(at(&path))?;
        io::copy(&mut from, &mut zip).map_err(failed)?;
    }
    let mut writer = zip.finish().map_err(|e| failed(e.into()))?;
    writer.flush().map_err(failed)?;
    writer.get_ref().sync_all().map_err(failed)?;
    Ok(draft.to_owned())
}

/// UTC, in the two seconds' steps that the format has.
fn moment(made: Timestamp) -> DateTime {
    let at = TimeZone::UTC.to_datetime(made);
    let part = |n: i8| u8::try_from(n).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    DateTime::from_date_and_time(
        year,
        part(at.month()),
        part(at.day()),
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
    )
    .unwrap_or_default()
}

fn files(dir: &Path, found: &mut Vec<PathBuf>) -> Result<(), BundleError> {
    for entry in fs::read_dir(dir).map_err(at(dir))? {
        let path = entry.map_err(at(dir))?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
