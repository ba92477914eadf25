//! `komainu quarantine release`, from the record to the mailbox.

use komainu::demo::server::{Act, Cut, Fault, Options, Profile, Refusal};
use komainu::evidence::{Entry, EvidenceId, Outcome};
use komainu::monitor::Event;
use komainu::verdict::Mode;

use crate::support::world::{USER, World, letter, threat};

async fn world(of: Profile) -> World {
    let options = Options { profile: of, ..Options::default() };
    if of == Profile::Courier { World::prefixed(options).await } else { World::new(options).await }
}

/// A service at work, and a threat that it has quarantined.
async fn with_one_quarantined(of: Profile) -> (World, EvidenceId) {
    let mut world = world(of).await;
    world.start().await;
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    let settled = world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    let Event::Settled { id, outcome: Outcome::Moved, .. } = settled else { panic!("{settled:?}") };
    assert_eq!(world.quarantined().len(), 1);
    (world, id)
}

async fn given_back(world: &mut World) -> Outcome {
    let event = world.until("given back", |event| matches!(event, Event::GivenBack { .. })).await;
    let Event::GivenBack { outcome, .. } = event else { unreachable!() };
    outcome
}

/// How often each action is on record.
fn count(world: &World, is_it: impl Fn(&Entry) -> bool) -> usize {
    world.records().iter().filter(|record| is_it(&record.entry)).count()
}

fn releases(world: &World) -> usize {
    count(world, |entry| matches!(entry, Entry::Released { .. }))
}

#[tokio::test]
async fn what_is_asked_for_goes_back_at_once_and_is_never_moved_again() {
    for of in [Profile::Dovecot, Profile::Courier, Profile::Gmail, Profile::Exchange, Profile::NoIdle] {
        let mut world = world(of).await;
        let mut watch = world.watch();
        if of == Profile::NoIdle {
            watch.poll = std::time::Duration::from_millis(200);
        }
        world.start_with(vec![watch.clone()]).await;
        world.server.deliver(USER, "INBOX", threat(0), None, &["\\Seen"]);
        let Event::Settled { id, .. } =
            world.until("settled", |event| matches!(event, Event::Settled { .. })).await
        else {
            unreachable!()
        };
        world.until("watching", |event| matches!(event, Event::Watching { .. })).await;
        // The poll is a minute: who asks is not left waiting for it.
        world.act(vec![Entry::ReleaseAsked { id }]).await;
        assert_eq!(given_back(&mut world).await, Outcome::Moved, "{of:?}");
        world.until_settled(1, 0).await;
        assert!(world.inbox()[0].flags.contains("\\Seen"));
        // The same mail once more, three times, and once more after a restart.
        for n in 1..=3 {
            world.server.deliver(USER, "INBOX", threat(0), None, &[]);
            if of != Profile::Exchange || n > 1 {
                world.until("released", |event| matches!(event, Event::Released { .. })).await;
            }
        }
        world.stop().await;
        world.start_with(vec![watch]).await;
        world.server.deliver(USER, "INBOX", threat(0), None, &[]);
        world.until("released", |event| matches!(event, Event::Released { .. })).await;
        world.stop().await;
        assert_eq!((world.inbox().len(), world.quarantined().len()), (5, 0), "{of:?}");
        assert_eq!(count(&world, |entry| matches!(entry, Entry::MoveIntent { .. })), 2, "{of:?}");
        assert_eq!(releases(&world), 5, "{of:?}");
    }
}

#[tokio::test]
async fn what_is_asked_for_while_nobody_watches_is_done_at_the_next_start() {
    let (mut world, id) = with_one_quarantined(Profile::Dovecot).await;
    world.stop().await;
    world.act(vec![Entry::ReleaseAsked { id }]).await;
    assert_eq!(world.quarantined().len(), 1);
    world.start().await;
    world.stop().await;
    assert_eq!((world.inbox().len(), world.quarantined().len()), (1, 0));
    assert_eq!(releases(&world), 1);
    world.check_invariants(&[threat(0)]);
}

/// Every way a server can fail in the middle of a release: after the reconnect the message stands in one place, where it was
/// wanted.
#[tokio::test]
async fn a_line_cut_at_any_step_of_a_release_loses_and_doubles_nothing() {
    let mut stories = tokio::task::JoinSet::new();
    for of in [Profile::Dovecot, Profile::Courier] {
        let commands: &[&str] = match of {
            Profile::Courier => {
                &["SELECT", "STATUS", "LIST", "UID FETCH", "UID COPY", "UID STORE", "UID EXPUNGE"]
            }
            _ => &["SELECT", "STATUS", "LIST", "UID FETCH", "UID MOVE"],
        };
        for command in commands {
            for act in [
                Act::CrashBeforeEffect,
                Act::CrashAfterEffect,
                Act::CutBeforeTagged(Cut::Reset),
                Act::CutAfterTagged(Cut::Close),
                Act::CutAfter(7, Cut::Close),
                Act::Bye("going down".into()),
                Act::Fragments,
                Act::NoCopyUid,
            ] {
                let (command, act) = ((*command).to_owned(), act.clone());
                stories.spawn(async move {
                    let (mut world, id) = with_one_quarantined(of).await;
                    world.until("watching", |event| matches!(event, Event::Watching { .. })).await;
                    world.label = format!("{of:?} {command} {act:?}");
                    world.server.fault(Fault::once(&command, act));
                    world.act(vec![Entry::ReleaseAsked { id }]).await;
                    world.until_settled(1, 0).await;
                    world.until("watching", |event| matches!(event, Event::Watching { .. })).await;
                    world.stop().await;
                    world.start().await;
                    world.stop().await;
                    assert_eq!((world.inbox().len(), world.quarantined().len()), (1, 0), "{}", world.label);
                    world.check_invariants(&[threat(0)]);
                    assert_eq!(releases(&world), 1, "{}", world.label);
                });
            }
        }
    }
    while let Some(ended) = stories.join_next().await {
        ended.unwrap();
    }
}

/// The process dies while a command is under way, before or after the server has done it.
#[tokio::test]
async fn killed_at_any_step_of_a_release_it_is_finished_at_the_next_start() {
    let mut stories = tokio::task::JoinSet::new();
    for (of, command) in [
        (Profile::Dovecot, "SELECT"),
        (Profile::Dovecot, "STATUS"),
        (Profile::Dovecot, "UID MOVE"),
        (Profile::Courier, "UID COPY"),
        (Profile::Courier, "UID STORE"),
        (Profile::Courier, "UID EXPUNGE"),
    ] {
        for act in [Act::HoldBeforeEffect, Act::HoldAfterEffect] {
            stories.spawn(async move {
                let (mut world, id) = with_one_quarantined(of).await;
                world.until("watching", |event| matches!(event, Event::Watching { .. })).await;
                world.label = format!("{of:?} {command} {act:?}");
                world.server.fault(Fault::once(command, act));
                world.act(vec![Entry::ReleaseAsked { id }]).await;
                world.server.wait_until(|state| state.faults_waiting() == 0).await;
                world.kill().await;
                world.server.release();
                world.start().await;
                world.until_settled(1, 0).await;
                world.stop().await;
                world.check_invariants(&[threat(0)]);
                assert_eq!(releases(&world), 1, "{}", world.label);
            });
        }
    }
    while let Some(ended) = stories.join_next().await {
        ended.unwrap();
    }
}

#[tokio::test]
async fn what_the_person_took_out_or_away_first_is_said_to_be_gone() {
    for deleted in [false, true] {
        let (mut world, id) = with_one_quarantined(Profile::Dovecot).await;
        world.stop().await;
        let uid = world.quarantined()[0].uid;
        if deleted {
            assert_eq!(world.server.expunge(USER, &world.quarantine(), &[uid]), 1);
        } else {
            world.server.move_by_person(USER, &world.quarantine(), uid, "INBOX").unwrap();
        }
        world.act(vec![Entry::ReleaseAsked { id }]).await;
        world.start().await;
        world.stop().await;
        let outcomes: Vec<Outcome> = world
            .records()
            .into_iter()
            .filter_map(|record| match record.entry {
                Entry::MoveResult { outcome, .. } => Some(outcome),
                _ => None,
            })
            .collect();
        assert_eq!(outcomes, [Outcome::Moved, Outcome::GoneByOther]);
        assert_eq!((world.inbox().len(), world.quarantined().len()), (usize::from(!deleted), 0));
        assert_eq!(releases(&world), usize::from(!deleted));
    }
}

#[tokio::test]
async fn what_the_server_refuses_stays_and_is_told_and_can_be_asked_for_again() {
    let (mut world, id) = with_one_quarantined(Profile::Dovecot).await;
    world.server.fault(Fault::once("UID MOVE", Act::Refuse(Refusal::No, "[NOPERM] no".into())));
    world.act(vec![Entry::ReleaseAsked { id }]).await;
    assert_eq!(given_back(&mut world).await, Outcome::Refused);
    let (_, why) = world.status().last_error.unwrap();
    assert!(why.contains("noperm") && why.contains(&id.to_string()), "{why}");
    assert_eq!((world.inbox().len(), world.quarantined().len()), (0, 1));
    // Tried once, not for ever.
    world.server.disconnect_all();
    world.until("lost", |event| matches!(event, Event::Lost { .. })).await;
    world.until("watching", |event| matches!(event, Event::Watching { .. })).await;
    assert_eq!(world.quarantined().len(), 1);
    world.act(vec![Entry::ReleaseAsked { id }]).await;
    assert_eq!(given_back(&mut world).await, Outcome::Moved);
    world.stop().await;
    world.check_invariants(&[threat(0)]);
}

#[tokio::test]
async fn a_mailbox_that_is_gone_is_replaced_by_the_inbox() {
    let mut world = world(Profile::Dovecot).await;
    world.server.create(USER, "仕事");
    let mut watch = world.watch();
    watch.mailboxes = vec!["INBOX".into(), "仕事".into()];
    watch.poll = std::time::Duration::from_millis(100);
    world.start_with(vec![watch]).await;
    world.server.deliver(USER, "仕事", threat(0), None, &[]);
    world.server.deliver(USER, "仕事", threat(1), None, &[]);
    let mut ids = Vec::new();
    while ids.len() < 2 {
        let event = world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
        let Event::Settled { id, .. } = event else { unreachable!() };
        ids.push(id);
    }
    world.act(vec![Entry::ReleaseAsked { id: ids[0] }]).await;
    assert_eq!(given_back(&mut world).await, Outcome::Moved);
    assert_eq!(world.server.snapshot(USER, "仕事").len(), 1);
    world.server.delete(USER, "仕事");
    world.act(vec![Entry::ReleaseAsked { id: ids[1] }]).await;
    world.until_settled(1, 0).await;
    world.stop().await;
}

#[tokio::test]
async fn a_quarantine_that_was_numbered_anew_gives_back_the_right_one() {
    let (mut world, id) = with_one_quarantined(Profile::Dovecot).await;
    world.server.deliver(USER, "INBOX", threat(1), None, &[]);
    world.until_settled(0, 2).await;
    world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    world.stop().await;
    world.server.set_uidvalidity(USER, &world.quarantine(), 1_900_000_000);
    world.act(vec![Entry::ReleaseAsked { id }]).await;
    world.start().await;
    world.stop().await;
    assert_eq!((world.inbox().len(), world.quarantined().len()), (1, 1));
    assert_eq!(world.inbox()[0].octets[..], threat(0)[..]);
}

#[tokio::test]
async fn an_account_that_only_observes_moves_nothing_and_says_so() {
    let (mut world, id) = with_one_quarantined(Profile::Dovecot).await;
    world.stop().await;
    world.act(vec![Entry::ReleaseAsked { id }]).await;
    world.mode = Mode::Observe;
    world.start().await;
    assert!(world.status().last_error.unwrap().1.contains("by hand"));
    world.stop().await;
    assert_eq!(world.quarantined().len(), 1);
    world.mode = Mode::Quarantine;
    world.start().await;
    world.stop().await;
    assert_eq!((world.inbox().len(), world.quarantined().len()), (1, 0));
}

/// What the person put in themselves is theirs to take out, by hand or by command.
#[tokio::test]
async fn what_was_reported_can_be_taken_out_again() {
    let mut world = world(Profile::Dovecot).await;
    let mut watch = world.watch();
    watch.poll = std::time::Duration::from_millis(100);
    world.start_with(vec![watch]).await;
    for number in 0..2 {
        world.server.deliver(USER, &world.quarantine(), threat(number), None, &[]);
        let reported = world.until("report", |event| matches!(event, Event::Reported { .. })).await;
        let Event::Reported { id, .. } = reported else { unreachable!() };
        if number == 0 {
            world.act(vec![Entry::ReleaseAsked { id }]).await;
            assert_eq!(given_back(&mut world).await, Outcome::Moved);
        } else {
            let uid = world.quarantined()[0].uid;
            world.server.move_by_person(USER, &world.quarantine(), uid, "INBOX").unwrap();
            world.until("released", |event| matches!(event, Event::Released { .. })).await;
        }
    }
    world.server.deliver(USER, "INBOX", letter(0), None, &[]);
    world.until("judged", |event| matches!(event, Event::Judged { .. })).await;
    world.stop().await;
    assert_eq!((world.inbox().len(), world.quarantined().len()), (3, 0));
}
