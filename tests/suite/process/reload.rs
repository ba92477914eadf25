//! SIGHUP: the new configuration whole, or the old one and the reason.

use komainu::demo::server::{Options, Server};

use super::service::{Home, logins, mailboxes, server, until_idle, until_settled, user};
use crate::support::world::threat;

/// The old configuration still holds: a threat to hanako is moved.
async fn assert_still_at_work(server: &Server, number: usize, quarantined: usize) {
    server.deliver(&user("hanako"), "INBOX", threat(number), None, &[]);
    until_settled(server, "hanako", 0, quarantined).await;
    until_idle(server, "hanako").await;
}

#[tokio::test]
async fn a_new_account_is_started_and_the_old_one_goes_on_undisturbed() {
    let server = server(&["hanako", "taro"], Options::default()).await;
    let home = Home::new();
    home.configure(&[home.account("hanako", &server)]);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    home.configure(&[home.account("hanako", &server), home.account("taro", &server)]);
    service.reload().await;
    until_idle(&server, "taro").await;
    assert_eq!(logins(&server), 2, "the first account signed in again: {:?}", server.commands());
    server.deliver(&user("taro"), "INBOX", threat(1), None, &[]);
    until_settled(&server, "taro", 0, 1).await;
    // And one that is gone from the file is let go.
    home.configure(&[home.account("taro", &server)]);
    service.reload().await;
    service.until("watching 1 of 1").await;
    service.stop().await;
    home.assert_orderly();
}

#[tokio::test]
async fn a_changed_mode_takes_effect_for_what_comes_from_then_on() {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    home.configure(&[home.account("hanako", &server).with("mode", "\"observe\"")]);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    server.deliver(&user("hanako"), "INBOX", threat(1), None, &[]);
    service.until("judged 1,").await;
    home.configure(&[home.account("hanako", &server)]);
    service.reload().await;
    service.until("watching 1 of 1").await;
    until_idle(&server, "hanako").await;
    server.deliver(&user("hanako"), "INBOX", threat(2), None, &[]);
    // What was judged while only watching stays where the person has seen it.
    until_settled(&server, "hanako", 1, 1).await;
    service.stop().await;
    let (inbox, quarantined) = mailboxes(&server, "hanako");
    assert_eq!((inbox[0].octets.to_vec(), quarantined[0].octets.to_vec()), (threat(1), threat(2)));
    home.check_story(&server, "hanako", &[threat(1), threat(2)]);
}

#[tokio::test]
async fn a_broken_file_keeps_the_old_configuration_and_the_log_says_why_without_a_secret() {
    const SECRET: &str = "hunter2-of-the-file";
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    home.configure(&[home.account("hanako", &server)]);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    let broken = [
        home.account("hanako", &server).with("password", format!("{SECRET:?}")),
        home.account("hanako", &server).with("mode", "\"quarantine").with("pasword", format!("{SECRET:?}")),
        home.account("hanako", &server).with("password", "{ file = \"not-there\" }"),
    ];
    for (number, account) in broken.into_iter().enumerate() {
        home.configure(&[account]);
        service.reload().await;
        service.until_logged_times("the old configuration stays in force", number + 1).await;
        assert_still_at_work(&server, number, number + 1).await;
    }
    // The reason, not only that there was one: the place in the file.
    assert!(service.log().contains("komainu.toml:"), "{}", service.log());
    assert!(!service.log().contains(SECRET), "{}", service.log());
    assert_eq!(logins(&server), 1, "{:?}", server.commands());
    service.stop().await;
}

#[tokio::test]
async fn a_new_port_is_beyond_the_locked_in_process_and_it_says_so() {
    let old = server(&["hanako"], Options::default()).await;
    let new = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    home.configure(&[home.account("hanako", &old)]);
    let mut service = home.run(&[]);
    until_idle(&old, "hanako").await;
    home.configure(&[home.account("hanako", &new)]);
    service.reload().await;
    service.until_logged("restart needed").await;
    assert_still_at_work(&old, 1, 1).await;
    assert_eq!(new.commands(), Vec::<String>::new());
    service.stop().await;
    // The restart that was asked for.
    let mut service = home.run(&[]);
    until_idle(&new, "hanako").await;
    service.stop().await;
    home.assert_orderly();
}

#[tokio::test]
async fn a_password_that_a_command_gave_is_kept_because_no_command_can_be_run_any_more() {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    let asked =
        format!("{{ command = [\"cat\", {:?}] }}", home.path("hanako.password").display().to_string());
    home.configure(&[home.account("hanako", &server).with("password", &asked).with("mode", "\"observe\"")]);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    home.configure(&[home.account("hanako", &server).with("password", &asked)]);
    service.reload().await;
    service.until("watching 1 of 1").await;
    until_idle(&server, "hanako").await;
    assert_still_at_work(&server, 1, 1).await;
    service.stop().await;
    home.assert_orderly();
}
