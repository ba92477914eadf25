//! How long one hit waits for the disk. `cargo test --test suite store::bench -- --ignored --nocapture`

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use komainu::store::fault::{Fault, Faults, Step};

use super::*;

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!("{what}: p50 {:?}, p99 {:?}, max {:?}", at(50), at(99), at(100));
}

#[test]
#[ignore = "a measurement"]
fn commit() {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = open(dir.path());
    run(async {
        let mut times = Vec::new();
        // The first ones make directories.
        for uid in 1..=1500 {
            let batch = hit(new_id(), &inbox("a", uid));
            let start = Instant::now();
            store.commit(batch).await.unwrap();
            times.push(start.elapsed());
        }
        report("blob, meta, 4 entries", times.split_off(500));
        let mut times = Vec::new();
        for _ in 0..1000 {
            let start = Instant::now();
            store.commit(entries(vec![Entry::Heartbeat])).await.unwrap();
            times.push(start.elapsed());
        }
        report("1 entry", times);
        let mut times = Vec::new();
        for uid in 2000..3000 {
            let start = Instant::now();
            store.commit(clean("a", [uid])).await.unwrap();
            times.push(start.elapsed());
        }
        report("1 clean row", times);
    });
    drop(store);
    let start = Instant::now();
    let store = open(dir.path());
    println!("open, {} records: {:?}", store.opened().records, start.elapsed());
    drop(store);
    let start = Instant::now();
    let opened = Store::reindex(dir.path()).unwrap();
    println!("reindex, {} records: {:?}", opened.records, start.elapsed());
}

/// When each step began.
#[derive(Default)]
struct Watch(std::sync::Mutex<Vec<(Step, Instant)>>);

impl Faults for Watch {
    fn at(&self, step: Step) -> Fault {
        self.0.lock().unwrap().push((step, Instant::now()));
        Fault::Pass
    }
}

#[test]
#[ignore = "a measurement"]
fn where_the_time_goes() {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let watch = Arc::new(Watch::default());
    let store = Store::open_with(dir.path(), watch.clone()).unwrap();
    let mut phases: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for uid in 1..=1500 {
        let batch = hit(new_id(), &inbox("a", uid));
        watch.0.lock().unwrap().clear();
        let start = Instant::now();
        run(store.commit(batch)).unwrap();
        let end = Instant::now();
        let steps = watch.0.lock().unwrap().clone();
        let first = |step| steps.iter().find(|(s, _)| *s == step).unwrap().1;
        let marks = [
            ("1 to the first write: check, rows, lines", first(Step::Write)),
            ("2 write and fsync files", first(Step::Publish)),
            ("3 rename", first(Step::SyncDir)),
            ("4 fsync directories", first(Step::Append)),
            ("5 append", first(Step::SyncChain)),
            ("6 fdatasync", first(Step::Index)),
            ("7 commit rows, answer", end),
        ];
        let mut from = start;
        for (what, at) in marks {
            if uid > 500 {
                phases.entry(what).or_default().push(at - from);
            }
            from = at;
        }
    }
    for (what, times) in phases {
        report(what, times);
    }
}
