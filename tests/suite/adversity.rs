//! Servers, mailboxes and people that do what was not foreseen: nothing is lost, nobody is stopped for ever.

use std::time::Duration;

use komainu::demo::server::{Act, Fault, Options, Profile, Refusal};
use komainu::evidence::{Entry, Outcome};
use komainu::imap::Limits;
use komainu::monitor::Event;
use komainu::verdict::{Action, Mode};

use crate::support::world::{USER, World, letter, threat};

const WORK: &str = "仕事";

async fn world(of: Profile) -> World {
    let options = Options { profile: of, ..Options::default() };
    if of == Profile::Courier { World::prefixed(options).await } else { World::new(options).await }
}

/// Watches INBOX and another mailbox, which is asked often.
async fn start_with_two(world: &mut World, poll: Duration) {
    let mut watch = world.watch();
    watch.mailboxes = vec!["INBOX".into(), WORK.into()];
    watch.poll = poll;
    world.start_with(vec![watch]).await;
}

fn outcomes(world: &World) -> Vec<(Outcome, Option<String>)> {
    let records = world.records();
    let results = records.iter().filter_map(|record| match &record.entry {
        Entry::MoveResult { outcome, reason, .. } => Some((*outcome, reason.clone())),
        _ => None,
    });
    results.collect()
}

#[tokio::test]
async fn a_server_that_refuses_every_flag_stops_one_move_and_not_the_account() {
    let mut world = world(Profile::Courier).await;
    world.start().await;
    world.server.fault(Fault::always("UID STORE", Act::Refuse(Refusal::No, "[NOPERM] no".into())));
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    let settled = world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    assert!(matches!(settled, Event::Settled { outcome: Outcome::Refused, .. }));
    world.stop().await;
    assert_eq!(world.inbox().len(), 1);
    assert_eq!(outcomes(&world), [(Outcome::Refused, Some("noperm".into()))]);
}

#[tokio::test]
async fn a_mailbox_that_is_gone_with_a_move_under_way_stops_no_other() {
    let mut world = world(Profile::Dovecot).await;
    world.server.create(USER, WORK);
    start_with_two(&mut world, Duration::from_millis(50)).await;
    world.server.fault(Fault::once("UID MOVE", Act::CrashBeforeEffect));
    world.server.deliver(USER, WORK, threat(0), None, &[]);
    world.until("lost", |event| matches!(event, Event::Lost { .. })).await;
    world.server.delete(USER, WORK);
    world.server.deliver(USER, "INBOX", threat(1), None, &[]);
    world.until_settled(0, 1).await;
    world.until("moved", |event| matches!(event, Event::Settled { outcome: Outcome::Moved, .. })).await;
    world.stop().await;
    world.check_invariants(&[threat(1)]);
    assert_eq!(outcomes(&world), [(Outcome::Refused, Some("source-missing".into())), (Outcome::Moved, None)]);
}

#[tokio::test]
async fn a_mailbox_that_is_missing_is_watched_when_it_comes() {
    let mut world = world(Profile::Dovecot).await;
    start_with_two(&mut world, Duration::from_millis(50)).await;
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until_settled(0, 1).await;
    world.server.create(USER, WORK);
    // What comes before it is met for the first time is left alone, as at any first start.
    tokio::time::sleep(Duration::from_millis(500)).await;
    world.server.deliver(USER, WORK, threat(1), None, &[]);
    world.until_settled(0, 2).await;
    world.stop().await;
    world.check_invariants(&[threat(0), threat(1)]);
}

#[tokio::test]
async fn a_busy_first_mailbox_does_not_put_the_others_off() {
    let mut world = world(Profile::Dovecot).await;
    world.server.create(USER, WORK);
    start_with_two(&mut world, Duration::from_millis(400)).await;
    world.server.deliver(USER, WORK, threat(0), None, &[]);
    let mut looked = false;
    for number in 0..60 {
        world.server.deliver(USER, "INBOX", letter(number), None, &[]);
        tokio::time::sleep(Duration::from_millis(50)).await;
        looked |= world.quarantined().len() == 1;
    }
    world.stop().await;
    assert!(looked, "the other mailbox was not looked at in seven times its poll");
}

#[tokio::test]
async fn a_message_that_always_ends_the_connection_is_counted_and_stops_nobody() {
    let mut world = world(Profile::Dovecot).await;
    let mut watch = world.watch();
    watch.limits = Limits { literal_cap: 64 * 1024, ..watch.limits };
    world.start_with(vec![watch]).await;
    let mut poison = letter(0);
    poison.extend(std::iter::repeat_n(b"more than was agreed\r\n".as_slice(), 10_000).flatten());
    world.server.deliver_many(USER, "INBOX", [letter(1), poison.clone(), threat(0)].map(Into::into));
    world.until_settled(2, 1).await;
    world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    world.stop().await;
    world.check_invariants(&[letter(1), poison, threat(0)]);
    let reasons: Vec<String> = world
        .records()
        .into_iter()
        .filter_map(|record| match record.entry {
            Entry::NotJudged { reason, .. } => Some(reason),
            _ => None,
        })
        .collect();
    assert_eq!(reasons, ["fetch-ends-connection"]);
}

#[tokio::test]
async fn a_server_that_gives_nothing_for_a_while_is_asked_again() {
    let mut world = world(Profile::Dovecot).await;
    world.start().await;
    let (_, uid) = world.server.numbers(USER, "INBOX").unwrap();
    let act = Act::PoisonUid(uid, "[UNAVAILABLE] later".into());
    let unavailable = Fault { times: 4, ..Fault::once("UID FETCH", act) };
    world.server.fault(unavailable);
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until_settled(0, 1).await;
    world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    world.stop().await;
    assert!(!world.records().iter().any(|record| matches!(record.entry, Entry::NotJudged { .. })));
}

#[tokio::test]
async fn a_server_that_ends_every_idle_at_once_is_not_hammered() {
    let mut world = world(Profile::Dovecot).await;
    world.start().await;
    world.server.fault(Fault::always("IDLE", Act::EndIdle));
    world.server.deliver(USER, "INBOX", letter(0), None, &[]);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let idles = world.server.commands().iter().filter(|line| line.contains("IDLE")).count();
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until_settled(1, 1).await;
    world.stop().await;
    assert!(idles < 20, "{idles} IDLE commands in 3 s");
}

#[tokio::test]
async fn observe_mode_selects_nothing_also_where_select_tells_no_uidnext() {
    let mut world = world(Profile::Courier).await;
    world.mode = Mode::Observe;
    world.start().await;
    world.stop().await;
    assert!(!world.server.commands().iter().any(|line| line.contains("SELECT")));
}

#[tokio::test]
async fn a_release_is_known_after_the_quarantine_was_numbered_anew() {
    let mut world = world(Profile::Dovecot).await;
    world.start().await;
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.server.deliver(USER, "INBOX", threat(1), None, &[]);
    world.until_settled(0, 2).await;
    world.stop().await;
    world.server.set_uidvalidity(USER, &world.quarantine(), 1_900_000_000);
    let uid = world.quarantined().iter().find(|stored| stored.octets[..] == threat(0)[..]).unwrap().uid;
    world.server.move_by_person(USER, &world.quarantine(), uid, "INBOX").unwrap();
    // The same octets as what still stands there are a new delivery, under any numbers.
    world.server.deliver(USER, "INBOX", threat(1), None, &[]);
    world.start().await;
    world.stop().await;
    assert_eq!((world.inbox().len(), world.quarantined().len()), (1, 2));
    assert_eq!(world.inbox()[0].octets[..], threat(0)[..]);
}

#[tokio::test]
async fn a_release_is_known_after_another_quarantine_was_configured() {
    let mut world = world(Profile::Dovecot).await;
    world.start().await;
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until_settled(0, 1).await;
    world.stop().await;
    let mut watch = world.watch();
    watch.quarantine = "隔離2".into();
    world.start_with(vec![watch]).await;
    let uid = world.quarantined()[0].uid;
    world.server.move_by_person(USER, &world.quarantine(), uid, "INBOX").unwrap();
    world.until("released", |event| matches!(event, Event::Released { .. })).await;
    world.stop().await;
    assert_eq!(world.inbox().len(), 1);
    assert_eq!(world.server.snapshot(USER, "隔離2").len(), 0);
}

#[tokio::test]
async fn a_quarantine_made_anew_while_running_is_taken_as_it_is() {
    for of in [Profile::Dovecot, Profile::Courier] {
        let mut world = world(of).await;
        world.start().await;
        world.server.deliver(USER, "INBOX", threat(0), None, &[]);
        world.until_settled(0, 1).await;
        world.server.delete(USER, &world.quarantine());
        world.server.create(USER, &world.quarantine());
        world.server.set_uidvalidity(USER, &world.quarantine(), 1_900_000_000);
        world.server.deliver(USER, "INBOX", threat(1), None, &[]);
        world.until_settled(0, 1).await;
        let uid = world.quarantined()[0].uid;
        world.until("first", |event| matches!(event, Event::Settled { .. })).await;
        world.until("second", |event| matches!(event, Event::Settled { .. })).await;
        world.server.move_by_person(USER, &world.quarantine(), uid, "INBOX").unwrap();
        world.until("released", |event| matches!(event, Event::Released { .. })).await;
        world.stop().await;
        world.check_invariants(&[threat(1)]);
        assert_eq!(world.inbox().len(), 1, "{of:?}");
    }
}

#[tokio::test]
async fn two_messages_of_the_same_octets_are_never_one_copy() {
    let mut world = world(Profile::Courier).await;
    world.start().await;
    let (validity, next) = world.server.numbers(USER, &world.quarantine()).unwrap();
    let (_, uid) = world.server.numbers(USER, "INBOX").unwrap();
    // Only the first is told of.
    world.server.fault(Fault::once("UID COPY", Act::CopyUid(format!("{validity} {uid} {next}"))));
    world.server.deliver_many(USER, "INBOX", [threat(0), threat(0)].map(Into::into));
    world.until_settled(0, 2).await;
    world.until("first", |event| matches!(event, Event::Settled { .. })).await;
    world.until("second", |event| matches!(event, Event::Settled { .. })).await;
    world.stop().await;
    let mut claimed: Vec<Option<u32>> = world
        .records()
        .into_iter()
        .filter_map(|record| match record.entry {
            Entry::MoveResult { destination_uid, .. } => Some(destination_uid),
            _ => None,
        })
        .collect();
    claimed.sort_unstable();
    assert_eq!(claimed, [Some(next), Some(next + 1)]);
}

#[tokio::test]
async fn mail_from_before_the_first_start_is_left_alone_also_after_a_uidvalidity_change() {
    let mut world = world(Profile::Dovecot).await;
    let before = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    world.server.deliver(USER, "INBOX", threat(0), Some(before), &[]);
    world.start().await;
    world.server.deliver(USER, "INBOX", letter(0), None, &[]);
    world.server.deliver(USER, "INBOX", threat(1), None, &[]);
    world.until_settled(2, 1).await;
    world.stop().await;
    world.server.set_uidvalidity(USER, "INBOX", 1_800_000_000);
    world.server.deliver(USER, "INBOX", threat(2), None, &[]);
    // An old message that is put in now stands above the new one.
    world.server.deliver(USER, "INBOX", threat(3), Some(before), &[]);
    world.start().await;
    world.until_settled(3, 2).await;
    world.stop().await;
    world.start().await;
    world.stop().await;
    world.check_invariants(&[threat(0), letter(0), threat(1), threat(2), threat(3)]);
    assert_eq!(world.quarantined().len(), 2);
}

#[tokio::test]
async fn a_move_under_way_when_uidvalidity_changes_is_made_after_all() {
    let mut world = world(Profile::Dovecot).await;
    world.start().await;
    world.server.fault(Fault::once("UID MOVE", Act::CrashBeforeEffect));
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until("lost", |event| matches!(event, Event::Lost { .. })).await;
    world.server.set_uidvalidity(USER, "INBOX", 1_800_000_000);
    world.until("moved", |event| matches!(event, Event::Settled { outcome: Outcome::Moved, .. })).await;
    world.stop().await;
    world.check_invariants(&[threat(0)]);
    assert_eq!(
        outcomes(&world),
        [(Outcome::Refused, Some("uidvalidity-changed".into())), (Outcome::Moved, None)]
    );
}

#[tokio::test]
async fn the_index_can_be_lost_at_any_time() {
    let mut world = world(Profile::Dovecot).await;
    world.start().await;
    for number in 0..3 {
        world.server.deliver(USER, "INBOX", threat(number), None, &[]);
        world.server.deliver(USER, "INBOX", letter(number), None, &[]);
    }
    world.until_settled(3, 3).await;
    world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    let uid = world.quarantined()[0].uid;
    world.server.move_by_person(USER, &world.quarantine(), uid, "INBOX").unwrap();
    world.until("released", |event| matches!(event, Event::Released { .. })).await;
    world.stop().await;
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(world.store_dir().join(format!("state.sqlite{suffix}")));
    }
    world.start().await;
    world.stop().await;
    world.server.set_uidvalidity(USER, "INBOX", 1_800_000_000);
    world.start().await;
    world.stop().await;
    assert_eq!((world.inbox().len(), world.quarantined().len()), (4, 2));
    world.check_invariants(&[threat(0), threat(1), threat(2), letter(0), letter(1), letter(2)]);
}

#[tokio::test]
async fn a_refused_quarantine_mailbox_keeps_nobody_from_being_watched() {
    let mut world = world(Profile::Dovecot).await;
    world.server.fault(Fault::always("CREATE", Act::Refuse(Refusal::No, "[NOPERM] not here".into())));
    world.start().await;
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    let judged = world.until("judged", |event| matches!(event, Event::Judged { .. })).await;
    assert!(matches!(judged, Event::Judged { action: Action::Note, id: Some(_), .. }), "{judged:?}");
    world.server.clear_faults();
    world.server.disconnect_all();
    world.until("lost", |event| matches!(event, Event::Lost { .. })).await;
    world.until("watching", |event| matches!(event, Event::Watching { .. })).await;
    world.server.deliver(USER, "INBOX", threat(1), None, &[]);
    world.until_settled(1, 1).await;
    world.stop().await;
    world.check_invariants(&[threat(0), threat(1)]);
}
