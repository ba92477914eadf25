//! Content that goes for good: the record says so first, then the files go. A crash between the two is made good at the
//! next start.

use std::path::Path;

use crate::evidence::{Digest, Entry, EvidenceId};
use crate::store::error::Error;
use crate::store::fault::Step;
use crate::store::writer::Writer;

/// Messages of one erasure: a line each, and one append for all.
const AT_ONCE: usize = 500;

impl Writer {
    /// Erases blob and meta of these messages; a blob that another message still needs stays. Returns how many there
    /// were: what is erased already is passed over.
    pub(in crate::store) fn erase(&mut self, ids: &[EvidenceId], reason: &str) -> Result<usize, Error> {
        self.follow()?;
        let mut count = 0;
        for some in ids.chunks(AT_ONCE) {
            let mut entries = Vec::new();
            for (n, id) in some.iter().enumerate() {
                let Some((sha256, meta)) = self.index.contents(*id)? else { continue };
                let going = some.get(..=n).unwrap_or(some);
                let mut contents = vec![meta];
                if !self.index.needed_by_others(sha256, going)? {
                    contents.insert(0, sha256);
                }
                entries.push(Entry::Erased { id: Some(*id), contents, reason: reason.to_owned() });
            }
            count += entries.len();
            self.record_erasure(entries)?;
        }
        Ok(count)
    }

    /// Erases one of the person's own notes.
    pub(in crate::store) fn erase_note(&mut self, sha256: Digest, reason: &str) -> Result<(), Error> {
        self.record_erasure(vec![Entry::Erased {
            id: None,
            contents: vec![sha256],
            reason: reason.to_owned(),
        }])
    }

    fn record_erasure(&mut self, entries: Vec<Entry>) -> Result<(), Error> {
        if entries.is_empty() {
            return Ok(());
        }
        self.append(entries)?;
        // An erasure that no checkpoint covers could be anybody's: covered first, then the files go.
        self.sign_end();
        self.sweep()
    }

    /// Removes the files that the record says are gone.
    pub(super) fn sweep(&mut self) -> Result<(), Error> {
        for (sha256, id) in self.index.to_sweep()? {
            let mut paths = vec![self.layout.note(sha256)];
            // The same octets may have come again since.
            if !self.index.needed_by_others(sha256, &[])? {
                paths.push(self.layout.blob(sha256));
            }
            if let Some(id) = id {
                let meta = self.layout.meta(id);
                if std::fs::read(&meta).is_ok_and(|octets| Digest::of(&octets) == sha256) {
                    paths.push(meta);
                }
            }
            paths.iter().try_for_each(|path| self.remove(path))?;
            self.index.swept(sha256, id)?;
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> Result<(), Error> {
        if !path.exists() {
            return Ok(());
        }
        self.disk.hit(Step::Remove, path)?;
        std::fs::remove_file(path).map_err(|e| Error::io(Step::Remove, path, e))?;
        path.parent().map_or(Ok(()), |dir| self.disk.sync_dir(dir))
    }
}
