//! IDLE: what wakes, what ends it, and that nothing waits for ever.

use std::future::{pending, ready};
use std::time::Duration;

use super::script::{Step, USUAL, c, s, selected};
use komainu::imap::{Error, Wake};
use tokio::time::Instant;

const WAIT: Duration = Duration::from_mins(5);

async fn idle(steps: Vec<Step>) -> (Result<Wake, Error>, Duration) {
    let (mut session, _server) = selected(USUAL, steps).await;
    let start = Instant::now();
    let result = session.idle(WAIT, pending()).await;
    (result, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn idle_refused_by_no_or_bad_is_told_and_the_session_goes_on() {
    for answer in ["%T NO not now\r\n", "%T BAD unknown\r\n", "%T BAD\r\n", "%T NO\r\n"] {
        let (mut session, _server) = selected(USUAL, [c("IDLE"), s(answer), c("NOOP"), s("%T OK\r\n")]).await;
        assert_eq!(session.idle(WAIT, pending()).await.unwrap(), Wake::Unsupported, "{answer}");
        session.noop().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_capability_idle_is_not_sent() {
    let (mut session, _server) = selected("IMAP4rev1 AUTH=PLAIN SASL-IR", [c("NOOP"), s("%T OK\r\n")]).await;
    assert_eq!(session.idle(WAIT, pending()).await.unwrap(), Wake::Unsupported);
    session.noop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn idle_that_the_server_ends_is_noticed_at_once() {
    for end in ["%T OK enough\r\n", "%T BAD enough\r\n", "%T NO\r\n"] {
        let (wake, took) = idle(vec![c("IDLE"), s("+ idling\r\n"), s(end), Step::Stall]).await;
        assert_eq!(wake.unwrap(), Wake::Ended, "{end}");
        assert!(took < Duration::from_secs(1));
    }
}

#[tokio::test(start_paused = true)]
async fn exists_before_the_go_ahead_wakes() {
    let (wake, took) =
        idle(vec![c("IDLE"), s("* 4 EXISTS\r\n+ idling\r\n"), c("DONE"), s("%T OK\r\n"), Step::Stall]).await;
    assert_eq!(wake.unwrap(), Wake::Mail);
    assert!(took < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn exists_while_idling_wakes_and_is_told_once() {
    let again = [c("IDLE"), s("+\r\n"), c("DONE"), s("%T OK\r\n")];
    let first = vec![c("IDLE"), s("+ idling\r\n* 4 EXISTS\r\n"), c("DONE"), s("* OK more\r\n%T OK\r\n")];
    let (mut session, _server) = selected(USUAL, first.into_iter().chain(again)).await;
    assert_eq!(session.idle(WAIT, pending()).await.unwrap(), Wake::Mail);
    assert_eq!(session.idle(WAIT, pending()).await.unwrap(), Wake::Deadline);
}

#[tokio::test(start_paused = true)]
async fn exists_during_another_command_wakes_the_next_idle() {
    let flood = "* 1 EXPUNGE\r\n".repeat(300) + "* 0 EXISTS\r\n* 1 EXISTS\r\n%T OK\r\n";
    let (mut session, _server) = selected(USUAL, [c("NOOP"), s(&flood), Step::Stall]).await;
    session.noop().await.unwrap();
    assert_eq!(session.idle(WAIT, pending()).await.unwrap(), Wake::Mail);
}

#[tokio::test(start_paused = true)]
async fn exists_between_done_and_its_reply_is_not_lost() {
    let steps = vec![c("IDLE"), s("+\r\n"), c("DONE"), s("* 4 EXISTS\r\n%T OK\r\n")];
    assert_eq!(idle(steps).await.0.unwrap(), Wake::Mail);
}

#[tokio::test(start_paused = true)]
async fn a_closed_connection_while_idling_is_an_error() {
    let (wake, took) = idle(vec![c("IDLE"), s("+ idling\r\n")]).await;
    assert!(matches!(wake, Err(Error::Closed)), "{wake:?}");
    assert!(took < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn bye_while_idling_is_a_goodbye_and_no_mail() {
    for before in ["", "+ idling\r\n"] {
        let told = format!("{before}* BYE [UNAVAILABLE] shutting down\r\n");
        let (wake, _) = idle(vec![c("IDLE"), s(&told), Step::Stall]).await;
        assert!(
            matches!(&wake, Err(Error::Bye { code: Some(code), .. }) if code == "UNAVAILABLE"),
            "{wake:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn keepalives_do_not_put_off_the_refresh() {
    let (mut session, server) = {
        let (ours, mut theirs) = tokio::io::duplex(1 << 20);
        let server = tokio::spawn(async move {
            let mut steps = super::script::login(USUAL);
            steps.extend(super::script::select());
            steps.extend([c("IDLE"), s("+ idling\r\n")]);
            super::script::play(&mut theirs, steps, super::script::Wire::default()).await;
            for _ in 0..40 {
                tokio::time::sleep(Duration::from_secs(30)).await;
                if tokio::io::AsyncWriteExt::write_all(&mut theirs, b"* OK Still here\r\n").await.is_err() {
                    break;
                }
            }
        });
        (komainu::imap::Session::over(ours, &super::script::endpoint()).await.unwrap(), server)
    };
    session.select(&komainu::imap::Mailbox::inbox()).await.unwrap();
    let start = Instant::now();
    let wake = session.idle(WAIT, pending()).await;
    // The script never answers DONE, so that the 15 s for it are spent, too; keepalives still go on.
    assert!(matches!(wake, Err(Error::Timeout { .. })), "{wake:?}");
    assert_eq!(start.elapsed(), WAIT + Duration::from_secs(15));
    drop(session);
    server.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_frozen_server_is_noticed_15_seconds_after_the_deadline() {
    let (wake, took) = idle(vec![c("IDLE"), s("+ idling\r\n"), Step::Stall]).await;
    assert!(matches!(wake, Err(Error::Timeout { .. })), "{wake:?}");
    assert_eq!(took, WAIT + Duration::from_secs(15));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_gives_the_go_ahead_is_given_up() {
    let (wake, took) = idle(vec![c("IDLE"), s("* OK patience\r\n"), Step::Stall]).await;
    assert!(matches!(wake, Err(Error::Timeout { .. })), "{wake:?}");
    assert_eq!(took, Duration::from_mins(1));
}

#[tokio::test(start_paused = true)]
async fn stopping_ends_within_two_seconds_even_where_the_server_is_frozen() {
    for told in ["", "+ idling\r\n"] {
        let (mut session, _server) = selected(USUAL, [c("IDLE"), s(told), Step::Stall]).await;
        let start = Instant::now();
        assert_eq!(session.idle(WAIT, ready(())).await.unwrap(), Wake::Stopped);
        assert!(start.elapsed() <= Duration::from_secs(2), "{:?}", start.elapsed());
        assert!(matches!(session.noop().await, Err(Error::Poisoned)));
    }
}

#[tokio::test(start_paused = true)]
async fn stopping_leaves_the_session_usable_where_the_server_answers() {
    let steps = [c("IDLE"), s("+ idling\r\n"), c("DONE"), s("%T OK\r\n"), c("NOOP"), s("%T OK\r\n")];
    let (mut session, _server) = selected(USUAL, steps).await;
    assert_eq!(session.idle(WAIT, ready(())).await.unwrap(), Wake::Stopped);
    session.noop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_idle_that_is_dropped_gives_up_the_connection() {
    let (mut session, _server) = selected(USUAL, [c("IDLE"), s("+ idling\r\n"), Step::Stall]).await;
    let dropped = tokio::time::timeout(Duration::from_secs(1), session.idle(WAIT, pending())).await;
    assert!(dropped.is_err());
    assert!(matches!(session.noop().await, Err(Error::Poisoned)));
}
