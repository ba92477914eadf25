//! A store of four days, made through [`Store`]; and what somebody who can write there may do to it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

use komainu::evidence::{Checkpoint, Digest, Entry, EvidenceId, Lesson, PublicKey, Record, SecretKey, Tree};
use komainu::store::{Batch, Store};

use crate::store::seal::{DAY, Hands};
use crate::store::{clean, entries, hit, inbox, moved, new_id, run, scratch};

/// What the sample's makers kept, beside the store itself.
pub(crate) struct Sample {
    pub(crate) dir: tempfile::TempDir,
    /// The first public key, as it was printed.
    pub(crate) key: PathBuf,
    /// The whole store as it was on the third day.
    pub(crate) old: PathBuf,
    /// Checkpoints that were kept elsewhere: at the end of each day, and of the fourth also in the morning.
    pub(crate) outside: Vec<PathBuf>,
    /// Message that is there and on record; the last one of each day.
    pub(crate) hits: Vec<EvidenceId>,
}

impl Sample {
    pub(crate) fn store(&self) -> PathBuf {
        self.dir.path().join("store")
    }
}

/// Made once.
pub(crate) fn sample() -> &'static Sample {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    SAMPLE.get_or_init(make)
}

/// From 2026-11-29 to 2026-12-02, so that the chain has two segments: twelve hits, clean mail, a case, an erasure, a boot.
fn make() -> Sample {
    let dir = scratch();
    let (path, old) = (dir.path().join("store"), dir.path().join("old"));
    let hands = Arc::new(Hands::default());
    hands.pass(5 * DAY);
    let mut store = Store::open_with(&path, hands.clone()).unwrap();
    let key = dir.path().join("genesis.pub.pem");
    fs::write(&key, run(store.genesis()).unwrap()).unwrap();
    let mut outside = Vec::new();
    let mut keep = |store: &Store| {
        let file = dir.path().join(format!("outside-{}.note", outside.len()));
        fs::write(&file, run(store.checkpoint()).unwrap()).unwrap();
        outside.push(file);
    };
    let mut hits = Vec::new();
    run(store.commit(entries(vec![Entry::WatchStart { position: inbox("a", 1) }]))).unwrap();
    for day in 0..4_u32 {
        let mut last = new_id();
        for n in 0..3 {
            let (id, uid) = (new_id(), day * 10 + n + 1);
            run(store.commit(hit(id, &inbox("a", uid)))).unwrap();
            run(store.commit(entries(vec![moved(id, uid + 100)]))).unwrap();
            hands.pass(600_000);
            if day == 3 && n == 0 {
                keep(&store);
            }
            if day == 1 && n == 0 {
                // This one goes, by its owner's wish.
                assert_eq!(run(store.erase(vec![id], "asked")).unwrap(), 1);
            } else {
                last = id;
            }
        }
        run(store.commit(clean("a", [day * 10 + 5]))).unwrap();
        let batch = run(store.unbatched_clean("a", "INBOX")).unwrap().unwrap();
        run(store.commit(entries(vec![batch]))).unwrap();
        hits.push(last);
        if day == 2 {
            case(&store, last);
            drop(store);
            copy(&path, &old);
            hands.boot.store(1, Ordering::SeqCst);
            store = Store::open_with(&path, hands.clone()).unwrap();
        }
        run(store.commit(entries(vec![Entry::Heartbeat]))).unwrap();
        keep(&store);
        hands.pass(DAY);
    }
    // The day is over, and the machine is off: nothing is appended any more.
    hands.pass(-DAY);
    drop(store);
    Sample { dir, key, old, outside, hits }
}

fn case(store: &Store, id: EvidenceId) {
    let case = "C-2026-0001".parse().unwrap();
    let note = br#"{"salt":"00","subject":{"named":"x"}}"#.to_vec();
    let opened = Entry::CaseOpened { case, sha256: Digest::of(&note) };
    let added = Entry::CaseAdded { case, ids: vec![id] };
    let sender = br#"{"salt":"01","sender":"a@example.com","domain":"example.com"}"#.to_vec();
    let learned = Entry::Learned { id, lesson: Lesson::Unwanted, sha256: Digest::of(&sender) };
    let entries = vec![opened, added, learned];
    let batch = Batch { entries, notes: vec![note, sender], ..Batch::default() };
    run(store.commit(batch)).unwrap();
}

/// A folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { _ = fs::copy(&path, &target).unwrap() }
    }
}

/// Somebody who can write to a copy of the sample.
pub(crate) struct Hand {
    dir: tempfile::TempDir,
}

impl Hand {
    pub(crate) fn new(from: &Path) -> Self {
        let dir = scratch();
        copy(from, dir.path());
        Self { dir }
    }

    pub(crate) fn store(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join("evidence").join(name)
    }

    pub(crate) fn blob(&self, sha256: Digest) -> PathBuf {
        let name = sha256.to_string();
        self.file(&format!("blobs/{}/{name}.eml", &name[..2]))
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        let mut paths: Vec<_> =
            fs::read_dir(self.file("chain")).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let text: String = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        text.split_inclusive('\n').map(str::to_owned).collect()
    }

    /// Writes these lines, each into the segment of its month.
    pub(crate) fn write(&self, lines: &[String]) {
        let later = lines.iter().position(|line| line.contains("\"@timestamp\":\"2026-12"));
        let (first, second) = lines.split_at(later.unwrap_or(lines.len()));
        fs::write(self.file("chain/000001.jsonl"), first.concat()).unwrap();
        if second.is_empty() {
            fs::remove_file(self.file("chain/000002.jsonl")).unwrap();
        } else {
            fs::write(self.file("chain/000002.jsonl"), second.concat()).unwrap();
        }
    }

    /// Changes lines, and makes the chain whole again behind it.
    pub(crate) fn rewrite(&self, change: impl FnOnce(&mut Vec<String>)) {
        let mut lines = self.lines();
        change(&mut lines);
        let mut prev = Digest::ZERO;
        for (seq, line) in lines.iter_mut().enumerate() {
            let rest = line.split_once("\"@timestamp\"").unwrap().1;
            *line = format!("{{\"prev\":\"{prev}\",\"seq\":{seq},\"@timestamp\"{rest}");
            prev = Digest::of(line.as_bytes());
        }
        self.write(&lines);
    }

    pub(crate) fn records(&self) -> Vec<Record> {
        self.lines().iter().map(|line| Record::from_line(line).unwrap()).collect()
    }

    /// Where a message was captured, and its octets' digest.
    pub(crate) fn captured(&self, wanted: EvidenceId) -> (usize, Digest) {
        let found = self.records().into_iter().find_map(|record| match record.entry {
            Entry::Captured { id, sha256, .. } if id == wanted => Some((record.seq as usize, sha256)),
            _ => None,
        });
        found.unwrap()
    }

    pub(crate) fn sizes(&self) -> Vec<u64> {
        let names = fs::read_dir(self.file("checkpoints")).unwrap();
        let mut sizes: Vec<u64> =
            names.map(|entry| entry.unwrap().file_name().to_str().unwrap()[..10].parse().unwrap()).collect();
        sizes.sort_unstable();
        sizes
    }

    /// Takes away what covers more than so many lines.
    pub(crate) fn forget_above(&self, size: u64) {
        for above in self.sizes().into_iter().filter(|above| *above > size) {
            fs::remove_file(self.file(&format!("checkpoints/{above:010}.note"))).unwrap();
            let _ = fs::remove_file(self.file(&format!("keys/{above:010}.pub.pem")));
        }
        let latest = self.file(&format!("checkpoints/{:010}.note", self.sizes().last().unwrap()));
        fs::copy(latest, self.file("checkpoint")).unwrap();
    }

    /// The key that lies on the machine.
    pub(crate) fn key(&self) -> SecretKey {
        SecretKey::from_pem(&fs::read_to_string(self.dir.path().join("key/current.pem")).unwrap()).unwrap()
    }

    /// Signs the lines up to a size, or all.
    pub(crate) fn sign(&self, key: &SecretKey, size: Option<u64>) {
        let mut tree = Tree::default();
        let lines = self.lines();
        let size = size.unwrap_or(lines.len() as u64);
        lines.iter().take(size as usize).for_each(|line| tree.push(line.as_bytes()));
        let origin = fs::read_to_string(self.file("origin")).unwrap().trim_end().to_owned();
        let note = Checkpoint { origin, size, root: tree.root() }.sign(key);
        fs::write(self.file(&format!("checkpoints/{size:010}.note")), &note).unwrap();
        fs::write(self.file("checkpoint"), &note).unwrap();
    }

    /// The records at which keys changed.
    pub(crate) fn rolls(&self) -> Vec<(u64, PublicKey)> {
        let rolls = self.records().into_iter().filter_map(|record| match record.entry {
            Entry::KeyRotated { public_key } => {
                Some((record.seq, PublicKey::from_base64(&public_key).unwrap()))
            }
            _ => None,
        });
        rolls.collect()
    }
}
