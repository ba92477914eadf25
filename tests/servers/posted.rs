//! Our own messages in a real mailbox: the digest of a day that is over, and the alert of what cannot wait. The daemon is
//! killed again and again meanwhile; each message stands there once, where the record says, without a flag.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use komainu::evidence::{Clock, Entry};
use komainu::store::fault::{Fault, Faults, Step};
use komainu::store::{Batch, Store};

use crate::support::client::Stored;
use crate::support::daemon::Installation;
use crate::support::{Server, wait_for};

/// `komainu日報` as it stands on the wire.
const DIGESTS: &str = "komainu&ZeVYMQ-";
const KILLS: u64 = 6;
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(100);

/// The clock of the day before.
struct Yesterday;

impl Faults for Yesterday {
    fn at(&self, _: Step) -> Fault {
        Fault::Pass
    }

    fn clocks(&self) -> Option<(jiff::Timestamp, Option<Clock>)> {
        Some((jiff::Timestamp::now() - jiff::SignedDuration::from_hours(30), None))
    }
}

fn urgent(number: u64) -> Vec<u8> {
    format!(
        "From: debt <shuukin{number}@example.com>\r\nTo: hanako@example.net\r\nSubject: final notice {number}\r\n\
         Message-ID: <urgent-{number}@example.com>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         未納料金50万円を本日中に支払わなければ、お前を殺す。家族も無事では済まないぞ。\r\n\
         支払わない場合は法的措置を取り、自宅に集金に行く。警察に言えば命はない。\r\nビットコインで支払え。\r\n"
    )
    .into_bytes()
}

pub(crate) fn run(server: &Server) {
    let user = server.claim();
    let installation = Installation::with(server, &user, "", "digest-mailbox = \"komainu日報\"\n");
    // A record that begins on another day: its digest is due at the first start.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let store = Store::open_with(&installation.state(), Arc::new(Yesterday)).unwrap();
    let batch = Batch { entries: vec![Entry::Heartbeat], ..Batch::default() };
    runtime.block_on(store.commit(batch)).unwrap();
    drop(store);

    let mut client = server.client(&user);
    let mut daemon = installation.start_watching();
    for number in 0..KILLS {
        client.append("INBOX", "", jiff::Timestamp::now().as_second(), &urgent(number));
        // Not synchronisation: the moment of the kill is meant to be anybody's guess.
        std::thread::sleep(Duration::from_millis(150 + fastrand::u64(0..900)));
        daemon.kill();
        daemon = installation.start();
        daemon.wait_ready();
    }
    let told = wait_for("each urgent message is told of", PATIENCE, PAUSE, || {
        daemon.assert_running();
        let record = installation.record();
        let told = record.count("append-result");
        let named: BTreeSet<String> = record.named("append-intent", "/komainu.evidence");
        let open = record.count("append-intent") != told;
        (!open && told > 1 && named.len() as u64 == KILLS).then_some(told)
    });
    daemon.stop();
    let wire = format!("{}{DIGESTS}", server.kind.prefix());
    let posted = client.read_all(&wire);
    assert_eq!(posted.len(), told, "as many messages as announcements");
    let ids: BTreeSet<String> = posted.iter().map(message_id).collect();
    assert_eq!(ids.len(), posted.len(), "no message twice");
    assert_eq!(ids, installation.record().texts("append-result", "/email.message_id"));
    assert_eq!(ids.iter().filter(|id| id.starts_with("digest.")).count(), 1);
    for stored in &posted {
        assert!(stored.flags.is_empty(), "{:?}", stored.flags);
    }
    let uids: BTreeSet<u64> = posted.iter().map(|stored| u64::from(stored.uid)).collect();
    assert_eq!(installation.record().numbers("append-result", "/imap.dest_uid"), uids);
    // And nothing of it is met in the mailboxes that are watched.
    assert!(client.read_all("INBOX").iter().all(|stored| !message_id(stored).ends_with("@komainu.invalid")));
}

fn message_id(stored: &Stored) -> String {
    let text = String::from_utf8_lossy(&stored.octets).into_owned();
    let line = text.lines().find(|line| line.to_ascii_lowercase().starts_with("message-id:"));
    let (_, id) = line.expect("a Message-ID").split_once(':').unwrap();
    id.trim().trim_matches(['<', '>']).to_owned()
}
