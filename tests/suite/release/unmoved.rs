//! `observe-for`: nothing is moved until its time is over. `also-preserve`: hits are kept and never moved.

use std::time::Duration;

use komainu::demo::server::{Options, Profile};
use komainu::evidence::Entry;
use komainu::monitor::Event;
use komainu::verdict::Action;

use crate::support::world::{USER, World, letter, threat};

/// Command lines that change something on the server.
fn writing(world: &World) -> Vec<String> {
    const WRITES: [&str; 10] = [
        "SELECT",
        "CREATE",
        "SUBSCRIBE",
        "APPEND",
        "UID MOVE",
        "UID COPY",
        "UID STORE",
        "UID EXPUNGE",
        "EXPUNGE",
        "CLOSE",
    ];
    let mut lines = world.server.commands();
    lines.retain(|line| {
        let command = line.split_once(' ').map_or(line.as_str(), |(_, command)| command);
        WRITES.iter().any(|write| command.starts_with(write))
    });
    lines
}

#[tokio::test]
async fn nothing_is_written_while_it_observes_and_moves_begin_by_themselves() {
    let mut world = World::new(Options::default()).await;
    let mut watch = world.watch();
    watch.observe_for = Some(Duration::from_secs(4));
    world.start_with(vec![watch.clone()]).await;
    assert!(world.status().observes_until.is_some());
    world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    let judged = world.until("judged", |event| matches!(event, Event::Judged { .. })).await;
    // What would have been moved is on record as a threat.
    assert!(matches!(judged, Event::Judged { action: Action::Note, id: Some(_), .. }), "{judged:?}");
    assert_eq!(writing(&world), Vec::<String>::new());
    world.until("connected anew", |event| matches!(event, Event::Connected { .. })).await;
    world.until("watching", |event| matches!(event, Event::Watching { .. })).await;
    assert_eq!(world.status().observes_until, None);
    world.server.deliver(USER, "INBOX", threat(1), None, &[]);
    world.until_settled(1, 1).await;
    world.stop().await;
    // What came before stays; and after a restart nobody observes again.
    world.start_with(vec![watch]).await;
    assert_eq!(world.status().observes_until, None);
    world.stop().await;
    world.check_invariants(&[threat(0), threat(1)]);
    assert_eq!(world.inbox()[0].octets[..], threat(0)[..]);
}

#[tokio::test]
async fn the_time_is_counted_from_the_first_watch_on_record() {
    let mut world = World::new(Options::default()).await;
    world.start().await;
    world.stop().await;
    let mut watch = world.watch();
    watch.observe_for = Some(Duration::from_hours(1));
    world.start_with(vec![watch]).await;
    let until = world.status().observes_until.unwrap();
    world.stop().await;
    let first =
        world.records().into_iter().find(|record| matches!(record.entry, Entry::WatchStart { .. })).unwrap();
    assert_eq!(until.as_second(), first.at.as_second() + 3600);
}

#[tokio::test]
async fn hits_in_junk_and_other_mailboxes_are_kept_and_never_moved() {
    for of in [Profile::Dovecot, Profile::Courier] {
        let options = Options { profile: of, ..Options::default() };
        let mut world =
            if of == Profile::Courier { World::prefixed(options).await } else { World::new(options).await };
        let prefix = if of == Profile::Courier { "INBOX." } else { "" };
        let (junk, other) = (format!("{prefix}迷惑メール"), format!("{prefix}古いもの"));
        world.server.set_special_use(USER, &junk, "\\Junk");
        world.server.create(USER, &other);
        world.server.deliver(USER, &junk, threat(0), None, &[]);
        let mut watch = world.watch();
        watch.poll = Duration::from_millis(100);
        watch.also_preserve = vec!["\\Junk".into(), "\\Trash".into(), "古いもの".into()];
        watch.backlog = Some(jiff::Timestamp::UNIX_EPOCH);
        world.start_with(vec![watch.clone()]).await;
        world.server.deliver(USER, &junk, letter(0), None, &[]);
        world.server.deliver(USER, &other, threat(1), None, &[]);
        let mut hits = 0;
        while hits < 1 {
            let event = world.until("judged", |event| matches!(event, Event::Judged { .. })).await;
            let Event::Judged { position, action, id, .. } = event else { unreachable!() };
            assert_ne!(action, Action::Quarantine);
            hits += usize::from(id.is_some() && position.mailbox == other);
        }
        world.server.deliver(USER, "INBOX", threat(2), None, &[]);
        world.until_settled(0, 1).await;
        world.stop().await;
        // Without them in the configuration, and with them again: nothing is judged a second time.
        world.start_with(vec![watch]).await;
        world.stop().await;
        assert_eq!(world.server.snapshot(USER, &junk).len(), 2, "{of:?}");
        assert_eq!(world.server.snapshot(USER, &other).len(), 1, "{of:?}");
        let kept: Vec<String> = world
            .records()
            .into_iter()
            .filter_map(|record| match record.entry {
                Entry::Captured { position, .. } => Some(position.mailbox),
                _ => None,
            })
            .collect();
        assert_eq!(kept.len(), 3, "{kept:?}");
        assert!(kept.contains(&junk) && kept.contains(&other), "{kept:?}");
        // Examined only.
        let selected: Vec<String> = writing(&world)
            .into_iter()
            .filter(|line| line.contains(" SELECT ") && !line.contains("\"INBOX\""))
            .collect();
        assert_eq!(selected, Vec::<String>::new());
    }
}
