//! Into the person's own mailbox: one copy, whatever the server and the line do, and no other write.

use std::time::Duration;

use komainu::demo::server::{Act, Cut, Fault, Profile, Refusal};
use komainu::evidence::{Appended, Entry, Notice};
use komainu::indicator::Context;
use komainu::message::Message;
use komainu::monitor::Event;
use komainu::verdict::{Mode, Severity, Thresholds, judge};

use super::{DIGESTS, Story};
use crate::support::world::{USER, in_time, letter, threat};

/// A day with a hit is over, and its digest is to be put into the mailbox.
async fn after_a_hit(of: Profile, mode: Mode) -> Story {
    let mut story = Story::new(of, "2026-11-23T10:00").await;
    story.world.mode = mode;
    story.world.start().await;
    story.world.server.deliver(USER, "INBOX", high(0), None, &[]);
    story.world.until("judged", |event| matches!(event, Event::Judged { .. })).await;
    if mode == Mode::Quarantine {
        story.world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    }
    story.world.stop().await;
    story.world.digest_mailbox = Some(DIGESTS.into());
    story.set("2026-11-24T00:06");
    story
}

fn verdict(octets: &[u8]) -> komainu::verdict::Verdict {
    let context = Context { own_addresses: vec![USER.into()], ..Context::default() };
    judge(&Message::parse(octets), &context, &Thresholds::default())
}

/// A threat that can wait for the digest.
fn high(number: usize) -> Vec<u8> {
    let mut fit = (number..).map(threat).filter(|octets| verdict(octets).severity != Some(Severity::Urgent));
    fit.next().unwrap()
}

/// One that cannot.
pub(crate) fn urgent(number: usize) -> Vec<u8> {
    let mut octets = format!("X-Test-Number: {number}\r\n").into_bytes();
    octets.extend_from_slice(
        concat!(
            "From: =?utf-8?B?5b655Y+O?= <shuukin@example.com>\r\n",
            "To: hanako@example.net\r\n",
            "Subject: =?utf-8?B?5pyA57WC6YCa5ZGK?=\r\n",
            "Message-ID: <a@example.com>\r\n",
            "MIME-Version: 1.0\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Content-Transfer-Encoding: 8bit\r\n\r\n",
            "hanako@example.net 様\r\n",
            "未納料金50万円を本日中に支払わなければ、お前を殺す。家族も無事では済まないぞ。\r\n",
            "支払わない場合は法的措置を取り、自宅に集金に行く。警察に言えば命はない。\r\n",
            "ビットコインで支払え。\r\n",
        )
        .as_bytes(),
    );
    octets
}

async fn results(story: &Story, count: usize) {
    in_time("the outcome is on record", async {
        while story.results().len() < count {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

/// Exactly one copy, every announcement with one outcome, and nothing else written.
fn one_copy(story: &Story, what: &str) {
    assert_eq!(story.posted().len(), 1, "{what}");
    let (mut intents, mut outcomes) = (0, 0);
    for record in story.world.records() {
        match record.entry {
            Entry::AppendIntent { .. } => intents += 1,
            Entry::AppendResult { .. } => outcomes += 1,
            _ => {}
        }
    }
    assert_eq!(intents, outcomes, "{what}");
}

/// The commands that write, by their words and mailbox.
fn writes(story: &Story) -> Vec<String> {
    const READ: [&str; 14] = [
        "CAPABILITY",
        "AUTHENTICATE",
        "LOGIN",
        "ID",
        "LIST",
        "EXAMINE",
        "STATUS",
        "FETCH",
        "UID FETCH",
        "IDLE",
        "DONE",
        "NOOP",
        "LOGOUT",
        "STARTTLS",
    ];
    let commands = story.world.server.commands();
    let lines = commands.iter().map(|line| line.split_once(' ').map_or(line.as_str(), |(_, rest)| rest));
    let writing = lines.filter(|line| !READ.iter().any(|word| line.to_uppercase().starts_with(word)));
    writing.filter(|line| !line.is_empty() && !line.starts_with("DONE")).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_digest_is_put_there_once_and_observe_mode_writes_nothing_else() {
    let mut story = after_a_hit(Profile::Dovecot, Mode::Observe).await;
    story.world.start().await;
    results(&story, 1).await;
    story.world.stop().await;
    for _ in 0..2 {
        story.world.start().await;
        story.world.stop().await;
    }
    one_copy(&story, "observe");
    let writes = writes(&story);
    let words: Vec<&str> = writes.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(words, ["CREATE", "APPEND"], "{writes:?}");
    let wire = komainu::imap::encode_utf7(DIGESTS);
    assert!(writes.iter().all(|line| line.contains(&wire)), "{writes:?}");
    let stored = &story.posted()[0];
    assert!(stored.flags.is_empty());
    let message = Message::parse(&stored.octets);
    let records = story.world.records();
    let Some((place, uid)) = records.iter().find_map(|record| match &record.entry {
        Entry::AppendResult { outcome: Appended::Done, uidvalidity, uid, .. } => Some((*uidvalidity, *uid)),
        _ => None,
    }) else {
        panic!("not done")
    };
    assert_eq!(
        (place, uid),
        (story.world.server.numbers(USER, &story.mailbox()).map(|n| n.0), Some(stored.uid))
    );
    let note = story.days()[0].integrity.checkpoint.clone().expect("a checkpoint");
    let sha = komainu::evidence::Digest::of(note.as_bytes());
    assert!(records.iter().any(|record| matches!(&record.entry,
        Entry::Witness { kind, sha256, .. } if kind == "append" && *sha256 == sha)));
    drop(message);
}

#[tokio::test]
async fn nothing_is_written_where_no_mailbox_is_named() {
    let mut story = after_a_hit(Profile::Dovecot, Mode::Observe).await;
    story.world.digest_mailbox = None;
    story.world.start().await;
    story.until_written("2026-11-23").await;
    story.world.stop().await;
    assert!(writes(&story).is_empty(), "{:?}", writes(&story));
    assert!(story.results().is_empty());
}

/// What is done wrong, and at which command.
fn faults() -> Vec<(String, Vec<Fault>)> {
    let mut all: Vec<(String, Vec<Fault>)> = Vec::new();
    for command in ["CREATE", "EXAMINE", "APPEND", "LIST", "FETCH"] {
        for act in [
            Act::CrashBeforeEffect,
            Act::CrashAfterEffect,
            Act::CutBeforeTagged(Cut::Reset),
            Act::CutAfterTagged(Cut::Close),
            Act::Fragments,
        ] {
            all.push((format!("{command} {act:?}"), vec![Fault::once(command, act)]));
        }
    }
    // Each octet of what the server says to APPEND.
    for octets in 0..60 {
        all.push((
            format!("APPEND cut after {octets}"),
            vec![Fault::once("APPEND", Act::CutAfter(octets, Cut::Close))],
        ));
    }
    // Twice in a row, and a server that does not tell the UID.
    all.push(("twice".into(), vec![Fault { times: 2, ..Fault::once("APPEND", Act::CrashAfterEffect) }]));
    all.push(("no uid".into(), vec![Fault::once("APPEND", Act::NoCopyUid)]));
    all.push((
        "refused after its effect".into(),
        vec![Fault::once("APPEND", Act::RefuseAfterEffect(Refusal::No, "[SERVERBUG] sorry".into()))],
    ));
    all
}

async fn one_story(of: Profile, what: String, faults: Vec<Fault>) {
    let mut story = after_a_hit(of, Mode::Quarantine).await;
    let before: Vec<_> = [story.world.inbox(), story.world.quarantined()].concat();
    // The account's own connection is to come up first: the fault is meant for the second one.
    story.world.digest_mailbox = None;
    story.world.telling = story
        .world
        .telling
        .take()
        .map(|telling| komainu::monitor::Telling { look: Duration::from_millis(20), ..telling });
    let mut watch = story.world.watch();
    watch.digest_mailbox = Some(DIGESTS.into());
    story.set("2026-11-23T23:00");
    story.world.start_with(vec![watch]).await;
    for fault in faults {
        story.world.server.fault(fault);
    }
    story.set("2026-11-24T00:06");
    results(&story, 1).await;
    story.world.stop().await;
    one_copy(&story, &what);
    let after: Vec<_> = [story.world.inbox(), story.world.quarantined()].concat();
    assert_eq!(before, after, "{what}");
}

#[tokio::test]
async fn one_copy_whatever_the_server_does_and_wherever_the_line_is_cut() {
    for (n, some) in faults().chunks(24).enumerate() {
        let stories = some.iter().map(|(what, faults)| {
            let of = if n % 2 == 0 { Profile::Dovecot } else { Profile::Courier };
            one_story(of, what.clone(), faults.clone())
        });
        futures_util::future::join_all(stories).await;
    }
}

#[tokio::test]
async fn killed_while_the_server_takes_it_it_is_found_at_the_next_start() {
    for held in [Act::HoldBeforeEffect, Act::HoldAfterEffect] {
        let mut story = after_a_hit(Profile::Dovecot, Mode::Quarantine).await;
        story.world.server.fault(Fault::once("APPEND", held.clone()));
        story.world.start().await;
        in_time("APPEND is held", story.world.server.wait_until(|state| state.held() == 1)).await;
        story.world.kill().await;
        // What the server had in hand, it finishes.
        story.world.server.release();
        if held == Act::HoldBeforeEffect {
            in_time("it has come", story.world.server.wait_until(|state| state.connections() == 0)).await;
        }
        story.world.start().await;
        results(&story, 1).await;
        story.world.stop().await;
        one_copy(&story, &format!("{held:?}"));
    }
}

#[tokio::test]
async fn refused_it_is_said_once_and_tried_again_the_next_day() {
    let mut story = after_a_hit(Profile::Dovecot, Mode::Quarantine).await;
    story.world.server.fault(Fault::always("APPEND", Act::Refuse(Refusal::No, "[OVERQUOTA] full".into())));
    story.world.start().await;
    results(&story, 1).await;
    assert!(story.world.pulse.status().contains("digest-mailbox"), "{}", story.world.pulse.status());
    // A move wakes the same task: it does not try again today.
    story.world.server.deliver(USER, "INBOX", high(9), None, &[]);
    story.world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    story.until("second look", |entry| matches!(entry, Entry::Refetched { .. })).await;
    story.world.stop().await;
    assert_eq!(story.results(), [(Appended::Refused, Some("overquota".into()))]);
    story.world.server.clear_faults();
    story.world.start().await;
    story.set("2026-11-25T00:06");
    results(&story, 3).await;
    story.world.stop().await;
    let outcomes: Vec<_> = story.results().into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(outcomes, [Appended::Refused, Appended::Done, Appended::Done]);
    assert_eq!(story.posted().len(), 2);
    assert!(!story.world.pulse.status().contains("digest-mailbox"));
}

/// A server that says OK and keeps nothing: its word is not taken for it.
#[tokio::test]
async fn a_server_that_only_says_ok_is_not_believed() {
    let mut story = after_a_hit(Profile::Dovecot, Mode::Quarantine).await;
    story.world.server.fault(Fault::once("APPEND", Act::Pretend));
    story.world.start().await;
    results(&story, 1).await;
    story.world.stop().await;
    assert_eq!(story.results(), [(Appended::Refused, Some("not-there".into()))]);
    assert!(!story.world.records().iter().any(|record| matches!(record.entry, Entry::Witness { .. })));
}

#[tokio::test]
async fn the_mailbox_is_deleted_between_the_look_and_the_append() {
    let mut story = after_a_hit(Profile::Dovecot, Mode::Quarantine).await;
    story.world.server.create(USER, DIGESTS);
    story.world.server.fault(Fault::once("APPEND", Act::Refuse(Refusal::No, "[TRYCREATE] gone".into())));
    story.world.start().await;
    results(&story, 1).await;
    story.world.stop().await;
    one_copy(&story, "TRYCREATE");
    assert_eq!(story.results()[0].0, Appended::Done);
}

#[tokio::test]
async fn what_is_urgent_is_told_at_once_and_once() {
    assert_eq!(verdict(&urgent(0)).severity, Some(Severity::Urgent), "{:?}", verdict(&urgent(0)));
    let mut story = Story::new(Profile::Courier, "2026-11-23T10:00").await;
    story.world.digest_mailbox = Some(DIGESTS.into());
    story.world.start().await;
    story.world.server.deliver(USER, "INBOX", letter(0), None, &[]);
    story.world.server.deliver(USER, "INBOX", urgent(0), None, &[]);
    results(&story, 1).await;
    let records = story.world.records();
    let at = |is_it: &dyn Fn(&Entry) -> bool| records.iter().position(|record| is_it(&record.entry)).unwrap();
    let moved = at(&|entry| matches!(entry, Entry::MoveResult { .. }));
    let told = at(
        &|entry| matches!(entry, Entry::AppendIntent { notice: Notice::Alert, ids, .. } if ids.len() == 1),
    );
    assert!(moved < told);
    // Killed and started again, with another one: each is told of once.
    story.world.kill().await;
    story.world.server.deliver(USER, "INBOX", urgent(1), None, &[]);
    story.world.start().await;
    results(&story, 2).await;
    story.world.stop().await;
    story.world.start().await;
    story.world.stop().await;
    assert_eq!(story.posted().len(), 2);
    for stored in story.posted() {
        let text = String::from_utf8(stored.octets.to_vec()).unwrap();
        assert!(!text.contains("shuukin") && text.is_ascii(), "{text}");
    }
    let results = story.results();
    assert_eq!(results, [(Appended::Done, None), (Appended::Done, None)]);
}
