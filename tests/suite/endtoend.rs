//! The service against the embedded server, over real sockets with TLS.

use komainu::demo::server::{Act, Cut, Fault, Options, Profile, Refusal};
use komainu::evidence::{Entry, Outcome};
use komainu::monitor::Event;
use komainu::verdict::Mode;

use crate::support::world::{USER, World, letter, threat};

fn profile(profile: Profile) -> Options {
    Options { profile, ..Options::default() }
}

async fn world(of: Profile) -> World {
    if of == Profile::Courier { World::prefixed(profile(of)).await } else { World::new(profile(of)).await }
}

#[tokio::test]
async fn threats_go_to_quarantine_and_other_mail_is_left_as_it_was() {
    for of in [Profile::Dovecot, Profile::Courier, Profile::Gmail, Profile::Exchange, Profile::NoIdle] {
        let mut world = world(of).await;
        world.server.deliver(USER, "INBOX", threat(1000), None, &[]);
        if of == Profile::NoIdle {
            // Without IDLE the mail is found at the next poll; it is there before the start instead.
            let mut watch = world.watch();
            watch.backlog = Some(jiff::Timestamp::UNIX_EPOCH);
            world.start_with(vec![watch]).await;
            world.until_settled(0, 1).await;
            world.stop().await;
            world.check_invariants(&[threat(1000)]);
            continue;
        }
        world.start().await;
        let mut delivered = vec![threat(1000)];
        let mut before = Vec::new();
        for number in 0..12 {
            let flags: &[&str] = if number % 2 == 0 { &["\\Seen", "\\Flagged"] } else { &[] };
            world.server.deliver(USER, "INBOX", threat(number), None, flags);
            let uid = world.server.deliver(USER, "INBOX", letter(number), None, flags);
            before.push(world.inbox().into_iter().find(|stored| stored.uid == uid).unwrap());
            delivered.push(threat(number));
            delivered.push(letter(number));
        }
        // What was there before the first start is not judged.
        world.until_settled(13, 12).await;
        let after = world.inbox();
        for stored in &before {
            assert!(after.contains(stored), "{of:?}: mail that is no hit was changed");
        }
        world.stop().await;
        world.check_invariants(&delivered);
    }
}

#[tokio::test]
async fn a_server_without_a_safe_way_to_move_loses_nothing() {
    let mut world = world(Profile::Bare).await;
    world.start().await;
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until("judged", |event| matches!(event, Event::Judged { .. })).await;
    world.stop().await;
    assert_eq!((world.inbox().len(), world.quarantined().len()), (1, 0));
    assert!(world.records().iter().any(|record| matches!(record.entry, Entry::Captured { .. })));
    assert!(!world.records().iter().any(|record| matches!(record.entry, Entry::MoveIntent { .. })));
}

#[tokio::test]
async fn observe_mode_judges_and_records_and_writes_nothing_on_the_wire() {
    let mut world = world(Profile::Dovecot).await;
    world.mode = Mode::Observe;
    world.start().await;
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until("judged", |event| matches!(event, Event::Judged { .. })).await;
    world.stop().await;
    assert!(world.records().iter().any(|record| matches!(record.entry, Entry::Judged { .. })));
    let allowed = [
        "CAPABILITY",
        "AUTHENTICATE",
        "LOGIN",
        "ID",
        "LIST",
        "EXAMINE",
        "STATUS",
        "UID FETCH",
        "IDLE",
        "DONE",
        "NOOP",
        "LOGOUT",
    ];
    for line in world.server.commands() {
        let command = line.split_once(' ').map_or(line.as_str(), |(_, command)| command);
        assert!(
            allowed.iter().any(|allowed| command.starts_with(allowed) || line.starts_with(allowed)),
            "observe mode sent {line:?}"
        );
        assert!(!line.contains("BODY["), "not BODY.PEEK: {line:?}");
    }
}

#[tokio::test]
async fn what_the_person_moves_out_of_quarantine_is_never_moved_again() {
    for of in [Profile::Dovecot, Profile::Courier, Profile::Gmail] {
        let mut world = world(of).await;
        world.start().await;
        world.server.deliver(USER, "INBOX", threat(0), None, &[]);
        world.until_settled(0, 1).await;
        world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
        let uid = world.quarantined()[0].uid;
        world.server.move_by_person(USER, &world.quarantine(), uid, "INBOX").unwrap();
        world.until("released", |event| matches!(event, Event::Released { .. })).await;
        world.stop().await;
        world.start().await;
        world.stop().await;
        assert_eq!((world.inbox().len(), world.quarantined().len()), (1, 0), "{of:?}");
        world.check_invariants(&[threat(0)]);
    }
}

#[tokio::test]
async fn the_same_octets_sent_again_release_nothing() {
    let mut world = world(Profile::Dovecot).await;
    world.start().await;
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until_settled(0, 1).await;
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until_settled(0, 2).await;
    world.stop().await;
}

/// Every way a server can fail in the middle of each command: after the reconnect all is in its place.
#[tokio::test]
async fn a_line_cut_at_any_command_loses_and_doubles_nothing() {
    let mut stories = Vec::new();
    for of in [Profile::Dovecot, Profile::Courier, Profile::Gmail] {
        let commands: &[&str] = if of == Profile::Courier {
            &["UID FETCH", "UID COPY", "UID STORE", "UID EXPUNGE", "STATUS", "SELECT", "IDLE"]
        } else {
            &["UID FETCH", "UID MOVE", "STATUS", "SELECT", "IDLE"]
        };
        for command in commands {
            for act in [
                Act::CrashBeforeEffect,
                Act::CrashAfterEffect,
                Act::CrashMidway(1),
                Act::CutBeforeTagged(Cut::Reset),
                Act::CutAfterTagged(Cut::Close),
                Act::CutAfter(7, Cut::Close),
                Act::CutAfter(40, Cut::Reset),
                Act::Bye("going down".into()),
                Act::Fragments,
                Act::Refuse(Refusal::No, "[UNAVAILABLE] later".into()),
                Act::Refuse(Refusal::Bad, "what?".into()),
                Act::Inject(b"* X-UNKNOWN (a (b \"c\")) {3}\r\nabc\r\n".to_vec()),
            ] {
                stories.push(async move {
                    let mut world = world(of).await;
                    world.label = format!("{of:?} {command} {act:?}");
                    world.start().await;
                    world.server.fault(Fault::once(command, act.clone()));
                    let mut delivered = Vec::new();
                    for number in 0..4 {
                        delivered.push(threat(number));
                        delivered.push(letter(number));
                    }
                    let all = delivered.iter().map(|octets| octets.clone().into());
                    world.server.deliver_many(USER, "INBOX", all);
                    let refused_moves = matches!(act, Act::Refuse(..))
                        && ["UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE"].contains(command);
                    if refused_moves {
                        world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
                    } else {
                        world.until_settled(4, 4).await;
                    }
                    world.stop().await;
                    // A further start finds nothing left to do.
                    world.start().await;
                    world.stop().await;
                    if refused_moves {
                        // Refused: each message stays where it is; a copy already made is kept and recorded.
                        assert!(world.inbox().len() >= 4);
                    } else {
                        world.check_invariants(&delivered);
                    }
                });
            }
        }
    }
    // A hundred and more small worlds, each of which waits out its back-off; a few dozen at a time.
    let mut stories = stories.into_iter();
    let mut at_work = tokio::task::JoinSet::new();
    for story in stories.by_ref().take(32) {
        at_work.spawn(story);
    }
    while let Some(ended) = at_work.join_next().await {
        ended.unwrap();
        if let Some(story) = stories.next() {
            at_work.spawn(story);
        }
    }
}

#[tokio::test]
async fn a_move_that_is_answered_ok_and_not_done_is_not_believed() {
    let mut world = world(Profile::Dovecot).await;
    world.start().await;
    world.server.fault(Fault::once("UID MOVE", Act::Pretend));
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    let Event::Settled { outcome, .. } =
        world.until("settled", |event| matches!(event, Event::Settled { .. })).await
    else {
        unreachable!()
    };
    assert_eq!(outcome, Outcome::Refused);
    world.stop().await;
    world.check_invariants(&[threat(0)]);
    assert_eq!(world.inbox().len(), 1);
}

#[tokio::test]
async fn a_message_that_another_client_takes_first_is_recorded_as_gone() {
    let mut world = world(Profile::Dovecot).await;
    world.start().await;
    world.server.create(USER, "elsewhere");
    world.server.fault(Fault::once("UID MOVE", Act::CrashBeforeEffect));
    let uid = world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until("lost", |event| matches!(event, Event::Lost { .. })).await;
    world.server.move_by_person(USER, "INBOX", uid, "elsewhere").unwrap();
    let settled = world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    assert!(matches!(settled, Event::Settled { outcome: Outcome::GoneByOther, .. }));
    world.stop().await;
    assert_eq!(world.server.snapshot(USER, "elsewhere").len(), 1);
}

#[tokio::test]
async fn a_uidvalidity_change_moves_nothing_twice_and_misses_nothing_new() {
    let mut world = world(Profile::Dovecot).await;
    world.start().await;
    for number in 0..3 {
        world.server.deliver(USER, "INBOX", letter(number), None, &[]);
    }
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    world.until_settled(3, 1).await;
    world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    world.server.set_uidvalidity(USER, "INBOX", 1_800_000_000);
    world.server.deliver(USER, "INBOX", threat(1), None, &[]);
    world.server.deliver(USER, "INBOX", letter(7), None, &[]);
    world.until_settled(4, 2).await;
    world.stop().await;
    world.check_invariants(&[letter(0), letter(1), letter(2), threat(0), threat(1), letter(7)]);
    assert!(world.records().iter().any(|record| matches!(record.entry, Entry::UidvalidityChanged { .. })));
}

#[tokio::test]
async fn odd_messages_are_judged_or_counted_and_stop_nobody() {
    let mut world = world(Profile::Dovecot).await;
    world.start().await;
    let mut large = letter(0);
    large.extend(
        std::iter::repeat_n(b"padding line of a large message\r\n".as_slice(), 40 * 1024 * 1024 / 33)
            .flatten(),
    );
    let no_id = b"From: a@example.com\r\nSubject: no id\r\n\r\nHello.\r\n".to_vec();
    let raw = b"From: \xff\x00\xfe\r\nSubject: \x00\x80\r\n\r\n\x00\x01\xff\xfe\r\n".to_vec();
    for octets in [no_id, large, Vec::new(), raw, b"\r\n\r\n".to_vec(), threat(0)] {
        world.server.deliver(USER, "INBOX", octets, None, &[]);
    }
    world.until_settled(5, 1).await;
    world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    world.stop().await;
    let records = world.records();
    let reasons: Vec<&str> = records
        .iter()
        .filter_map(|record| match &record.entry {
            Entry::NotJudged { reason, .. } => Some(reason.as_str()),
            _ => None,
        })
        .collect();
    assert!(reasons.contains(&"too-large"), "{reasons:?}");
    assert!(reasons.contains(&"no-octets") || reasons.contains(&"fetch-refused"), "{reasons:?}");
    let clean: u64 = records
        .iter()
        .filter_map(|record| match &record.entry {
            Entry::ScanBatch { clean, .. } => Some(*clean),
            _ => None,
        })
        .sum();
    assert_eq!(clean, 3, "each of the others was judged");
}

#[tokio::test]
async fn a_poisoned_fetch_does_not_stop_the_others() {
    let mut world = world(Profile::Dovecot).await;
    world.start().await;
    let (_, next) = world.server.numbers(USER, "INBOX").unwrap();
    world.server.fault(Fault::always("UID FETCH", Act::OmitUid(next + 1)));
    let all = [threat(0), letter(0), threat(1)].map(Into::into);
    world.server.deliver_many(USER, "INBOX", all);
    world.until_settled(1, 2).await;
    world.stop().await;
}

#[tokio::test]
async fn several_mailboxes_are_watched_on_one_connection() {
    let mut world = world(Profile::Dovecot).await;
    world.server.create(USER, "仕事");
    let mut watch = world.watch();
    watch.mailboxes = vec!["INBOX".into(), "仕事".into()];
    watch.poll = std::time::Duration::from_millis(50);
    world.start_with(vec![watch]).await;
    world.server.deliver(USER, "仕事", threat(0), None, &[]);
    world.server.deliver(USER, "INBOX", threat(1), None, &[]);
    world.until_settled(0, 2).await;
    assert!(world.server.connections() <= 2);
    world.stop().await;
}
