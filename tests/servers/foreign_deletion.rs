//! Without MOVE the daemon copies and expunges. A plain EXPUNGE would also take the messages that other clients have
//! flagged `\Deleted` and may yet want back; UID EXPUNGE (RFC 4315 §2.1) takes exactly one.

use crate::harness::{Post, wait_until_quarantined};
use crate::support::Server;
use crate::support::daemon::Installation;
use crate::support::letters::{Delivery, letters, number};

pub(crate) fn run(server: &Server) {
    let user = server.claim();
    let mut letters = letters(40, &user.name, false, 3);
    for letter in &mut letters {
        if !letter.threat && letter.number % 2 == 0 {
            letter.delivery = Delivery::Append { flags: "\\Seen \\Deleted", date: 1_600_000_000 };
        }
    }
    let installation = Installation::new(server, &user);
    // Before the daemon starts, as well as while it runs.
    let (before, during) = letters.split_at(10);
    let mut post = Post::new(server, &user);
    for letter in before {
        post.deliver(letter);
    }
    let mut daemon = installation.start_watching();
    for letter in during {
        post.deliver(letter);
    }

    let mut client = server.client(&user);
    let quarantine = installation.quarantine_on_the_wire();
    let first_new = u32::try_from(before.len()).unwrap() + 1;
    let inbox = wait_until_quarantined(&installation, &mut daemon, &mut client, first_new);
    daemon.stop();
    let moved = client.read_all(&quarantine);
    assert!(moved.len() >= 5, "only {} were moved: too few to show anything", moved.len());
    assert_eq!(inbox.len() + moved.len(), letters.len());
    for letter in &letters {
        let Delivery::Append { flags, .. } = letter.delivery else { unreachable!("appended above") };
        if flags.contains("\\Deleted") {
            let survivor = inbox.iter().find(|stored| number(&stored.octets) == Some(letter.number));
            let survivor = survivor.unwrap_or_else(|| panic!("letter {} is gone", letter.number));
            assert!(survivor.flags.contains("\\Deleted") && survivor.flags.contains("\\Seen"));
            assert!(survivor.octets == letter.octets);
        }
    }
    // And what the daemon moved does not carry the flag that it set on the way.
    assert!(moved.iter().all(|stored| !stored.flags.contains("\\Deleted")));
}
