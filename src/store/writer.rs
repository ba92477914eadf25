//! The one writer: a thread that owns the files, and commits for all connections in groups.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File, TryLockError};
use std::io::Read as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use jiff::Timestamp;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::evidence::{Clock, Digest, Entry, EvidenceId, Head, LINE_MAX, Record};
use crate::store::disk::{Content, Disk, create};
use crate::store::error::Error;
use crate::store::fault::Step;
use crate::store::index::{self, Applied, Index};
use crate::store::segments::Segments;
use crate::store::{Batch, Opened};

/// What one group may hold: its content stands in memory until it is on disk.
const GROUP_COMMITS: usize = 256;
const GROUP_OCTETS: usize = 64 << 20;

/// Something to be done between two groups.
pub(super) type Task = Box<dyn FnOnce(&mut Writer) + Send>;

/// What a handle asks of the writer.
pub(super) enum Command {
    Commit(Batch, oneshot::Sender<Result<(), Error>>),
    Run(Task),
}

/// All files of a store, open.
pub(super) struct Writer {
    dir: PathBuf,
    disk: Disk,
    lock: Arc<Lock>,
    segments: Segments,
    index: Index,
    broken: bool,
    boot_id: Option<Uuid>,
    /// Contexts known to be on disk: there are few, and each verdict names one.
    contexts: BTreeSet<Digest>,
    opened: Opened,
}

/// The store's lock. Closing the file would not do: a process that is being started at this moment has a copy of it
/// until its exec, and with it the lock.
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// A commit on its way.
struct Pending {
    batch: Batch,
    reply: oneshot::Sender<Result<(), Error>>,
}

/// Takes the lock of a store; held until it is dropped.
pub(super) fn lock(dir: &Path) -> Result<Arc<Lock>, Error> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|e| Error::io(Step::MakeDir, dir, e))?;
    let path = dir.join("lock");
    let file = create(&path, false).map_err(|e| Error::io(Step::Open, &path, e))?;
    match file.try_lock() {
        Ok(()) => Ok(Arc::new(Lock(file))),
        Err(TryLockError::WouldBlock) => Err(Error::Locked(dir.to_owned())),
        Err(TryLockError::Error(e)) => Err(Error::io(Step::Open, &path, e)),
    }
}

impl Writer {
    /// Opens everything below `dir`, verifies the chain, brings the index up to it, mends a torn tail.
    pub(super) fn open(dir: &Path, disk: Disk, lock: Arc<Lock>) -> Result<Self, Error> {
        let evidence = dir.join("evidence");
        disk.dir(dir)?;
        disk.dir(&evidence)?;
        for name in ["chain", "blobs", "meta", "context", "quarantine-tail"] {
            disk.dir(&evidence.join(name))?;
        }
        origin(&disk, &evidence)?;
        let segments = Segments::open(&disk, &evidence.join("chain"))?;
        let (index, found) = Index::open(&dir.join("state.sqlite"))?;
        let boot_id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
        let mut writer = Self {
            dir: dir.to_owned(),
            disk,
            lock,
            opened: Opened { rebuilt: !found && segments.head() != Head::GENESIS, ..Opened::default() },
            segments,
            index,
            broken: false,
            boot_id: boot_id.ok().and_then(|id| id.trim().parse().ok()),
            contexts: BTreeSet::new(),
        };
        writer.catch_up().inspect_err(|e| writer.discard_corrupt(e))?;
        writer.mend()?;
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

    /// Opens everything again, under the same lock.
    pub(super) fn reopen(&mut self) -> Result<Opened, Error> {
        self.broken = true;
        let again = Self::open(&self.dir, self.disk.clone(), self.lock.clone())?;
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
                Ok(record) => index.apply(seq, &record.entry)?,
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
        let dir = self.dir.join("evidence/quarantine-tail");
        if let Some(tail) = self.segments.torn_tail()? {
            let path = dir.join(format!("{}.bin", Digest::of(&tail)));
            self.publish(&[Content { path, octets: &tail }])?;
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
                self.try_commit(&mut [Some(Batch { entries, ..Batch::default() })]).remove(0)?;
                self.opened.recovered_tail = Some(sha256);
            }
        }
        Ok(())
    }

    fn commit(&mut self, group: Vec<Pending>) {
        let (mut batches, replies): (Vec<_>, Vec<_>) =
            group.into_iter().map(|pending| (Some(pending.batch), pending.reply)).unzip();
        let results = self.try_commit(&mut batches);
        for (reply, result) in replies.into_iter().zip(results) {
            // Whoever asked may have gone; what is durable stays durable.
            let _ = reply.send(result);
        }
    }

    /// Commits what can be committed. One result for each batch, in order.
    fn try_commit(&mut self, batches: &mut [Option<Batch>]) -> Vec<Result<(), Error>> {
        let mut results: Vec<Result<(), Error>> = batches.iter().map(|_| Ok(())).collect();
        loop {
            if self.broken {
                fill(batches, &mut results, &Error::Broken);
                return results;
            }
            let round = self.round(batches, &mut results);
            self.index.rollback();
            match round {
                // Each turn takes at least one batch out.
                Ok(true) => {}
                Ok(false) => return results,
                Err(error) => {
                    self.broken |= error.is_broken() || error.is_corrupt_index();
                    self.discard_corrupt(&error);
                    fill(batches, &mut results, &error);
                    return results;
                }
            }
        }
    }

    /// One attempt for all batches that are left. True where one fell out because of its content, and the others have
    /// to be tried without it; an error is one of them all.
    fn round(
        &mut self,
        batches: &mut [Option<Batch>],
        results: &mut [Result<(), Error>],
    ) -> Result<bool, Error> {
        let at = Timestamp::now();
        let clock = self.clock();
        let mut head = self.segments.head();
        let mut lines = Vec::new();
        self.index.begin()?;
        for (slot, result) in batches.iter_mut().zip(results.iter_mut()) {
            let Some(batch) = slot else { continue };
            match self.index.attempt(|| self.enter(batch, head, at, clock)) {
                Ok((more, next)) => {
                    lines.extend_from_slice(&more);
                    head = next;
                }
                Err(error) if matches!(error, Error::Index(_)) => return Err(error),
                Err(error) => {
                    *result = Err(error);
                    *slot = None;
                }
            }
        }
        if batches.iter().all(Option::is_none) {
            return Ok(false);
        }
        if self.write_contents(batches, results)? {
            return Ok(true);
        }
        if !lines.is_empty() {
            self.segments.append(&lines, head, at)?;
        }
        // From here on it is in the record. Where the index cannot follow, it has to be opened again and replayed.
        let state = self.dir.join("state.sqlite");
        let indexed = self.disk.hit(Step::Index, &state).and_then(|()| {
            self.index.set_applied(Applied { head, next: self.segments.end() })?;
            self.index.commit()
        });
        indexed.inspect_err(|_| self.broken |= !lines.is_empty())?;
        Ok(false)
    }

    /// Checks a batch, makes its rows and its lines.
    fn enter(
        &self,
        batch: &Batch,
        mut head: Head,
        at: Timestamp,
        clock: Option<Clock>,
    ) -> Result<(Vec<u8>, Head), Error> {
        let mut lines = Vec::new();
        for (n, entry) in batch.entries.iter().enumerate() {
            self.index.check(entry)?;
            self.has_content(batch, entry)?;
            let mut record = Record::new(head.seq, head.prev, at, Uuid::now_v7(), entry.clone());
            record.clock = clock;
            record.more = u32::try_from(batch.entries.len() - n - 1).unwrap_or(u32::MAX);
            let line = record.to_line().map_err(|_| Error::TooLong { octets: usize::MAX })?;
            if line.len() >= LINE_MAX {
                return Err(Error::TooLong { octets: line.len() });
            }
            self.index.apply(head.seq, entry)?;
            head = Head { seq: head.seq + 1, prev: Digest::of(line.as_bytes()) };
            lines.extend_from_slice(line.as_bytes());
        }
        for clean in &batch.clean {
            self.index.clean(clean)?;
        }
        if let Some(cursor) = &batch.cursor {
            self.index.cursor(cursor)?;
        }
        Ok((lines, head))
    }

    /// Evidence before the record of it: what an entry names is in its batch or on disk.
    fn has_content(&self, batch: &Batch, entry: &Entry) -> Result<(), Error> {
        match entry {
            Entry::Captured { id, sha256, meta_sha256, .. } => {
                if !batch.blobs.iter().any(|octets| Digest::of(octets) == *sha256)
                    && !self.blob_path(*sha256).is_file()
                {
                    return Err(Error::NoContent { what: "blob", sha256: *sha256 });
                }
                let given =
                    batch.metas.iter().any(|(of, octets)| of == id && Digest::of(octets) == *meta_sha256);
                if !given && !holds(&self.meta_path(*id), *meta_sha256) {
                    return Err(Error::NoContent { what: "meta", sha256: *meta_sha256 });
                }
            }
            Entry::Judged { context, .. }
                if !self.contexts.contains(context)
                    && !batch.contexts.iter().any(|octets| Digest::of(octets) == *context)
                    && !self.context_path(*context).is_file() =>
            {
                return Err(Error::NoContent { what: "context", sha256: *context });
            }
            _ => {}
        }
        Ok(())
    }

    /// Publishes the content of all batches. True where a batch fell out; an error closes the store.
    fn write_contents(
        &mut self,
        batches: &mut [Option<Batch>],
        results: &mut [Result<(), Error>],
    ) -> Result<bool, Error> {
        let mut contents = Vec::new();
        let mut owners = Vec::new();
        let mut contexts = Vec::new();
        for (n, batch) in batches.iter().enumerate() {
            let Some(batch) = batch else { continue };
            for octets in &batch.blobs {
                contents.push(Content { path: self.blob_path(Digest::of(octets)), octets });
            }
            for (id, octets) in &batch.metas {
                contents.push(Content { path: self.meta_path(*id), octets });
            }
            for octets in &batch.contexts {
                let sha256 = Digest::of(octets);
                if !self.contexts.contains(&sha256) {
                    contexts.push(sha256);
                    contents.push(Content { path: self.context_path(sha256), octets });
                }
            }
            owners.resize(contents.len(), n);
        }
        let published = self.disk.publish(&contents);
        let mut fell = false;
        for (owner, outcome) in owners.into_iter().zip(published) {
            let Err(error) = outcome else { continue };
            if error.is_broken() {
                return Err(error);
            }
            fell = true;
            if let (Some(slot), Some(result)) = (batches.get_mut(owner), results.get_mut(owner)) {
                *slot = None;
                *result = Err(error);
            }
        }
        if !fell {
            self.contexts.extend(contexts);
        }
        Ok(fell)
    }

    fn publish(&self, contents: &[Content<'_>]) -> Result<(), Error> {
        self.disk.publish(contents).into_iter().collect()
    }

    fn blob_path(&self, sha256: Digest) -> PathBuf {
        let name = sha256.to_string();
        let shard: String = name.chars().take(2).collect();
        self.dir.join("evidence/blobs").join(shard).join(format!("{name}.eml"))
    }

    /// By the id's last two digits: a UUIDv7's first ones are the clock's, the same for years.
    fn meta_path(&self, id: EvidenceId) -> PathBuf {
        let name = id.0.to_string();
        let shard: String = name.chars().skip(34).collect();
        self.dir.join("evidence/meta").join(shard).join(format!("{name}.json"))
    }

    fn context_path(&self, sha256: Digest) -> PathBuf {
        self.dir.join("evidence/context").join(format!("{sha256}.json"))
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
            let _ = index::discard(&self.dir.join("state.sqlite"));
        }
    }
}

/// Gives all that are left the same answer.
fn fill(batches: &mut [Option<Batch>], results: &mut [Result<(), Error>], error: &Error) {
    for (batch, result) in batches.iter_mut().zip(results) {
        if batch.take().is_some() {
            *result = Err(error.clone());
        }
    }
}

/// The log's identity, for its checkpoints: made once, from 128 random bits.
fn origin(disk: &Disk, evidence: &Path) -> Result<(), Error> {
    let path = evidence.join("origin");
    if path.exists() {
        return Ok(());
    }
    let mut random = [0; 16];
    let source = Path::new("/dev/urandom");
    File::open(source)
        .and_then(|mut file| file.read_exact(&mut random))
        .map_err(|e| Error::io(Step::Read, source, e))?;
    let octets = format!("komainu.invalid/{}\n", hex::encode(random)).into_bytes();
    disk.publish(&[Content { path, octets: &octets }]).into_iter().collect()
}

fn holds(path: &Path, sha256: Digest) -> bool {
    std::fs::read(path).is_ok_and(|octets| Digest::of(&octets) == sha256)
}
