//! Everything but the service's daily work: usage, configurations that are not right, `check`, `demo`, the locked store.

use std::path::Path;

use komainu::demo::server::Options;
use komainu::evidence::Entry;

use super::service::{
    Home, in_time, logins, output, server, until_idle, until_settled, user, writing_commands,
};
use crate::support::world::{records, threat};

/// sysexits.
const EX_USAGE: i32 = 64;
const EX_CONFIG: i32 = 78;

fn text(octets: &[u8]) -> String {
    String::from_utf8(octets.to_vec()).unwrap()
}

#[tokio::test]
async fn several_faults_of_a_configuration_are_named_with_their_places_at_once() {
    let home = Home::new();
    let config = home.write(
        "komainu.toml",
        "[[account]]\nname = \"hanako\"\nhost = \"imap.example.com\"\nuser = \"hanako@example.com\"\n\
         pasword = { file = \"password\" }\nport = 70000\nmode = \"quarantaine\"\n",
    );
    let config = config.to_str().unwrap();
    let output = output(&["run", "--config", config]).await;
    assert_eq!(output.status.code(), Some(EX_CONFIG));
    let stderr = text(&output.stderr);
    for place in ["5:1", "6:8", "7:8"] {
        assert!(stderr.contains(&format!("--> {config}:{place}\n")), "{place}: {stderr}");
    }
    assert_eq!(
        stderr.lines().filter(|line| line.contains("| ") && line.contains('^')).count(),
        3,
        "{stderr}"
    );
    assert!(stderr.contains("did you mean `password`?"), "{stderr}");
    assert!(output.stdout.is_empty());
    assert!(!home.path("state").exists());
}

#[tokio::test]
async fn a_missing_configuration_or_password_is_a_fault_of_the_configuration() {
    let home = Home::new();
    let missing = home.path("not-there.toml");
    for what in ["run", "check"] {
        let output = output(&[what, "--config", missing.to_str().unwrap()]).await;
        assert_eq!(output.status.code(), Some(EX_CONFIG), "{what}");
        assert!(text(&output.stderr).contains("not-there.toml"), "{}", text(&output.stderr));
    }
    let server = server(&["hanako"], Options::default()).await;
    let config = home.configure(&[home.account("hanako", &server)]);
    std::fs::remove_file(home.path("hanako.password")).unwrap();
    let output = output(&["run", "--config", config.to_str().unwrap()]).await;
    assert_eq!(output.status.code(), Some(EX_CONFIG));
    assert!(text(&output.stderr).contains("hanako"), "{}", text(&output.stderr));
    in_time("no connection", server.wait_until(|state| state.opened() == 0)).await;
}

#[tokio::test]
async fn usage_errors_exit_64_and_help_exits_0() {
    for arguments in [
        &["no-such-command"][..],
        &[],
        &["run", "--no-such-flag"],
        &["scan"],
        &["scan", "--format", "xml", "-"],
        &["run", "--backlog", "a while"],
        &["--lang", "fr", "run"],
    ] {
        let output = output(arguments).await;
        assert_eq!(output.status.code(), Some(EX_USAGE), "{arguments:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{arguments:?}");
    }
    for arguments in
        [&["--help"][..], &["--version"], &["run", "--help"], &["scan", "--help"], &["check", "--help"]]
    {
        let output = output(arguments).await;
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty() && !output.stdout.is_empty(), "{arguments:?}");
    }
}

#[tokio::test]
async fn check_accepts_the_annotated_default() {
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/komainu.toml");
    let output = output(&["check", "--config", config.to_str().unwrap()]).await;
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("imap.example.com:993"), "{}", text(&output.stdout));
}

#[tokio::test]
async fn check_online_signs_in_and_writes_nothing() {
    let server = server(&["hanako"], Options::default()).await;
    server.deliver(&user("hanako"), "INBOX", threat(1), None, &[]);
    let home = Home::new();
    let config = home.configure(&[home.account("hanako", &server)]);
    let output = output(&["check", "--online", "--config", config.to_str().unwrap()]).await;
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("signed in"), "{}", text(&output.stdout));
    assert_eq!(logins(&server), 1);
    assert_eq!(writing_commands(&server), Vec::<String>::new());
    assert_eq!(server.mailboxes(&user("hanako")), ["INBOX"]);
    assert!(!home.path("state").exists());
    // What it finds wrong is its exit status.
    home.write("hanako.password", "not the password");
    let refused = super::service::output(&["check", "--online", "--config", config.to_str().unwrap()]).await;
    assert_eq!(refused.status.code(), Some(1));
}

#[tokio::test]
async fn observe_mode_writes_nothing_on_the_wire() {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    home.configure(&[home.account("hanako", &server).with("mode", "\"observe\"")]);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    for number in 0..3 {
        server.deliver(&user("hanako"), "INBOX", threat(number), None, &[]);
        service.until(&format!("judged {},", number + 1)).await;
    }
    service.stop().await;
    // And with an interrupted story behind it.
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    service.stop().await;
    assert_eq!(writing_commands(&server), Vec::<String>::new());
    assert_eq!(server.mailboxes(&user("hanako")), ["INBOX"]);
    assert!(server.snapshot(&user("hanako"), "INBOX").iter().all(|stored| stored.flags.is_empty()));
    home.check_story(&server, "hanako", &[threat(0), threat(1), threat(2)]);
    let metas = home.records().into_iter().filter(|record| matches!(record.entry, Entry::Captured { .. }));
    assert_eq!(metas.count(), 3);
}

#[tokio::test]
async fn the_demo_leaves_what_an_installation_has() {
    let home = Home::new();
    let dir = home.path("demo");
    let name = dir.to_str().unwrap();
    let played = output(&["demo", "--dir", name, "--lang", "en"]).await;
    assert_eq!(played.status.code(), Some(0), "{}{}", text(&played.stdout), text(&played.stderr));
    assert!(played.stderr.is_empty(), "{}", text(&played.stderr));
    let records = records(&dir.join("state"));
    assert!(records.len() > 40, "{}", records.len());
    let config = dir.join("komainu.toml");
    let checked = output(&["check", "--config", config.to_str().unwrap()]).await;
    assert_eq!(checked.status.code(), Some(0), "{}{}", text(&checked.stdout), text(&checked.stderr));
    // Not again into the same folder: it holds evidence.
    let again = output(&["demo", "--dir", name, "--lang", "en"]).await;
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("is not empty"), "{}", text(&again.stderr));
    assert_eq!(crate::support::world::records(&dir.join("state")).len(), records.len());
}

#[tokio::test]
async fn a_store_that_is_in_use_is_left_alone() {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    let config = home.configure(&[home.account("hanako", &server)]);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    let second = output(&["run", "--config", config.to_str().unwrap()]).await;
    assert_eq!(second.status.code(), Some(1), "{}", text(&second.stderr));
    let said = text(&second.stderr);
    assert!(said.contains(home.path("state").to_str().unwrap()) && said.contains("in use"), "{said}");
    assert_eq!(logins(&server), 1, "the second signed in");
    // The first goes on undisturbed.
    server.deliver(&user("hanako"), "INBOX", threat(1), None, &[]);
    until_settled(&server, "hanako", 0, 1).await;
    service.stop().await;
    home.assert_orderly();
}

#[tokio::test]
async fn a_kill_leaves_a_chain_that_verifies_and_is_gone_on_with() {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    home.configure(&[home.account("hanako", &server)]);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    server.deliver(&user("hanako"), "INBOX", threat(1), None, &[]);
    until_settled(&server, "hanako", 0, 1).await;
    service.signal(rustix::process::Signal::KILL);
    assert_eq!(service.ended().await.code(), None);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    service.stop().await;
    home.check_story(&server, "hanako", &[threat(1)]);
    home.assert_orderly();
}
