//! What is found when a store is opened, and what is made of it.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use jiff::Timestamp;
use komainu::evidence::Break;
use komainu::store::Error;
use rusqlite::Connection;

use super::*;

fn fill(store: &Store) {
    run(async {
        store.commit(entries(vec![Entry::WatchStart { position: inbox("a", 1) }])).await.unwrap();
        let (first, second) = (new_id(), new_id());
        store.commit(hit(first, &inbox("a", 1))).await.unwrap();
        store.commit(entries(vec![moved(first, 41)])).await.unwrap();
        store.commit(hit(second, &inbox("a", 2))).await.unwrap();
        let copied = Entry::Copied { id: second, destination_uid: 42 };
        store.commit(entries(vec![copied])).await.unwrap();
        let not_judged = Entry::NotJudged { id: None, position: inbox("a", 3), reason: "too-large".into() };
        store.commit(entries(vec![not_judged])).await.unwrap();
        store.commit(clean("a", 4..=9)).await.unwrap();
        let batch = store.unbatched_clean("a", "INBOX").await.unwrap().unwrap();
        store.commit(entries(vec![batch])).await.unwrap();
        let released = Entry::Released { id: first, position: inbox("a", 10), identity: "sha256".into() };
        store.commit(entries(vec![released])).await.unwrap();
    });
}

fn dump(dir: &Path) -> Vec<String> {
    let db = Connection::open(dir.join("state.sqlite")).unwrap();
    let mut rows = Vec::new();
    for table in ["applied", "watched", "captures", "intents", "settled", "recoveries"] {
        let mut all = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = all.column_count();
        let mut found = all.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values: Vec<_> =
                (0..columns).map(|n| row.get::<_, rusqlite::types::Value>(n).unwrap()).collect();
            rows.push(format!("{table} {values:?}"));
        }
    }
    let mut clean =
        db.prepare("SELECT account, mailbox, uidvalidity, uid, batched FROM clean ORDER BY uid").unwrap();
    let found = clean.query_map([], |row| Ok(format!("clean {:?}", row.get::<_, u32>(3)?))).unwrap();
    rows.extend(found.map(Result::unwrap));
    rows.sort();
    rows
}

#[test]
fn the_index_can_be_made_again() {
    let dir = scratch();
    let store = open(dir.path());
    assert!(!store.opened().rebuilt);
    fill(&store);
    drop(store);
    let before = dump(dir.path());
    assert!(before.len() > 12, "{before:#?}");
    let index = dir.path().join("state.sqlite");
    let damages: [fn(&Path); 5] = [
        |index| fs::remove_file(index).unwrap(),
        |index| fs::write(index, "not a database".repeat(90)).unwrap(),
        |index| fs::write(index, "").unwrap(),
        |index| Connection::open(index).unwrap().pragma_update(None, "user_version", 0).unwrap(),
        |index| Connection::open(index).unwrap().pragma_update(None, "user_version", 99).unwrap(),
    ];
    for damage in damages {
        damage(&index);
        let store = open(dir.path());
        assert!(store.opened().rebuilt);
        assert_eq!(store.opened().records, 14);
        drop(store);
        assert_eq!(dump(dir.path()), before);
    }
    assert!(!open(dir.path()).opened().rebuilt);
    assert!(Store::reindex(dir.path()).unwrap().rebuilt);
    assert_eq!(dump(dir.path()), before);
}

#[test]
fn a_torn_tail_is_put_aside_and_recorded_wherever_it_was_cut() {
    let dir = scratch();
    let store = open(dir.path());
    run(store.commit(entries(vec![Entry::Heartbeat]))).unwrap();
    drop(store);
    let index = fs::read(dir.path().join("state.sqlite")).unwrap();
    let segment = segments(dir.path()).remove(0);
    let whole = fs::read(&segment).unwrap();
    let store = open(dir.path());
    run(store.commit(hit(new_id(), &inbox("a", 1)))).unwrap();
    run(store.commit(entries(vec![Entry::Heartbeat]))).unwrap();
    drop(store);
    let all = fs::read(&segment).unwrap();
    let last = all[..all.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1;
    let line_ends =
        all.iter().enumerate().filter(|(_, b)| **b == b'\n').flat_map(|(at, _)| [at, at + 1, at + 2]);
    // Every octet of the last line, and around the line ends of the batch before it.
    let cuts: std::collections::BTreeSet<usize> =
        line_ends.chain(last..all.len()).filter(|cut| (whole.len() + 1..all.len()).contains(cut)).collect();
    assert!(cuts.len() > 300);
    for cut in cuts {
        fs::write(&segment, &all[..cut]).unwrap();
        fs::write(dir.path().join("state.sqlite"), &index).unwrap();
        let tails = dir.path().join("evidence/quarantine-tail");
        fs::remove_dir_all(&tails).unwrap();
        let store = open(dir.path());
        let kept = if cut < last { whole.len() } else { last };
        let tail = &all[kept..cut];
        if tail.is_empty() {
            assert_eq!(store.opened().recovered_tail, None);
            continue;
        }
        let sha256 = Digest::of(tail);
        assert_eq!(store.opened().recovered_tail, Some(sha256), "cut at {cut}");
        drop(store);
        assert_eq!(fs::read(tails.join(format!("{sha256}.bin"))).unwrap(), tail);
        assert!(fs::read(&segment).unwrap().starts_with(&all[..kept]));
        let records = chain(dir.path());
        assert_eq!(records.len(), if cut < last { 2 } else { 6 });
        let recovery = Entry::Recovery { what: "torn-tail".into(), sha256: Some(sha256) };
        assert_eq!(records.last().unwrap().entry, recovery);
        // Once.
        assert_eq!(open(dir.path()).opened().recovered_tail, None);
    }
}

#[test]
fn a_chain_that_was_cut_below_what_was_acknowledged_is_refused_and_left_alone() {
    let dir = scratch();
    let store = open(dir.path());
    fill(&store);
    drop(store);
    let segment = segments(dir.path()).remove(0);
    let all = fs::read(&segment).unwrap();
    let line = all[..all.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1;
    for cut in [0, line, line + 1, all.len() - 1] {
        fs::write(&segment, &all[..cut]).unwrap();
        let error = Store::open(dir.path()).unwrap_err();
        assert!(matches!(error, Error::IndexAhead { index: 14, .. }), "{cut}: {error}");
        assert_eq!(fs::read(&segment).unwrap(), all[..cut]);
    }
    fs::write(&segment, &all).unwrap();
    open(dir.path());
}

#[test]
fn a_chain_that_was_changed_is_refused_by_file_and_line() {
    let dir = scratch();
    let store = open(dir.path());
    fill(&store);
    drop(store);
    let segment = segments(dir.path()).remove(0);
    let all = fs::read_to_string(&segment).unwrap();
    fs::write(&segment, all.replacen("too-large", "too-small", 1)).unwrap();
    match Store::open(dir.path()).unwrap_err() {
        // The line after the changed one tells.
        Error::Chain { file, line, why } => assert_eq!((file, line, why), (segment.clone(), 13, Break::Prev)),
        other => panic!("{other}"),
    }
    // The last line has no successor; the index remembers it.
    let last = all.trim_end().rfind('\n').unwrap();
    let changed = all.replacen("\"evidence.identity\":\"sha256\"", "\"evidence.identity\":\"server\"", 1);
    assert_eq!(changed[..last], all[..last]);
    fs::write(&segment, changed).unwrap();
    assert!(matches!(Store::open(dir.path()).unwrap_err(), Error::Diverged { seq: 14 }));
}

/// A chain of old months, as an installation of some time ago left it.
fn old_months(dir: &Path, months: &[&str]) {
    drop(open(dir));
    let mut prev = Digest::ZERO;
    for (n, month) in months.iter().enumerate() {
        let mut text = String::new();
        for day in 0..3 {
            let at: Timestamp = format!("{month}-0{}T00:00:00Z", day + 1).parse().unwrap();
            let record = Record::new((n * 3 + day) as u64, prev, at, Uuid::now_v7(), Entry::Heartbeat);
            let line = record.to_line().unwrap();
            prev = Digest::of(line.as_bytes());
            text += &line;
        }
        fs::write(dir.join(format!("evidence/chain/{:06}.jsonl", n + 1)), text).unwrap();
    }
}

#[test]
fn a_new_month_begins_a_new_segment_and_the_chain_goes_on() {
    let dir = scratch();
    old_months(dir.path(), &["2026-08", "2026-09"]);
    let store = open(dir.path());
    // The key's day is over: its roll is the new month's first record.
    assert_eq!(store.opened().records, 7);
    run(store.commit(entries(vec![Entry::Heartbeat]))).unwrap();
    run(store.commit(entries(vec![Entry::Heartbeat]))).unwrap();
    drop(store);
    assert_eq!(segments(dir.path()).len(), 3);
    assert_eq!(chain(dir.path()).len(), 9);
    assert_eq!(Store::reindex(dir.path()).unwrap().records, 9);

    // A later clock than ours: no segment for each record, and none of an earlier month behind it.
    let dir = scratch();
    old_months(dir.path(), &["2026-08", "2999-01"]);
    let store = open(dir.path());
    run(store.commit(entries(vec![Entry::Heartbeat]))).unwrap();
    assert_eq!(segments(dir.path()).len(), 2);
    assert_eq!(chain(dir.path()).len(), 8);
}

#[test]
fn earlier_segments_are_bound_to_the_later_ones() {
    let broken = |damage: fn(&Path)| {
        let dir = scratch();
        old_months(dir.path(), &["2026-07", "2026-08", "2026-09"]);
        drop(open(dir.path()));
        damage(&dir.path().join("evidence/chain"));
        Store::open(dir.path()).unwrap_err()
    };
    let error = broken(|chain| fs::remove_file(chain.join("000002.jsonl")).unwrap());
    assert!(matches!(error, Error::Segment(_)), "{error}");
    let error = broken(|chain| fs::write(chain.join("000001.jsonl"), "").unwrap());
    assert!(matches!(error, Error::Segment(_)), "{error}");
    let error = broken(|chain| {
        let path = chain.join("000002.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.split_inclusive('\n').take(2).collect::<String>()).unwrap();
    });
    assert!(matches!(error, Error::Chain { line: 1, why: Break::Seq { .. }, .. }), "{error}");
    let error = broken(|chain| {
        let path = chain.join("000002.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.trim_end()).unwrap();
    });
    assert!(matches!(error, Error::Chain { why: Break::Torn, .. }), "{error}");
}

#[test]
fn one_writer_at_a_time() {
    let dir = scratch();
    let store = open(dir.path());
    let clone = store.clone();
    assert!(Store::open(dir.path()).unwrap_err().is_locked());
    drop(store);
    assert!(Store::reindex(dir.path()).unwrap_err().is_locked());
    drop(clone);
    open(dir.path());
}

fn assert_closed(path: &Path) {
    let mode = path.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", path.display());
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            assert_closed(&entry.unwrap().path());
        }
    }
}

/// The process of [`nobody_else_can_read_it`], under a umask that takes nothing away.
#[test]
fn open_to_all() {
    let Ok(dir) = std::env::var("KOMAINU_TEST_STORE_UMASK") else { return };
    let dir = Path::new(&dir);
    let store = open(dir);
    fill(&store);
    // With the index's own files beside it.
    assert_closed(dir);
    assert!(dir.join("state.sqlite-wal").exists());
}

#[test]
fn nobody_else_can_read_it() {
    let dir = scratch();
    fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    let state = dir.path().join("new");
    for state in [dir.path(), &state] {
        let run = Command::new("sh")
            .args(["-c", "umask 0; exec \"$0\" store::open::open_to_all --exact"])
            .arg(std::env::current_exe().unwrap())
            .env("KOMAINU_TEST_STORE_UMASK", state)
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    }
    assert_closed(&state);
}

#[test]
fn a_log_has_one_name_for_life() {
    let dir = scratch();
    drop(open(dir.path()));
    let origin = fs::read_to_string(dir.path().join("evidence/origin")).unwrap();
    assert_eq!(origin.trim_end().strip_prefix("komainu.invalid/").unwrap().len(), 32);
    drop(open(dir.path()));
    assert_eq!(fs::read_to_string(dir.path().join("evidence/origin")).unwrap(), origin);
}

#[test]
fn what_a_newer_version_wrote_is_kept_and_counted() {
    let dir = scratch();
    drop(open(dir.path()));
    let entry = Entry::Unknown { action: "moon-phase".into(), fields: serde_json::Map::new() };
    let record = Record::new(0, Digest::ZERO, Timestamp::now(), Uuid::now_v7(), entry);
    fs::write(&segments(dir.path())[0], record.to_line().unwrap()).unwrap();
    let store = open(dir.path());
    assert_eq!((store.opened().records, store.opened().unknown), (1, 1));
    run(store.commit(entries(vec![Entry::Heartbeat]))).unwrap();
    assert_eq!(chain(dir.path())[0], record);
}
