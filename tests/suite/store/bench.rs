//! How long one hit waits for the disk. `cargo test --test suite store::bench -- --ignored --nocapture`

use std::time::{Duration, Instant};

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
