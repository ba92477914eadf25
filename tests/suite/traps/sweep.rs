//! A whole session, cut at every octet, in fragments of one octet, and with arbitrary octets in place of the server.

use std::time::Duration;

use super::script::{Step, USUAL, Wire, c, endpoint, login, ok, s, select, serve};
use komainu::imap::{Body, Error, Limits, Mailbox, Session, Wake};
use proptest::prelude::*;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

fn transcript() -> Vec<Step> {
    let mut steps = login(USUAL);
    steps.extend([c("LIST \"\" \"\""), s("* LIST (\\Noselect) \"/\" \"\"\r\n%T OK\r\n")]);
    steps.extend([c("LIST \"\" \"Q\""), s("* LIST () \"/\" \"Q\"\r\n%T OK\r\n")]);
    steps.extend(select());
    steps.extend([
        c("STATUS \"Q\" *"),
        s("* STATUS \"Q\" (MESSAGES 0 UIDNEXT 20 UIDVALIDITY 14)\r\n%T OK\r\n"),
    ]);
    steps.extend([
        c("UID FETCH 5:* *"),
        s("* 1 FETCH (UID 5 FLAGS () RFC822.SIZE 9 INTERNALDATE \"24-Nov-2026 10:00:00 +0900\")\r\n* 2 FETCH (UID 6 FLAGS () RFC822.SIZE 4)\r\n%T OK\r\n"),
        c("UID FETCH 5:6 (UID BODY.PEEK[])"),
        s("* 1 FETCH (UID 5 BODY[] {9}\r\nA: b\r\n\r\nc)\r\n* 2 FETCH (UID 6 BODY[] \"abcd\")\r\n%T OK\r\n"),
        c("UID MOVE 5 \"Q\""),
        s("* OK [COPYUID 14 5 20] moved\r\n* 1 EXPUNGE\r\n%T OK done\r\n"),
        c("IDLE"),
        s("+ idling\r\n* 2 EXISTS\r\n* 3 EXISTS\r\n"),
        c("DONE"),
        s("%T OK done\r\n"),
    ]);
    steps.extend(ok("NOOP"));
    steps
}

async fn drive(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug + 'static,
) -> Result<usize, Error> {
    let mut session = Session::over(stream, &endpoint()).await?;
    let quarantine = session.ensure_mailbox("Q").await?;
    session.select(&Mailbox::inbox()).await?;
    session.status(&quarantine).await?;
    let found = session.summaries(5, None).await?;
    let mut octets = 0;
    let mut count = |_: &_, body: Body<'_>| {
        if let Body::Whole(whole) = body {
            octets += whole.len();
        }
    };
    session.bodies(&found, &Limits::default(), &mut count).await?;
    session.move_to(&[5], &quarantine).await?;
    let wake = session.idle(Duration::from_mins(5), std::future::pending()).await?;
    session.noop().await?;
    Ok(if wake == Wake::Mail { octets } else { 0 })
}

#[tokio::test(start_paused = true)]
async fn a_session_cut_at_any_octet_is_a_typed_error_and_never_a_success() {
    let mut cut = 0;
    loop {
        let (stream, server) = serve(transcript(), Wire { cut: Some(cut), ..Wire::default() });
        match drive(stream).await {
            Ok(octets) => {
                assert_eq!(octets, 13);
                break;
            }
            Err(error) => {
                let known = matches!(error, Error::Closed);
                assert!(known, "cut after {cut}: {error:?}");
                assert!(error.is_transient() && !error.keeps_connection());
            }
        }
        server.await.unwrap();
        cut += 1;
    }
    let whole = transcript()
        .iter()
        .map(|step| if let Step::Server(octets) = step { octets.len() } else { 0 })
        .sum::<usize>();
    // Tags are longer or shorter than `%T`; the point is that only the very end of the transcript succeeds.
    assert!(cut + 40 > whole, "{cut} of {whole}");
}

#[tokio::test(start_paused = true)]
async fn a_session_in_fragments_of_any_size_is_the_same_session() {
    for fragment in [1, 2, 3, 7] {
        let (stream, server) = serve(transcript(), Wire { fragment, ..Wire::default() });
        assert_eq!(drive(stream).await.unwrap(), 13, "fragments of {fragment}");
        server.await.unwrap();
    }
}

/// Pieces of which a hostile server may make up what it likes.
fn octets() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..24),
        proptest::sample::select(vec![
            "* ",
            "+ ",
            "\r\n",
            "\n",
            "OK",
            "NO",
            "BAD",
            "BYE",
            "PREAUTH",
            " ",
            "[",
            "]",
            "(",
            ")",
            "\"",
            "\\",
            "{3}\r\n",
            "{9999999999}\r\n",
            "abc",
            "FETCH (",
            "UID 5",
            "BODY[] ",
            "NIL",
            "INTERNALDATE NIL",
            "* 1 FETCH (UID 5 BODY[] {3}\r\nabc",
            "* LIST () \"/\" Q\r\n",
            "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR IDLE MOVE UIDPLUS\r\n",
            "* 4 EXISTS\r\n",
            "* OK [UIDVALIDITY 7]\r\n",
            "[ALERT]\u{3042}",
            "[COPYUID 1 1:4294967295 1:4294967295]",
            "K1 OK\r\n",
            "K2 OK\r\n",
            "K3 OK\r\n",
            "K4 OK\r\n",
            "K5 OK\r\n",
            "K6 OK\r\n",
            "K7 OK\r\n",
            "K8 OK\r\n",
            "K9 OK\r\n",
            "K10 OK\r\n",
            "* OK hi\r\n",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn ends(octets: Vec<u8>, close: bool) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async move {
        let (ours, mut theirs) = tokio::io::duplex(1 << 20);
        theirs.write_all(&octets).await.unwrap();
        let held = if close {
            drop(theirs);
            None
        } else {
            Some(theirs)
        };
        let end = tokio::time::timeout(Duration::from_hours(5), drive(ours)).await;
        assert!(end.is_ok(), "the session did not end");
        drop(held);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_octets_never_panic_and_always_end(octets in octets(), close in any::<bool>()) {
        ends([b"* OK hi\r\n".as_slice(), &octets].concat(), close);
    }

    #[test]
    fn arbitrary_octets_after_a_login_never_panic_and_always_end(octets in octets(), close in any::<bool>()) {
        let welcome: &[u8] = b"* OK hi\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR IDLE MOVE\r\nK1 OK\r\nK2 OK\r\n* CAPABILITY IMAP4rev1 IDLE MOVE\r\nK3 OK\r\n* LIST () \"/\" \"\"\r\nK4 OK\r\n* LIST () \"/\" Q\r\nK5 OK\r\n* 1 EXISTS\r\n* OK [UIDVALIDITY 7]\r\nK6 OK\r\nK7 OK\r\n* 1 FETCH (UID 5 RFC822.SIZE 3)\r\n";
        ends([welcome, &octets].concat(), close);
    }
}
