//! A server that does not let us in, or is not the one it should be: one try, no credential given away, exit 77.

use komainu::demo::server::{Options, Presented, Security};

use super::service::{Home, PASSWORD, Service, in_time, logins, server, until_idle, until_settled, user};
use crate::support::world::threat;

/// sysexits: refused by the server.
const EX_NOPERM: i32 = 77;

/// The service ends by itself with 77; its record is whole.
async fn assert_refused(home: &Home, mut service: Service) -> String {
    let status = service.ended().await;
    assert_eq!(status.code(), Some(EX_NOPERM), "{}", service.log());
    home.assert_orderly();
    service.log()
}

#[tokio::test]
async fn a_wrong_password_is_tried_exactly_once() {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    let account = home.account("hanako", &server);
    home.write("hanako.password", "not the password");
    home.configure(&[account]);
    let log = assert_refused(&home, home.run(&[])).await;
    assert!(log.contains("AUTHENTICATIONFAILED"), "{log}");
    assert_eq!(logins(&server), 1, "{:?}", server.commands());
    in_time("no connection left", server.wait_until(|state| state.opened() == 1 && state.connections() == 0))
        .await;
    // The store can be used again once the password is right.
    home.write("hanako.password", PASSWORD);
    let mut service = home.run(&[]);
    service.until("watching 1 of 1").await;
    service.stop().await;
    home.assert_orderly();
}

#[tokio::test]
async fn one_refused_account_does_not_hold_up_the_other() {
    let server = server(&["hanako", "taro"], Options::default()).await;
    let home = Home::new();
    let accounts = [home.account("hanako", &server), home.account("taro", &server)];
    home.write("hanako.password", "not the password");
    home.configure(&accounts);
    let mut service = home.run(&[]);
    let status = service.until("watching 1 of 2").await;
    if !status.contains("hanako: refused") {
        service.until("hanako: refused").await;
    }
    server.deliver(&user("taro"), "INBOX", threat(1), None, &[]);
    until_settled(&server, "taro", 0, 1).await;
    service.stop().await;
    assert_eq!(logins(&server), 2, "{:?}", server.commands());
    home.assert_orderly();
    home.check_story(&server, "taro", &[threat(1)]);
}

#[tokio::test]
async fn a_certificate_that_is_not_right_is_refused_before_any_credential_is_sent() {
    for presented in [Presented::Expired, Presented::WrongName, Presented::ForeignAuthority] {
        let server = server(&["hanako"], Options { presented, ..Options::default() }).await;
        let home = Home::new();
        home.configure(&[home.account("hanako", &server)]);
        let log = assert_refused(&home, home.run(&[])).await;
        assert!(log.contains("TLS"), "{presented:?}: {log}");
        assert_eq!(server.commands(), Vec::<String>::new(), "{presented:?}");
        in_time("one try", server.wait_until(|state| state.opened() == 1)).await;
    }
}

#[tokio::test]
async fn a_pinned_key_is_the_only_one_that_is_trusted() {
    // A pin stands in for the whole chain: the name and the dates of the certificate do not count.
    for presented in [Presented::Good, Presented::Expired] {
        let server = server(&["hanako"], Options { presented, ..Options::default() }).await;
        let pin = hex::encode(server.spki_sha256());
        let home = Home::new();
        let account = home.account("hanako", &server).without("ca-file");
        home.configure(&[account.with("spki-pin", format!("\"sha256:{pin}\""))]);
        let mut service = home.run(&[]);
        service.until("watching 1 of 1").await;
        service.stop().await;
        assert_eq!(logins(&server), 1);
    }
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    let account = home.account("hanako", &server).without("ca-file");
    home.configure(&[account.with("spki-pin", format!("\"sha256:{}\"", "5a".repeat(32)))]);
    assert_refused(&home, home.run(&[])).await;
    assert_eq!(server.commands(), Vec::<String>::new());
}

#[tokio::test]
async fn starttls_carries_a_whole_story() {
    let server = server(&["hanako"], Options { security: Security::StartTls, ..Options::default() }).await;
    let home = Home::new();
    home.configure(&[home.account("hanako", &server).with("security", "\"starttls\"")]);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    server.deliver(&user("hanako"), "INBOX", threat(1), None, &[]);
    until_settled(&server, "hanako", 0, 1).await;
    service.stop().await;
    assert!(server.commands().iter().any(|line| line.contains("STARTTLS")));
    home.check_story(&server, "hanako", &[threat(1)]);
}

#[tokio::test]
async fn starttls_that_was_taken_out_is_refused_before_any_credential_is_sent() {
    let security = Security::StartTlsStripped;
    let server = server(&["hanako"], Options { security, ..Options::default() }).await;
    let home = Home::new();
    home.configure(&[home.account("hanako", &server).with("security", "\"starttls\"")]);
    let log = assert_refused(&home, home.run(&[])).await;
    assert!(log.contains("STARTTLS"), "{log}");
    assert_eq!(logins(&server), 0, "{:?}", server.commands());
    in_time("one try", server.wait_until(|state| state.opened() == 1)).await;
}
