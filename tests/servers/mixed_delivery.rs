//! The main job: 300 mixed letters come while the daemon runs. Afterwards every hit is in quarantine and nowhere else,
//! every other letter is untouched, and the record holds the very octets that a fresh fetch gives.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::harness::{Post, assert_as_delivered, wait_until_quarantined};
use crate::support::client::Stored;
use crate::support::daemon::Installation;
use crate::support::letters::{Delivery, Letter, letters, number};
use crate::support::record::{sha256, string};
use crate::support::{Server, expect_quarantine};

const LETTERS: usize = 300;
/// What takes so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn run(server: &Server) {
    let user = server.claim();
    let mut letters = letters(LETTERS, &user.name, server.lmtp.is_some(), 20_261_124);
    // A scammer sends the same mail twice: two messages, both judged, one blob. (Appended: LMTP would make them differ.)
    let twin = Letter { delivery: Delivery::Append { flags: "", date: 1_700_000_000 }, ..letters[0].clone() };
    letters[0] = twin.clone();
    letters.push(twin);

    let installation = Installation::new(server, &user);
    let mut daemon = installation.start_watching();
    let begin = jiff::Timestamp::now().as_second();
    let mut post = Post::new(server, &user);
    for letter in &letters {
        post.deliver(letter);
    }

    // The letters written as threats are what the run is about: should the judge miss many of them, it would show little.
    let mut client = server.client(&user);
    let quarantine = installation.quarantine_on_the_wire();
    let inbox = wait_until_quarantined(&installation, &mut daemon, &mut client, 1);
    let moved = client.read_all(&quarantine);
    assert_looked_at_again(&installation, moved.len());
    daemon.stop();
    assert_eq!(client.read_all("INBOX"), inbox, "nothing moves after the last hit");
    assert_eq!(inbox.len() + moved.len(), letters.len());
    let threats = letters.iter().filter(|letter| letter.threat).count();
    assert!(
        moved.len() * 10 >= threats * 8 && moved.len() <= threats,
        "{} moved of {threats} threats",
        moved.len()
    );

    let by_number: BTreeMap<usize, &Letter> = letters.iter().map(|letter| (letter.number, letter)).collect();
    for stored in inbox.iter().chain(&moved) {
        let letter = by_number[&number(&stored.octets).expect("a letter of ours")];
        assert_as_delivered(letter, stored, begin);
    }
    for stored in &moved {
        assert!(expect_quarantine(stored), "letter {:?} is no hit", number(&stored.octets));
    }
    assert_each_once(&letters, &[&inbox, &moved]);
    assert_uids_unmoved(&inbox, &moved);
    assert_recorded(&installation, &moved);
    let elsewhere: BTreeSet<String> =
        client.mailboxes().into_iter().filter(|name| *name != "INBOX" && *name != quarantine).collect();
    for mailbox in elsewhere {
        assert_eq!(client.read_all(&mailbox), [], "{mailbox}");
    }
}

/// komainu's own second look found the same octets at each place that it moved a message to.
fn assert_looked_at_again(installation: &Installation, moved: usize) {
    let begun = Instant::now();
    loop {
        let record = installation.record();
        let looks = record.by_id("refetch-verified");
        if looks.len() >= moved {
            for (id, looks) in &looks {
                assert_eq!(string(looks[0], "/komainu.refetch"), Some("same"), "{id}");
            }
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{} of {moved} looked at again", looks.len());
        // Not synchronisation: the record is all that an outsider sees.
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Each letter stands in exactly as many places as it was delivered times.
pub(crate) fn assert_each_once(letters: &[Letter], places: &[&[Stored]]) {
    let count = |numbers: &mut dyn Iterator<Item = usize>| {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        numbers.for_each(|number| *counts.entry(number).or_default() += 1);
        counts
    };
    let delivered = count(&mut letters.iter().map(|letter| letter.number));
    let found = count(
        &mut places.iter().copied().flatten().map(|stored| number(&stored.octets).expect("a letter of ours")),
    );
    assert_eq!(found, delivered);
}

/// What stayed was never copied away and back: it has the UID of its delivery, so the UIDs left and taken are 1 to n.
fn assert_uids_unmoved(inbox: &[Stored], moved: &[Stored]) {
    let highest = u32::try_from(inbox.len() + moved.len()).unwrap();
    assert!(
        inbox.iter().all(|stored| stored.uid <= highest),
        "a message has come into INBOX that nobody delivered"
    );
}

/// Each message in quarantine: its octets are a blob, which is captured, and its move has one intent and one result.
pub(crate) fn assert_recorded(installation: &Installation, moved: &[Stored]) {
    let record = installation.record();
    record.assert_unbroken();
    let captured = record.by_id("evidence-captured");
    let intents = record.by_id("move-intent");
    let results = record.by_id("move-result");
    for stored in moved {
        let digest = sha256(&stored.octets);
        let octets =
            record.blob(&digest).unwrap_or_else(|| panic!("no blob for letter {:?}", number(&stored.octets)));
        assert!(octets == stored.octets);
    }
    let mut kept: Vec<&str> = Vec::new();
    for (id, results) in &results {
        assert_eq!(results.len(), 1, "results of {id}: {results:?}");
        assert_eq!(intents.get(id).map(Vec::len), Some(1), "intents of {id}");
        assert_eq!(captured.get(id).map(Vec::len), Some(1), "captures of {id}");
        kept.push(string(captured[id][0], "/evidence.sha256").expect("a digest"));
    }
    assert_eq!(
        intents.keys().collect::<Vec<_>>(),
        results.keys().collect::<Vec<_>>(),
        "each intent has its result"
    );
    let mut fetched: Vec<String> = moved.iter().map(|stored| sha256(&stored.octets)).collect();
    kept.sort_unstable();
    fetched.sort_unstable();
    assert_eq!(kept, fetched, "what was moved is what is on record");
}

/// The tester tested: a letter too many, one too few, and one in another's place are each found.
#[test]
fn a_lost_or_a_doubled_letter_is_found() {
    let letters = letters(4, "user001", false, 5);
    let stored: Vec<Stored> = letters
        .iter()
        .map(|letter| Stored {
            uid: 1,
            flags: BTreeSet::new(),
            internaldate: 0,
            octets: letter.octets.clone(),
        })
        .collect();
    let holds =
        |places: &[&[Stored]]| std::panic::catch_unwind(|| assert_each_once(&letters, places)).is_ok();
    assert!(holds(&[&stored]));
    assert!(holds(&[&stored[..2], &stored[2..]]));
    assert!(!holds(&[&stored[..3]]));
    assert!(!holds(&[&stored, &stored[1..2]]));
    assert!(!holds(&[&stored[..3], &stored[..1]]));
}
