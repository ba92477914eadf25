//! The one writer: a thread that owns the files, and commits for all connections in groups.

mod commit;
mod erase;
mod replay;
mod seal;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::evidence::{Clock, Digest, Entry, Head, Record, SenderNote};
use crate::store::disk::{Content, Disk};
use crate::store::error::Error;
use crate::store::fault::Step;
use crate::store::index::{self, Index};
use crate::store::layout::{Layout, Lock};
use crate::store::read::some;
use crate::store::segments::Segments;
use crate::store::writer::commit::Pending;
use crate::store::writer::seal::Seal;
use crate::store::{Batch, Kept, Opened, Taught, kept};

/// What one group may hold: its content stands in memory until it is on disk.
const GROUP_COMMITS: usize = 256;
const GROUP_OCTETS: usize = 16 << 20;
/// So many groups may be committed before what they hold is covered by a checkpoint.
const GROUPS_UNSIGNED: usize = 4;

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
    /// The chain has records that the index could not take for want of space.
    behind: bool,
    /// What the clocks said at the last record.
    last: Option<(Timestamp, Option<Clock>)>,
    seal: Seal,
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
        let rebuilt = !found && segments.head() != Head::GENESIS;
        let mut opened = Opened { rebuilt, ..Opened::default() };
        replay::catch_up(&index, &segments, &mut opened).inspect_err(|e| discard_corrupt(&layout, e))?;
        let last = std::str::from_utf8(segments.last()).ok().and_then(|line| Record::from_line(line).ok());
        let last = last.map(|record| (record.at, record.clock));
        let seal = Seal::open(&disk, &layout, &index, last.map(|(at, _)| at))?;
        let mut writer = Self {
            layout,
            disk,
            lock,
            opened,
            segments,
            index,
            broken: None,
            behind: false,
            contexts: BTreeSet::new(),
            last,
            seal,
        };
        let finished = writer.finish_roll();
        writer.tolerate(finished)?;
        writer.mend()?;
        writer.settle_seal()?;
        writer.sweep()?;
        writer.opened.keyless = writer.seal.is_keyless();
        writer.opened.records = writer.segments.head().seq;
        Ok(writer)
    }

    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The store in numbers.
    pub(super) fn kept(&mut self) -> Result<Kept, Error> {
        let free = kept::free(self.layout.dir())?;
        let (records, last_at) = (self.head().seq, self.last.map(|(at, _)| at));
        Ok(Kept { records, last_at, free, ..self.index()?.kept()? })
    }

    pub(super) fn opened(&self) -> &Opened {
        &self.opened
    }

    /// What was learned in an account and stands, with the notes that are there.
    pub(super) fn lessons(&mut self, account: &str) -> Result<Vec<Taught>, Error> {
        let standing = self.index()?.lessons(account)?;
        let mut taught = Vec::new();
        for (id, lesson, sha256) in standing {
            let octets = some(&self.layout.note(sha256))?.filter(|octets| Digest::of(octets) == sha256);
            let sender = octets.and_then(|octets| SenderNote::from_octets(&octets).ok());
            taught.push(Taught { id, lesson, sha256, sender });
        }
        Ok(taught)
    }

    /// A message's octets; none where they were erased, or are not what the name says.
    pub(super) fn blob(&self, sha256: Digest) -> Result<Option<Vec<u8>>, Error> {
        Ok(some(&self.layout.blob(sha256))?.filter(|octets| Digest::of(octets) == sha256))
    }

    /// The index, up to date.
    pub(super) fn index(&mut self) -> Result<&Index, Error> {
        self.follow()?;
        Ok(&self.index)
    }

    /// Brings the index up to a chain that it could not follow for want of space.
    fn follow(&mut self) -> Result<(), Error> {
        if self.behind {
            replay::catch_up(&self.index, &self.segments, &mut self.opened)?;
            self.behind = false;
        }
        Ok(())
    }

    pub(super) fn head(&self) -> Head {
        self.segments.head()
    }

    /// Opens everything again, under the same lock.
    pub(super) fn reopen(&mut self) -> Result<Opened, Error> {
        // Until all is well again; what was wrong before is the better answer.
        self.broken.get_or_insert(Error::Reopening);
        let again = Self::open(self.layout.dir(), self.disk.clone(), self.lock.clone())?;
        *self = again;
        Ok(self.opened.clone())
    }

    /// Takes commands until the last handle is gone.
    pub(super) fn run(mut self, commands: &Receiver<Command>) {
        let mut unsigned = 0;
        loop {
            let waiting =
                if unsigned < GROUPS_UNSIGNED { commands.try_recv() } else { Err(TryRecvError::Empty) };
            let first = if let Ok(command) = waiting {
                command
            } else {
                self.sign_if_wanted();
                unsigned = 0;
                let Ok(command) = commands.recv() else { break };
                command
            };
            unsigned += 1;
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
        self.sign_end();
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
                self.append(entries)?;
                self.opened.recovered_tail = Some(sha256);
            }
        }
        Ok(())
    }

    /// What the clocks say: the one that anybody can set, and the one that nobody can.
    pub(super) fn now(&self) -> (Timestamp, Option<Clock>) {
        let set = self.disk.faults.as_ref().and_then(|faults| faults.clocks());
        set.unwrap_or_else(|| (Timestamp::now(), Self::clock()))
    }

    fn clock() -> Option<Clock> {
        let boot = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let boottime_ms =
            u64::try_from(boot.tv_sec).ok()? * 1000 + u64::try_from(boot.tv_nsec).ok()? / 1_000_000;
        Some(Clock { boot_id: boot_id(), boottime_ms })
    }
}

/// An index that SQLite calls corrupt does not get better: the next start makes it again.
fn discard_corrupt(layout: &Layout, error: &Error) {
    if error.is_corrupt_index() {
        let _ = index::discard(&layout.index());
    }
}

/// The kernel's id of this boot. Where a sandbox hides it, one for this run: the clocks can still be compared within it.
fn boot_id() -> Uuid {
    static BOOT: OnceLock<Uuid> = OnceLock::new();
    *BOOT.get_or_init(|| {
        let read = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
        read.ok().and_then(|id| id.trim().parse().ok()).unwrap_or_else(Uuid::now_v7)
    })
}
