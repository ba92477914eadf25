//! Every act is in the chain: the second look at what was moved, and the times when nobody watched.

use std::time::Duration;

use komainu::demo::server::{Act, Cut, Fault, Options, Profile, Refusal};
use komainu::evidence::{Entry, Peer, Refetch};
use komainu::monitor::Event;
use komainu::store::Store;

use crate::support::world::{USER, World, in_time, letter, threat};

/// Waits until the record holds so many second looks; the store is open elsewhere, so its files are read.
async fn second_looks(world: &World, count: usize) -> Vec<Refetch> {
    in_time("second look", async {
        loop {
            let found: Vec<Refetch> = world
                .records()
                .into_iter()
                .filter_map(|record| match record.entry {
                    Entry::Refetched { found, .. } => Some(found),
                    _ => None,
                })
                .collect();
            if found.len() >= count {
                return found;
            }
            // Not synchronisation: a file is polled, because the record is all that an outsider sees.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

#[tokio::test]
async fn what_was_moved_is_looked_at_again_on_a_connection_of_its_own() {
    let mut world = World::new(Options::default()).await;
    world.start().await;
    for number in 0..3 {
        world.server.deliver(USER, "INBOX", threat(number), None, &[]);
    }
    world.until_settled(0, 3).await;
    assert_eq!(second_looks(&world, 3).await, [Refetch::Same; 3]);
    world.stop().await;
    // Once only.
    world.start().await;
    world.stop().await;
    assert_eq!(second_looks(&world, 3).await.len(), 3);
    // Each message says which server gave it; the file is the one that its digest names.
    for record in world.records() {
        if let Entry::Captured { session, .. } = record.entry {
            let name = session.expect("a session").to_string();
            let path = world.store_dir().join(format!("evidence/context/{name}.json"));
            let octets = std::fs::read(path).unwrap();
            assert_eq!(komainu::evidence::Digest::of(&octets).to_string(), name);
            let peer: Peer = serde_json::from_slice(&octets).unwrap();
            assert_eq!(peer.host, "localhost");
            let tls = peer.tls.expect("TLS");
            assert!(tls.version.starts_with("TLSv1_3") && !tls.certificates.is_empty(), "{tls:?}");
            assert!(peer.capabilities.contains(&"IMAP4REV1".to_owned()));
        }
    }
}

#[tokio::test]
async fn what_somebody_took_away_first_is_recorded_as_gone() {
    let mut world = World::new(Options::default()).await;
    world.start().await;
    // The first look is cut off, and before the next one somebody empties the mailbox.
    world.server.fault(Fault::once("EXAMINE", Act::CutBeforeTagged(Cut::Reset)));
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until_settled(0, 1).await;
    in_time("cut", world.server.wait_until(|state| state.faults_waiting() == 0)).await;
    let uid = world.quarantined()[0].uid;
    assert_eq!(world.server.expunge(USER, &world.quarantine(), &[uid]), 1);
    assert_eq!(second_looks(&world, 1).await, [Refetch::Gone]);
    world.stop().await;
}

#[tokio::test]
async fn what_the_person_puts_into_quarantine_is_a_report_and_what_we_put_there_is_not() {
    let mut world = World::new(Options::default()).await;
    let mut watch = world.watch();
    watch.poll = Duration::from_millis(100);
    world.start_with(vec![watch.clone()]).await;
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until_settled(0, 1).await;
    // As a mail program would drag it there, by a person who knows better than we do.
    world.server.deliver(USER, &world.quarantine(), letter(0), None, &[]);
    let Event::Reported { id, .. } =
        world.until("report", |event| matches!(event, Event::Reported { .. })).await
    else {
        unreachable!()
    };
    world.stop().await;
    // While nobody watched, another one.
    world.server.deliver(USER, &world.quarantine(), letter(1), None, &[]);
    world.start_with(vec![watch]).await;
    world.stop().await;
    let records = world.records();
    let reported: Vec<_> = records
        .iter()
        .filter_map(|record| match &record.entry {
            Entry::Reported { id, .. } => Some(*id),
            _ => None,
        })
        .collect();
    assert_eq!((reported.len(), reported[0]), (2, id));
    for id in reported {
        let judged =
            records.iter().any(|record| matches!(&record.entry, Entry::Judged { id: of, .. } if *of == id));
        assert!(judged, "a report has a verdict of its own");
    }
    assert_eq!((world.inbox().len(), world.quarantined().len()), (0, 3));
}

/// A move that was refused half-way leaves a copy in quarantine: ours, and no report.
#[tokio::test]
async fn a_copy_that_was_left_behind_is_no_report() {
    let options = Options { profile: Profile::Courier, ..Options::default() };
    let mut world = World::prefixed(options).await;
    let mut watch = world.watch();
    watch.poll = Duration::from_millis(100);
    world.start_with(vec![watch]).await;
    let refusal = Act::Refuse(Refusal::No, "not now".into());
    world.server.fault(Fault::once("UID STORE", refusal));
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    assert_eq!((world.inbox().len(), world.quarantined().len()), (1, 1));
    // A real one, so that quarantine has been looked into for certain.
    world.server.deliver(USER, &world.quarantine(), letter(0), None, &[]);
    world.until("report", |event| matches!(event, Event::Reported { .. })).await;
    world.stop().await;
    let reports = world.records().iter().filter(|r| matches!(r.entry, Entry::Reported { .. })).count();
    assert_eq!(reports, 1);
}

#[tokio::test]
async fn a_gap_between_two_runs_is_on_record() {
    let mut world = World::new(Options::default()).await;
    world.start().await;
    world.stop().await;
    let last = world.records().last().unwrap().at;
    world.start().await;
    world.stop().await;
    let gaps: Vec<_> = world
        .records()
        .into_iter()
        .filter_map(|record| match record.entry {
            Entry::WatchGap { account: None, from, until, reason } => Some((from, until, reason)),
            _ => None,
        })
        .collect();
    let [(from, until, reason)] = gaps.as_slice() else { panic!("{gaps:?}") };
    assert_eq!((*from, reason.as_str()), (last, "not-running"));
    assert!(until >= from);
}

/// The second look fails; it is put off, and nothing else suffers.
#[tokio::test]
async fn a_second_look_that_is_cut_off_is_made_later() {
    let mut world = World::new(Options::default()).await;
    world.start().await;
    world.server.fault(Fault::once("EXAMINE", Act::CutBeforeTagged(Cut::Reset)));
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until_settled(0, 1).await;
    assert_eq!(second_looks(&world, 1).await, [Refetch::Same]);
    world.server.deliver(USER, "INBOX", threat(1), None, &[]);
    world.until_settled(0, 2).await;
    world.stop().await;
    drop(Store::open(&world.store_dir()).unwrap());
    world.check_invariants(&[threat(0), threat(1)]);
}
