//! Delivery as a mail server does it: LMTP (RFC 2033).

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

pub(crate) struct Lmtp {
    stream: BufReader<TcpStream>,
}

impl Lmtp {
    pub(crate) fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server takes deliveries");
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut lmtp = Self { stream: BufReader::new(stream) };
        lmtp.reply('2');
        lmtp.say("LHLO tester.example", '2');
        lmtp
    }

    /// `octets` end in CR LF and have no bare CR or LF. When this returns, the server has taken the message on.
    pub(crate) fn deliver(&mut self, recipient: &str, octets: &[u8]) {
        assert!(octets.ends_with(b"\r\n"));
        self.say("MAIL FROM:<bounces@sender.example>", '2');
        self.say(&format!("RCPT TO:<{recipient}>"), '2');
        self.say("DATA", '3');
        let mut stuffed = Vec::with_capacity(octets.len() + 64);
        for line in octets.split_inclusive(|octet| *octet == b'\n') {
            if line.starts_with(b".") {
                stuffed.push(b'.');
            }
            stuffed.extend_from_slice(line);
        }
        stuffed.extend_from_slice(b".\r\n");
        self.stream.get_mut().write_all(&stuffed).unwrap();
        self.reply('2');
    }

    fn say(&mut self, line: &str, class: char) {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).unwrap();
        self.reply(class);
    }

    fn reply(&mut self, class: char) {
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            assert!(line.starts_with(class), "LMTP: {line:?}");
            if line.as_bytes().get(3) != Some(&b'-') {
                return;
            }
        }
    }
}
