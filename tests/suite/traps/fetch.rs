//! FETCH, SELECT, STATUS: nothing that failed may look like an empty mailbox.

use super::script::{Step, USUAL, c, ok, s, selected, session};
use komainu::imap::{Body, Error, Exceeded, Gap, Limits, Mailbox, Part, Summary};

const ASK: &str = "UID FETCH 5:* (UID FLAGS RFC822.SIZE INTERNALDATE)";

async fn summaries(steps: Vec<Step>) -> Result<Vec<Summary>, Error> {
    let (mut session, server) = selected(USUAL, steps).await;
    let result = session.summaries(5, None).await;
    drop(session);
    server.await.unwrap();
    result
}

fn uids(summaries: &[Summary]) -> Vec<u32> {
    summaries.iter().map(|summary| summary.uid).collect()
}

fn wanted(sizes: &[(u32, u32)]) -> Vec<Summary> {
    sizes.iter().map(|&(uid, size)| Summary { uid, size: Some(size), ..Summary::default() }).collect()
}

type Got = Vec<(u32, String)>;

async fn bodies(
    wanted: &[Summary],
    limits: Limits,
    steps: Vec<Step>,
) -> (Result<komainu::imap::Fetched, Error>, Got) {
    let (mut session, server) = selected(USUAL, steps).await;
    let mut got = Vec::new();
    let result = session
        .bodies(wanted, &limits, &mut |summary, body| {
            let told = match body {
                Body::Whole(octets) => String::from_utf8_lossy(octets).into_owned(),
                Body::Part { offset, octets, end } => format!("{offset}+{} {end:?}", octets.len()),
                Body::Head(octets) => format!("head {}", octets.len()),
                Body::Missing(gap) => format!("{gap:?}"),
            };
            got.push((summary.uid, told));
        })
        .await;
    drop(session);
    server.await.unwrap();
    (result, got)
}

#[tokio::test(start_paused = true)]
async fn a_fetch_answered_no_or_bad_is_an_error_and_not_an_empty_mailbox() {
    let no = summaries(vec![c(ASK), s("%T NO [UNAVAILABLE] later\r\n")]).await.unwrap_err();
    assert!(matches!(&no, Error::No { command: "UID FETCH", .. }), "{no:?}");
    assert_eq!(no.code(), Some("UNAVAILABLE"));
    let bad = summaries(vec![c(ASK), s("%T BAD what\r\n")]).await.unwrap_err();
    assert!(matches!(bad, Error::Bad { .. }), "{bad:?}");
}

#[tokio::test(start_paused = true)]
async fn a_truncated_fetch_never_looks_complete() {
    let one = "* 1 FETCH (UID 5 FLAGS () RFC822.SIZE 3)\r\n";
    let no = summaries(vec![c(ASK), s(one), s("%T NO gone\r\n")]).await;
    assert!(matches!(no, Err(Error::No { .. })), "{no:?}");
    let fin = summaries(vec![c(ASK), s(one)]).await;
    assert!(matches!(fin, Err(Error::Closed)), "{fin:?}");
    let bye = summaries(vec![c(ASK), s(one), s("* BYE [UNAVAILABLE] bye\r\n")]).await;
    assert!(matches!(&bye, Err(Error::Bye { code: Some(code), .. }) if code == "UNAVAILABLE"), "{bye:?}");
}

#[tokio::test(start_paused = true)]
async fn a_fetch_cut_inside_a_literal_is_an_error() {
    let steps = vec![c("UID FETCH 5 (UID BODY.PEEK[])"), s("* 1 FETCH (UID 5 BODY[] {10}\r\nabc")];
    let (result, got) = bodies(&wanted(&[(5, 10)]), Limits::default(), steps).await;
    assert!(matches!(result, Err(Error::Closed)), "{result:?}");
    assert_eq!(got, []);
}

#[tokio::test(start_paused = true)]
async fn noop_on_a_closed_connection_is_an_error() {
    let (mut session, server) = session(USUAL, []).await;
    server.await.unwrap();
    assert!(matches!(session.noop().await, Err(Error::Closed | Error::Io(_))));
    assert!(matches!(session.noop().await, Err(Error::Poisoned)));
}

#[tokio::test(start_paused = true)]
async fn noop_answered_bad_is_an_error() {
    let (mut session, _server) = session(USUAL, [c("NOOP"), s("%T BAD\r\n")]).await;
    assert!(matches!(session.noop().await, Err(Error::Bad { command: "NOOP", .. })));
    assert!(session.is_open());
}

#[tokio::test(start_paused = true)]
async fn list_answered_no_is_an_error() {
    let (mut session, _server) = session(USUAL, [c("LIST \"\" \"*\""), s("%T NO no\r\n")]).await;
    assert!(matches!(session.list().await, Err(Error::No { command: "LIST", .. })));
}

#[tokio::test(start_paused = true)]
async fn a_select_that_ends_in_eof_is_not_a_wiped_mailbox() {
    let (mut session, _server) = session(USUAL, [c("SELECT \"INBOX\""), s("* 0 EXISTS\r\n")]).await;
    let result = session.select(&Mailbox::inbox()).await;
    assert!(matches!(result, Err(Error::Closed)), "{result:?}");
}

#[tokio::test(start_paused = true)]
async fn a_select_without_uidvalidity_is_an_error() {
    for told in ["", "* OK [UIDVALIDITY 4294967296] too large\r\n", "* OK [UIDVALIDITY 0] none\r\n"] {
        let answer = format!("* 3 EXISTS\r\n{told}%T OK done\r\n");
        let (mut session, _server) = session(USUAL, [c("SELECT \"INBOX\""), s(&answer)]).await;
        let result = session.select(&Mailbox::inbox()).await;
        assert!(matches!(result, Err(Error::Protocol { .. })), "{told}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_untagged_no_during_select_is_a_warning() {
    let answer = "* NO [ALERT] disk almost full\r\n* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* NO [UIDNOTSTICKY] beware\r\n%T OK [READ-ONLY] done\r\n";
    let (mut session, _server) = session(USUAL, [c("SELECT \"INBOX\""), s(answer)]).await;
    let selected = session.select(&Mailbox::inbox()).await.unwrap();
    assert_eq!((selected.uidvalidity, selected.uidnext, selected.exists), (7, None, 3));
    assert!(selected.read_only && selected.uid_not_sticky);
}

#[tokio::test(start_paused = true)]
async fn select_answered_no_names_its_code() {
    let (mut session, _server) =
        session(USUAL, [c("SELECT \"INBOX\""), s("%T NO [NONEXISTENT] no\r\n")]).await;
    let error = session.select(&Mailbox::inbox()).await.unwrap_err();
    assert_eq!(error.code(), Some("NONEXISTENT"));
    assert!(session.is_open() && error.keeps_connection());
}

#[tokio::test(start_paused = true)]
async fn unsafe_login_is_answered_with_id_and_one_more_try() {
    let steps = [
        c("SELECT \"INBOX\""),
        s("%T NO SELECT Unsafe Login. Please contact support\r\n"),
        c("ID (\"name\" \"komainu\"*"),
        s("* ID NIL\r\n%T OK\r\n"),
        c("SELECT \"INBOX\""),
        s("* 1 EXISTS\r\n* OK [UIDVALIDITY 3]\r\n%T OK done\r\n"),
    ];
    let (mut session, _server) = session(USUAL, steps).await;
    assert_eq!(session.select(&Mailbox::inbox()).await.unwrap().uidvalidity, 3);
}

#[tokio::test(start_paused = true)]
async fn only_uids_count_and_each_counts_once() {
    let answer = "* 3 FETCH (FLAGS (\\Seen))\r\n\
        * 9 FETCH (UID 9 FLAGS (\\Deleted) RFC822.SIZE 90 INTERNALDATE \"24-Nov-2026 10:00:00 +0900\")\r\n\
        * 2 FETCH (UID 4 FLAGS () RFC822.SIZE 40)\r\n\
        * 7 FETCH (RFC822.SIZE 70 UID 7 FLAGS (\\Seen))\r\n\
        * 9 FETCH (FLAGS (\\Deleted \\Seen) UID 9)\r\n\
        * 4 EXISTS\r\n* 1 EXPUNGE\r\n%T OK done\r\n";
    let found = summaries(vec![c(ASK), s(answer)]).await.unwrap();
    assert_eq!(uids(&found), [7, 9]);
    assert_eq!((found[1].size, found[1].deleted, found[1].seen), (Some(90), true, true));
    assert_eq!(found[1].internaldate, "24-Nov-2026 10:00:00 +0900");
}

#[tokio::test(start_paused = true)]
async fn a_fetch_with_an_unreadable_attribute_keeps_the_others() {
    let answer = "* 1 FETCH (UID 5 X-ODD (a (b (c))) FLAGS (\\Seen) RFC822.SIZE 99999999999)\r\n\
        * 2 FETCH (UID 6 INTERNALDATE NIL RFC822.SIZE 12)\r\n%T OK done\r\n";
    let found = summaries(vec![c(ASK), s(answer)]).await.unwrap();
    assert_eq!(uids(&found), [5, 6]);
    assert_eq!((found[0].size, found[0].seen), (None, true));
    assert_eq!((found[1].size, found[1].internaldate.as_str()), (Some(12), ""));
}

#[tokio::test(start_paused = true)]
async fn identities_are_asked_for_where_the_server_has_them() {
    let ask = "UID FETCH 5:9 (UID FLAGS RFC822.SIZE INTERNALDATE X-GM-MSGID)";
    let answer = "* 1 FETCH (X-GM-MSGID 1278455344230334865 UID 5 FLAGS () RFC822.SIZE 1)\r\n%T OK\r\n";
    let (mut gmail, _server) = selected(&format!("{USUAL} x-gm-ext-1"), [c(ask), s(answer)]).await;
    let found = gmail.summaries(5, Some(9)).await.unwrap();
    assert_eq!(found[0].server_identity.as_deref(), Some("1278455344230334865"));

    let ask = "UID FETCH 5:9 (UID FLAGS RFC822.SIZE INTERNALDATE EMAILID)";
    let answer = "* 1 FETCH (UID 5 EMAILID (M6d99ac3275bb4e))\r\n%T OK\r\n";
    let (mut other, _server) = selected(&format!("{USUAL} OBJECTID"), [c(ask), s(answer)]).await;
    let found = other.summaries(5, Some(9)).await.unwrap();
    assert_eq!(found[0].server_identity.as_deref(), Some("M6d99ac3275bb4e"));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_fetch_never_leaks_into_the_next_command() {
    let (mut session, _server) =
        selected(USUAL, [c(ASK), s("* 1 FETCH (UID 5 FLAGS ())\r\n"), Step::Stall]).await;
    let dropped = tokio::time::timeout(std::time::Duration::from_secs(1), session.summaries(5, None)).await;
    assert!(dropped.is_err());
    assert!(matches!(session.summaries(6, None).await, Err(Error::Poisoned)));
    assert!(!session.is_open());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_is_given_up() {
    let result = {
        let (mut session, _server) = selected(USUAL, [c(ASK), Step::Stall]).await;
        session.summaries(5, None).await
    };
    assert!(matches!(result, Err(Error::Timeout { .. })), "{result:?}");
}

#[tokio::test(start_paused = true)]
async fn bodies_nil_empty_and_left_out_are_told_apart_and_stop_nothing() {
    let steps = vec![
        c("UID FETCH 5:8 (UID BODY.PEEK[])"),
        s(
            "* 1 FETCH (UID 5 BODY[] NIL)\r\n* 2 FETCH (UID 6 BODY[] \"\")\r\n* 4 FETCH (BODY[] {2}\r\nok UID 8)\r\n* 4 FETCH (UID 8 BODY[] {2}\r\nno)\r\n%T OK\r\n",
        ),
        c("UID FETCH 7 (UID BODY.PEEK[])"),
        s("%T OK\r\n"),
    ];
    let (result, got) = bodies(&wanted(&[(5, 1), (6, 0), (7, 3), (8, 2)]), Limits::default(), steps).await;
    let fetched = result.unwrap();
    assert_eq!((fetched.complete, fetched.missing), (2, 2));
    let expected = [(5, "Nil"), (6, ""), (8, "ok"), (7, "NotReturned")];
    assert_eq!(got, expected.map(|(uid, told)| (uid, told.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_refused_does_not_stop_the_others() {
    let steps = vec![
        c("UID FETCH 5:7 (UID BODY.PEEK[])"),
        s("* 1 FETCH (UID 5 BODY[] {1}\r\na)\r\n%T NO [UNAVAILABLE] UID FETCH Server error\r\n"),
        c("UID FETCH 6 (UID BODY.PEEK[])"),
        s("%T NO [UNAVAILABLE] UID FETCH Server error\r\n"),
        c("UID FETCH 7 (UID BODY.PEEK[])"),
        s("* 3 FETCH (UID 7 BODY[] {1}\r\nc)\r\n%T OK\r\n"),
    ];
    let (result, got) = bodies(&wanted(&[(5, 1), (6, 1), (7, 1)]), Limits::default(), steps).await;
    assert_eq!(result.unwrap().missing, 1);
    assert_eq!(got, [(5, "a"), (6, "Refused"), (7, "c")].map(|(uid, told)| (uid, told.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn two_batches_are_on_their_way_at_once() {
    let limits = Limits { batch_count: 1, ..Limits::default() };
    let steps = vec![
        c("UID FETCH 5 (UID BODY.PEEK[])"),
        c("UID FETCH 6 (UID BODY.PEEK[])"),
        s("* 1 FETCH (UID 5 BODY[] {1}\r\na)\r\n%P OK\r\n* 2 FETCH (UID 6 BODY[] {1}\r\nb)\r\n%T OK\r\n"),
    ];
    let (result, got) = bodies(&wanted(&[(5, 1), (6, 1)]), limits, steps).await;
    assert_eq!(result.unwrap().complete, 2);
    assert_eq!(got.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn large_messages_come_in_parts_and_oversize_ones_as_their_head() {
    let limits = Limits { whole: 4, part: 4, max_message: 100, head: 3, ..Limits::default() };
    let steps = vec![
        c("UID FETCH 5 (UID BODY.PEEK[]<0.4>)"),
        s("* 1 FETCH (UID 5 BODY[]<0> {4}\r\nabcd)\r\n%T OK\r\n"),
        c("UID FETCH 5 (UID BODY.PEEK[]<4.4>)"),
        s("* 1 FETCH (UID 5 BODY[]<4> {2}\r\nef)\r\n%T OK\r\n"),
        c("UID FETCH 6 (UID BODY.PEEK[]<0.3>)"),
        s("* 2 FETCH (UID 6 BODY[]<0> {3}\r\nabc)\r\n%T OK\r\n"),
    ];
    let (result, got) = bodies(&wanted(&[(5, 6), (6, 101)]), limits, steps).await;
    let fetched = result.unwrap();
    assert_eq!((fetched.complete, fetched.partial), (1, 1));
    let whole = format!("4+2 {:?}", Part::Complete);
    assert_eq!(
        got,
        [(5, "0+4 More"), (5, whole.as_str()), (6, "head 3")].map(|(uid, told)| (uid, told.to_owned()))
    );
}

#[tokio::test(start_paused = true)]
async fn a_message_that_goes_on_for_ever_is_cut() {
    let limits = Limits { whole: 4, part: 4, max_message: 7, ..Limits::default() };
    let steps = vec![
        c("UID FETCH 5 (UID BODY.PEEK[]<0.4>)"),
        s("* 1 FETCH (UID 5 BODY[]<0> {4}\r\nabcd)\r\n%T OK\r\n"),
        c("UID FETCH 5 (UID BODY.PEEK[]<4.4>)"),
        s("* 1 FETCH (UID 5 BODY[]<4> {4}\r\nabcd)\r\n%T OK\r\n"),
    ];
    let (result, got) = bodies(&wanted(&[(5, 5)]), limits, steps).await;
    assert_eq!(result.unwrap().partial, 1);
    assert_eq!(got[1].1, "4+4 Cut");
}

#[tokio::test(start_paused = true)]
async fn parts_that_do_not_fit_together_are_unusable() {
    let limits = Limits { whole: 4, part: 4, ..Limits::default() };
    let steps = vec![
        c("UID FETCH 5 (UID BODY.PEEK[]<0.4>)"),
        s("* 1 FETCH (UID 5 BODY[]<0> {4}\r\nabcd)\r\n%T OK\r\n"),
        c("UID FETCH 5 (UID BODY.PEEK[]<4.4>)"),
        s("* 1 FETCH (UID 5 BODY[] {4}\r\nabcd)\r\n%T OK\r\n"),
    ];
    let (_, got) = bodies(&wanted(&[(5, 6)]), limits, steps).await;
    assert_eq!(got[1].1, format!("{:?}", Gap::Unusable));
}

#[tokio::test(start_paused = true)]
async fn a_size_that_lies_is_borne_up_to_the_cap_and_no_further() {
    let limits = Limits { literal_cap: 1000, ..Limits::default() };
    let ask = c("UID FETCH 5 (UID BODY.PEEK[])");
    let within = format!("* 1 FETCH (UID 5 BODY[] {{1000}}\r\n{})\r\n%T OK\r\n", "x".repeat(1000));
    let (result, got) = bodies(&wanted(&[(5, 1)]), limits, vec![ask.clone(), s(&within)]).await;
    assert_eq!(result.unwrap().complete, 1);
    assert_eq!(got[0].1.len(), 1000);
    let (result, got) =
        bodies(&wanted(&[(5, 1)]), limits, vec![ask, s("* 1 FETCH (UID 5 BODY[] {1001}\r\n")]).await;
    assert!(
        matches!(result, Err(Error::Guard { exceeded: Exceeded::Literal { announced: 1001, cap: 1000 } })),
        "{result:?}"
    );
    assert_eq!(got, []);
}

#[tokio::test(start_paused = true)]
async fn uid_next_falls_back_to_status_and_then_to_the_last_message() {
    let bare = "* 2 EXISTS\r\n* OK [UIDVALIDITY 3]\r\n%T OK\r\n";
    let steps = [
        c("SELECT \"INBOX\""),
        s(bare),
        c("STATUS \"INBOX\" *"),
        s("* STATUS INBOX (UIDNEXT 44 MESSAGES 2)  \r\n%T OK\r\n"),
    ];
    let (mut courier, _server) = session(USUAL, steps).await;
    assert_eq!(courier.uid_next(&Mailbox::inbox()).await.unwrap(), 44);
    let steps = [
        c("SELECT \"INBOX\""),
        s(bare),
        c("STATUS \"INBOX\" *"),
        s("* STATUS INBOX ()\r\n%T OK\r\n"),
        c("UID FETCH * (UID)"),
        s("* 2 FETCH (UID 51)\r\n%T OK\r\n"),
    ];
    let (mut other, _server) = session(USUAL, steps).await;
    assert_eq!(other.uid_next(&Mailbox::inbox()).await.unwrap(), 52);
}

#[tokio::test(start_paused = true)]
async fn present_names_only_what_was_asked_for() {
    let steps = [
        c("UID FETCH 5:6,9 (UID)"),
        s("* 1 FETCH (UID 6)\r\n* 2 FETCH (UID 7)\r\n* 3 FETCH (FLAGS ())\r\n%T OK\r\n"),
    ];
    let (mut session, _server) = selected(USUAL, steps).await;
    assert_eq!(session.present(&[5, 6, 9]).await.unwrap().into_iter().collect::<Vec<_>>(), [6]);
}

#[tokio::test(start_paused = true)]
async fn after_no_the_session_goes_on() {
    let steps = [c(ASK), s("%T NO\r\n")].into_iter().chain(ok("NOOP"));
    let (mut session, _server) = selected(USUAL, steps).await;
    assert!(matches!(session.summaries(5, None).await, Err(Error::No { .. })));
    session.noop().await.unwrap();
}
