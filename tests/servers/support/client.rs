//! The tester's IMAP client: blocking, over plain text on loopback, nothing shared with komainu. It panics on whatever
//! it does not expect.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Longer than any answer of a healthy server on loopback takes, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    tag: u32,
}

/// One response: its text, in which each literal stands as `{}`, and the literals.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) text: String,
    literals: Vec<Vec<u8>>,
}

/// A message as a FETCH tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) uid: u32,
    /// Without `\Recent`, which belongs to the session and not to the message.
    pub(crate) flags: BTreeSet<String>,
    /// Seconds since 1970.
    pub(crate) internaldate: i64,
    pub(crate) octets: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut client = Self { stream: BufReader::new(stream), tag: 0 };
        let greeting = client.response();
        assert!(greeting.text.starts_with("* OK"), "{greeting:?}");
        client
    }

    pub(crate) fn login(&mut self, user: &str, password: &str) {
        self.ok(&format!("LOGIN {user} {password}"));
    }

    /// Gives the untagged responses; panics unless the tagged one is OK.
    pub(crate) fn ok(&mut self, command: &str) -> Vec<Response> {
        let (untagged, tagged) = self.command(command);
        assert!(tagged.starts_with("OK"), "{command}: {tagged}");
        untagged
    }

    /// Untagged responses, and the tagged one without its tag.
    pub(crate) fn command(&mut self, command: &str) -> (Vec<Response>, String) {
        let tag = self.send(command);
        self.finish(&tag)
    }

    fn send(&mut self, command: &str) -> String {
        self.tag += 1;
        let tag = format!("T{}", self.tag);
        self.stream.get_mut().write_all(format!("{tag} {command}\r\n").as_bytes()).unwrap();
        tag
    }

    fn finish(&mut self, tag: &str) -> (Vec<Response>, String) {
        let mut untagged = Vec::new();
        loop {
            let response = self.response();
            match response.text.strip_prefix(tag).and_then(|rest| rest.strip_prefix(' ')) {
                Some(rest) => return (untagged, rest.to_owned()),
                None => untagged.push(response),
            }
        }
    }

    /// Lines up to one that does not end in the announcement of a literal (RFC 9051 §4.3).
    fn response(&mut self) -> Response {
        let mut response = Response { text: String::new(), literals: Vec::new() };
        loop {
            let mut line = Vec::new();
            self.stream.read_until(b'\n', &mut line).unwrap();
            assert!(
                line.ends_with(b"\r\n"),
                "the server closed in the middle: {:?}",
                String::from_utf8_lossy(&line)
            );
            let line = String::from_utf8_lossy(&line[..line.len() - 2]).into_owned();
            let Some((before, length)) = literal(&line) else {
                response.text.push_str(&line);
                return response;
            };
            response.text.push_str(before);
            response.text.push_str("{}");
            let mut octets = vec![0; length];
            self.stream.read_exact(&mut octets).unwrap();
            response.literals.push(octets);
        }
    }

    /// `mailbox` is as on the wire: modified UTF-7, with its prefix. `date` is seconds since 1970.
    pub(crate) fn append(&mut self, mailbox: &str, flags: &str, date: i64, octets: &[u8]) {
        let tag = self.send(&format!(
            "APPEND \"{mailbox}\" ({flags}) \"{}\" {{{}}}",
            imap_date(date),
            octets.len()
        ));
        let go = self.response();
        assert!(go.text.starts_with('+'), "{go:?}");
        self.stream.get_mut().write_all(octets).unwrap();
        self.stream.get_mut().write_all(b"\r\n").unwrap();
        let (_, tagged) = self.finish(&tag);
        assert!(tagged.starts_with("OK"), "APPEND: {tagged}");
    }

    /// `item` of STATUS, `MESSAGES` or `UIDNEXT`.
    pub(crate) fn status(&mut self, mailbox: &str, item: &str) -> u32 {
        let responses = self.ok(&format!("STATUS \"{mailbox}\" ({item})"));
        let text = &responses.iter().find(|r| r.text.starts_with("* STATUS")).expect("a STATUS").text;
        let (_, value) = text.rsplit_once(&format!("{item} ")).expect("the item");
        value.split([' ', ')']).next().unwrap().parse().expect("a number")
    }

    /// Names of all mailboxes, as on the wire.
    pub(crate) fn mailboxes(&mut self) -> BTreeSet<String> {
        let responses = self.ok("LIST \"\" \"*\"");
        responses
            .iter()
            .filter(|r| r.text.starts_with("* LIST"))
            .map(|r| match &r.literals[..] {
                [name] => String::from_utf8(name.clone()).unwrap(),
                _ => r.text.rsplit(' ').next().unwrap().trim_matches('"').to_owned(),
            })
            .collect()
    }

    /// Every message of a mailbox, looked at with EXAMINE so that nothing changes; empty where there is no such mailbox.
    pub(crate) fn read_all(&mut self, mailbox: &str) -> Vec<Stored> {
        if !self.mailboxes().contains(mailbox) {
            return Vec::new();
        }
        self.ok(&format!("EXAMINE \"{mailbox}\""));
        let responses = self.ok("UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])");
        let stored = responses.iter().filter_map(stored).collect();
        // Out of the selected state again; an EXAMINE of no mailbox is the way that every server knows (RFC 3501 §6.3.1).
        let _ = self.command("EXAMINE \"no such mailbox\"");
        stored
    }
}

/// `… {17}` or `… {17+}`, or `~{17}` for a binary: what stands before it, and the length.
fn literal(line: &str) -> Option<(&str, usize)> {
    let (before, length) = line.strip_suffix('}')?.rsplit_once('{')?;
    Some((before, length.trim_end_matches('+').parse().ok()?))
}

fn stored(response: &Response) -> Option<Stored> {
    let text = response.text.as_str();
    // A FETCH that tells another client's change of flags carries no octets.
    if !text.contains(" FETCH (") || !text.contains("BODY[] ") {
        return None;
    }
    let after = |key: &str| text.split_once(key).unwrap_or_else(|| panic!("no {key} in {text}")).1;
    let octets = match response.literals.first() {
        Some(octets) => octets.clone(),
        None => after("BODY[] \"").split_once('"').expect("a string").0.as_bytes().to_vec(),
    };
    Some(Stored {
        uid: after("UID ").split([' ', ')']).next().unwrap().parse().unwrap(),
        flags: after("FLAGS (")
            .split_once(')')
            .unwrap()
            .0
            .split_whitespace()
            .filter(|flag| *flag != "\\Recent")
            .map(str::to_owned)
            .collect(),
        internaldate: parse_imap_date(after("INTERNALDATE \"").split_once('"').unwrap().0),
        octets,
    })
}

/// `date-time` of RFC 9051 §9, in Japanese time, so that a server or a client that drops the zone is found out.
pub(crate) fn imap_date(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .unwrap()
        .to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(9)))
        .strftime("%d-%b-%Y %H:%M:%S %z")
        .to_string()
}

fn parse_imap_date(date: &str) -> i64 {
    // Day of month: two digits, or a space and one.
    jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", date.trim_start())
        .and_then(|parsed| parsed.to_timestamp())
        .unwrap_or_else(|error| panic!("{date}: {error}"))
        .as_second()
}

#[test]
fn a_date_survives_the_wire() {
    for seconds in [0, 951_782_399, 1_795_563_600] {
        assert_eq!(parse_imap_date(&imap_date(seconds)), seconds);
    }
    assert_eq!(parse_imap_date(" 1-Jan-1970 09:00:01 +0900"), 1);
}

#[test]
fn a_literal_is_known_by_its_end() {
    assert_eq!(literal("* 1 FETCH (BODY[] {12}"), Some(("* 1 FETCH (BODY[] ", 12)));
    assert_eq!(literal("* OK {braces} in words"), None);
    assert_eq!(literal("* OK {braces}"), None);
}
