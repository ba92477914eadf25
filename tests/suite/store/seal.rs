//! Checkpoints and keys: what is signed, when, with which key, and what is left of it wherever the process dies.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use komainu::evidence::{Checkpoint, Clock, Note, PublicKey, Tree};
use komainu::store::fault::{Fault, Faults, Step};

use super::*;

const ENOSPC: i32 = 28;
const EIO: i32 = 5;
/// 2026-11-24T09:00:00Z
const START: i64 = 1_795_478_400_000 + 9 * 3_600_000;
pub(crate) const DAY: i64 = 86_400_000;

/// Clocks that a test sets, and one fault.
#[derive(Default)]
pub(crate) struct Hands {
    /// Milliseconds since [`START`], of both clocks.
    pub(crate) time: AtomicI64,
    /// How far the wall clock is ahead of that.
    pub(crate) ahead: AtomicI64,
    /// Which boot.
    pub(crate) boot: AtomicU64,
    /// At which step, at the how-manieth from now (0: the next), with which error number.
    fault: Mutex<Option<(Step, u32, i32)>>,
}

impl Hands {
    pub(crate) fn pass(&self, milliseconds: i64) {
        self.time.fetch_add(milliseconds, Ordering::SeqCst);
    }

    fn fail(&self, step: Step, errno: i32) {
        self.fail_later(step, 0, errno);
    }

    fn fail_later(&self, step: Step, after: u32, errno: i32) {
        *self.fault.lock().unwrap() = Some((step, after, errno));
    }
}

impl Faults for Hands {
    fn at(&self, step: Step) -> Fault {
        let mut fault = self.fault.lock().unwrap();
        match &mut *fault {
            Some((at, after, _)) if *at == step && *after > 0 => {
                *after -= 1;
                Fault::Pass
            }
            Some((at, _, errno)) if *at == step => {
                let errno = *errno;
                *fault = None;
                Fault::Fail(errno)
            }
            _ => Fault::Pass,
        }
    }

    fn clocks(&self) -> Option<(Timestamp, Option<Clock>)> {
        let time = self.time.load(Ordering::SeqCst);
        let wall = START + time + self.ahead.load(Ordering::SeqCst);
        let clock = Clock {
            boot_id: Uuid::from_u128(self.boot.load(Ordering::SeqCst).into()),
            boottime_ms: time as u64 + 1000,
        };
        Some((Timestamp::from_millisecond(wall).unwrap(), Some(clock)))
    }
}

fn with_hands() -> (tempfile::TempDir, Arc<Hands>, Store) {
    let dir = scratch();
    let hands = Arc::new(Hands::default());
    let store = Store::open_with(dir.path(), hands.clone()).unwrap();
    (dir, hands, store)
}

fn heartbeat(store: &Store) {
    run(store.commit(entries(vec![Entry::Heartbeat]))).unwrap();
}

/// Every checkpoint of a store, by size.
fn notes(dir: &Path) -> BTreeMap<u64, Note> {
    fs::read_dir(dir.join("evidence/checkpoints"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().unwrap() != "tmp")
        .map(|path| {
            let note = Note::parse(&fs::read(&path).unwrap()).unwrap();
            let size = note.checkpoint.size;
            assert_eq!(path.file_name().unwrap().to_str().unwrap(), format!("{size:010}.note"));
            (size, note)
        })
        .filter(|(size, _)| *size > 0)
        .collect()
}

/// Holds a store against the rules of docs/record.md: each checkpoint is over the lines that there are, and signed with
/// the key whose turn it is. Returns the sizes and the number of key rolls.
fn assert_sealed(dir: &Path) -> (Vec<u64>, usize) {
    let lines: Vec<u8> = segments(dir).iter().flat_map(|path| fs::read(path).unwrap()).collect();
    let mut roots = vec![Tree::default()];
    for line in lines.split_inclusive(|b| *b == b'\n') {
        let mut tree = roots.last().unwrap().clone();
        tree.push(line);
        roots.push(tree);
    }
    let origin = fs::read_to_string(dir.join("evidence/origin")).unwrap().trim_end().to_owned();
    let genesis = fs::read_to_string(dir.join("evidence/keys/genesis.pub.pem")).unwrap();
    let rolls: Vec<(u64, PublicKey)> = chain(dir)
        .iter()
        .filter_map(|record| match &record.entry {
            Entry::KeyRotated { public_key } => {
                Some((record.seq, PublicKey::from_base64(public_key).unwrap()))
            }
            _ => None,
        })
        .collect();
    let notes = notes(dir);
    for (size, note) in &notes {
        let root = roots[*size as usize].root();
        assert_eq!(note.checkpoint, Checkpoint { origin: origin.clone(), size: *size, root });
        let key = rolls.iter().rev().find(|(seq, _)| seq + 1 < *size).map(|(_, key)| *key);
        let key = key.unwrap_or_else(|| PublicKey::from_pem(&genesis).unwrap());
        assert!(note.is_signed_by(key), "{size}");
    }
    for (seq, key) in &rolls {
        assert!(notes.contains_key(&(seq + 1)), "no checkpoint over the roll at {seq}");
        let file = fs::read_to_string(dir.join(format!("evidence/keys/{:010}.pub.pem", seq + 1))).unwrap();
        assert_eq!(PublicKey::from_pem(&file), Ok(*key));
    }
    (notes.keys().copied().collect(), rolls.len())
}

#[test]
fn a_hit_and_a_heartbeat_are_covered_and_so_is_the_end() {
    let (dir, hands, store) = with_hands();
    run(store.commit(entries(vec![Entry::WatchStart { position: inbox("a", 1) }]))).unwrap();
    run(store.commit(hit(new_id(), &inbox("a", 1)))).unwrap();
    let note = Note::parse(&run(store.checkpoint()).unwrap()).unwrap();
    assert_eq!(note.checkpoint.size, 5);
    let genesis = PublicKey::from_pem(&run(store.genesis()).unwrap()).unwrap();
    assert!(note.is_signed_by(genesis));
    run(store.commit(entries(vec![Entry::Cursor { position: inbox("a", 9) }]))).unwrap();
    drop(store);
    let (sizes, rolls) = assert_sealed(dir.path());
    assert_eq!((sizes.last(), rolls), (Some(&6), 0));
    let latest = fs::read(dir.path().join("evidence/checkpoint")).unwrap();
    assert_eq!(latest, fs::read(dir.path().join("evidence/checkpoints/0000000006.note")).unwrap());
    // Nothing new: nothing is signed. What is missing at the start is.
    fs::remove_file(dir.path().join("evidence/checkpoint")).unwrap();
    let before = notes(dir.path());
    drop(Store::open_with(dir.path(), hands.clone()).unwrap());
    assert_eq!(notes(dir.path()), before);
    fs::remove_file(dir.path().join("evidence/checkpoints/0000000006.note")).unwrap();
    drop(Store::open_with(dir.path(), hands).unwrap());
    assert_eq!(notes(dir.path()), before);
    assert_eq!(fs::read(dir.path().join("evidence/checkpoint")).unwrap(), latest);
}

#[test]
fn the_index_made_again_leads_to_the_same_root() {
    let (dir, hands, store) = with_hands();
    for uid in 1..=9 {
        run(store.commit(hit(new_id(), &inbox("a", uid)))).unwrap();
        hands.pass(DAY / 4);
    }
    let note = run(store.checkpoint()).unwrap();
    drop(store);
    fs::remove_file(dir.path().join("state.sqlite")).unwrap();
    let store = Store::open_with(dir.path(), hands).unwrap();
    assert!(store.opened().rebuilt);
    heartbeat(&store);
    assert_ne!(run(store.checkpoint()).unwrap(), note);
    drop(store);
    assert_eq!(assert_sealed(dir.path()).1, 2);
}

#[test]
fn each_day_has_its_key_and_the_old_one_is_gone() {
    let (dir, hands, mut store) = with_hands();
    let mut secrets = Vec::new();
    for day in 0..4 {
        heartbeat(&store);
        heartbeat(&store);
        secrets.push(fs::read_to_string(dir.path().join("key/current.pem")).unwrap());
        // Also over a restart.
        if day == 1 {
            drop(store);
            hands.pass(DAY);
            store = Store::open_with(dir.path(), hands.clone()).unwrap();
        } else {
            hands.pass(DAY);
        }
    }
    drop(store);
    assert_eq!(assert_sealed(dir.path()).1, 3);
    secrets.dedup();
    assert_eq!(secrets.len(), 4);
    assert!(!dir.path().join("key/next.pem").exists());
    assert_eq!(fs::read_dir(dir.path().join("key")).unwrap().count(), 1);
}

#[test]
fn a_caller_cannot_name_a_key() {
    let (dir, _, store) = with_hands();
    let entry = Entry::KeyRotated { public_key: String::new() };
    let error = run(store.commit(entries(vec![Entry::Heartbeat, entry]))).unwrap_err();
    assert!(matches!(error, komainu::store::Error::Reserved), "{error}");
    assert_eq!(chain(dir.path()).len(), 0);
}

#[test]
fn a_clock_that_was_set_is_recorded_first() {
    let (dir, hands, store) = with_hands();
    let steps = || {
        let steps = chain(dir.path()).into_iter().filter_map(|record| match record.entry {
            Entry::ClockStep { step_ms } => Some((record.seq, step_ms)),
            _ => None,
        });
        steps.collect::<Vec<_>>()
    };
    heartbeat(&store);
    hands.pass(10_000);
    // What clocks do by themselves.
    hands.ahead.store(1_900, Ordering::SeqCst);
    heartbeat(&store);
    hands.pass(10_000);
    assert_eq!(steps(), []);
    hands.ahead.store(-3_600_000, Ordering::SeqCst);
    heartbeat(&store);
    assert_eq!(steps(), [(2, -3_601_900)]);
    hands.ahead.store(5_000, Ordering::SeqCst);
    // Rows of the index alone append nothing.
    run(store.commit(clean("a", [1]))).unwrap();
    assert_eq!(steps().len(), 1);
    drop(store);
    // Also over a restart within the same boot.
    let store = Store::open_with(dir.path(), hands.clone()).unwrap();
    heartbeat(&store);
    assert_eq!(steps()[1..], [(4, 3_605_000)]);
    drop(store);
    assert_sealed(dir.path());
}

#[test]
fn without_space_for_a_checkpoint_the_record_goes_on() {
    let (dir, hands, store) = with_hands();
    for step in [Step::WriteSeal, Step::NameSeal] {
        hands.fail(step, ENOSPC);
        heartbeat(&store);
        heartbeat(&store);
        // It may have been the first attempt that found none, or this one.
        if let Err(error) = run(store.checkpoint()) {
            assert!(error.is_full(), "{error}");
        }
        run(store.checkpoint()).unwrap();
        // A roll that finds none is made at the next record.
        hands.pass(DAY);
        hands.fail(step, ENOSPC);
        heartbeat(&store);
        heartbeat(&store);
    }
    drop(store);
    let (sizes, rolls) = assert_sealed(dir.path());
    assert_eq!((sizes.last().copied(), rolls), (Some(chain(dir.path()).len() as u64), 2));
}

/// Its files: the next key, its public half, the checkpoint over the record, the copy of that, zeros over the old key.
#[test]
fn a_roll_without_space_holds_the_record_up_where_it_must() {
    for after in 0..5 {
        for errno in [ENOSPC, EIO] {
            let (dir, hands, store) = with_hands();
            heartbeat(&store);
            run(store.checkpoint()).unwrap();
            hands.pass(DAY);
            hands.fail_later(Step::WriteSeal, after, errno);
            let held = run(store.commit(entries(vec![Entry::Heartbeat]))).is_err();
            assert_eq!(held, after > 0, "{after}");
            heartbeat(&store);
            drop(store);
            let (sizes, rolls) = assert_sealed(dir.path());
            let count = if held { 3 } else { 4 };
            assert_eq!((sizes.last().copied(), rolls), (Some(count), 1), "{after}");
        }
    }
}

#[test]
fn a_failed_sync_of_a_checkpoint_closes_the_store() {
    for step in [Step::SyncSeal, Step::SyncSealDir] {
        let (dir, hands, store) = with_hands();
        hands.fail(step, EIO);
        heartbeat(&store);
        assert!(run(store.checkpoint()).unwrap_err().is_broken());
        assert!(run(store.commit(entries(vec![Entry::Heartbeat]))).unwrap_err().is_broken());
        run(store.reopen()).unwrap();
        heartbeat(&store);
        drop(store);
        assert_eq!(assert_sealed(dir.path()).0, [1, 2]);
    }
}

#[test]
fn a_store_whose_key_is_gone_records_and_does_not_sign() {
    let (dir, hands, store) = with_hands();
    heartbeat(&store);
    drop(store);
    let secret = dir.path().join("key/current.pem");
    let kept = fs::read(&secret).unwrap();
    fs::remove_file(&secret).unwrap();
    let store = Store::open_with(dir.path(), hands.clone()).unwrap();
    assert!(store.opened().keyless);
    heartbeat(&store);
    hands.pass(DAY);
    heartbeat(&store);
    assert!(matches!(run(store.checkpoint()).unwrap_err(), komainu::store::Error::Keyless(_)));
    drop(store);
    // Nor does it make another one, which nobody could follow.
    assert!(!secret.exists());
    assert_eq!(assert_sealed(dir.path()), (vec![1], 0));
    fs::write(&secret, kept).unwrap();
    drop(Store::open_with(dir.path(), hands).unwrap());
    assert_eq!(assert_sealed(dir.path()), (vec![1, 4], 1));
}

const DIR: &str = "KOMAINU_TEST_SEAL_DIR";
const AT: &str = "KOMAINU_TEST_SEAL_STEP";

/// Kills its own process at the n-th step; each life begins a day after the one before.
struct Kill {
    hands: Hands,
    step: AtomicU64,
}

impl Faults for Kill {
    fn at(&self, _: Step) -> Fault {
        if self.step.fetch_sub(1, Ordering::SeqCst) == 1 {
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL).unwrap();
            std::thread::park();
        }
        Fault::Pass
    }

    fn clocks(&self) -> Option<(Timestamp, Option<Clock>)> {
        self.hands.clocks()
    }
}

/// The process that is killed; as a test of its own it does nothing.
#[test]
fn child() {
    let (Ok(dir), Ok(at)) = (std::env::var(DIR), std::env::var(AT)) else { return };
    let at: i64 = at.parse().unwrap();
    let kill = Arc::new(Kill { hands: Hands::default(), step: AtomicU64::new(at as u64 % 1000) });
    kill.hands.pass(at / 1000 * DAY);
    let store = Store::open_with(Path::new(&dir), kill.clone()).unwrap();
    for _ in 0..3 {
        heartbeat(&store);
        kill.hands.pass(DAY / 2);
    }
}

#[test]
fn killed_at_every_step_of_a_roll() {
    let mut dir = scratch();
    let mut rolls = 0;
    for step in 1..=65_i64 {
        if step % 15 == 0 {
            dir = scratch();
        }
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["store::seal::child", "--exact", "--nocapture", "--test-threads=1"])
            .env(DIR, dir.path())
            // Three days a life, so that each opening finds another day, too.
            .env(AT, (step * 3000 + step).to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(!status.success(), "step {step} was not reached");
        let hands = Arc::new(Hands::default());
        hands.pass(step * 3 * DAY + DAY);
        let store = Store::open_with(dir.path(), hands.clone()).unwrap();
        assert!(!store.opened().keyless, "step {step}");
        heartbeat(&store);
        drop(store);
        let (sizes, n) = assert_sealed(dir.path());
        assert_eq!(sizes.last().copied(), Some(chain(dir.path()).len() as u64), "step {step}");
        assert!(!dir.path().join("key/next.pem").exists(), "step {step}");
        rolls = rolls.max(n);
    }
    assert!(rolls > 15, "{rolls}");
}
