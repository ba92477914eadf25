//! What a hostile server or sender can make the service take: it goes on, and stays small.

use std::fmt::Write as _;

use komainu::demo::server::{Act, Fault, Options, Server, State, trigger};

use super::service::{Home, QUARANTINE, Service, in_time, server, until_idle, user};
use crate::support::world::{letter, threat};

const MIB: u64 = 1024;
/// KiB. Unoptimised, the service of one account takes about 20 MiB where nobody attacks.
const MOST: u64 = 64 * MIB;

struct Attacked {
    server: Server,
    home: Home,
    service: Service,
}

async fn begin(more: &str) -> Attacked {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    home.configure_with(more, &[home.account("hanako", &server)]);
    let service = home.run(&[]);
    until_idle(&server, "hanako").await;
    Attacked { server, home, service }
}

impl Attacked {
    fn deliver(&self, octets: Vec<u8>) {
        self.server.deliver(&user("hanako"), "INBOX", octets, None, &[]);
    }

    /// After the attack the service still does its work, has not panicked, and was never larger than it may be.
    async fn end(mut self, what: &str) {
        self.server.clear_faults();
        let last = threat(7_000_000);
        self.deliver(last.clone());
        let to = user("hanako");
        let moved = |state: &State| {
            state.snapshot(&to, QUARANTINE).last().is_some_and(|stored| *stored.octets == *last)
        };
        in_time(what, self.server.wait_until(moved)).await;
        until_idle(&self.server, "hanako").await;
        let peak = self.service.peak();
        println!("{what}: peak {peak} KiB");
        assert!(!self.service.log().contains("panicked"), "{what}: {}", self.service.log());
        self.service.stop().await;
        self.home.assert_orderly();
        assert!(peak < MOST, "{what}: peak {peak} KiB");
    }
}

/// The server answers the next look for new mail with this.
async fn lied_to(what: &str, act: Act) {
    let attacked = begin("").await;
    attacked.server.fault(Fault::once("UID FETCH", act));
    attacked.deliver(letter(1));
    let struck = attacked.server.wait_until(|state| state.faults_waiting() == 0);
    in_time(what, struck).await;
    attacked.end(what).await;
}

#[tokio::test]
async fn a_literal_that_is_only_announced() {
    lied_to("announced literal", Act::Replace(trigger::announced_literal())).await;
}

#[tokio::test]
async fn a_structure_without_end() {
    lied_to("nested structure", Act::Replace(trigger::nested_structure(4_000_000))).await;
    lied_to("nested structure in front", Act::Inject(trigger::nested_structure(30))).await;
}

#[tokio::test]
async fn untagged_lines_without_end() {
    let known = "* OK nothing new\r\n* 3 EXISTS\r\n* FLAGS (\\Seen)\r\n".repeat(500_000);
    lied_to("known untagged lines", Act::Inject(known.into_bytes())).await;
    let unknown = "* XUNKNOWN (nothing (new))\r\n".repeat(800_000);
    lied_to("unknown untagged lines", Act::Inject(unknown.into_bytes())).await;
}

#[tokio::test]
async fn sixty_thousand_messages_that_are_not_there() {
    let mut lines = String::new();
    for uid in 1..=60_000 {
        // As if another client had marked them all: what is on its way out is not fetched, only passed over.
        writeln!(
            lines,
            "* {uid} FETCH (UID {uid} FLAGS (\\Deleted {}) RFC822.SIZE 4000 INTERNALDATE \"24-Nov-2026 10:00:00 +0900\")\r",
            "k".repeat(100)
        )
        .unwrap();
    }
    let attacked = begin("").await;
    attacked.server.fault(Fault::once("UID FETCH", Act::Inject(lines.into_bytes())));
    attacked.deliver(letter(1));
    in_time("60,000 lines", attacked.server.wait_until(|state| state.faults_waiting() == 0)).await;
    until_idle(&attacked.server, "hanako").await;
    let peak = attacked.service.peak();
    println!("60,000 FETCH lines: peak {peak} KiB");
    assert!(!attacked.service.log().contains("panicked"));
    assert!(peak < MOST, "peak {peak} KiB");
}

/// A letter of this size in one text part.
fn large(octets: usize, first: &[u8]) -> Vec<u8> {
    let mut message = first.to_vec();
    let line =
        b"A line of an ordinary letter, as people write them to each other, https://www.example.com/ \r\n";
    while message.len() < octets {
        message.extend_from_slice(line);
    }
    message.truncate(octets);
    message
}

#[tokio::test]
async fn a_large_literal_behind_a_small_announced_size() {
    // More than is taken in one piece, and just less.
    for mib in [24, 11] {
        let attacked = begin("").await;
        let octets = large(mib * 1024 * 1024, &threat(1));
        attacked.server.fault(Fault::always("UID FETCH", Act::SizeOff(1000 - octets.len() as i64)));
        attacked.deliver(octets);
        let bodies = |state: &State| state.commands().iter().any(|line| line.contains("BODY.PEEK[]"));
        in_time("its body", attacked.server.wait_until(bodies)).await;
        attacked.end(&format!("{mib} MiB literal")).await;
    }
}

#[tokio::test]
async fn messages_larger_than_any() {
    let quoted =
        b"Subject: quoted\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
    let many = [(40, letter(1)), (40, threat(1)), (19, letter(1)), (19, threat(1)), (19, quoted.to_vec())];
    for (octets, first) in many {
        let attacked = begin("").await;
        attacked.deliver(large(octets * 1024 * 1024, &first));
        let bodies = |state: &State| state.commands().iter().any(|line| line.contains("BODY.PEEK[]"));
        in_time("its body", attacked.server.wait_until(bodies)).await;
        attacked.end(&format!("{octets} MiB message")).await;
    }
}

#[tokio::test]
async fn three_hundred_threats_of_100_kb_at_once() {
    let mut attacked = begin("").await;
    let threats = (0..300).map(|number| large(100_000, &threat(number)).into());
    attacked.server.deliver_many(&user("hanako"), "INBOX", threats.collect::<Vec<_>>());
    attacked.service.until("judged 300,").await;
    attacked.end("300 threats").await;
}
