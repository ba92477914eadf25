//! What may be recorded, and what is known afterwards.

use komainu::store::{Error, Identity, Known, Watched};

use super::*;

#[test]
fn a_position_is_captured_once_and_a_move_ends_once() {
    let dir = scratch();
    let store = open(dir.path());
    let at = inbox("a", 5);
    let (id, other) = (new_id(), new_id());
    run(async {
        let error = store.commit(entries(vec![moved(id, 1)])).await.unwrap_err();
        assert!(matches!(error, Error::NoIntent { .. }), "{error}");
        let error = store.commit(entries(vec![intent(id, &at)])).await.unwrap_err();
        assert!(matches!(error, Error::NotCaptured { .. }), "{error}");
        store.commit(hit(id, &at)).await.unwrap();
        match store.commit(hit(other, &at)).await.unwrap_err() {
            Error::Duplicate { id: known } => assert_eq!(known, id),
            error => panic!("{error}"),
        }
        // Refused before anything was written: not even its meta is there.
        let name = other.0.to_string();
        assert!(!dir.path().join(format!("evidence/meta/{}/{name}.json", &name[34..])).exists());
        assert!(store.commit(hit(id, &inbox("a", 6))).await.unwrap_err().is_duplicate());
        assert!(store.commit(entries(vec![intent(id, &at)])).await.unwrap_err().is_duplicate());
        store.commit(entries(vec![moved(id, 1)])).await.unwrap();
        assert!(store.commit(entries(vec![moved(id, 1)])).await.unwrap_err().is_duplicate());
        // Also within one batch, of which then nothing is kept.
        let twice = vec![Entry::Heartbeat, intent(id, &at), moved(id, 2), moved(id, 2)];
        assert!(store.commit(entries(twice)).await.unwrap_err().is_duplicate());
        assert_eq!(store.head().await.unwrap().seq, 5);
        // What was refused by the server may be announced again.
        store.commit(hit(other, &inbox("a", 7))).await.unwrap();
        let refused = Entry::MoveResult {
            id: other,
            outcome: Outcome::Refused,
            destination_uid: None,
            reason: Some("over-quota".into()),
        };
        store.commit(entries(vec![refused, intent(other, &inbox("a", 7))])).await.unwrap();
        assert_eq!(store.open_intents("a").await.unwrap().len(), 1);
        // A release is one act, however often it is seen.
        let released = Entry::Released { id, position: inbox("a", 9), identity: "server".into() };
        store.commit(entries(vec![released.clone()])).await.unwrap();
        assert!(store.commit(entries(vec![released])).await.unwrap_err().is_duplicate());
    });
    assert_eq!(chain(dir.path()).len(), 12);
}

#[test]
fn no_record_without_the_content_it_names() {
    let dir = scratch();
    let store = open(dir.path());
    let at = inbox("a", 1);
    run(async {
        let id = new_id();
        for (what, strip) in [
            ("blob", (|batch| batch.blobs.clear()) as fn(&mut Batch)),
            ("meta", |batch| batch.metas.clear()),
            ("meta", |batch| batch.metas[0].1.push(b' ')),
            ("context", |batch| batch.contexts.clear()),
        ] {
            let mut batch = hit(id, &at);
            strip(&mut batch);
            match store.commit(batch).await.unwrap_err() {
                Error::NoContent { what: missing, .. } => assert_eq!(missing, what),
                error => panic!("{error}"),
            }
        }
        store.commit(hit(id, &at)).await.unwrap();
        // Content that is there already need not come again, and may.
        let mut batch = hit(new_id(), &inbox("b", 1));
        batch.contexts.clear();
        store.commit(batch).await.unwrap();
        let again = captured(new_id(), &inbox("c", 1), &mail(&at), b"{}");
        let Entry::Captured { id, .. } = &again else { unreachable!() };
        let metas = vec![(*id, b"{}".to_vec())];
        store.commit(Batch { entries: vec![again], metas, ..Batch::default() }).await.unwrap();
    });
    assert_eq!(chain(dir.path()).len(), 9);
}

#[test]
fn a_record_that_does_not_fit_is_refused_whole() {
    let dir = scratch();
    let store = open(dir.path());
    run(async {
        let reason = "x".repeat(70_000);
        let long = Entry::NotJudged { id: None, position: inbox("a", 1), reason };
        let error = store.commit(entries(vec![Entry::Heartbeat, long])).await.unwrap_err();
        assert!(matches!(error, Error::TooLong { .. }), "{error}");
        assert_eq!(store.head().await.unwrap().seq, 0);
        assert_eq!(store.handled(&inbox("a", 1), 1).await.unwrap(), [0_u32; 0]);
        store.commit(Batch::default()).await.unwrap();
    });
}

#[test]
fn a_captured_message_is_known_again_by_each_identity() {
    let dir = scratch();
    let store = open(dir.path());
    let at = inbox("a", 5);
    let id = new_id();
    run(async {
        store.commit(hit(id, &at)).await.unwrap();
        let known = Known {
            id,
            position: at.clone(),
            sha256: Digest::of(&mail(&at)),
            moved_to: None,
            released: false,
            internaldate: "24-Nov-2026 09:00:00 +0900".into(),
        };
        let date = known.internaldate.clone();
        let canonical = komainu::evidence::canonical_digest(&mail(&at));
        assert_eq!(store.at(&at).await.unwrap(), Some(known.clone()));
        let ladder = [
            Identity::Server("gm-a-5".into()),
            Identity::Octets(known.sha256),
            Identity::Canonical(canonical, date.clone()),
        ];
        for identity in &ladder {
            let found = store.by_identity("a", identity).await.unwrap();
            assert_eq!(found, std::slice::from_ref(&known), "{identity:?}");
            assert_eq!(store.by_identity("b", identity).await.unwrap(), []);
        }
        let other = Identity::Canonical(canonical, "25-Nov-2026 09:00:00 +0900".into());
        assert_eq!(store.by_identity("a", &other).await.unwrap(), []);

        let open = store.open_intents("a").await.unwrap().remove(0);
        assert_eq!((open.id, open.position, open.copied, open.sha256), (id, at.clone(), None, known.sha256));
        assert_eq!((open.destination.as_str(), open.destination_uidvalidity), ("komainu隔離", 3));
        assert_eq!(
            (open.destination_uidnext, open.method, open.size),
            (40, Method::Move, mail(&at).len() as u64)
        );
        store.commit(entries(vec![Entry::Copied { id, destination_uid: 44 }])).await.unwrap();
        assert_eq!(store.open_intents("a").await.unwrap()[0].copied, Some(44));
        let result = Entry::MoveResult { id, outcome: Outcome::Moved, destination_uid: None, reason: None };
        store.commit(entries(vec![result])).await.unwrap();
        assert_eq!(store.open_intents("a").await.unwrap(), []);
        let known = store.at(&at).await.unwrap().unwrap();
        assert_eq!(known.moved_to, Some(("komainu隔離".into(), 3, Some(44))));
        let released = Entry::Released { id, position: inbox("a", 9), identity: "server".into() };
        store.commit(entries(vec![released])).await.unwrap();
        assert!(store.at(&at).await.unwrap().unwrap().released);
        // Newest first.
        let second = new_id();
        let same = captured(second, &inbox("a", 10), &mail(&at), b"{}");
        let metas = vec![(second, b"{}".to_vec())];
        store.commit(Batch { entries: vec![same], metas, ..Batch::default() }).await.unwrap();
        let found = store.by_identity("a", &ladder[1]).await.unwrap();
        assert_eq!(found.iter().map(|known| known.id).collect::<Vec<_>>(), [second, id]);
    });
}

#[test]
fn the_cursor_is_the_furthest_that_is_known_of_this_uidvalidity() {
    let dir = scratch();
    let store = open(dir.path());
    let at = |uidvalidity, uid| Position { uidvalidity, ..inbox("a", uid) };
    let watched = || run(store.watched("a", "INBOX")).unwrap();
    let record = |entry| run(store.commit(entries(vec![entry]))).unwrap();
    assert_eq!(watched(), None);
    record(Entry::WatchStart { position: at(7, 10) });
    assert_eq!(watched(), Some(Watched { cursor: at(7, 10), start_uid: 10 }));
    run(store.commit(clean("a", 10..=12))).unwrap();
    assert_eq!(watched().unwrap().cursor, at(7, 13));
    record(Entry::Cursor { position: at(7, 12) });
    assert_eq!(watched().unwrap().cursor, at(7, 13));
    record(Entry::Cursor { position: at(7, 15) });
    record(Entry::Cursor { position: at(6, 99) });
    assert_eq!(watched(), Some(Watched { cursor: at(7, 15), start_uid: 10 }));
    record(Entry::UidvalidityChanged { position: at(8, 3), was: 7 });
    assert_eq!(watched(), Some(Watched { cursor: at(8, 3), start_uid: 3 }));
    record(Entry::Cursor { position: at(7, 99) });
    assert_eq!(watched().unwrap().cursor, at(8, 3));
    assert_eq!(run(store.watched("a", "Other")).unwrap(), None);
}

#[test]
fn clean_messages_go_into_scan_batches_once() {
    let dir = scratch();
    let store = open(dir.path());
    run(async {
        assert_eq!(store.unbatched_clean("a", "INBOX").await.unwrap(), None);
        store.commit(entries(vec![Entry::WatchStart { position: inbox("a", 1) }])).await.unwrap();
        store.commit(clean("a", (1..=4).chain(6..=7))).await.unwrap();
        store.commit(hit(new_id(), &inbox("a", 5))).await.unwrap();
        let batch = store.unbatched_clean("a", "INBOX").await.unwrap().unwrap();
        let expected = Entry::ScanBatch {
            account: "a".into(),
            mailbox: "INBOX".into(),
            uidvalidity: 7,
            uids: "1:4,6:7".into(),
            clean: 6,
            next_uid: 8,
        };
        assert_eq!(batch, expected);
        store.commit(entries(vec![batch])).await.unwrap();
        assert_eq!(store.unbatched_clean("a", "INBOX").await.unwrap(), None);
        assert_eq!(store.handled(&inbox("a", 1), 4).await.unwrap(), [4, 5, 6, 7]);
        let seen = Identity::Octets(Digest::of(&6_u32.to_be_bytes()));
        assert!(store.was_clean("a", &seen).await.unwrap());
        assert!(!store.was_clean("b", &seen).await.unwrap());

        // Every other UID: no ranges, so that the set is longer than a line may be.
        store.commit(clean("a", (0..20_000).map(|n| 100_001 + 2 * n))).await.unwrap();
        let (mut batches, mut clean) = (0, 0);
        while let Some(batch) = store.unbatched_clean("a", "INBOX").await.unwrap() {
            let Entry::ScanBatch { clean: n, next_uid, .. } = &batch else { panic!("{batch:?}") };
            (batches, clean) = (batches + 1, clean + n);
            assert!(*next_uid <= 140_000);
            store.commit(entries(vec![batch])).await.unwrap();
        }
        assert!(batches > 2, "{batches}");
        assert_eq!(clean, 20_000);
    });
    drop(store);
    // What the record says of them outlives the index.
    Store::reindex(dir.path()).unwrap();
    let store = open(dir.path());
    assert_eq!(run(store.handled(&inbox("a", 1), 100_000)).unwrap().len(), 20_000);
    assert_eq!(run(store.watched("a", "INBOX")).unwrap().unwrap().cursor.uid, 140_000);
}

#[test]
fn each_record_carries_the_clock_that_nobody_sets() {
    let dir = scratch();
    let store = open(dir.path());
    run(store.commit(entries(vec![Entry::Heartbeat, Entry::Heartbeat]))).unwrap();
    run(store.commit(entries(vec![Entry::Heartbeat]))).unwrap();
    let records = chain(dir.path());
    let times: Vec<_> = records.iter().map(|record| record.clock.unwrap().boottime_ms).collect();
    assert!(times.is_sorted() && times[0] > 0, "{times:?}");
    assert_eq!(records.iter().map(|record| record.more).collect::<Vec<_>>(), [1, 0, 0]);
}
