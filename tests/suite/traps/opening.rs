//! Greeting and login: once, in the open, and never into a session that nobody proved.

use super::script::{Step, USUAL, Wire, c, endpoint, login, opening, s, serve};
use komainu::imap::{Error, Secret, Session};

fn offering(capabilities: &str) -> Vec<Step> {
    vec![s("* OK ready\r\n"), c("CAPABILITY"), s(format!("* CAPABILITY {capabilities}\r\n%T OK\r\n"))]
}

async fn refused(capabilities: &str, more: impl IntoIterator<Item = Step>) -> Error {
    opening(offering(capabilities).into_iter().chain(more).collect()).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_refused_for_good_and_tried_once() {
    let (stream, server) = serve(
        offering(USUAL)
            .into_iter()
            .chain([c("AUTHENTICATE PLAIN *"), s("%T NO [AUTHENTICATIONFAILED] wrong\r\n")])
            .collect(),
        Wire::default(),
    );
    let error = Session::over(stream, &endpoint()).await.unwrap_err();
    // The script ends here: another try would have been an octet too many.
    server.await.unwrap();
    assert!(
        matches!(&error, Error::Refused { code: Some(code), .. } if code == "AUTHENTICATIONFAILED"),
        "{error:?}"
    );
    assert!(!error.is_transient() && error.is_refusal());
    let bare = refused(USUAL, [c("AUTHENTICATE PLAIN *"), s("%T NO\r\n")]).await;
    assert!(matches!(bare, Error::Refused { .. }), "{bare:?}");
}

#[tokio::test(start_paused = true)]
async fn a_login_that_is_not_possible_now_is_tried_again_later() {
    for answer in [
        "%T NO [UNAVAILABLE] later\r\n",
        "%T NO [LIMIT] Maximum number of connections\r\n",
        "%T NO [ALERT] Too many simultaneous connections. (Failure)\r\n",
    ] {
        let error = refused(USUAL, [c("AUTHENTICATE PLAIN *"), s(answer)]).await;
        assert!(error.is_transient(), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn plain_without_initial_response_waits_for_its_turn() {
    let caps = "* CAPABILITY imap4REV1 auth=plain\r\n%T OK\r\n";
    let steps = vec![
        s("* OK ready\r\n"),
        c("CAPABILITY"),
        s(caps),
        c("AUTHENTICATE PLAIN"),
        s("+ \r\n"),
        c("AGhhbmFrb0BleGFtcGxlLmNvbQBjb3JyZWN0IGhvcnNl"),
        s("%T OK\r\n"),
        c("CAPABILITY"),
        s("* CAPABILITY IMAP4rev1 Move iDlE\r\n%T OK\r\n"),
    ];
    let session = opening(steps).await.unwrap();
    assert!(session.capabilities().has("MOVE") && session.capabilities().has("IDLE"));
    assert!(!session.capabilities().has("AUTH=PLAIN"));
}

#[tokio::test(start_paused = true)]
async fn a_challenge_that_plain_does_not_have_is_cancelled() {
    let credentials = "AGhhbmFrb0BleGFtcGxlLmNvbQBjb3JyZWN0IGhvcnNl";
    let steps = [
        c("AUTHENTICATE PLAIN *"),
        s("+ \r\n"),
        c(credentials),
        s("+ eyJzdGF0dXMiOiI0MDEifQ==\r\n"),
        c("*"),
        s("%T NO [AUTHENTICATIONFAILED] no\r\n"),
    ];
    let error = refused(USUAL, steps).await;
    assert!(matches!(error, Error::Refused { .. }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_during_the_login_is_transient() {
    for more in [vec![], vec![Step::Stall]] {
        let steps =
            [c("AUTHENTICATE PLAIN *"), s("* BYE [UNAVAILABLE] restarting\r\n")].into_iter().chain(more);
        let error = refused(USUAL, steps).await;
        assert!(matches!(error, Error::Bye { .. }) && error.is_transient(), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn login_is_quoted_and_only_where_nothing_better_is_offered() {
    let steps = vec![
        s("* OK ready\r\n"),
        c("CAPABILITY"),
        s("* CAPABILITY IMAP4rev1\r\n%T OK\r\n"),
        c("LOGIN \"hanako@example.com\" \"a\\\"b\\\\c\""),
        s("%T OK\r\n"),
        c("CAPABILITY"),
        s("* CAPABILITY IMAP4rev1\r\n%T OK\r\n"),
    ];
    let (stream, server) = serve(steps, Wire::default());
    let endpoint = komainu::imap::Endpoint { password: Secret::new("a\"b\\c".to_owned()), ..endpoint() };
    Session::over(stream, &endpoint).await.unwrap();
    server.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn logindisabled_is_honoured() {
    let error = refused("IMAP4rev1 LoginDisabled", []).await;
    assert!(matches!(error, Error::NoLogin { .. }) && error.is_refusal(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_password_beyond_ascii_goes_by_plain_or_not_at_all() {
    let (stream, _server) = serve(offering("IMAP4rev1"), Wire::default());
    let endpoint = komainu::imap::Endpoint { password: Secret::new("隔離".to_owned()), ..endpoint() };
    let error = Session::over(stream, &endpoint).await.unwrap_err();
    assert!(matches!(error, Error::NoLogin { .. }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn id_is_sent_where_offered() {
    let mut steps = login(&format!("{USUAL} ID"));
    steps.extend([c("ID (\"name\" \"komainu\" \"version\" *"), s("* ID (\"name\" \"x\")\r\n%T OK\r\n")]);
    opening(steps).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn preauth_is_refused() {
    let error = opening(vec![s("* PREAUTH welcome\r\n"), Step::Stall]).await.unwrap_err();
    assert!(matches!(error, Error::Greeting { .. }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_for_a_greeting_is_transient() {
    let error = opening(vec![s("* BYE [ALERT] overloaded\r\n")]).await.unwrap_err();
    assert!(matches!(error, Error::Bye { .. }) && error.is_transient(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_no_imap_server_is_told_so() {
    for greeting in ["HTTP/1.1 400 Bad Request\r\n", "220 mx.example.com ESMTP\r\n", "\r\n"] {
        let error = opening(vec![s(greeting), Step::Stall]).await.unwrap_err();
        assert!(matches!(error, Error::Greeting { .. }), "{greeting}: {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn silence_for_a_greeting_ends_in_a_minute() {
    let start = tokio::time::Instant::now();
    let error = opening(vec![Step::Stall]).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { what: "the greeting" }), "{error:?}");
    assert_eq!(start.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn authenticated_but_not_connected_is_transient() {
    let error =
        refused(USUAL, [c("AUTHENTICATE PLAIN *"), s("%T BAD User is authenticated but not connected.\r\n")])
            .await;
    assert!(matches!(error, Error::Bad { .. }) && error.is_transient(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn errors_print_neither_the_password_nor_the_servers_words() {
    let error = refused(
        USUAL,
        [c("AUTHENTICATE PLAIN *"), s("%T NO [AUTHENTICATIONFAILED] canary \u{1b}[2J hanako\r\n")],
    )
    .await;
    assert_eq!(error.to_string(), "the server refused the login [AUTHENTICATIONFAILED]");
    let words = error.server_text().unwrap().as_str();
    assert!(words.contains("canary") && !words.contains('\u{1b}'), "{words}");
    assert!(!format!("{:?}", endpoint()).contains("horse"));
}

#[tokio::test(start_paused = true)]
async fn a_server_of_imap4rev2_alone_is_understood() {
    let session = opening(login("IMAP4rev2 AUTH=PLAIN SASL-IR IDLE MOVE")).await.unwrap();
    assert!(session.capabilities().has("MOVE"));
}
