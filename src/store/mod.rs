//! Evidence on disk: blobs, meta, contexts, the chain, and the index that is replayed from it. One writer.
//!
//! [`Store`] is a cheap handle; a thread of its own owns the files, so that fsync never blocks the connections, and
//! commits of several accounts share one append and one fdatasync (group commit).

pub mod bundle;
pub mod digest;
mod disk;
mod error;
#[doc(hidden)]
pub mod fault;
mod index;
mod kept;
mod keys;
mod layout;
pub mod read;
mod segments;
mod verify;
mod witness;
mod writer;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::oneshot;

pub use error::Error;
pub use kept::{Kept, free};
pub use layout::Layout;
pub use verify::{Outside, Verified, verify};
pub use witness::witness;

use crate::digest::Written;
use crate::evidence::{Digest, Entry, EvidenceId, Head, Lesson, Method, Position, SenderNote, Way};
use crate::indicator::Category;
use crate::store::disk::Disk;
use crate::store::index::Index;
use crate::store::layout::Lock;
use crate::store::read::Reading;
use crate::store::writer::{Command, Writer};

/// Handle to the evidence store. Clones share one writer thread; with the last one it ends and the lock is released.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    /// Taken at the end, so that the thread sees it.
    commands: Option<mpsc::Sender<Command>>,
    thread: Option<JoinHandle<()>>,
    opened: Opened,
    layout: Layout,
    disk: Disk,
}

/// What opening a store found and did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opened {
    /// The index was missing or unusable and was made again from the chain. What it knew of clean messages beyond
    /// their UIDs in scan batches is gone, so that some may be judged a second time.
    pub rebuilt: bool,
    /// A torn tail was put aside and recorded under this digest.
    pub recovered_tail: Option<Digest>,
    /// How many records the chain has.
    pub records: u64,
    /// How many of the lines that were replayed now this version could not read.
    pub unknown: u64,
    /// The private key is missing, or is not the one that the record names: records are kept, checkpoints are not
    /// signed any more.
    pub keyless: bool,
}

/// Content files and entries that become durable together: files first (fsynced, published without overwriting,
/// directories fsynced), then all entries in one append and fdatasync. Either all entries are in the chain or none.
#[derive(Debug, Default)]
pub struct Batch {
    /// Raw octets, each published as `blobs/<aa>/<sha256>.eml`.
    pub blobs: Vec<Vec<u8>>,
    /// `meta/<aa>/<id>.json`.
    pub metas: Vec<(EvidenceId, Vec<u8>)>,
    /// `context/<sha256>.json`, written where not there yet.
    pub contexts: Vec<Vec<u8>>,
    /// `notes/<sha256>.json`: salted, so that their digests give nothing away ([`crate::case::Note`]).
    pub notes: Vec<Vec<u8>>,
    /// In order.
    pub entries: Vec<Entry>,
    /// Rows of the index only (not the chain): clean messages.
    pub clean: Vec<Clean>,
    /// The cursor as the index knows it (position.uid is the next UID), made durable with the rows.
    pub cursor: Option<Position>,
}

/// A clean message: only its identities are kept, in the index.
#[derive(Debug, Clone)]
pub struct Clean {
    /// Where it stands.
    pub position: Position,
    /// SHA-256 of its octets.
    pub sha256: Digest,
    /// X-GM-MSGID or EMAILID.
    pub server_identity: Option<String>,
}

/// What is known of a watched mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// UIDVALIDITY and next UID to judge.
    pub cursor: Position,
    /// First UID ever judged under this UIDVALIDITY.
    pub start_uid: u32,
}

/// A move that was announced and has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIntent {
    /// What.
    pub id: EvidenceId,
    /// From where.
    pub position: Position,
    /// How.
    pub method: Method,
    /// Quarantine mailbox, decoded.
    pub destination: String,
    /// Its UIDVALIDITY then.
    pub destination_uidvalidity: u32,
    /// Its UIDNEXT then.
    pub destination_uidnext: u32,
    /// Known UID of the copy ([`Entry::Copied`]).
    pub copied: Option<u32>,
    /// Of the octets.
    pub sha256: Digest,
    /// Octets.
    pub size: u64,
    /// True where it leads from quarantine back, because the person asked for it.
    pub back: bool,
}

/// A message that the person asked to have moved back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its id.
    pub id: EvidenceId,
    /// The mailbox that it came in.
    pub came_in: String,
    /// The mailbox that it stands in, as far as is known: the quarantine then.
    pub mailbox: String,
    /// Its UIDVALIDITY then.
    pub uidvalidity: u32,
    /// Its UID there, where known.
    pub uid: Option<u32>,
    /// Of the octets.
    pub sha256: Digest,
    /// Octets.
    pub size: u64,
    /// Of their canonical form.
    pub canonical: Digest,
    /// Its content was erased from the record.
    pub erased: bool,
}

/// A lesson that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taught {
    /// The message that it was learned from.
    pub id: EvidenceId,
    /// What.
    pub lesson: Lesson,
    /// Of the note that names the sender.
    pub sha256: Digest,
    /// The sender; none where the note was erased, or is not what was recorded: then nothing follows from it.
    pub sender: Option<SenderNote>,
}

/// A message of our own that was announced and has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAppend {
    /// The mailbox as the configuration named it then.
    pub mailbox: String,
    /// Without angle brackets.
    pub message_id: String,
    /// Of its octets.
    pub sha256: Digest,
    /// The messages that it is about; none where it is a digest.
    pub urgent: Vec<Urgent>,
}

/// What became of a message of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// It was never announced.
    Never,
    /// It may be in the mailbox, or not.
    Open,
    /// It is in the mailbox.
    There,
    /// It is not; true: another digest has been written since.
    Refused {
        /// See above.
        next_day: bool,
    },
}

/// A threat that cannot wait for the digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Urgent {
    /// Its id.
    pub id: EvidenceId,
    /// What it is.
    pub category: Option<Category>,
    /// It was moved to quarantine.
    pub moved: bool,
}

/// A captured message as the index knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: EvidenceId,
    /// Where it was captured.
    pub position: Position,
    /// Of the octets.
    pub sha256: Digest,
    /// Where it was moved to, if it was: (mailbox, UIDVALIDITY, UID where known).
    pub moved_to: Option<(String, u32, Option<u32>)>,
    /// True once it was released.
    pub released: bool,
    /// INTERNALDATE as given.
    pub internaldate: String,
}

/// How long content is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Of hits.
    pub hits: Duration,
    /// Of what the person released, from the release on.
    pub released: Duration,
    /// Of clean messages: their identities in the index.
    pub clean: Duration,
}

impl Default for Retention {
    /// Hits 8 years: fraud becomes time-barred after 7 (刑事訴訟法 250 条). Released 30 days, clean 90.
    fn default() -> Self {
        const DAY: u64 = 86_400;
        Self {
            hits: Duration::from_secs(8 * 366 * DAY),
            released: Duration::from_secs(30 * DAY),
            clean: Duration::from_secs(90 * DAY),
        }
    }
}

/// A message that was moved, and under which UID it should stand now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its id.
    pub id: EvidenceId,
    /// Where it should stand.
    pub to: Position,
    /// Of the octets as captured.
    pub sha256: Digest,
    /// Of their canonical form.
    pub canonical: Digest,
}

/// How a message may be known again, strongest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// X-GM-MSGID or EMAILID.
    Server(String),
    /// SHA-256 of the octets.
    Octets(Digest),
    /// Canonical SHA-256 with the same INTERNALDATE.
    Canonical(Digest, String),
}

impl Batch {
    /// Octets of content.
    fn octets(&self) -> usize {
        let metas = self.metas.iter().map(|(_, octets)| octets);
        self.blobs.iter().chain(metas).chain(&self.contexts).chain(&self.notes).map(Vec::len).sum()
    }
}

/// What makes the digest of a short note say nothing of it: 32 random hexadecimal digits.
pub fn salt() -> Result<String, Error> {
    Ok(hex::encode(layout::random::<16>()?))
}

impl Store {
    /// Opens or creates `dir` (0700), takes the lock, mends a torn tail (recorded), brings the index up to date.
    ///
    /// The segment that is written to is verified line by line, earlier ones by their ends. A chain that does not
    /// verify, or that the index knows to have been longer, is an error and is left as it is.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        Self::start(dir, Disk::default())
    }

    /// As [`Store::open`], with faults. For tests.
    #[doc(hidden)]
    pub fn open_with(dir: &Path, faults: Arc<dyn fault::Faults>) -> Result<Self, Error> {
        Self::start(dir, Disk { faults: Some(faults) })
    }

    /// Throws the index away and makes it again from the chain.
    pub fn reindex(dir: &Path) -> Result<Opened, Error> {
        let lock = Lock::take(dir)?;
        index::discard(&Layout::new(dir).index())?;
        Writer::open(dir, Disk::default(), lock).map(|writer| writer.opened().clone())
    }

    fn start(dir: &Path, disk: Disk) -> Result<Self, Error> {
        let lock = Lock::take(dir)?;
        let writer = Writer::open(dir, disk.clone(), lock)?;
        let opened = writer.opened().clone();
        let (commands, receiver) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || writer.run(&receiver))
            .map_err(|e| Error::io(fault::Step::Open, dir, e))?;
        let (commands, thread, layout) = (Some(commands), Some(thread), Layout::new(dir));
        Ok(Self { inner: Arc::new(Inner { commands, thread, opened, layout, disk }) })
    }

    /// What the opening found and did.
    pub fn opened(&self) -> &Opened {
        &self.inner.opened
    }

    /// Opens all files again after an error that [closed the store](Error::is_broken), under the same lock.
    pub async fn reopen(&self) -> Result<Opened, Error> {
        self.run(Writer::reopen).await
    }

    /// Makes a batch durable. When this returns Ok, its content and entries are on disk, in this order; clean rows and
    /// the cursor outlive a crash of the process, but a loss of power only together with the next entries.
    ///
    /// Refused before anything is written: a second capture of a position, a second outcome of an intent, a second
    /// intent while one is open ([`Error::Duplicate`]); an entry whose message was never captured; an entry that names
    /// content which is neither in the batch nor on disk.
    pub async fn commit(&self, batch: Batch) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Commit(batch, reply))?;
        answer.await.unwrap_or(Err(Error::Gone))
    }

    /// What is known of a mailbox; none before its first [`Entry::WatchStart`].
    pub async fn watched(&self, account: &str, mailbox: &str) -> Result<Option<Watched>, Error> {
        let (account, mailbox) = (account.to_owned(), mailbox.to_owned());
        self.ask(move |index| index.watched(&account, &mailbox)).await
    }

    /// When a mailbox was first watched, by our own clock, to the second.
    pub async fn watched_since(&self, account: &str, mailbox: &str) -> Result<Option<Timestamp>, Error> {
        let (account, mailbox) = (account.to_owned(), mailbox.to_owned());
        self.ask(move |index| index.watched_since(&account, &mailbox)).await
    }

    /// When the first mailbox of an account was first watched, by our own clock, to the second.
    pub async fn first_watched(&self, account: &str) -> Result<Option<Timestamp>, Error> {
        let account = account.to_owned();
        self.ask(move |index| index.first_watched(&account)).await
    }

    /// What the person asked to have moved back and nobody has tried to, the first first.
    pub async fn releases(&self, account: &str) -> Result<Vec<Asked>, Error> {
        let account = account.to_owned();
        self.ask(move |index| index.releases(&account)).await
    }

    /// What was learned in an account and stands, in the order of the record.
    pub async fn lessons(&self, account: &str) -> Result<Vec<Taught>, Error> {
        let account = account.to_owned();
        self.run(move |writer| writer.lessons(&account)).await
    }

    /// A message's octets; none where they were erased.
    pub async fn blob(&self, sha256: Digest) -> Result<Option<Vec<u8>>, Error> {
        self.run(move |writer| writer.blob(sha256)).await
    }

    /// Moves without a result, oldest first.
    pub async fn open_intents(&self, account: &str) -> Result<Vec<OpenIntent>, Error> {
        let account = account.to_owned();
        self.ask(move |index| index.open_intents(&account)).await
    }

    /// What was moved under a UID that is known, and not looked at again since; oldest first, a bounded number.
    pub async fn not_refetched(&self, account: &str) -> Result<Vec<Moved>, Error> {
        let account = account.to_owned();
        self.ask(move |index| index.not_refetched(&account)).await
    }

    /// UIDs of a mailbox (`at` without its UID), from its UID on, that something was moved or copied to; in no order.
    pub async fn moved_in(&self, at: &Position) -> Result<Vec<u32>, Error> {
        let at = at.clone();
        self.ask(move |index| index.moved_in(&at)).await
    }

    /// The captured message at a position, if any.
    pub async fn at(&self, position: &Position) -> Result<Option<Known>, Error> {
        let position = position.clone();
        self.ask(move |index| index.at(&position)).await
    }

    /// Captured messages of an account with this identity, newest first.
    pub async fn by_identity(&self, account: &str, identity: &Identity) -> Result<Vec<Known>, Error> {
        let (account, identity) = (account.to_owned(), identity.clone());
        self.ask(move |index| index.by_identity(&account, &identity)).await
    }

    /// True where a message of this identity was judged clean. [`Identity::Canonical`] is not kept of clean ones.
    pub async fn was_clean(&self, account: &str, identity: &Identity) -> Result<bool, Error> {
        let (account, identity) = (account.to_owned(), identity.clone());
        self.ask(move |index| index.was_clean(&account, &identity)).await
    }

    /// Which UIDs of a mailbox (`at` without its UID), from one on, have a row: captured, clean, not judged or
    /// released; ascending.
    pub async fn handled(&self, at: &Position, from: u32) -> Result<Vec<u32>, Error> {
        let at = at.clone();
        self.ask(move |index| index.handled(&at, from)).await
    }

    /// The [`Entry::ScanBatch`] for clean messages of a mailbox that no record covers yet, ready to be committed. One
    /// is bounded; after its commit there may be a next one.
    pub async fn unbatched_clean(&self, account: &str, mailbox: &str) -> Result<Option<Entry>, Error> {
        let (account, mailbox) = (account.to_owned(), mailbox.to_owned());
        self.ask(move |index| index.unbatched(&account, &mailbox)).await
    }

    /// When the service last put on record that it watched; none where it never did. What commands or the store itself
    /// write while no service runs says nothing of that.
    pub async fn last_watched(&self) -> Result<Option<Timestamp>, Error> {
        self.ask(Index::last_watched).await
    }

    /// How much is kept, and what vouches for it.
    pub async fn kept(&self) -> Result<Kept, Error> {
        self.run(Writer::kept).await
    }

    /// Erases the content of messages for good: on record first, then the files. The record of what was done with them
    /// stays. `reason` is a machine word. Returns how many there were; what is erased already is passed over.
    pub async fn erase(&self, ids: Vec<EvidenceId>, reason: &'static str) -> Result<usize, Error> {
        self.run(move |writer| writer.erase(&ids, reason)).await
    }

    /// Erases one of the person's own notes.
    pub async fn erase_note(&self, sha256: Digest, reason: &'static str) -> Result<(), Error> {
        self.run(move |writer| writer.erase_note(sha256, reason)).await
    }

    /// Erases what is older than it is to be kept, except in cases that are held. Returns how many messages.
    ///
    /// Cases of a sender know only by content which mail is theirs: before it goes, they are told on record.
    pub async fn expire(&self, keep: Retention, now: Timestamp) -> Result<usize, Error> {
        let before = move |kept: Duration| {
            now.as_second().saturating_sub(i64::try_from(kept.as_secs()).unwrap_or(i64::MAX))
        };
        let outdated =
            move |writer: &mut Writer| writer.index()?.outdated(before(keep.hits), before(keep.released));
        let ids = self.run(outdated).await?;
        if !ids.is_empty() {
            let layout = self.run(|writer| Ok(writer.layout().clone())).await?;
            // Years of mail may have to be read: not on the writer's thread, which the moves wait for.
            let reading = tokio::task::spawn_blocking(move || {
                Reading::of(&layout).map(|reading| reading.keep_in_cases(&ids))
            });
            let entries = reading.await.map_err(|_| Error::Gone)??;
            if !entries.is_empty() {
                self.commit(Batch { entries, ..Batch::default() }).await?;
            }
        }
        self.run(move |writer| {
            writer.index()?.forget_clean(before(keep.clean))?;
            // Anew: what a held case has just been told of stays.
            let ids = outdated(writer)?;
            writer.erase(&ids, "retention")
        })
        .await
    }

    /// Messages whose id begins so; three at most.
    pub async fn by_prefix(&self, prefix: &str) -> Result<Vec<EvidenceId>, Error> {
        let prefix = prefix.to_ascii_lowercase();
        self.ask(move |index| index.by_prefix(&prefix)).await
    }

    /// What time it is for the record: the system's clock, except where a test sets it.
    pub async fn now(&self) -> Result<Timestamp, Error> {
        self.run(|writer| Ok(writer.now().0)).await
    }

    /// Every digest that was written.
    pub async fn written(&self) -> Result<Written, Error> {
        self.ask(Index::written).await
    }

    /// What became of a message of our own, by its Message-ID without angle brackets, the last time.
    pub async fn announced(&self, account: &str, message_id: &str) -> Result<Announced, Error> {
        let (account, message_id) = (account.to_owned(), message_id.to_owned());
        self.ask(move |index| index.announced(&account, &message_id)).await
    }

    /// Messages of our own without a result, oldest first.
    pub async fn open_appends(&self, account: &str) -> Result<Vec<OpenAppend>, Error> {
        let account = account.to_owned();
        self.ask(move |index| index.open_appends(&account)).await
    }

    /// Urgent messages of an account since then, whose place is settled and of whom no message of our own told.
    pub async fn urgent_unposted(&self, account: &str, since: Timestamp) -> Result<Vec<Urgent>, Error> {
        let account = account.to_owned();
        self.ask(move |index| index.urgent_unposted(&account, since.as_second())).await
    }

    /// Urgent messages since then, whose place is settled and that were not told by another way.
    pub async fn urgent_untold(&self, way: Way, since: Timestamp) -> Result<Vec<Urgent>, Error> {
        self.ask(move |index| index.urgent_untold(way, since.as_second())).await
    }

    /// The last digest that was written, where it was not told by this way.
    pub async fn digest_untold(&self, way: Way) -> Result<Option<Date>, Error> {
        self.ask(move |index| index.digest_untold(way)).await
    }

    /// Where digests are written to.
    pub fn shelf(&self, dir: &Path) -> digest::Shelf {
        digest::Shelf::new(self.inner.disk.clone(), dir)
    }

    /// Where the store stands.
    pub fn layout(&self) -> &Layout {
        &self.inner.layout
    }

    /// Where the chain ends.
    pub async fn head(&self) -> Result<Head, Error> {
        self.run(|writer| Ok(writer.head())).await
    }

    /// Keeps a timestamp authority's reply (RFC 3161) beside the checkpoint that it stamps, and says so in the record.
    /// Whether the authority may be believed is not looked at.
    pub async fn timestamp(&self, reply: Vec<u8>) -> Result<(), Error> {
        self.run(move |writer| writer.timestamp(&reply)).await
    }

    /// The latest checkpoint, a C2SP signed note that covers every record so far; signs one where the last does not.
    pub async fn checkpoint(&self) -> Result<Vec<u8>, Error> {
        self.run(Writer::checkpoint).await
    }

    /// The first public key (PEM): what whoever verifies the record has to have from elsewhere.
    pub async fn genesis(&self) -> Result<String, Error> {
        self.run(|writer| writer.genesis()).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Index) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.run(move |writer| f(writer.index()?)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Writer) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Run(Box::new(move |writer| {
            let _ = reply.send(f(writer));
        })))?;
        answer.await.unwrap_or(Err(Error::Gone))
    }

    fn send(&self, command: Command) -> Result<(), Error> {
        self.inner.commands.as_ref().and_then(|commands| commands.send(command).ok()).ok_or(Error::Gone)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("opened", &self.inner.opened).finish_non_exhaustive()
    }
}

impl Drop for Inner {
    /// Waits for the writer, so that the lock is free when the last handle is gone.
    fn drop(&mut self) {
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
