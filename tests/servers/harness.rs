//! The tester tested: what it delivers, it reads back octet for octet. Without this, the other tests would show nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::support::client::{Client, Stored};
use crate::support::daemon::{Daemon, Installation};
use crate::support::letters::{Delivery, Letter, letters, number};
use crate::support::lmtp::Lmtp;
use crate::support::{Server, User, expect_quarantine, wait_for};

pub(crate) fn deliver_and_read_back(server: &Server) {
    let user = server.claim();
    let letters = letters(60, &user.name, server.lmtp.is_some(), 1);
    let mut post = Post::new(server, &user);
    let begin = jiff::Timestamp::now().as_second();
    for letter in &letters {
        post.deliver(letter);
    }
    let mut client = server.client(&user);
    assert_eq!(client.status("INBOX", "MESSAGES"), 60);
    let stored = client.read_all("INBOX");
    assert_eq!(stored.len(), 60);
    let by_number: BTreeMap<usize, &Stored> =
        stored.iter().map(|s| (number(&s.octets).unwrap(), s)).collect();
    for letter in &letters {
        assert_as_delivered(letter, by_number[&letter.number], begin);
    }
    assert!(stored.windows(2).all(|pair| pair[0].uid < pair[1].uid));

    // The operations that tests do in another client's name.
    let mailbox = format!("{}Aside", server.kind.prefix());
    client.ok(&format!("CREATE \"{mailbox}\""));
    assert!(client.mailboxes().contains(&mailbox));
    client.ok("SELECT INBOX");
    let uid = stored[3].uid;
    client.ok(&format!("UID COPY {uid} \"{mailbox}\""));
    client.ok(&format!("UID STORE {uid} +FLAGS (\\Deleted)"));
    client.ok("EXPUNGE");
    assert_eq!(client.status("INBOX", "MESSAGES"), 59);
    let aside = client.read_all(&mailbox);
    assert_eq!((aside.len(), &aside[0].octets), (1, &stored[3].octets));
    assert_eq!(aside[0].internaldate, stored[3].internaldate);
    assert!(client.read_all("no such mailbox").is_empty());

    // A wrong password is refused, or the daemon's log-in would prove nothing.
    let (_, refusal) = Client::connect(server.plain).command(&format!("LOGIN {} wrong", user.name));
    assert!(refusal.starts_with("NO"), "{refusal}");
}

/// Whoever brings the mail: LMTP where the letter says so, else another client's APPEND to INBOX.
pub(crate) struct Post {
    lmtp: Option<Lmtp>,
    client: Client,
    recipient: String,
}

impl Post {
    pub(crate) fn new(server: &Server, user: &User) -> Self {
        Self {
            lmtp: server.lmtp.map(Lmtp::connect),
            client: server.client(user),
            recipient: user.name.clone(),
        }
    }

    pub(crate) fn deliver(&mut self, letter: &Letter) {
        match (&letter.delivery, &mut self.lmtp) {
            (Delivery::Lmtp, Some(lmtp)) => lmtp.deliver(&self.recipient, &letter.octets),
            (Delivery::Lmtp, None) => panic!("no LMTP here"),
            (Delivery::Append { flags, date }, _) => {
                self.client.append("INBOX", flags, *date, &letter.octets);
            }
        }
    }
}

/// Until no message that INBOX holds from `first_uid` on belongs in quarantine; gives what INBOX holds then.
///
/// The octets are read only while quarantine does not grow, and not often: a tester that reads without a pause keeps a
/// server's mailbox locked against the daemon's move (seen with Cyrus, which then waited for minutes).
pub(crate) fn wait_until_quarantined(
    installation: &Installation,
    daemon: &mut Daemon,
    client: &mut Client,
    first_uid: u32,
) -> Vec<Stored> {
    let quarantine = installation.quarantine_on_the_wire();
    let mut before = None;
    wait_for("every hit is in quarantine", Duration::from_mins(2), Duration::from_millis(300), || {
        daemon.assert_running();
        let moved = client.mailboxes().contains(&quarantine).then(|| client.status(&quarantine, "MESSAGES"));
        if before.replace(moved) != Some(moved) {
            return None;
        }
        let inbox = client.read_all("INBOX");
        let hit = |stored: &Stored| stored.uid >= first_uid && expect_quarantine(stored);
        (!inbox.iter().any(hit)).then_some(inbox)
    })
}

/// Flags, INTERNALDATE and octets are those of the delivery, which began at `begin` (seconds since 1970) or later.
pub(crate) fn assert_as_delivered(letter: &Letter, stored: &Stored, begin: i64) {
    let number = letter.number;
    match &letter.delivery {
        Delivery::Append { flags, date } => {
            let flags: BTreeSet<String> = flags.split_whitespace().map(str::to_owned).collect();
            assert_eq!(stored.flags, flags, "flags of letter {number}");
            assert_eq!(stored.internaldate, *date, "INTERNALDATE of letter {number}");
            assert!(stored.octets == letter.octets, "octets of letter {number}");
        }
        Delivery::Lmtp => {
            assert_eq!(stored.flags, BTreeSet::new(), "flags of letter {number}");
            let now = jiff::Timestamp::now().as_second();
            assert!((begin..=now).contains(&stored.internaldate), "INTERNALDATE of letter {number}");
            // The server puts trace fields above it; below, nothing changes.
            assert!(stored.octets.ends_with(&letter.octets), "octets of letter {number}");
        }
    }
}
