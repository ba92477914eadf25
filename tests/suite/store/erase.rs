//! Content that goes for good: on record first, shared octets kept, finished after a crash, and by age.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use komainu::evidence::CaseId;
use komainu::store::Retention;
use komainu::store::fault::{Fault, Faults, Step};

use super::*;

fn blob(dir: &Path, at: &Position) -> PathBuf {
    let sha256 = Digest::of(&mail(at)).to_string();
    dir.join(format!("evidence/blobs/{}/{sha256}.eml", &sha256[..2]))
}

fn meta(dir: &Path, id: EvidenceId) -> PathBuf {
    let name = id.0.to_string();
    dir.join(format!("evidence/meta/{}/{name}.json", &name[34..]))
}

/// Moved, so that nothing is open.
async fn settled(store: &Store, at: &Position) -> EvidenceId {
    let id = new_id();
    store.commit(hit(id, at)).await.unwrap();
    store.commit(entries(vec![moved(id, at.uid + 1000)])).await.unwrap();
    id
}

fn erasures(dir: &Path) -> Vec<(EvidenceId, usize, String)> {
    chain(dir)
        .into_iter()
        .filter_map(|record| match record.entry {
            Entry::Erased { id: Some(id), contents, reason } => Some((id, contents.len(), reason)),
            _ => None,
        })
        .collect()
}

#[test]
fn erased_content_is_gone_and_the_record_of_it_stays() {
    let dir = scratch();
    let (a, b) = (inbox("a", 1), inbox("a", 2));
    let (first, second) = run(async {
        let store = open(dir.path());
        let ids = (settled(&store, &a).await, settled(&store, &b).await);
        assert_eq!(store.erase(vec![ids.0], "asked").await.unwrap(), 1);
        // Twice is once.
        assert_eq!(store.erase(vec![ids.0], "asked").await.unwrap(), 0);
        // What was erased is not captured anew under its old position.
        assert!(store.commit(hit(new_id(), &a)).await.unwrap_err().is_duplicate());
        ids
    });
    assert!(!blob(dir.path(), &a).exists() && !meta(dir.path(), first).exists());
    assert!(blob(dir.path(), &b).exists() && meta(dir.path(), second).exists());
    assert_eq!(erasures(dir.path()), [(first, 2, "asked".to_owned())]);
}

#[test]
fn octets_that_another_message_has_stay_until_the_last_one_goes() {
    let dir = scratch();
    let at = inbox("a", 1);
    // The same octets a second time: only the position differs.
    let again = Position { uid: 9, ..at.clone() };
    let twin = |id| Batch {
        entries: vec![captured(id, &again, &mail(&at), b"{\"twin\":1}")],
        metas: vec![(id, b"{\"twin\":1}".to_vec())],
        blobs: vec![mail(&at)],
        ..Batch::default()
    };
    run(async {
        let store = open(dir.path());
        let first = settled(&store, &at).await;
        let second = new_id();
        store.commit(twin(second)).await.unwrap();
        store.erase(vec![first], "asked").await.unwrap();
        assert!(blob(dir.path(), &at).exists() && !meta(dir.path(), first).exists());
        store.erase(vec![second], "asked").await.unwrap();
        assert!(!blob(dir.path(), &at).exists());
        assert_eq!(erasures(dir.path()), [(first, 1, "asked".into()), (second, 2, "asked".into())]);
        // Sent once more, they are kept once more, also when the index is made again from the chain.
        store
            .commit(Batch {
                entries: vec![captured(new_id(), &Position { uid: 10, ..at.clone() }, &mail(&at), b"{}")],
                metas: Vec::new(),
                blobs: vec![mail(&at)],
                ..Batch::default()
            })
            .await
            .unwrap_err();
        let third = new_id();
        let position = Position { uid: 10, ..at.clone() };
        let batch = Batch {
            entries: vec![captured(third, &position, &mail(&at), b"{}")],
            metas: vec![(third, b"{}".to_vec())],
            blobs: vec![mail(&at)],
            ..Batch::default()
        };
        store.commit(batch).await.unwrap();
    });
    Store::reindex(dir.path()).unwrap();
    drop(open(dir.path()));
    assert!(blob(dir.path(), &at).exists());
}

/// Refuses the removal of files so many times.
struct Stubborn(Mutex<u32>);

impl Faults for Stubborn {
    fn at(&self, step: Step) -> Fault {
        let mut left = self.0.lock().unwrap();
        if step != Step::Remove || *left == 0 {
            return Fault::Pass;
        }
        *left -= 1;
        Fault::Fail(5)
    }
}

#[test]
fn what_was_erased_on_record_only_goes_at_the_next_start() {
    let dir = scratch();
    let at = inbox("a", 1);
    let id = run(async {
        let store = Store::open_with(dir.path(), Arc::new(Stubborn(Mutex::new(1)))).unwrap();
        let id = settled(&store, &at).await;
        store.erase(vec![id], "asked").await.unwrap_err();
        id
    });
    assert!(blob(dir.path(), &at).exists() || meta(dir.path(), id).exists());
    drop(open(dir.path()));
    assert!(!blob(dir.path(), &at).exists() && !meta(dir.path(), id).exists());
    assert_eq!(erasures(dir.path()).len(), 1);
}

#[test]
fn by_age_goes_what_is_old_and_not_what_is_held_or_open() {
    let dir = scratch();
    let case = CaseId { year: 2026, number: 1 };
    run(async {
        let store = open(dir.path());
        let old = settled(&store, &inbox("a", 1)).await;
        let held = settled(&store, &inbox("a", 2)).await;
        let open_move = new_id();
        store.commit(hit(open_move, &inbox("a", 3))).await.unwrap();
        let note = b"{\"salt\":\"00\"}\n".to_vec();
        let opened = Entry::CaseOpened { case, sha256: Digest::of(&note) };
        // Not without its note.
        store.commit(entries(vec![opened.clone()])).await.unwrap_err();
        let acts =
            vec![opened, Entry::CaseAdded { case, ids: vec![held] }, Entry::CaseHeld { case, held: true }];
        store.commit(Batch { notes: vec![note], entries: acts, ..Batch::default() }).await.unwrap();
        let keep = Retention { hits: Duration::from_secs(3600), ..Retention::default() };
        let now = jiff::Timestamp::now();
        assert_eq!(store.expire(keep, now).await.unwrap(), 0);
        let later = now + jiff::SignedDuration::from_hours(2);
        assert_eq!(store.expire(keep, later).await.unwrap(), 1);
        store.commit(entries(vec![Entry::CaseHeld { case, held: false }])).await.unwrap();
        assert_eq!(store.expire(keep, later).await.unwrap(), 1);
        let gone: Vec<_> = erasures(dir.path()).into_iter().map(|(id, ..)| id).collect();
        assert_eq!(gone, [old, held]);
        assert!(erasures(dir.path()).iter().all(|(.., reason)| reason == "retention"));
    });
}

#[test]
fn a_released_message_goes_sooner_and_clean_ones_are_forgotten() {
    let dir = scratch();
    run(async {
        let store = open(dir.path());
        let id = settled(&store, &inbox("a", 1)).await;
        let back = Position { uid: 50, ..inbox("a", 1) };
        let identity = "sha256".to_owned();
        store.commit(entries(vec![Entry::Released { id, position: back, identity }])).await.unwrap();
        store.commit(clean("a", [60])).await.unwrap();
        let entry = store.unbatched_clean("a", "INBOX").await.unwrap().unwrap();
        store.commit(entries(vec![entry])).await.unwrap();
        let seen = komainu::store::Identity::Octets(Digest::of(&60_u32.to_be_bytes()));
        assert!(store.was_clean("a", &seen).await.unwrap());
        let later = |days: i64| jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
        assert_eq!(store.expire(Retention::default(), later(29)).await.unwrap(), 0);
        assert_eq!(store.expire(Retention::default(), later(31)).await.unwrap(), 1);
        assert!(store.was_clean("a", &seen).await.unwrap());
        store.expire(Retention::default(), later(91)).await.unwrap();
        assert!(!store.was_clean("a", &seen).await.unwrap());
        // Its UID is handled all the same.
        assert!(store.handled(&inbox("a", 1), 60).await.unwrap().contains(&60));
    });
}

/// From then on nobody watched, whatever commands put on record meanwhile.
#[test]
fn when_somebody_last_watched_is_told_by_the_service_alone() {
    let dir = scratch();
    run(async {
        let store = open(dir.path());
        assert_eq!(store.last_watched().await.unwrap(), None);
        let id = settled(&store, &inbox("a", 1)).await;
        store.commit(entries(vec![Entry::ServiceStop])).await.unwrap();
        let stopped = store.last_watched().await.unwrap();
        assert!(stopped.is_some());
        std::hint::black_box(wait_for_the_next_millisecond());
        store.commit(entries(vec![Entry::Viewed { id }])).await.unwrap();
        store.erase(vec![id], "asked").await.unwrap();
        assert_eq!(store.last_watched().await.unwrap(), stopped);
        drop(store);
        komainu::store::Store::reindex(dir.path()).unwrap();
        assert_eq!(open(dir.path()).last_watched().await.unwrap(), stopped);
    });
}

/// Records are told apart by their milliseconds.
fn wait_for_the_next_millisecond() -> jiff::Timestamp {
    let begun = jiff::Timestamp::now();
    loop {
        let now = jiff::Timestamp::now();
        if now.as_millisecond() > begun.as_millisecond() + 1 {
            return now;
        }
        std::hint::spin_loop();
    }
}

/// It has a record of its own: it is known again, and counted by that alone.
#[test]
fn what_was_released_is_in_no_scan_batch_and_is_forgotten_with_the_clean() {
    let dir = scratch();
    run(async {
        let store = open(dir.path());
        let id = settled(&store, &inbox("a", 1)).await;
        let back = Position { uid: 50, ..inbox("a", 1) };
        let mut batch = clean("a", [50, 60]);
        batch.entries.push(Entry::Released { id, position: back, identity: "sha256".to_owned() });
        store.commit(batch).await.unwrap();
        let entry = store.unbatched_clean("a", "INBOX").await.unwrap().unwrap();
        assert!(matches!(&entry, Entry::ScanBatch { uids, clean: 1, .. } if uids == "60"), "{entry:?}");
        store.commit(entries(vec![entry])).await.unwrap();
        assert_eq!(store.unbatched_clean("a", "INBOX").await.unwrap(), None);
        let seen = komainu::store::Identity::Octets(Digest::of(&50_u32.to_be_bytes()));
        assert!(store.was_clean("a", &seen).await.unwrap());
        let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 91);
        store.expire(Retention::default(), later).await.unwrap();
        assert!(!store.was_clean("a", &seen).await.unwrap());
    });
}
