//! Every file of the evidence, one bit at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use komainu::evidence::audit::Grade;
use komainu::store::{Store, verify};

use super::*;
use crate::store::seal::{DAY, Hands};
use crate::store::{entries, hit, inbox, moved, new_id, open, run, scratch};

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn no_flipped_bit_is_ever_ok() {
    let dir = scratch();
    let hands = Arc::new(Hands::default());
    let store = Store::open_with(dir.path(), hands.clone()).unwrap();
    for uid in 1..=8 {
        let id = new_id();
        run(store.commit(hit(id, &inbox("a", uid)))).unwrap();
        run(store.commit(entries(vec![moved(id, uid)]))).unwrap();
        hands.pass(DAY / 7);
    }
    drop(store);
    let grade = || verify(dir.path(), None, &[]).unwrap().report.grade();
    assert_eq!(grade(), Grade::Notice);
    let mut paths = Vec::new();
    files(&dir.path().join("evidence"), &mut paths);
    let mut tried = 0;
    for path in paths {
        let whole = fs::read(&path).unwrap();
        // Small files whole, large ones here and there; another bit each time.
        let step = (whole.len() / 60).max(1) | 1;
        for at in (tried % step..whole.len()).step_by(step) {
            let mut octets = whole.clone();
            octets[at] ^= 1 << (tried % 8);
            fs::write(&path, octets).unwrap();
            assert_ne!(grade(), Grade::Notice, "{} at {at}, bit {}", path.display(), tried % 8);
            tried += 1;
        }
        fs::write(&path, whole).unwrap();
    }
    assert!(tried > 1000, "{tried}");
    assert_eq!(grade(), Grade::Notice);
}

/// Ends the other thread also where this one fails.
struct End<'a>(&'a AtomicBool);
impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// The service goes on while somebody verifies: nothing that it does looks like damage.
#[test]
fn a_store_that_is_written_to_verifies() {
    let dir = scratch();
    let store = open(dir.path());
    run(store.commit(entries(vec![Entry::Heartbeat]))).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _end = End(&done);
        scope.spawn(|| {
            // Enough for the verifications below, and not so much that they never end.
            for uid in 1..2000 {
                let id = new_id();
                run(store.commit(hit(id, &inbox("a", uid)))).unwrap();
                run(store.commit(entries(vec![moved(id, uid)]))).unwrap();
                if uid % 5 == 0 {
                    run(store.erase(vec![id], "asked")).unwrap();
                }
                if done.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        for _ in 0..10 {
            let verified = verify(dir.path(), None, &[]).unwrap();
            // The very end may not be covered yet.
            assert!(verified.report.grade() < Grade::Fail, "{:?}", verified.report);
        }
    });
    drop(store);
    assert_eq!(verify(dir.path(), None, &[]).unwrap().report.grade(), Grade::Notice);
}
