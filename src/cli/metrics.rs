//! The file that Prometheus' node exporter reads (`--collector.textfile.directory`): the service's state, every while.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tracing::warn;

use crate::control::{self, Live, Status};
use crate::store::Store;

/// As often as such files are read.
const EVERY: Duration = Duration::from_secs(15);

/// Writes it until it is dropped. What cannot be written is told once, and tried again.
pub(super) async fn keep(path: PathBuf, live: Live, store: Store) {
    let mut tick = tokio::time::interval(EVERY);
    let mut told = false;
    loop {
        tick.tick().await;
        let record = store.kept().await.ok().map(Into::into);
        let text = control::metrics(&Status { record, ..(live.status)() });
        match write(&path, text.as_bytes()) {
            Ok(()) => told = false,
            Err(error) if !told => {
                warn!(%error, path = %path.display(), "the metrics file cannot be written");
                told = true;
            }
            Err(_) => {}
        }
    }
}

/// In its place at once, for others to read: it holds counts and account names.
fn write(path: &Path, octets: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    let mut file: File = OpenOptions::new().write(true).create(true).truncate(true).mode(0o644).open(&new)?;
    file.write_all(octets)?;
    // The umask of a service leaves nothing to others.
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    std::fs::rename(&new, path)
}
