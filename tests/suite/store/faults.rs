//! A disk that says no: the batch fails as a whole, and says why.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use komainu::store::fault::{Fault, Faults, Step};

use super::*;

const EIO: i32 = 5;
const ENOSPC: i32 = 28;

/// One fault at the first step of a kind; counts all.
#[derive(Default)]
struct Disk {
    fault: Mutex<Option<(Step, Fault)>>,
    syncs: AtomicUsize,
    steps: Mutex<Vec<Step>>,
    /// The next chain sync waits until the other end is dropped.
    gate: Mutex<Option<Receiver<()>>>,
}

impl Disk {
    fn fail(&self, step: Step, fault: Fault) {
        *self.fault.lock().unwrap() = Some((step, fault));
    }

    fn close_gate(&self) -> Sender<()> {
        let (open, gate) = channel();
        *self.gate.lock().unwrap() = Some(gate);
        open
    }
}

impl Faults for Disk {
    fn at(&self, step: Step) -> Fault {
        // Checkpoints come after the reply, in nobody's way.
        if !matches!(step, Step::WriteSeal | Step::SyncSeal | Step::NameSeal | Step::SyncSealDir) {
            self.steps.lock().unwrap().push(step);
        }
        if step == Step::SyncChain {
            self.syncs.fetch_add(1, Ordering::SeqCst);
            if let Some(gate) = self.gate.lock().unwrap().take() {
                let _ = gate.recv();
            }
        }
        let mut fault = self.fault.lock().unwrap();
        match fault.take_if(|(at, _)| *at == step) {
            Some((_, fault)) => fault,
            None => Fault::Pass,
        }
    }
}

fn broken_disk() -> (tempfile::TempDir, Arc<Disk>, Store) {
    let dir = scratch();
    let disk = Arc::new(Disk::default());
    let store = Store::open_with(dir.path(), disk.clone()).unwrap();
    (dir, disk, store)
}

fn lines(dir: &Path) -> Vec<u8> {
    segments(dir).iter().flat_map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn a_full_disk_fails_the_batch_and_takes_the_next() {
    for (step, fault) in [
        (Step::Write, Fault::Fail(ENOSPC)),
        (Step::Write, Fault::Short(100, ENOSPC)),
        (Step::MakeDir, Fault::Fail(ENOSPC)),
        (Step::Publish, Fault::Fail(ENOSPC)),
        (Step::Append, Fault::Fail(ENOSPC)),
        (Step::Append, Fault::Short(700, ENOSPC)),
    ] {
        let what = format!("{step:?} {fault:?}");
        let (dir, disk, store) = broken_disk();
        run(async {
            store.commit(entries(vec![Entry::Heartbeat])).await.unwrap();
            let before = lines(dir.path());
            let id = new_id();
            disk.fail(step, fault);
            let error = store.commit(hit(id, &inbox("a", 1))).await.unwrap_err();
            assert!(error.is_full(), "{what}: {error}");
            assert_eq!(lines(dir.path()), before, "{what}");
            assert_eq!(store.at(&inbox("a", 1)).await.unwrap(), None, "{what}");
            // Space came back; nobody has to do anything.
            store.commit(hit(id, &inbox("a", 1))).await.unwrap();
            assert_eq!(store.at(&inbox("a", 1)).await.unwrap().unwrap().id, id, "{what}");
        });
        assert_eq!(chain(dir.path()).len(), 5);
    }
}

#[test]
fn after_a_failed_sync_nothing_is_taken_until_it_is_opened_again() {
    for step in [Step::Sync, Step::SyncDir, Step::SyncChain] {
        let (dir, disk, store) = broken_disk();
        run(async {
            disk.fail(step, Fault::Fail(EIO));
            let id = new_id();
            let error = store.commit(hit(id, &inbox("a", 1))).await.unwrap_err();
            assert!(error.is_broken() && !error.is_full(), "{step:?}: {error}");
            let error = store.commit(entries(vec![Entry::Heartbeat])).await.unwrap_err();
            assert!(error.is_broken(), "{step:?}: {error}");
            assert_eq!(store.at(&inbox("a", 1)).await.unwrap(), None);
            assert_eq!(lines(dir.path()), b"");
            store.reopen().await.unwrap();
            store.commit(hit(id, &inbox("a", 1))).await.unwrap();
        });
        assert_eq!(chain(dir.path()).len(), 4);
    }
}

#[test]
fn an_append_that_cannot_be_taken_back_closes_the_store() {
    let (dir, disk, store) = broken_disk();
    run(async {
        store.commit(entries(vec![Entry::Heartbeat])).await.unwrap();
        disk.fail(Step::Append, Fault::Short(700, EIO));
        let error = store.commit(hit(new_id(), &inbox("a", 1))).await.unwrap_err();
        assert!(error.is_broken(), "{error}");
        assert!(store.commit(entries(vec![Entry::Heartbeat])).await.unwrap_err().is_broken());
        store.reopen().await.unwrap();
        store.commit(entries(vec![Entry::Heartbeat])).await.unwrap();
    });
    assert_eq!(chain(dir.path()).len(), 2);
}

#[test]
fn an_index_that_cannot_follow_is_replayed() {
    let (dir, disk, store) = broken_disk();
    let id = new_id();
    run(async {
        disk.fail(Step::Index, Fault::Fail(5));
        store.commit(hit(id, &inbox("a", 1))).await.unwrap_err();
        // It is in the record; a second try must not make it twice.
        assert!(store.commit(hit(new_id(), &inbox("a", 1))).await.unwrap_err().is_broken());
        store.reopen().await.unwrap();
        assert_eq!(store.at(&inbox("a", 1)).await.unwrap().unwrap().id, id);
        assert!(store.commit(hit(new_id(), &inbox("a", 1))).await.unwrap_err().is_duplicate());
    });
    assert_eq!(chain(dir.path()).len(), 4);
}

#[test]
fn accounts_share_one_sync() {
    let (dir, disk, store) = broken_disk();
    run(async {
        let gate = disk.close_gate();
        let before = disk.syncs.load(Ordering::SeqCst);
        let first = tokio::spawn({
            let store = store.clone();
            async move { store.commit(entries(vec![Entry::Heartbeat])).await }
        });
        // The first is at the gate, in its fsync; what comes now has to wait, and goes together.
        while disk.syncs.load(Ordering::SeqCst) == before {
            tokio::task::yield_now().await;
        }
        let mut rest = Vec::new();
        for n in 0..20 {
            let store = store.clone();
            let account = if n % 2 == 0 { "a" } else { "b" };
            rest.push(tokio::spawn(async move { store.commit(hit(new_id(), &inbox(account, n + 1))).await }));
        }
        tokio::task::yield_now().await;
        drop(gate);
        first.await.unwrap().unwrap();
        for commit in rest {
            commit.await.unwrap().unwrap();
        }
        assert_eq!(disk.syncs.load(Ordering::SeqCst) - before, 2);
    });
    assert_eq!(chain(dir.path()).len(), 81);
}

#[test]
fn one_bad_batch_does_not_take_its_group_with_it() {
    let (dir, disk, store) = broken_disk();
    let blob = mail(&inbox("a", 1));
    let sha256 = Digest::of(&blob).to_string();
    let shard = dir.path().join("evidence/blobs").join(&sha256[..2]);
    fs::create_dir_all(&shard).unwrap();
    fs::write(shard.join(format!("{sha256}.eml")), "other octets").unwrap();
    run(async {
        let gate = disk.close_gate();
        let spawn = |batch| {
            let store = store.clone();
            tokio::spawn(async move { store.commit(batch).await })
        };
        let first = spawn(entries(vec![Entry::Heartbeat]));
        while disk.syncs.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        let (id, other) = (new_id(), new_id());
        let good = spawn(hit(id, &inbox("b", 1)));
        let damaged = spawn(hit(new_id(), &inbox("a", 1)));
        let twice = spawn(hit(other, &inbox("b", 1)));
        let last = spawn(entries(vec![moved(id, 5)]));
        tokio::task::yield_now().await;
        drop(gate);
        first.await.unwrap().unwrap();
        good.await.unwrap().unwrap();
        let error = damaged.await.unwrap().unwrap_err();
        assert!(matches!(error, komainu::store::Error::Damaged(_)), "{error}");
        assert!(twice.await.unwrap().unwrap_err().is_duplicate());
        last.await.unwrap().unwrap();
    });
    assert_eq!(chain(dir.path()).len(), 6);
}

/// What a killed process cannot show, because the kernel goes on: that everything is synced, and in which order.
#[test]
fn content_then_directories_then_the_chain_then_the_index() {
    let (_dir, disk, store) = broken_disk();
    let steps = |batch| {
        disk.steps.lock().unwrap().clear();
        run(store.commit(batch)).unwrap();
        let steps = disk.steps.lock().unwrap().clone();
        let count = |step| steps.iter().filter(|s| **s == step).count();
        let after = |step| steps.iter().rposition(|s| *s == step).unwrap();
        let before = |step| steps.iter().position(|s| *s == step).unwrap();
        if count(Step::Publish) > 0 {
            assert!(after(Step::Sync) < before(Step::Publish), "{steps:?}");
            assert!(after(Step::Publish) < before(Step::SyncDir), "{steps:?}");
            assert!(after(Step::SyncDir) < before(Step::Append), "{steps:?}");
        }
        assert_eq!(&steps[steps.len() - 3..], [Step::Append, Step::SyncChain, Step::Index]);
        [Step::Write, Step::Sync, Step::Publish, Step::SyncDir].map(count)
    };
    let (id, at) = (new_id(), inbox("a", 1));
    // Three files; two new directories, their parents, and the one that was there.
    assert_eq!(steps(hit(id, &at)), [3, 3, 3, 5]);
    // Octets that are there already, by another id in the same directory: only its meta is new.
    let again = EvidenceId(Uuid::from_u128(id.0.as_u128() ^ (1 << 64)));
    let entry = captured(again, &inbox("b", 1), &mail(&at), b"{}");
    let batch = Batch {
        entries: vec![entry],
        blobs: vec![mail(&at)],
        metas: vec![(again, b"{}".to_vec())],
        ..Batch::default()
    };
    assert_eq!(steps(batch), [1, 1, 1, 2]);
    assert_eq!(steps(entries(vec![Entry::Heartbeat])), [0; 4]);
}

#[test]
fn a_hundred_hits_of_one_wake_are_one_commit() {
    let (dir, disk, store) = broken_disk();
    let mut batch = Batch::default();
    for uid in 1..=100 {
        let one = hit(new_id(), &inbox("a", uid));
        batch.entries.extend(one.entries);
        batch.blobs.extend(one.blobs);
        batch.metas.extend(one.metas);
        batch.contexts.extend(one.contexts);
    }
    let before = disk.syncs.load(Ordering::SeqCst);
    run(store.commit(batch)).unwrap();
    assert_eq!(disk.syncs.load(Ordering::SeqCst) - before, 1);
    assert_eq!(run(store.open_intents("a")).unwrap().len(), 100);
    let records = chain(dir.path());
    assert_eq!((records.len(), records[0].more), (400, 399));
}

/// Fails the index's commit once, for want of space: the chain has the records, the index follows later.
struct FullIndex(Mutex<bool>);

impl Faults for FullIndex {
    fn at(&self, step: Step) -> Fault {
        let mut armed = self.0.lock().unwrap();
        if step == Step::Index && *armed {
            *armed = false;
            return Fault::Fail(ENOSPC);
        }
        Fault::Pass
    }
}

#[test]
fn an_index_without_space_follows_when_there_is_some_again() {
    let dir = scratch();
    let faults = Arc::new(FullIndex(Mutex::new(false)));
    run(async {
        let store = Store::open_with(dir.path(), faults.clone()).unwrap();
        *faults.0.lock().unwrap() = true;
        let (at, id) = (inbox("a", 1), new_id());
        let error = store.commit(hit(id, &at)).await.unwrap_err();
        assert!(error.is_full() && !error.is_broken(), "{error}");
        // It is on record all the same: known to whoever asks, refused a second time, and can be ended.
        assert_eq!(store.at(&at).await.unwrap().unwrap().id, id);
        assert!(store.commit(hit(new_id(), &at)).await.unwrap_err().is_duplicate());
        assert_eq!(store.open_intents("a").await.unwrap().len(), 1);
        store.commit(entries(vec![moved(id, 1001)])).await.unwrap();
    });
    drop(open(dir.path()));
    assert_eq!(chain(dir.path()).iter().filter(|r| matches!(r.entry, Entry::Captured { .. })).count(), 1);
}
