//! What the server says about a message: its sections, structure, and what finds it.

use super::client::{MAIL, Raw, USER, deliver, flags, plain};
use komainu::demo::server::{Profile, Server};

#[tokio::test]
async fn sections_structure_and_envelope_are_those_of_the_message() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    server.deliver(USER, "INBOX", MAIL.as_bytes(), None, &[]);
    let mut raw = Raw::selected(&server, "INBOX").await;
    for (section, answer) in [
        ("BODY.PEEK[1]", "BODY[1] {10}\r\nfirst part"),
        ("BODY.PEEK[2]", "BODY[2] {4}\r\nAAEC"),
        ("BODY.PEEK[1.MIME]", "BODY[1.MIME] {43}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"),
        ("BODY.PEEK[3]", "BODY[3] NIL"),
        ("BODY.PEEK[1.1]", "BODY[1.1] NIL"),
        ("BODY.PEEK[]<6.4>", "BODY[]<6> {4}\r\n\"Tar"),
        ("BODY.PEEK[]<100000.4>", "BODY[]<100000> {0}\r\n"),
        (
            "BODY.PEEK[HEADER.FIELDS (message-id X-None)]",
            "BODY[HEADER.FIELDS (message-id X-None)] {36}\r\nMessage-ID: <one@sender.example>\r\n\r\n",
        ),
        (
            "BODYSTRUCTURE",
            "BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 10 0 NIL NIL NIL NIL)\
             (\"application\" \"octet-stream\" (\"name\" \"a.bin\") NIL NIL \"base64\" 4 NIL \
             (\"attachment\" (\"filename\" \"a.bin\")) NIL NIL) \"mixed\" (\"boundary\" \"b\") NIL NIL NIL)",
        ),
        (
            "ENVELOPE",
            "ENVELOPE (\"Tue, 3 Nov 2026 10:00:00 +0900\" \"=?utf-8?B?6KuL5rGC5pu4?=\" \
             ((\"Taro, T\" NIL \"taro\" \"sender.example\")) ((\"Taro, T\" NIL \"taro\" \"sender.example\")) \
             ((\"Taro, T\" NIL \"taro\" \"sender.example\")) \
             ((NIL NIL \"hanako\" \"example.com\")(NIL NIL \"b\" \"example.net\")) NIL NIL NIL \
             \"<one@sender.example>\")",
        ),
    ] {
        let reply = raw.run(&format!("UID FETCH 1 ({section})")).await;
        assert!(reply.starts_with(&format!("* 1 FETCH (UID 1 {answer})\r\n")), "{section}: {reply}");
    }
    assert!(flags(&server, "INBOX", 1).is_empty(), "PEEK changes nothing");
    let reply = raw.run("FETCH 1 BODY[TEXT]").await;
    assert!(reply.contains("FLAGS (\\Seen \\Recent)"), "{reply}");
    assert!(flags(&server, "INBOX", 1).contains("\\Seen"));
}

#[tokio::test]
async fn appended_octets_flags_and_date_come_back() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    let mut raw = Raw::selected(&server, "INBOX").await;
    let tag = raw.ask("APPEND INBOX (\\Seen $Junk) \"14-Nov-2023 22:13:20 +0900\" {8}").await;
    assert!(raw.line().await.unwrap().starts_with("+ "));
    raw.send("A: b\r\n\r\n\r\n").await;
    let reply = raw.until(&tag).await;
    assert!(reply.contains("OK [APPENDUID 1700000000 1]") && reply.contains("* 1 EXISTS"), "{reply}");
    let tag = raw.ask("APPEND INBOX {8+}\r\nC: d\r\n\r\n").await;
    assert!(raw.until(&tag).await.contains("OK [APPENDUID 1700000000 2]"));
    let reply = raw.run("UID FETCH 1 (INTERNALDATE FLAGS BODY.PEEK[])").await;
    let line = "INTERNALDATE \"14-Nov-2023 13:13:20 +0000\" FLAGS ($Junk \\Seen \\Recent) BODY[] {8}\r\nA: b\r\n\r\n)";
    assert!(reply.contains(line), "{reply}");
    assert!(raw.run("APPEND None {3+}\r\nabc").await.contains("NO [TRYCREATE]"));
    assert!(raw.run("NOOP").await.contains(" OK "), "the literal of a refused command is not read as one");
}

#[tokio::test]
async fn search_finds_by_number_flag_date_and_text() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    let old = "2024-02-03T23:30:00Z".parse().unwrap();
    server.deliver(USER, "INBOX", MAIL.as_bytes(), Some(old), &["\\Seen", "$Junk"]);
    deliver(&server, 3);
    server.expunge(USER, "INBOX", &[2]);
    let mut raw = Raw::selected(&server, "INBOX").await;
    for (key, hits) in [
        ("ALL", " 1 3 4"),
        ("UID 2:3", " 3"),
        ("UID 4:*", " 4"),
        ("UID 900:*", " 4"),
        ("2:3", " 3 4"),
        ("UNSEEN", " 3 4"),
        ("KEYWORD $Junk", " 1"),
        ("SINCE 4-Feb-2024", " 3 4"),
        ("ON 3-Feb-2024", " 1"),
        ("BEFORE 4-Feb-2024", " 1"),
        ("SENTON 3-Nov-2026", " 1"),
        ("HEADER MESSAGE-ID \"<3@sender.example>\"", " 4"),
        ("UID 4:* HEADER MESSAGE-ID \"<2@sender.example>\"", ""),
        ("SUBJECT NUMBER", " 3 4"),
        ("TEXT \"body 2\"", " 3"),
        ("FROM taro", " 1"),
        ("OR FROM taro SUBJECT 3", " 1 4"),
        ("NOT (SEEN)", " 3 4"),
        ("CHARSET UTF-8 SUBJECT {9+}\r\n請求書", " 1"),
    ] {
        let reply = raw.run(&format!("UID SEARCH {key}")).await;
        assert!(reply.starts_with(&format!("* SEARCH{hits}\r\n")), "{key}: {reply}");
    }
    assert!(raw.run("SEARCH UID 3:4").await.starts_with("* SEARCH 2 3\r\n"));
    assert!(raw.run("SEARCH CHARSET KOI8-R ALL").await.contains("NO [BADCHARSET"));
}

#[tokio::test]
async fn twenty_thousand_messages_share_their_octets() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    let octets: std::sync::Arc<[u8]> = std::sync::Arc::from(MAIL.as_bytes());
    let uids = server.deliver_many(USER, "INBOX", std::iter::repeat_n(octets.clone(), 20_000));
    assert_eq!(uids.len(), 20_000);
    assert_eq!(std::sync::Arc::strong_count(&octets), 20_001);
    let mut raw = Raw::selected(&server, "INBOX").await;
    let reply = raw.run("UID FETCH 1:* (FLAGS RFC822.SIZE)").await;
    assert_eq!(reply.lines().count(), 20_001);
    let reply = raw.run("UID SEARCH UID 19990:* UNSEEN").await;
    assert!(reply.starts_with("* SEARCH 19990 "), "{reply}");
}

/// Pieces that messages are made of, good and bad.
const PIECES: [&str; 20] = [
    "\r\n",
    "\n",
    "--b\r\n",
    "--b--\r\n",
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "\r\n\r\n",
    "Content-Type: message/rfc822\r\n",
    "From: \"a\\\"b\" <x@y.example>, g: c@d.example;\r\n",
    "From: ((\r\n",
    "Subject: \u{8acb}\u{6c42} \"q\" {3}\r\n",
    "To: <>\r\n",
    "To: ,,;:<\r\n",
    "Content-Type: ;=\"\r\n",
    "Content-Type: text\r\n",
    "Content-Disposition: attachment; filename=\"\u{3042}\\\"\r\n",
    " folded\r\n",
    "Content-Type: multipart/digest; boundary=\"b\"\r\n",
    "text (with) [brackets]\r\n",
    "Message-ID:\r\n",
    "Content-Transfer-Encoding: 8bit\r\n",
];

#[tokio::test]
async fn whatever_the_message_its_structure_can_be_read_by_others() {
    use imap_codec::ResponseCodec;
    use imap_codec::decode::Decoder as _;
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    let mut random = fastrand::Rng::with_seed(3);
    let messages = (0..2000).map(|_| {
        let pieces = (0..random.usize(..14)).map(|_| PIECES[random.usize(..PIECES.len())]);
        std::sync::Arc::from(pieces.collect::<String>().into_bytes())
    });
    server.deliver_many(USER, "INBOX", messages);
    let mut raw = Raw::selected(&server, "INBOX").await;
    let tag = raw
        .ask("FETCH 1:* (ENVELOPE BODYSTRUCTURE BODY BODY.PEEK[1] BODY.PEEK[1.2.1] BODY.PEEK[HEADER])")
        .await;
    let mut read = 0;
    while let Some(line) = raw.line().await.filter(|line| !line.starts_with(&tag)) {
        let parsed = ResponseCodec::default().decode(line.as_bytes());
        assert!(matches!(parsed, Ok(([], _))), "{line}");
        assert!(!line.contains("(\"multipart\""), "only lists are multipart: {line}");
        read += 1;
    }
    assert_eq!(read, 2000);
}

#[tokio::test]
async fn a_message_in_a_message_has_sections_of_its_own() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    let text = "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\ncover\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n\
        Subject: inner\r\nContent-Type: multipart/alternative; boundary=\"i;i\"\r\n\r\n--i;i\r\n\r\nplain\r\n--i;i\r\n\
        Content-Type: text/html\r\n\r\n<p>html\r\n--i;i--\r\n\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n\
        Subject: single\r\n\r\nonly\r\n--o--\r\n";
    server.deliver(USER, "INBOX", text.as_bytes(), None, &[]);
    let mut raw = Raw::selected(&server, "INBOX").await;
    for (section, answer) in [
        ("1", "{5}\r\ncover"),
        ("2.1", "{5}\r\nplain"),
        ("2.2", "{7}\r\n<p>html"),
        ("2.2.MIME", "{27}\r\nContent-Type: text/html\r\n\r\n"),
        ("2.3", "NIL"),
        ("2.HEADER.FIELDS (SUBJECT)", "{18}\r\nSubject: inner\r\n\r\n"),
        ("3.1", "{4}\r\nonly"),
        ("3.TEXT", "{4}\r\nonly"),
        ("3.MIME", "{32}\r\nContent-Type: message/rfc822\r\n\r\n"),
        ("1.HEADER", "NIL"),
    ] {
        let reply = raw.run(&format!("FETCH 1 BODY.PEEK[{section}]")).await;
        assert!(
            reply.starts_with(&format!("* 1 FETCH (BODY[{section}] {answer})\r\n")),
            "{section}: {reply}"
        );
    }
}
