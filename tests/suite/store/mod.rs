//! The evidence store: durable, exactly once, closed to others, whatever the disk does.

mod bench;
mod crash;
mod digests;
mod erase;
mod faults;
mod lessons;
mod open;
mod record;
pub(crate) mod seal;

use std::fs;
use std::path::{Path, PathBuf};

use komainu::evidence::{Digest, Entry, EvidenceId, Head, Method, Outcome, Position, Record, verify};
use komainu::indicator::{Category, Hundredths};
use komainu::store::{Batch, Clean, Store};
use komainu::verdict::{Level, Severity};
use uuid::Uuid;

pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

pub(crate) fn inbox(account: &str, uid: u32) -> Position {
    Position { account: account.into(), mailbox: "INBOX".into(), uidvalidity: 7, uid }
}

/// The same for the same position, so that a later process can say what must be there.
pub(crate) fn mail(at: &Position) -> Vec<u8> {
    let Position { account, uid, .. } = at;
    format!("From: x@example.com\r\nSubject: {account} {uid}\r\n\r\n{}\r\n", "pay now ".repeat(400))
        .into_bytes()
}

pub(crate) fn captured(id: EvidenceId, at: &Position, blob: &[u8], meta: &[u8]) -> Entry {
    Entry::Captured {
        id,
        position: at.clone(),
        sha256: Digest::of(blob),
        size: blob.len() as u64,
        partial: false,
        internaldate: "24-Nov-2026 09:00:00 +0900".into(),
        flags: vec!["\\Recent".into()],
        rfc822_size: Some(blob.len() as u64),
        server_identity: Some(format!("gm-{}-{}", at.account, at.uid)),
        canonical: komainu::evidence::canonical_digest(blob),
        meta_sha256: Digest::of(meta),
        session: None,
    }
}

pub(crate) fn judged(id: EvidenceId, context: &[u8]) -> Entry {
    Entry::Judged {
        id,
        level: Level::Threat,
        category: Some(Category::FakeBilling),
        severity: Some(Severity::High),
        score: Hundredths(731),
        findings: vec![("base-rate".into(), Hundredths(-150)), ("legal-threat".into(), Hundredths(881))],
        context: Digest::of(context),
    }
}

pub(crate) fn intent(id: EvidenceId, at: &Position) -> Entry {
    Entry::MoveIntent {
        id,
        position: at.clone(),
        method: Method::Move,
        destination: "komainu隔離".into(),
        destination_uidvalidity: 3,
        destination_uidnext: 40,
    }
}

pub(crate) fn moved(id: EvidenceId, uid: u32) -> Entry {
    Entry::MoveResult { id, outcome: Outcome::Moved, destination_uid: Some(uid), reason: None }
}

/// What is committed before a move is sent.
pub(crate) fn hit(id: EvidenceId, at: &Position) -> Batch {
    let (blob, meta, context) = (mail(at), format!("{{\"id\":\"{}\"}}", id.0).into_bytes(), b"{}".to_vec());
    Batch {
        entries: vec![
            captured(id, at, &blob, &meta),
            judged(id, &context),
            intent(id, at),
            Entry::Cursor { position: Position { uid: at.uid + 1, ..at.clone() } },
        ],
        blobs: vec![blob],
        metas: vec![(id, meta)],
        contexts: vec![context],
        ..Batch::default()
    }
}

pub(crate) fn new_id() -> EvidenceId {
    EvidenceId(Uuid::now_v7())
}

pub(crate) fn entries(entries: Vec<Entry>) -> Batch {
    Batch { entries, ..Batch::default() }
}

pub(crate) fn clean(account: &str, uids: impl IntoIterator<Item = u32>) -> Batch {
    let clean: Vec<_> = uids
        .into_iter()
        .map(|uid| Clean {
            position: inbox(account, uid),
            sha256: Digest::of(&uid.to_be_bytes()),
            server_identity: None,
        })
        .collect();
    let cursor = clean.last().map(|last| inbox(account, last.position.uid + 1));
    Batch { clean, cursor, ..Batch::default() }
}

pub(crate) fn segments(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        fs::read_dir(dir.join("evidence/chain")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Every record, verified without the store's help.
pub(crate) fn chain(dir: &Path) -> Vec<Record> {
    let octets: Vec<u8> = segments(dir).iter().flat_map(|path| fs::read(path).unwrap()).collect();
    verify(&octets, Head::GENESIS).unwrap();
    String::from_utf8(octets).unwrap().lines().map(|line| Record::from_line(line).unwrap()).collect()
}

/// A folder in memory where there is one: what is tested here outlives the process, not the power.
pub(crate) fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

pub(crate) fn open(dir: &Path) -> Store {
    Store::open(dir).unwrap()
}
