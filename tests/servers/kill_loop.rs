//! `kill -9` again and again while letters come: nothing lost, nothing double, nothing moved without evidence, one outcome
//! for each move. 20 kills, or 200 with `tests/run --soak`.

use std::time::{Duration, Instant};

use crate::harness::{Post, assert_as_delivered, wait_until_quarantined};
use crate::mixed_delivery::{assert_each_once, assert_recorded};
use crate::support::daemon::{Daemon, Installation};
use crate::support::letters::letters;
use crate::support::record::Record;
use crate::support::{Server, say, soak, wait_for};

const LETTERS: usize = 300;

pub(crate) fn run(server: &Server) {
    let kills = if soak() { 200 } else { 20 };
    let seed = fastrand::u64(..);
    say(&format!("{}: {kills} kills, seed {seed}", server.kind.name()));
    let mut random = fastrand::Rng::with_seed(seed);

    let user = server.claim();
    let letters = letters(LETTERS, &user.name, server.lmtp.is_some(), 17);
    let installation = Installation::new(server, &user);
    let begin = jiff::Timestamp::now().as_second();
    let mut daemon = installation.start_watching();
    let mut post = Post::new(server, &user);
    let mut left = letters.iter();
    let mut in_flight = 0;
    for round in 0..kills {
        // The letters are spread over all rounds, so that each kill finds some of them on their way.
        let share = left.len().div_ceil(kills - round);
        for letter in left.by_ref().take(share) {
            post.deliver(letter);
        }
        wait_for_the_moment(&installation, &mut random);
        daemon.assert_running();
        daemon.kill();
        let record = installation.record();
        in_flight += usize::from(record.by_id("move-intent").len() > record.by_id("move-result").len());
        daemon = installation.start();
    }
    say(&format!(
        "{}: {in_flight} of {kills} kills came between a move's intent and its result",
        server.kind.name()
    ));
    assert!(!soak() || in_flight > 0, "no kill met a move on its way: the run shows too little");
    assert_eq!(left.len(), 0);
    settle(server, &installation, daemon, &letters, &user, begin);
}

/// Half of the kills come at any time, in the start, the log-in or the wait; the other half are aimed at the time in which
/// evidence is written and messages are moved: from the growth of the chain on disk, a few milliseconds more.
fn wait_for_the_moment(installation: &Installation, random: &mut fastrand::Rng) {
    let longest = if random.bool() { 300_000 } else { 20_000 };
    let pause = Duration::from_micros(random.u64(..longest));
    if random.bool() {
        let start = Instant::now();
        let size = Record::chain_size(&installation.state());
        let growths = random.u32(1..6);
        let (mut seen, mut last) = (0, size);
        while seen < growths && start.elapsed() < Duration::from_millis(1500) {
            let now = Record::chain_size(&installation.state());
            if now != last {
                (seen, last) = (seen + 1, now);
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(pause / 20);
    } else {
        std::thread::sleep(pause);
    }
}

fn settle(
    server: &Server,
    installation: &Installation,
    mut daemon: Daemon,
    letters: &[crate::support::letters::Letter],
    user: &crate::support::User,
    begin: i64,
) {
    let mut client = server.client(user);
    let quarantine = installation.quarantine_on_the_wire();
    wait_until_quarantined(installation, &mut daemon, &mut client, 1);
    wait_for("every move has its result", Duration::from_secs(30), Duration::from_millis(100), || {
        let record = installation.record();
        (record.by_id("move-intent").len() == record.by_id("move-result").len()).then_some(())
    });
    daemon.stop();
    let (inbox, moved) = (client.read_all("INBOX"), client.read_all(&quarantine));
    assert_each_once(letters, &[&inbox, &moved]);
    assert_recorded(installation, &moved);
    for stored in inbox.iter().chain(&moved) {
        let number = crate::support::letters::number(&stored.octets).unwrap();
        assert_as_delivered(&letters[number], stored, begin);
    }
    assert!(moved.len() > LETTERS / 4, "only {} were moved: too few to show anything", moved.len());
}
