//! `komainu check --online`: what it says of a server and of this machine, and that it changes neither.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use komainu::demo::server::{Options, Presented, Profile};

use super::service::{Account, Home, output, server, user, writing_commands};
use crate::support::world::{letter, threat};

/// Exit status and what was printed, with one space for any.
async fn check(home: &Home, more: &str, accounts: &[Account], lang: &str) -> (Option<i32>, String) {
    let config = home.configure_with(more, accounts);
    let done = output(&["check", "--online", "--lang", lang, "--config", config.to_str().unwrap()]).await;
    let said = String::from_utf8(done.stdout).unwrap() + &String::from_utf8(done.stderr).unwrap();
    (done.status.code(), said.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn all_that_is_there_is_told_in_both_languages_and_nothing_is_written() {
    let server = server(&["hanako"], Options::default()).await;
    let hers = user("hanako");
    for number in 0..25 {
        server.deliver(&hers, "INBOX", letter(number), None, &[]);
    }
    server.deliver(&hers, "仕事", threat(1), None, &[]);
    server.create(&hers, "Spam");
    server.set_special_use(&hers, "Spam", "\\Junk");
    let home = Home::new();
    let account = || {
        home.account("hanako", &server)
            .with("mailboxes", "[\"INBOX\", \"仕事\"]")
            .with("digest-mailbox", "\"komainu日報\"")
            .with("also-preserve", "[\"\\\\Junk\"]")
            .with("observe-for", "\"7d\"")
    };
    let (status, said) = check(&home, "", &[account()], "en").await;
    assert_eq!(status, Some(0), "{said}");
    for words in [
        "signed in as hanako@example.net",
        "komainu demo server, issued by komainu demo authority",
        "the server tells at once (IDLE)",
        "INBOX (25 there now",
        "仕事 (1 there now",
        "komainu隔離 is not there yet; it is made when the service starts",
        "UID MOVE",
        "for 7 days after the first watch nothing is moved",
        "threats in Spam are kept as evidence and not moved",
        "are put into komainu日報, which is made for the first one",
        "mx.example.net: on 20 of the newest 20 messages",
        "✓ witness on the server, with the digests",
        "free space",
        "clock",
        "nothing is kept yet",
    ] {
        assert!(said.contains(words), "no {words:?} in {said}");
    }
    let (status, said) = check(&home, "", &[account()], "ja").await;
    assert_eq!(status, Some(0), "{said}");
    for words in [
        "サインインできました",
        "見張る INBOX（今 25 通",
        "komainu隔離 はまだありません",
        "Spam の脅威を証拠として",
    ] {
        assert!(said.contains(words), "no {words:?} in {said}");
    }
    assert!(!said.contains("安全です"));
    assert_eq!(writing_commands(&server), Vec::<String>::new());
    let mut there = server.mailboxes(&hers);
    there.sort();
    assert_eq!(there, ["INBOX", "Spam", "仕事"]);
    assert!(server.snapshot(&hers, "INBOX").iter().all(|stored| stored.flags.is_empty()));
    assert!(!home.path("state").exists());
}

#[tokio::test]
async fn what_is_to_be_put_right_is_a_fault_and_says_what_to_do() {
    let server = server(&["hanako"], Options { profile: Profile::Bare, ..Options::default() }).await;
    server.deliver(&user("hanako"), "INBOX", letter(1), None, &[]);
    let home = Home::new();
    let account = home
        .account("hanako", &server)
        .with("mailboxes", "[\"INBOX\", \"Nowhere\"]")
        .with("authserv-id", "[\"mx.elsewhere.example\"]");
    fs::create_dir_all(home.path("state/evidence")).unwrap();
    fs::set_permissions(home.path("state"), fs::Permissions::from_mode(0o700)).unwrap();
    fs::set_permissions(home.path("state/evidence"), fs::Permissions::from_mode(0o755)).unwrap();
    let witness = format!("witness-dir = {}\n", super::service::quote_path(&home.path("no-disk")));
    let (status, said) = check(&home, &witness, &[account], "en").await;
    assert_eq!(status, Some(1), "{said}");
    for words in [
        "✗ watches Nowhere is not there, or does not open check the name in `mailboxes`; there are: INBOX",
        "✗ moves by there is no way that cannot lose a message",
        "with mode = \"observe\" it is still judged",
        "! authenticity mx.elsewhere.example: on 0 of the newest 1 messages the name may be wrong; what stands there: mx.example.net",
        "no-disk is not there; is the disk connected?",
        "chmod -R go-rwx",
        "4 to be put right",
    ] {
        assert!(said.contains(words), "no {words:?} in {said}");
    }
    assert_eq!(writing_commands(&server), Vec::<String>::new());
}

#[tokio::test]
async fn what_only_should_be_known_is_no_fault() {
    let server = server(&["hanako"], Options { presented: Presented::EndsSoon, ..Options::default() }).await;
    let home = Home::new();
    let account =
        home.account("hanako", &server).without("authserv-id").with("also-preserve", "[\"\\\\Junk\"]");
    let (status, said) = check(&home, "", &[account], "en").await;
    assert_eq!(status, Some(0), "{said}");
    for words in [
        "! certificate",
        "days left: ",
        "when it ends there is no connection",
        "! only keeps no mailbox is \\Junk",
        "! witness none: an old copy of the whole record",
        "no Authentication-Results counts",
        "files only; with digest-mailbox your mail program shows them",
        "it will work like this; 3 to be aware of",
    ] {
        assert!(said.contains(words), "no {words:?} in {said}");
    }
    // The same disk is no witness.
    fs::create_dir(home.path("beside")).unwrap();
    let witness = format!("witness-dir = {}\n", super::service::quote_path(&home.path("beside")));
    let (status, said) = check(&home, &witness, &[home.account("hanako", &server)], "en").await;
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("is on the same disk as the record"), "{said}");
}

#[tokio::test]
async fn one_account_that_cannot_be_reached_does_not_hide_the_other() {
    let server = server(&["hanako", "taro"], Options::default()).await;
    let home = Home::new();
    let gone = home.account("hanako", &server).with("port", "9");
    let (status, said) = check(&home, "", &[gone, home.account("taro", &server)], "en").await;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("✗ sign-in no connection to localhost:9"), "{said}");
    assert!(said.contains("nobody listens on that port"), "{said}");
    assert!(said.contains("signed in as taro@example.net"), "{said}");
}

#[tokio::test]
async fn on_gmail_it_is_said_that_a_move_changes_labels() {
    let server = server(&["hanako"], Options { profile: Profile::Gmail, ..Options::default() }).await;
    let home = Home::new();
    let (status, said) = check(&home, "", &[home.account("hanako", &server)], "en").await;
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("the message stays in All Mail") && said.contains("(X-GM-MSGID)"), "{said}");
}

#[tokio::test]
async fn below_the_inbox_the_real_names_are_told() {
    let server = server(&["hanako"], Options { profile: Profile::Courier, ..Options::default() }).await;
    server.create(&user("hanako"), "INBOX.Sent");
    let home = Home::new();
    let account = home.account("hanako", &server).with("digest-mailbox", "\"komainu日報\"");
    let (status, said) = check(&home, "", &[account], "en").await;
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("INBOX.komainu隔離 is not there yet"), "{said}");
    assert!(said.contains("are put into INBOX.komainu日報"), "{said}");
    assert!(said.contains("UID COPY, and UID EXPUNGE of that message alone"), "{said}");
    assert_eq!(writing_commands(&server), Vec::<String>::new());
}
