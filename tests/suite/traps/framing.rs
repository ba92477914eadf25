//! Octets that the parser cannot read, or that kill it: skipped, mended or refused by the guard, never fatal by accident.

use super::script::{Step, USUAL, c, s, selected, session};
use komainu::imap::{Body, Error, Exceeded, Limits, Session, Summary};

/// The session lives through `noise` during a NOOP; gives back how many lines were skipped and mended.
async fn noise(octets: impl AsRef<[u8]>) -> (u64, u64) {
    let told = [octets.as_ref(), b"%T OK done\r\n"].concat();
    let (mut session, server) =
        session(USUAL, [c("NOOP"), s(told), c("NOOP"), s("%T OK still here\r\n")]).await;
    session.noop().await.unwrap();
    session.noop().await.unwrap();
    let counts = session.counts();
    drop(session);
    server.await.unwrap();
    (counts.skipped, counts.mended)
}

async fn refused(octets: impl AsRef<[u8]>) -> Error {
    let (mut session, _server) = session(USUAL, [c("NOOP"), s(octets), Step::Stall]).await;
    let error = session.noop().await.unwrap_err();
    assert!(!session.is_open());
    error
}

async fn body(session: &mut Session) -> Result<Vec<u8>, Error> {
    let wanted = [Summary { uid: 5, size: Some(9), ..Summary::default() }];
    let mut got = Vec::new();
    let result = session
        .bodies(&wanted, &Limits::default(), &mut |_, body| {
            if let Body::Whole(octets) = body {
                got = octets.to_vec();
            }
        })
        .await;
    result.map(|_| got)
}

#[tokio::test(start_paused = true)]
async fn unknown_untagged_lines_are_skipped_and_counted() {
    for line in [
        "* NAMESPACE ((\"\" \"/\")) NIL NIL",
        "* ESEARCH (TAG \"x\") UID ALL 1:3",
        "* XLIST (\\Inbox) \"/\" INBOX",
        "* SEARCH 1 2 3 (MODSEQ 9)",
        "* SEARCH 1 2 3",
        "* LIST (\\HasNoChildren) \"/\" \"a\" (\"CHILDINFO\" (\"SUBSCRIBED\"))",
        "* METADATA \"INBOX\" (/shared/comment \"\u{e9}\")",
        "* 3 RECENTLY",
        "* ",
        "*",
        "",
        "HTTP/1.1 400 Bad Request",
        "* 1 FETCH (BODYSTRUCTURE (broken",
        "* 4294967296 EXISTS",
        "* STATUS INBOX (UIDNEXT)",
    ] {
        assert_eq!(noise(format!("{line}\r\n")).await, (1, 0), "{line:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_literal_in_a_response_that_is_skipped_is_skipped_with_it() {
    assert_eq!(noise("* XODD {12}\r\nK9 OK haha\r\n (more)\r\n").await, (1, 0));
    assert_eq!(noise("* 1 FETCH (UID 5 BINARY[] ~{5}\r\nabcde)\r\n").await, (1, 0));
    assert_eq!(noise("* LIST () \"/\" {5}\r\na\r\nbc\r\n").await, (0, 0));
}

#[tokio::test(start_paused = true)]
async fn metadata_that_is_not_utf8_panics_nobody() {
    assert_eq!(noise(b"* METADATA \"INBOX\" (/shared/comment \"\xe9\")\r\n").await, (1, 0));
    assert_eq!(noise(b"* METADATA \"INBOX\" (/shared/comment {2}\r\n\xe9\xff)\r\n").await, (1, 0));
}

#[tokio::test(start_paused = true)]
async fn bare_line_feeds_are_mended() {
    assert_eq!(noise("* OK fine\n* 2 EXISTS\n").await, (0, 2));
}

#[tokio::test(start_paused = true)]
async fn nul_carriage_return_and_8_bit_outside_literals_are_borne() {
    assert_eq!(noise(b"* OK a\0b\r\n").await, (0, 1));
    assert_eq!(noise(b"* OK a\rb\r\n").await, (0, 1));
    assert_eq!(noise(b"* OK \xff\xfe caf\xe9\r\n").await, (0, 0));
}

#[tokio::test(start_paused = true)]
async fn text_glued_to_a_response_code_panics_nobody() {
    for line in [
        "* OK [ALERT]\u{2013}x",
        "* OK [ALERT]nospace",
        "* NO [ALERT]\u{3042}]\u{3042}",
        "* OK [READ-ONLY]]\u{e9}",
    ] {
        assert_eq!(noise(format!("{line}\r\n")).await, (0, 1), "{line:?}");
    }
    let (mut session, _server) = session(USUAL, [c("NOOP"), s("%T NO [ALERT]\u{2013}x\r\n")]).await;
    assert_eq!(session.noop().await.unwrap_err().code(), Some("ALERT"));
}

#[tokio::test(start_paused = true)]
async fn a_missing_internaldate_panics_nobody() {
    assert_eq!(noise("* 1 FETCH (UID 3 INTERNALDATE NIL)\r\n").await, (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_tagged_reply_without_text_is_a_reply() {
    let (mut session, _server) =
        session(USUAL, [c("NOOP"), s("%T OK\r\n"), c("NOOP"), s("%T OK \r\n")]).await;
    session.noop().await.unwrap();
    session.noop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_tagged_reply_without_a_status_ends_the_connection() {
    let error = refused("%T MAYBE\r\n").await;
    assert!(matches!(error, Error::Guard { exceeded: Exceeded::Reply }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_reply_to_somebody_else_is_no_reply() {
    let steps = [c("NOOP"), s("A1 OK done\r\nK99 NO done\r\n%T OK done\r\n")];
    let (mut session, _server) = session(USUAL, steps).await;
    session.noop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nested_parentheses_end_the_connection_before_the_parser_recurses() {
    for line in [
        format!("* 1 FETCH (BODYSTRUCTURE {}", "(".repeat(10_000)),
        format!("* 1 FETCH (X {}", "(\")\"".repeat(65)),
        format!("* 1 FETCH (X {}{}", "\"(\" ".repeat(200), "\"((\" ".repeat(200)),
        format!("* NAMESPACE {}", "(".repeat(100)),
    ] {
        let error = refused(format!("{line}\r\n")).await;
        assert!(matches!(error, Error::Guard { exceeded: Exceeded::Nesting { .. } }), "{error:?}");
    }
}

#[test]
fn the_parser_bears_on_a_small_stack_what_the_guard_lets_through() {
    let deep = format!("* 1 FETCH (BODYSTRUCTURE {}\r\n", "(".repeat(256));
    let parsed = std::thread::Builder::new()
        .stack_size(2 * 1024 * 1024)
        .spawn(move || async_imap::imap_proto::Response::parse(deep.as_bytes()).is_ok());
    assert!(!parsed.unwrap().join().unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_literal_bomb_is_refused_when_it_is_announced() {
    let error = refused("* 1 FETCH (UID 5 BODY[] {524000000}\r\n0123456789").await;
    let announced = 524_000_000;
    assert!(
        matches!(error, Error::Guard { exceeded: Exceeded::Literal { announced: a, .. } } if a == announced),
        "{error:?}"
    );
    let error = refused(format!("* LIST () \"/\" {{{}9}}\r\n", "9".repeat(40))).await;
    assert!(matches!(error, Error::Guard { exceeded: Exceeded::Literal { .. } }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn literals_add_up_within_one_response() {
    let one = "* 1 FETCH (UID 5 BODY[1] {9000}\r\n";
    let told = format!("{one}{} BODY[2] {{9000}}\r\n", "x".repeat(9000));
    let error = refused(told).await;
    assert!(
        matches!(error, Error::Guard { exceeded: Exceeded::Literal { announced: 18_000, .. } }),
        "{error:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn long_lines_are_thrown_away_and_endless_ones_refused() {
    assert_eq!(noise(format!("* SEARCH{}\r\n", " 1234567".repeat(100_000))).await, (1, 0));
    assert_eq!(noise(format!("* OK {}\r\n", "x".repeat(500_000))).await, (1, 0));
    let error = refused("x".repeat(2 * 1024 * 1024)).await;
    assert!(matches!(error, Error::Guard { exceeded: Exceeded::Line { .. } }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_tagged_reply_with_an_overlong_text_is_still_a_reply() {
    let steps = [c("NOOP"), s(format!("%T OK {}\r\n", "x".repeat(200_000)))];
    let (mut session, _server) = session(USUAL, steps).await;
    session.noop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn every_octet_of_a_literal_arrives_as_it_is() {
    let all: Vec<u8> = (0..=255).cycle().take(20_000).collect();
    let told =
        [b"* 1 FETCH (BODY[] {20000}\r\n".as_slice(), &all, b" UID 5 FLAGS (\\Seen))\r\n%T OK\r\n"].concat();
    let (mut session, _server) = selected(USUAL, [c("UID FETCH 5 (UID BODY.PEEK[])"), s(told)]).await;
    assert_eq!(body(&mut session).await.unwrap(), all);
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_end_after_a_literal_keeps_body_and_uid() {
    let told = "* 1 FETCH (BODY[] {3}\r\nabc X-ODD (a (b (c))) UID 5)\r\n%T OK\r\n";
    let (mut session, _server) = selected(USUAL, [c("UID FETCH 5 (UID BODY.PEEK[])"), s(told)]).await;
    assert_eq!(body(&mut session).await.unwrap(), b"abc");
    assert_eq!(session.counts().mended, 1);
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_piece_between_two_literals_ends_the_response_there() {
    let told = "* 1 FETCH (UID 5 BODY[] {3}\r\nabc ((( {3}\r\ndef) )\r\n%T OK\r\n";
    let (mut session, _server) = selected(USUAL, [c("UID FETCH 5 (UID BODY.PEEK[])"), s(told)]).await;
    assert_eq!(body(&mut session).await.unwrap(), b"abc");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_trickles_for_ever_is_given_up() {
    let (ours, mut theirs) = tokio::io::duplex(4096);
    let server = tokio::spawn(async move {
        let mut steps = super::script::login(USUAL);
        steps.push(c("NOOP"));
        super::script::play(&mut theirs, steps, super::script::Wire::default()).await;
        while tokio::io::AsyncWriteExt::write_all(&mut theirs, b"* OK wait\r\n").await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_secs(20)).await;
        }
    });
    let mut session = Session::over(ours, &super::script::endpoint()).await.unwrap();
    let start = tokio::time::Instant::now();
    let error = session.noop().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    assert_eq!(start.elapsed(), std::time::Duration::from_mins(15));
    drop(session);
    server.await.unwrap();
}
