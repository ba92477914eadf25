//! A person with a mail program beside the daemon: what they take out of quarantine stays out, what they put in is a report,
//! what they delete says nothing; and all of it is undone to the bit.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::support::client::{Client, Stored};
use crate::support::daemon::{Daemon, Installation};
use crate::support::record::{sha256, string};
use crate::support::{Server, User, wait_for};

/// Looks into quarantine, and at other mailboxes, this often; the least that the configuration takes.
const POLL: &str = "poll = \"10s\"";
/// The provider of these tests.
const PINNED: &str = "authserv-id = [\"mx.example.net\"]";
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(200);

/// A fake bill of this sender; `result` is what the provider says of them.
fn bill(number: usize, result: &str) -> Vec<u8> {
    format!(
        "Authentication-Results: mx.example.net; dmarc={result} header.from=clinic.example\r\n\
         From: Clinic <desk@clinic.example>\r\nTo: hanako@example.net\r\nSubject: {SUBJECT} ({number})\r\n\
         Date: Tue, 24 Nov 2026 11:20:00 +0900\r\nMessage-ID: <{number}.{result}@clinic.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         {BODY}\r\n"
    )
    .into_bytes()
}

const SUBJECT: &str = "=?UTF-8?B?5pyA57WC6YCa5ZGK?=";
const BODY: &str = "料金が未納です。本日中にお支払いがない場合は、裁判所に訴状を提出し、給与を差し押さえます。\r\n\
                    コンビニで電子マネーを購入し、番号を返信してください。";

struct Story {
    installation: Installation,
    client: Client,
    quarantine: String,
    /// INTERNALDATE of the next delivery: each has a second of its own.
    date: i64,
}

impl Story {
    fn begin(server: &Server, user: &User, more: &str) -> (Self, Daemon) {
        let more = format!("{PINNED}\n{more}");
        let installation = Installation::with(server, user, POLL, &more);
        let quarantine = installation.quarantine_on_the_wire();
        let daemon = installation.start_watching();
        let date = jiff::Timestamp::now().as_second() - 1_000;
        let mut story = Self { installation, client: server.client(user), quarantine, date };
        // What stood in quarantine before it was first looked at is nobody's report.
        story.until("the quarantine is watched", |story| {
            story.installation.record().actions().filter(|action| *action == "watch-start").count() >= 2
        });
        (story, daemon)
    }

    fn deliver(&mut self, mailbox: &str, octets: &[u8]) {
        self.date += 1;
        self.client.append(mailbox, "", self.date, octets);
    }

    fn until(&mut self, what: &str, mut is_so: impl FnMut(&mut Self) -> bool) {
        wait_for(what, PATIENCE, PAUSE, || is_so(self).then_some(()));
    }

    fn until_quarantined(&mut self, count: u32) {
        let quarantine = self.quarantine.clone();
        self.until("in quarantine", |story| story.client.status(&quarantine, "MESSAGES") == count);
        self.until("on record", |story| {
            let record = story.installation.record();
            record.by_id("move-intent").values().flatten().count()
                == record.by_id("move-result").values().flatten().count()
        });
    }

    fn until_counted(&mut self, action: &str, count: usize) {
        self.until(&format!("{count} of {action}"), |story| story.count(action) >= count);
    }

    fn count(&self, action: &str) -> usize {
        self.installation.record().actions().filter(|one| *one == action).count()
    }

    /// The other mail program moves a message.
    fn drag(&mut self, octets: &[u8], from: &str, to: &str) {
        let uid = self.find(from, octets).expect("it stands there").uid;
        self.client.ok(&format!("SELECT \"{from}\""));
        let (_, tagged) = self.client.command(&format!("UID MOVE {uid} \"{to}\""));
        if !tagged.starts_with("OK") {
            self.client.ok(&format!("UID COPY {uid} \"{to}\""));
            self.client.ok(&format!("UID STORE {uid} +FLAGS (\\Deleted)"));
            self.client.ok(&format!("UID EXPUNGE {uid}"));
        }
        let _ = self.client.command("EXAMINE \"no such mailbox\"");
    }

    fn find(&mut self, mailbox: &str, octets: &[u8]) -> Option<Stored> {
        self.client.read_all(mailbox).into_iter().find(|stored| stored.octets == octets)
    }

    /// By which context the message with these octets was judged last.
    fn context(&self, octets: &[u8]) -> String {
        let record = self.installation.record();
        let wanted = sha256(octets);
        let captured = record.by_id("evidence-captured");
        let (id, _) = captured
            .iter()
            .find(|(_, lines)| lines.iter().any(|line| string(line, "/evidence.sha256") == Some(&wanted)))
            .expect("captured");
        let judged = record.by_id("verdict");
        string(judged[id].last().unwrap(), "/evidence.context_sha256").unwrap().to_owned()
    }

    /// Nothing of what the person wants is moved for as long as this takes.
    fn assert_stays(&mut self, daemon: &mut Daemon, octets: &[u8], times: usize) {
        // A message that is judged after it: by then what came before it is decided.
        let marker = bill(900 + times, "fail");
        let before = self.client.status(&self.quarantine.clone(), "MESSAGES");
        self.deliver("INBOX", &marker);
        self.until_quarantined(before + 1);
        daemon.assert_running();
        let there = self.client.read_all("INBOX").iter().filter(|stored| stored.octets == octets).count();
        assert_eq!(there, times);
    }
}

pub(crate) fn by_hand(server: &Server) {
    let user = server.claim();
    let (mut story, mut daemon) = Story::begin(server, &user, "");
    let quarantine = story.quarantine.clone();
    let wanted = bill(1, "pass");
    story.deliver("INBOX", &wanted);
    story.until_quarantined(1);
    story.drag(&wanted, &quarantine, "INBOX");
    story.until_counted("release", 1);
    assert_eq!(story.count("learned"), 1);
    story.assert_stays(&mut daemon, &wanted, 1);
    // Three times the same mail, and a restart.
    for _ in 0..3 {
        story.deliver("INBOX", &wanted);
    }
    story.until_counted("release", 4);
    daemon.stop();
    let mut daemon = story.installation.start();
    daemon.wait_ready();
    story.assert_stays(&mut daemon, &wanted, 4);
    assert_eq!(story.count("learned"), 1);

    // The next of the sender stays, and who only borrows the name does not (that is what `assert_stays` delivers).
    let next = bill(2, "pass");
    story.deliver("INBOX", &next);
    story.until("judged", |story| {
        let wanted = sha256(&bill(2, "pass"));
        story
            .installation
            .record()
            .by_id("evidence-captured")
            .values()
            .flatten()
            .any(|line| string(line, "/evidence.sha256") == Some(&wanted))
    });
    assert_ne!(story.context(&wanted), story.context(&next));
    assert!(story.find("INBOX", &next).is_some());

    // Taken back: the same context as before, to the bit, and the same judgement.
    let lessons = story.installation.command(&["learn", "list", "--format", "json"]);
    let lesson: Value = serde_json::from_str(lessons.trim()).unwrap();
    story.installation.command(&["learn", "undo", lesson["evidence_id"].as_str().unwrap()]);
    let count = story.client.status(&quarantine, "MESSAGES");
    let third = bill(3, "pass");
    story.deliver("INBOX", &third);
    story.until_quarantined(count + 1);
    assert_eq!(story.context(&wanted), story.context(&third));

    // Deleted from quarantine: nothing is said by that.
    let (learned, released) = (story.count("learned"), story.count("release"));
    let uid = story.find(&quarantine, &third).unwrap().uid;
    story.client.ok(&format!("SELECT \"{quarantine}\""));
    story.client.ok(&format!("UID STORE {uid} +FLAGS (\\Deleted)"));
    story.client.ok(&format!("UID EXPUNGE {uid}"));
    let _ = story.client.command("EXAMINE \"no such mailbox\"");
    // Put in by hand: a report, which is learned.
    let reported = String::from_utf8(bill(4, "pass")).unwrap().replace(BODY, "Our new opening hours.");
    story.deliver("INBOX", reported.as_bytes());
    story.until("there", |story| story.find("INBOX", reported.as_bytes()).is_some());
    story.drag(reported.as_bytes(), "INBOX", &quarantine);
    story.until_counted("report", 1);
    assert_eq!((story.count("learned"), story.count("release")), (learned + 1, released));
    daemon.stop();
    story.installation.record().assert_unbroken();
}

pub(crate) fn by_command(server: &Server) {
    let user = server.claim();
    let (mut story, daemon) = Story::begin(server, &user, "");
    let quarantine = story.quarantine.clone();
    let letters = [bill(1, "pass"), bill(2, "fail")];
    for letter in &letters {
        story.deliver("INBOX", letter);
    }
    story.until_quarantined(2);
    let list = story.installation.command(&["quarantine", "list", "--format", "json"]);
    let ids: BTreeSet<String> = list
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["evidence_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 2);
    let mut arguments = vec!["quarantine", "release"];
    arguments.extend(ids.iter().map(String::as_str));
    story.installation.command(&arguments);
    story.until_quarantined(0);
    story.until_counted("release", 2);
    for letter in &letters {
        let back = story.find("INBOX", letter).expect("it is back");
        assert!(back.flags.is_empty(), "{:?}", back.flags);
    }
    daemon.stop();
    // After a restart, and sent again, they stay.
    let mut daemon = story.installation.start();
    daemon.wait_ready();
    story.deliver("INBOX", &letters[1]);
    story.until_counted("release", 3);
    story.assert_stays(&mut daemon, &letters[1], 2);
    daemon.stop();
    assert_eq!(story.client.read_all(&quarantine).len(), 1);
    assert_eq!(story.count("learned"), 1);
    story.installation.record().assert_unbroken();
}

/// The mailbox is numbered anew, as after a restore: what was released is known by its octets.
pub(crate) fn after_a_new_uidvalidity(server: &Server) {
    let user = server.claim();
    let (mut story, daemon) = Story::begin(server, &user, "");
    let quarantine = story.quarantine.clone();
    let wanted = bill(1, "fail");
    story.deliver("INBOX", &wanted);
    story.until_quarantined(1);
    story.drag(&wanted, &quarantine, "INBOX");
    story.until_counted("release", 1);
    daemon.stop();
    let before = story.client.status("INBOX", "UIDVALIDITY");
    // Whoever has the mailbox open would write its numbers down again.
    story.client.ok("LOGOUT");
    // Dovecot keeps its numbers in these files; without them it gives new ones.
    let folder = maildir(server, &user);
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("dovecot-uid")
            || name.starts_with("dovecot.index")
            || name == "dovecot.list.index.log"
        {
            let _ = std::fs::remove_file(&path);
        }
    }
    // A new one is made of the time.
    std::thread::sleep(Duration::from_millis(1_100));
    story.client = server.client(&user);
    assert_ne!(story.client.status("INBOX", "UIDVALIDITY"), before, "the mailbox was not numbered anew");
    let mut daemon = story.installation.start();
    daemon.wait_ready();
    story.until_counted("uidvalidity-changed", 1);
    story.assert_stays(&mut daemon, &wanted, 1);
    daemon.stop();
}

fn maildir(server: &Server, user: &User) -> PathBuf {
    let state = server.ca.parent().and_then(std::path::Path::parent).unwrap();
    state.join("dovecot/mail").join(&user.name).join("Maildir")
}

/// What stands in Junk, before and after the start, is kept as evidence and stays there.
pub(crate) fn junk(server: &Server) {
    let user = server.claim();
    let (mut story, daemon) = Story::begin(server, &user, "also-preserve = [\"\\\\Junk\", \"\\\\Trash\"]");
    story.deliver("Junk", &bill(1, "fail"));
    story.until_counted("verdict", 1);
    story.deliver("INBOX", &bill(2, "fail"));
    story.until_quarantined(1);
    daemon.stop();
    assert_eq!(story.client.read_all("Junk").len(), 1);
    let record = story.installation.record();
    let mailboxes: BTreeSet<&str> = record
        .by_id("move-intent")
        .values()
        .flatten()
        .filter_map(|line| string(line, "/imap.mailbox"))
        .collect();
    assert_eq!(mailboxes, BTreeSet::from(["INBOX"]));
    assert!(record.blob(&sha256(&bill(1, "fail"))).is_some());
}
