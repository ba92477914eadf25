//! The one writer: a thread that owns the files, and commits for all connections in groups.

mod commit;
mod erase;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use tokio::sync::oneshot;
use uuid::Uuid;

use crate::evidence::{Clock, Digest, Entry, Head, Record};
use crate::store::disk::{Content, Disk};
use crate::store::error::Error;
use crate::store::fault::Step;
use crate::store::index::{self, Applied, Index};
use crate::store::layout::{Layout, Lock};
use crate::store::segments::Segments;
use crate::store::writer::commit::Pending;
use crate::store::{Batch, Opened};

/// What one group may hold: its content stands in memory until it is on disk.
const GROUP_COMMITS: usize = 256;
const GROUP_OCTETS: usize = 16 << 20;

/// Something to be done between two groups.
pub(super) type Task = Box<dyn FnOnce(&mut Writer) + Send>;

/// What a handle asks of the writer.
pub(super) enum Command {
    Commit(Batch, oneshot::Sender<Result<(), Error>>),
    Run(Task),
}

/// All files of a store, open.
pub(super) struct Writer {
    disk: Disk,
    lock: Arc<Lock>,
    layout: Layout,
    segments: Segments,
    index: Index,
    /// Why nothing more is taken.
    broken: Option<Error>,
    boot_id: Option<Uuid>,
    /// Contexts known to be on disk: there are few, and each verdict names one.
    contexts: BTreeSet<Digest>,
    opened: Opened,
}

impl Writer {
    /// Opens everything below `dir`, verifies the chain, brings the index up to it, mends a torn tail.
    pub(super) fn open(dir: &Path, disk: Disk, lock: Arc<Lock>) -> Result<Self, Error> {
        let layout = Layout::new(dir);
        layout.make(&disk)?;
        let segments = Segments::open(&disk, &layout.chain())?;
        let (index, found) = Index::open(&layout.index())?;
        let boot_id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
        let mut writer = Self {
            layout,
            disk,
            lock,
            opened: Opened { rebuilt: !found && segments.head() != Head::GENESIS, ..Opened::default() },
            segments,
            index,
            broken: None,
            boot_id: boot_id.ok().and_then(|id| id.trim().parse().ok()),
            contexts: BTreeSet::new(),
        };
        writer.catch_up().inspect_err(|e| writer.discard_corrupt(e))?;
        writer.mend()?;
        writer.sweep()?;
        writer.opened.records = writer.segments.head().seq;
        Ok(writer)
    }

    pub(super) fn opened(&self) -> &Opened {
        &self.opened
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    pub(super) fn head(&self) -> Head {
        self.segments.head()
    }

    pub(super) fn last_line(&self) -> Result<Option<Vec<u8>>, Error> {
        self.segments.last_line()
    }

    /// Opens everything again, under the same lock.
    pub(super) fn reopen(&mut self) -> Result<Opened, Error> {
        // Until all is well again; what was wrong before is the better answer.
        self.broken.get_or_insert(Error::Reopening);
        let again = Self::open(self.layout.dir(), self.disk.clone(), self.lock.clone())?;
        // Once the process has locked itself in, /proc cannot be read; the boot is still the same.
        let boot_id = again.boot_id.or(self.boot_id);
        *self = Self { boot_id, ..again };
        Ok(self.opened.clone())
    }

    /// Takes commands until the last handle is gone.
    pub(super) fn run(mut self, commands: &Receiver<Command>) {
        while let Ok(first) = commands.recv() {
            let mut group = Vec::new();
            let mut after: Vec<Task> = Vec::new();
            let mut octets = 0;
            let mut next = Some(first);
            while let Some(command) = next.take() {
                match command {
                    Command::Commit(batch, reply) => {
                        octets += batch.octets();
                        group.push(Pending { batch, reply });
                    }
                    Command::Run(f) => after.push(f),
                }
                if group.len() < GROUP_COMMITS && octets < GROUP_OCTETS {
                    next = commands.try_recv().ok();
                }
            }
            if !group.is_empty() {
                self.commit(group);
            }
            for f in after {
                f(&mut self);
            }
        }
    }

    /// Applies to the index what the chain has more.
    fn catch_up(&mut self) -> Result<(), Error> {
        let applied = self.index.applied()?;
        let head = self.segments.head();
        if applied.head.seq > head.seq {
            return Err(Error::IndexAhead { index: applied.head.seq, chain: head.seq });
        }
        if applied.head.seq == head.seq {
            return if applied.head.prev == head.prev {
                Ok(())
            } else {
                Err(Error::Diverged { seq: head.seq })
            };
        }
        self.index.begin()?;
        let mut unknown = 0;
        let index = &self.index;
        let mut last = applied;
        let replayed = self.segments.replay(applied.next, applied.head, |line, next, head| {
            let seq = head.seq.saturating_sub(1);
            // A line that verifies but cannot be read says nothing to the index; it stays in the chain.
            match Record::from_line(line) {
                Ok(Record { entry: Entry::Unknown { .. }, .. }) | Err(_) => unknown += 1,
                Ok(record) => index.apply(seq, record.at, &record.entry)?,
            }
            last = Applied { head, next };
            Ok(())
        });
        let result = match replayed {
            Err(Error::Chain { .. }) if last.head == applied.head && applied.head != Head::GENESIS => {
                Err(Error::Diverged { seq: applied.head.seq })
            }
            Err(e) => Err(e),
            // Whole segments were only skimmed; now they have been read, and lead elsewhere.
            Ok(()) if last.head != head => Err(Error::Diverged { seq: last.head.seq }),
            Ok(()) => self.index.set_applied(last).and_then(|()| self.index.commit()),
        };
        self.index.rollback();
        self.opened.unknown = unknown;
        result
    }

    /// Puts a torn tail aside, cuts it off, and records each tail that the record does not yet speak of: a crash
    /// between the two loses neither.
    fn mend(&mut self) -> Result<(), Error> {
        let dir = self.layout.quarantine_tail();
        if let Some(tail) = self.segments.torn_tail()? {
            let path = dir.join(format!("{}.bin", Digest::of(&tail)));
            self.disk.publish(&[Content { path, octets: &tail }]).into_iter().collect::<Result<(), _>>()?;
            self.segments.cut_tail()?;
        }
        let mut tails = BTreeSet::new();
        for entry in std::fs::read_dir(&dir).map_err(|e| Error::io(Step::Open, &dir, e))? {
            let name = entry.map_err(|e| Error::io(Step::Open, &dir, e))?.file_name();
            tails.extend(name.to_str().and_then(|n| n.strip_suffix(".bin")?.parse::<Digest>().ok()));
        }
        for sha256 in tails {
            if !self.index.is_recovered(&sha256.to_string())? {
                let what = "torn-tail".to_owned();
                let entries = vec![Entry::Recovery { what, sha256: Some(sha256) }];
                let batch = Batch { entries, ..Batch::default() };
                self.try_commit(&mut [Some(batch.into())]).into_iter().collect::<Result<(), _>>()?;
                self.opened.recovered_tail = Some(sha256);
            }
        }
        Ok(())
    }

    fn clock(&self) -> Option<Clock> {
        let boot = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let boottime_ms =
            u64::try_from(boot.tv_sec).ok()? * 1000 + u64::try_from(boot.tv_nsec).ok()? / 1_000_000;
        Some(Clock { boot_id: self.boot_id?, boottime_ms })
    }

    /// An index that SQLite calls corrupt does not get better: the next start makes it again.
    fn discard_corrupt(&self, error: &Error) {
        if error.is_corrupt_index() {
            let _ = index::discard(&self.layout.index());
        }
    }
}
