//! Simulated days through the service: hits, none, an outage, days of 23 and 25 hours, a restart at midnight.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt as _;

use komainu::demo::server::Profile;
use komainu::digest::Status;
use komainu::evidence::Entry;
use komainu::monitor::Event;

use super::Story;
use crate::support::world::{USER, letter, threat};

/// Delivers and waits until all is judged and moved.
async fn come(story: &mut Story, letters: &[usize], threats: &[usize]) {
    let (inbox, quarantined) = (story.world.inbox().len(), story.world.quarantined().len());
    for number in letters {
        story.world.server.deliver(USER, "INBOX", letter(*number), None, &[]);
    }
    for number in threats {
        story.world.server.deliver(USER, "INBOX", threat(*number), None, &[]);
    }
    for _ in 0..letters.len() + threats.len() {
        story.world.until("judged", |event| matches!(event, Event::Judged { .. })).await;
    }
    story.world.until_settled(inbox + letters.len(), quarantined + threats.len()).await;
    for _ in threats {
        story.world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    }
}

/// Every file of the folder, and who may read it.
fn files(story: &Story) -> BTreeMap<String, Vec<u8>> {
    let read = std::fs::read_dir(story.log_dir()).unwrap().map(|entry| {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
    });
    read.collect()
}

/// Each record is in one digest, and each message in one.
fn check(story: &Story, clean: u64, threats: usize) {
    let written = story.written();
    for pair in written.windows(2) {
        assert_eq!(pair[0].2, pair[1].1, "{written:?}");
    }
    assert_eq!(written[0].1, 0);
    let days = story.days();
    let dates: BTreeSet<_> = days.iter().map(|day| day.date).collect();
    assert_eq!(dates.len(), days.len());
    let ids: Vec<_> = days.iter().flat_map(|day| &day.items).map(|item| item.evidence_id.unwrap()).collect();
    assert_eq!((ids.iter().collect::<BTreeSet<_>>().len(), ids.len()), (threats, threats));
    assert_eq!(days.iter().map(|day| day.clean).sum::<u64>(), clean);
    let captured: BTreeSet<_> = story
        .world
        .records()
        .into_iter()
        .filter_map(|record| match record.entry {
            Entry::Captured { id, .. } => Some(id),
            _ => None,
        })
        .collect();
    assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), captured);
}

#[tokio::test]
async fn five_days_each_message_in_one_digest_and_nothing_changes_afterwards() {
    let mut story = Story::new(Profile::Dovecot, "2026-10-23T08:00").await;
    // Friday: hits. The service runs over midnight, and writes at 00:05, not before.
    story.world.start().await;
    come(&mut story, &[0, 1], &[0, 1]).await;
    story.world.stop().await;
    story.world.start().await;
    story.set("2026-10-24T00:04:30");
    story.world.server.deliver(USER, "INBOX", letter(2), None, &[]);
    story.world.until("judged", |event| matches!(event, Event::Judged { .. })).await;
    assert!(story.written().is_empty());
    story.set("2026-10-24T00:05");
    story.until_written("2026-10-23").await;
    story.world.stop().await;
    // Saturday: nothing but that letter. Sunday has 25 hours; nobody watches for most of it.
    story.set("2026-10-25T00:30");
    story.world.start().await;
    story.until_written("2026-10-24").await;
    come(&mut story, &[3], &[2]).await;
    story.world.stop().await;
    // Monday: a restart at midnight exactly, with mail on both sides of it.
    story.set("2026-10-25T23:59:59");
    story.world.start().await;
    come(&mut story, &[], &[3]).await;
    story.world.stop().await;
    story.set("2026-10-26T00:00");
    story.world.start().await;
    story.until_written("2026-10-25").await;
    come(&mut story, &[4], &[4]).await;
    story.world.stop().await;
    // Tuesday: nobody comes and nothing is watched; Wednesday both missing days are written.
    story.set("2026-10-28T09:00");
    story.world.start().await;
    story.until_written("2026-10-27").await;
    story.world.stop().await;
    check(&story, 5, 5);
    let days = story.days();
    let hours: Vec<i64> =
        days.iter().map(|day| day.period.end_utc.duration_since(day.period.start_utc).as_hours()).collect();
    assert_eq!(hours, [24, 24, 25, 24, 24]);
    let counts: Vec<(u64, u64)> = days.iter().map(|day| (day.threats, day.clean)).collect();
    // A clean letter is counted when its batch is recorded.
    assert_eq!(counts, [(2, 2), (0, 1), (2, 1), (1, 1), (0, 0)]);
    assert_eq!(
        days[4].status,
        Status::Failed,
        "{:?}",
        days.iter().map(|day| (day.date, &day.outages, &day.accounts)).collect::<Vec<_>>()
    );
    let out: u64 = days[4].outages.iter().map(|outage| outage.minutes).sum();
    assert_eq!(out, 24 * 60);
    let before = files(&story);
    assert_eq!(before.len(), 15);
    for _ in 0..2 {
        story.world.start().await;
        story.world.stop().await;
    }
    assert_eq!(files(&story), before);
    assert_eq!(story.written().len(), 5);
}

#[tokio::test]
async fn a_day_of_23_hours() {
    let mut story = Story::new(Profile::Dovecot, "2027-03-27T23:00").await;
    story.world.start().await;
    come(&mut story, &[0], &[0]).await;
    story.world.stop().await;
    story.set("2027-03-28T03:30");
    story.world.start().await;
    come(&mut story, &[], &[1]).await;
    story.set("2027-03-29T00:05");
    story.until_written("2027-03-28").await;
    story.world.stop().await;
    check(&story, 1, 2);
    let day = &story.days()[1];
    assert_eq!(day.period.end_utc.duration_since(day.period.start_utc).as_hours(), 23);
    assert_eq!(
        (day.threats, day.period.start.offset(), day.period.end.offset()),
        (1, "+01:00".into(), "+02:00".into())
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_loud_stops_nobody_and_recovers() {
    let mut story = Story::new(Profile::Dovecot, "2026-11-23T10:00").await;
    // A file where the folder should be: also root cannot write below it.
    let logs = story.log_dir();
    std::fs::remove_dir(&logs).unwrap();
    std::fs::write(&logs, b"").unwrap();
    story.world.start().await;
    come(&mut story, &[], &[0]).await;
    story.set("2026-11-24T00:05");
    let mut changes = story.world.pulse.changes();
    crate::support::world::in_time("trouble", async {
        while !story.world.pulse.status().contains("digest:") {
            changes.changed().await.unwrap();
        }
    })
    .await;
    come(&mut story, &[0], &[1]).await;
    assert!(story.written().is_empty());
    std::fs::remove_file(&logs).unwrap();
    std::fs::create_dir(&logs).unwrap();
    story.until_written("2026-11-23").await;
    crate::support::world::in_time("no trouble", async {
        while story.world.pulse.status().contains("digest:") {
            changes.changed().await.unwrap();
        }
    })
    .await;
    story.world.stop().await;
    assert_eq!(story.days()[0].threats, 1);
}

#[tokio::test]
async fn a_digest_of_another_record_is_left_alone_and_its_day_is_told_with_the_next() {
    let mut story = Story::new(Profile::Dovecot, "2026-11-23T10:00").await;
    let stranger = story.log_dir().join("digest-2026-11-23.json");
    std::fs::write(&stranger, b"{}").unwrap();
    story.world.start().await;
    come(&mut story, &[], &[0]).await;
    story.set("2026-11-25T00:05");
    story.until_written("2026-11-24").await;
    assert!(story.world.pulse.status().contains("digest-2026-11-23.json"), "{}", story.world.pulse.status());
    story.world.stop().await;
    assert_eq!(std::fs::read(&stranger).unwrap(), b"{}");
    let days = story.days();
    assert_eq!((days.len(), days[0].threats, days[0].integrity.first_seq), (1, 1, 0));
}
