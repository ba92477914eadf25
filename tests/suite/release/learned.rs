//! What a release and a report teach, of whom, and how it is taken back.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use komainu::demo::samples::{Expected, SAMPLES};
use komainu::demo::server::Options;
use komainu::evidence::{Digest, Entry, EvidenceId, Lesson, SenderNote};
use komainu::indicator::{Category, Context};
use komainu::message::Message;
use komainu::monitor::Event;
use komainu::store::Layout;
use komainu::verdict::{Action, Level, Thresholds, judge};

use crate::support::world::{USER, World, letter, threat};

/// Which of the samples is a fake bill, by its words alone.
fn bill() -> usize {
    let context = Context { own_addresses: vec![USER.into()], ..Context::default() };
    (0..kinds())
        .find(|number| {
            let verdict = judge(&Message::parse(&threat(*number)), &context, &Thresholds::default());
            verdict.category == Some(Category::FakeBilling)
        })
        .unwrap()
}

fn kinds() -> usize {
    SAMPLES.iter().filter(|sample| sample.expected == Expected::Quarantine).count()
}

/// The bill once more, with other octets; the provider vouches for its sender, or says that it is forged.
fn bills(number: usize, genuine: bool) -> Vec<u8> {
    let octets = threat(bill() + number * kinds());
    let domain = Message::parse(&octets).from[0].domain.clone();
    let result = if genuine { "pass" } else { "fail" };
    let mut all = format!("Authentication-Results: mx.example.net; dmarc={result} header.from={domain}\r\n")
        .into_bytes();
    all.extend_from_slice(&octets);
    all
}

fn sender() -> String {
    Message::parse(&bills(0, true)).from[0].addr.to_lowercase()
}

async fn start() -> World {
    let mut world = World::new(Options::default()).await;
    let mut watch = world.watch();
    watch.poll = Duration::from_millis(100);
    world.start_with(vec![watch]).await;
    world
}

/// Bills of the same words that come within one second are one message under INTERNALDATE and canonical digest.
fn another_second() -> jiff::Timestamp {
    static SECONDS: AtomicI64 = AtomicI64::new(1);
    let ago = 10_000 - SECONDS.fetch_add(1, Ordering::Relaxed);
    jiff::Timestamp::now() - jiff::SignedDuration::from_secs(ago)
}

/// Delivers, and gives what was judged.
async fn judged(world: &mut World, octets: Vec<u8>) -> (Level, Action, Option<EvidenceId>, Vec<String>) {
    world.server.deliver(USER, "INBOX", octets, Some(another_second()), &[]);
    let event = world.until("judged", |event| matches!(event, Event::Judged { .. })).await;
    let Event::Judged { verdict, action, id, .. } = event else { unreachable!() };
    if action == Action::Quarantine {
        world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    }
    let ids = verdict.findings.iter().map(|finding| finding.indicator.to_owned()).collect();
    (verdict.level, action, id, ids)
}

fn lessons(world: &World) -> Vec<(EvidenceId, Option<Lesson>, Option<Digest>)> {
    world
        .records()
        .into_iter()
        .filter_map(|record| match record.entry {
            Entry::Learned { id, lesson, sha256 } => Some((id, Some(lesson), Some(sha256))),
            Entry::Unlearned { id } => Some((id, None, None)),
            _ => None,
        })
        .collect()
}

/// By which context a message was judged.
fn context(world: &World, of: EvidenceId) -> Digest {
    world
        .records()
        .into_iter()
        .find_map(|record| match record.entry {
            Entry::Judged { id, context, .. } if id == of => Some(context),
            _ => None,
        })
        .unwrap()
}

/// Takes the newest message of quarantine out, as a mail program would.
async fn drag_out(world: &mut World) {
    let uid = world.quarantined().last().unwrap().uid;
    world.server.move_by_person(USER, &world.quarantine(), uid, "INBOX").unwrap();
    world.until("released", |event| matches!(event, Event::Released { .. })).await;
}

#[tokio::test]
async fn a_release_by_hand_is_learned_of_the_sender_who_is_vouched_for_and_can_be_taken_back_without_a_trace()
{
    let mut world = start().await;
    let (level, _, first, _) = judged(&mut world, bills(0, true)).await;
    assert_eq!(level, Level::Threat);
    drag_out(&mut world).await;
    let (id, lesson, sha256) = lessons(&world)[0];
    assert_eq!((Some(id), lesson), (first, Some(Lesson::Wanted)));
    let note = std::fs::read(Layout::new(&world.store_dir()).note(sha256.unwrap())).unwrap();
    let note = SenderNote::from_octets(&note).unwrap();
    assert_eq!(note.sender, sender());
    assert!(note.sender.ends_with(&note.domain) && note.salt.len() == 32);

    // The next of them stays, and is still noted.
    let (level, action, second, findings) = judged(&mut world, bills(1, true)).await;
    assert_eq!((level, action), (Level::Suspicious, Action::Note), "{findings:?}");
    assert!(findings.contains(&"released-sender".to_owned()), "{findings:?}");
    // Who only borrows the name is still caught.
    for forged in [bills(2, false), threat(bill() + 3 * kinds())] {
        let (level, action, ..) = judged(&mut world, forged).await;
        assert_eq!((level, action), (Level::Threat, Action::Quarantine));
    }
    assert_ne!(context(&world, first.unwrap()), context(&world, second.unwrap()));

    // Taken back while it runs, it is as if it had never been learned: the context is the same, bit for bit.
    world.act(vec![Entry::Unlearned { id }]).await;
    let (level, _, third, findings) = judged(&mut world, bills(4, true)).await;
    assert_eq!(level, Level::Threat, "{findings:?}");
    assert_eq!(context(&world, first.unwrap()), context(&world, third.unwrap()));
    world.stop().await;
    assert_eq!(lessons(&world).len(), 2);
    // The message that was released stays released, whatever is learned of its sender.
    let delivered: Vec<Vec<u8>> = vec![bills(0, true)];
    assert!(world.inbox().iter().any(|stored| delivered.contains(&stored.octets.to_vec())));
}

#[tokio::test]
async fn a_release_that_is_asked_for_teaches_the_same_also_after_a_restart() {
    let mut world = start().await;
    let (_, _, id, _) = judged(&mut world, bills(0, true)).await;
    world.act(vec![Entry::ReleaseAsked { id: id.unwrap() }]).await;
    world.until("given back", |event| matches!(event, Event::GivenBack { .. })).await;
    world.stop().await;
    assert_eq!(lessons(&world).len(), 1);
    // The index is made again from the record, and the lesson with it.
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(world.store_dir().join(format!("state.sqlite{suffix}")));
    }
    world.start().await;
    let (level, ..) = judged(&mut world, bills(1, true)).await;
    assert_eq!(level, Level::Suspicious);
    // The same mail once more teaches nothing more.
    world.server.deliver(USER, "INBOX", bills(0, true), None, &[]);
    world.server.deliver(USER, "INBOX", letter(0), None, &[]);
    world.until("judged", |event| matches!(event, Event::Judged { .. })).await;
    world.stop().await;
    assert_eq!(lessons(&world).len(), 1);
}

#[tokio::test]
async fn nothing_is_learned_of_a_sender_whom_nobody_vouches_for_nor_from_a_deletion() {
    let mut world = start().await;
    let _ = judged(&mut world, bills(0, false)).await;
    drag_out(&mut world).await;
    let _ = judged(&mut world, bills(1, true)).await;
    let uid = world.quarantined()[0].uid;
    assert_eq!(world.server.expunge(USER, &world.quarantine(), &[uid]), 1);
    // Its sender is still unknown, so that the next one is caught.
    let (level, ..) = judged(&mut world, bills(2, true)).await;
    assert_eq!(level, Level::Threat);
    world.stop().await;
    world.start().await;
    world.stop().await;
    assert!(lessons(&world).is_empty());
}

#[tokio::test]
async fn a_report_is_learned_and_taking_it_out_again_takes_that_back() {
    let mut world = start().await;
    let mut genuine = letter(0);
    let domain = Message::parse(&genuine).from[0].domain.clone();
    let field = format!("Authentication-Results: mx.example.net; dkim=pass header.d={domain}\r\n");
    genuine.splice(0..0, field.into_bytes());
    world.server.deliver(USER, &world.quarantine(), genuine.clone(), None, &[]);
    let reported = world.until("report", |event| matches!(event, Event::Reported { .. })).await;
    let Event::Reported { id, .. } = reported else { unreachable!() };
    let mut next = b"X-Another: 1\r\n".to_vec();
    next.extend_from_slice(&genuine);
    let (.., findings) = judged(&mut world, next.clone()).await;
    assert!(findings.contains(&"reported-sender".to_owned()), "{findings:?}");
    assert_eq!(lessons(&world)[0].0, id);
    world.act(vec![Entry::Unlearned { id }]).await;
    next.splice(0..0, b"X-Another: 2\r\n".to_vec());
    let (.., findings) = judged(&mut world, next).await;
    assert!(!findings.contains(&"reported-sender".to_owned()), "{findings:?}");
    world.stop().await;
}

#[tokio::test]
async fn who_takes_out_what_they_reported_takes_back_only_that() {
    let mut world = start().await;
    world.server.deliver(USER, &world.quarantine(), bills(0, true), None, &[]);
    world.until("report", |event| matches!(event, Event::Reported { .. })).await;
    drag_out(&mut world).await;
    world.stop().await;
    let said: Vec<Option<Lesson>> = lessons(&world).into_iter().map(|(_, lesson, _)| lesson).collect();
    assert_eq!(said, [Some(Lesson::Unwanted), None]);
    assert_eq!((world.inbox().len(), world.quarantined().len()), (1, 0));
}
