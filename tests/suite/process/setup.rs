//! `komainu setup`: answers through a pipe, through a terminal, and as flags; what it leaves, and that it leaves nothing where
//! it does not come to its end.

mod terminal;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use komainu::config::{Config, Environment, Mode, PasswordSource};
use komainu::demo::server::{Options, Presented, Server};
use tokio::io::AsyncWriteExt as _;

use super::service::{Home, PASSWORD, command, in_time, logins, output, server, user, writing_commands};
use crate::support::world::{letter, threat};

const EX_USAGE: i32 = 64;
const EX_NOPERM: i32 = 77;

fn text(octets: &[u8]) -> String {
    String::from_utf8(octets.to_vec()).unwrap()
}

/// A server with mail of hers, and a junk mailbox.
async fn hers(options: Options) -> Server {
    let server = server(&["hanako"], options).await;
    for number in 0..3 {
        server.deliver(&user("hanako"), "INBOX", letter(number), None, &[]);
    }
    server.deliver(&user("hanako"), "INBOX", threat(0), None, &[]);
    server.create(&user("hanako"), "迷惑メール");
    server.set_special_use(&user("hanako"), "迷惑メール", "\\Junk");
    server
}

/// Where the program believes to be at home.
fn at_home(home: &Home) -> [(&'static str, PathBuf); 3] {
    [
        ("HOME", home.path("home")),
        ("XDG_CONFIG_HOME", home.path("home/config")),
        ("XDG_STATE_HOME", home.path("home/state")),
    ]
}

/// Runs `setup` with these flags, and these lines to read.
async fn setup(home: &Home, flags: &[&str], lines: &str) -> Output {
    let mut command = command();
    command.arg("setup").args(flags).envs(at_home(home));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // It may end before it has read everything.
    let _ = stdin.write_all(lines.as_bytes()).await;
    drop(stdin);
    in_time("the end of setup", child.wait_with_output()).await.unwrap()
}

/// What a person answers who takes every proposal, line by line; English.
fn answers(server: &Server) -> Vec<String> {
    let host = format!("localhost:{}", server.addr().port());
    let mut lines = vec!["2".to_owned(), user("hanako"), host, String::new(), PASSWORD.to_owned()];
    // Mailboxes, authserv-id, mode, quarantine, junk, digests.
    lines.extend(["", "", "", "", "", ""].map(str::to_owned));
    // Names, where she lives, addresses, days, write.
    let own = ["Hanako Yamada, 山田花子", "1 Example St, Town; 03-0000-0000", "old@example.org", "30", ""];
    lines.extend(own.map(str::to_owned));
    lines
}

fn config_of(home: &Home) -> PathBuf {
    home.path("cfg/deep/komainu.toml")
}

fn flags<'f>(config: &'f Path, ca: &'f Path) -> Vec<&'f str> {
    vec!["--config", config.to_str().unwrap(), "--ca-file", ca.to_str().unwrap()]
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Every file below the folder where the configuration was to be.
fn left(home: &Home) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![home.path("cfg")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

#[tokio::test]
async fn answers_through_a_pipe_make_a_configuration_that_works_and_is_the_persons_alone() {
    let server = hers(Options::default()).await;
    let home = Home::new();
    let ca = home.write("ca.pem", server.ca_pem());
    let config = config_of(&home);
    let lines = answers(&server).join("\n") + "\n";
    let done = setup(&home, &flags(&config, &ca), &lines).await;
    let said = text(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{said}\n{}", text(&done.stderr));
    for words in [
        "4 of the newest 4 messages have this name: mx.example.net",
        "signed in as hanako@example.net",
        "komainu run --backlog 30d --config",
        "komainu check --online --config",
        "Never send a read receipt",
    ] {
        assert!(said.contains(words), "no {words:?} in\n{said}");
    }
    assert!(said.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 100), "{said}");
    // What was written says what was answered.
    let read = Config::load(&config, &Environment::of_process()).unwrap();
    let account = &read.accounts[0];
    assert_eq!(account.user, user("hanako"));
    assert_eq!((account.mode, account.observe_for.unwrap().as_secs()), (Mode::Quarantine, 7 * 86_400));
    assert_eq!(account.authserv_ids, ["mx.example.net"]);
    assert_eq!(account.also_preserve, ["\\Junk"]);
    assert_eq!(account.digest_mailbox.as_deref(), Some("komainu日報"));
    assert_eq!(read.identity.names, ["Hanako Yamada", "山田花子"]);
    assert_eq!(read.identity.addresses, ["old@example.org"]);
    assert_eq!(read.identity.postal, ["1 Example St, Town", "03-0000-0000"]);
    // Nobody else's.
    let PasswordSource::File(password) = &account.password else { panic!("{account:?}") };
    assert_eq!(fs::read_to_string(password).unwrap().trim_end_matches('\n'), PASSWORD);
    assert_eq!((mode(&config), mode(password)), (0o600, 0o600));
    assert_eq!((mode(&home.path("cfg")), mode(&home.path("cfg/deep"))), (0o700, 0o700));
    assert!(!said.contains(PASSWORD) && !text(&done.stderr).contains(PASSWORD));
    let checked = output(&["check", "--config", config.to_str().unwrap()]).await;
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stdout));
    // And on the server nothing has changed.
    assert_eq!(writing_commands(&server), Vec::<String>::new());
    assert_eq!(logins(&server), 2, "once to try, once to look at what was written");
}

#[tokio::test]
async fn wherever_the_answers_end_nothing_is_written() {
    let server = hers(Options::default()).await;
    let home = Home::new();
    let ca = home.write("ca.pem", server.ca_pem());
    let config = config_of(&home);
    let all = answers(&server);
    for count in 0..all.len() {
        let mut lines = all[..count].join("\n");
        if count > 0 {
            lines.push('\n');
        }
        let done = setup(&home, &flags(&config, &ca), &lines).await;
        assert_eq!(done.status.code(), Some(1), "after {count} answers");
        assert!(text(&done.stderr).contains("Nothing was written"), "{}", text(&done.stderr));
        assert_eq!(left(&home), Vec::<PathBuf>::new(), "after {count} answers");
    }
    // "No" at the end, too.
    let mut lines = all.clone();
    *lines.last_mut().unwrap() = "n".to_owned();
    let done = setup(&home, &flags(&config, &ca), &(lines.join("\n") + "\n")).await;
    assert_eq!((done.status.code(), left(&home)), (Some(1), Vec::new()));
}

#[tokio::test]
async fn what_is_wrong_is_said_and_can_be_put_right_without_beginning_again() {
    let server = hers(Options::default()).await;
    let home = Home::new();
    let ca = home.write("ca.pem", server.ca_pem());
    let config = config_of(&home);
    let mut lines = answers(&server);
    let right = lines[2].clone();
    // No address; an unknown host; a port where nobody listens; no authority; a wrong password.
    lines.splice(1..1, ["hanako".to_owned()]);
    lines[3] = "no-such-host.invalid".to_owned();
    let again = ["3", "localhost:9", "", "3", &right, "1", "4", ca.to_str().unwrap(), "1", PASSWORD]
        .map(str::to_owned);
    lines[5] = "not the password".to_owned();
    lines.splice(6..6, again);
    let done = setup(&home, &["--config", config.to_str().unwrap()], &(lines.join("\n") + "\n")).await;
    let said = text(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{said}\n{}", text(&done.stderr));
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = said.as_str();
    for words in [
        "That is no mail address",
        "check the spelling of the server's name",
        "nobody listens on that port",
        "a private authority is named in `ca-file`",
        "check user and password",
        "✓ signed in",
    ] {
        let at = rest.find(words).unwrap_or_else(|| panic!("no {words:?} in its place in\n{said}"));
        rest = &rest[at..];
    }
    assert_eq!(left(&home).len(), 2);
}

#[tokio::test]
async fn what_the_loader_would_not_take_is_chosen_again_before_anything_is_written() {
    let server = hers(Options::default()).await;
    server.create(&user("hanako"), "komainu日報");
    let home = Home::new();
    let ca = home.write("ca.pem", server.ca_pem());
    let config = config_of(&home);
    let mut lines = answers(&server);
    // Watches the mailbox that the digests are to go to, and says so only at the end.
    let before = lines.len() - 1;
    let choices: Vec<String> = lines[5..before].to_vec();
    lines[5] = "INBOX, komainu日報".to_owned();
    lines.splice(before..before, choices);
    let done = setup(&home, &flags(&config, &ca), &(lines.join("\n") + "\n")).await;
    let said = text(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{said}\n{}", text(&done.stderr));
    assert!(said.contains("of `digest-mailbox` is named by another key, too"), "{said}");
    assert_eq!(Config::load(&config, &Environment::of_process()).unwrap().accounts[0].mailboxes, ["INBOX"]);
}

/// Flags for a run without questions; more can follow.
fn unasked<'f>(config: &'f Path, ca: &'f Path, password: &'f Path, host: &'f str) -> Vec<&'f str> {
    let mut all = flags(config, ca);
    all.extend(["--yes", "--lang", "en", "--address", "hanako@example.net"]);
    all.extend(["--password-file", password.to_str().unwrap(), "--host", host]);
    all
}

#[tokio::test]
async fn without_questions_the_flags_decide_and_the_password_stays_where_it_is() {
    let server = hers(Options::default()).await;
    let home = Home::new();
    let ca = home.write("ca.pem", server.ca_pem());
    let password = home.write("secret", PASSWORD);
    let config = config_of(&home);
    let host = format!("localhost:{}", server.addr().port());
    let mut all = unasked(&config, &ca, &password, &host);
    // Without a mode, nothing: nobody is to be surprised.
    let done = setup(&home, &all, "").await;
    assert_eq!(done.status.code(), Some(EX_USAGE));
    assert!(text(&done.stderr).contains("--mode"), "{}", text(&done.stderr));
    assert_eq!(left(&home), Vec::<PathBuf>::new());
    all.extend(["--mode", "quarantine", "--observe-for", "0"]);
    let done = setup(&home, &all, "").await;
    assert_eq!(done.status.code(), Some(0), "{}{}", text(&done.stdout), text(&done.stderr));
    assert_eq!(left(&home), std::slice::from_ref(&config));
    let written = fs::read_to_string(&config).unwrap();
    assert!(written.contains(password.to_str().unwrap()) && !written.contains("observe-for"), "{written}");
    // A second time it is refused, and what is there stays.
    let done = setup(&home, &all, "").await;
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("is not overwritten"), "{}", text(&done.stderr));
    assert_eq!(fs::read_to_string(&config).unwrap(), written);
}

#[tokio::test]
async fn without_questions_each_refusal_says_what_to_do_and_writes_nothing() {
    let server = hers(Options::default()).await;
    let strange = hers(Options { presented: Presented::ForeignAuthority, ..Options::default() }).await;
    let home = Home::new();
    let ca = home.write("ca.pem", server.ca_pem());
    let (right, wrong) = (home.write("right", PASSWORD), home.write("wrong", "x"));
    let open = home.write("open", PASSWORD);
    fs::set_permissions(&open, fs::Permissions::from_mode(0o644)).unwrap();
    let config = config_of(&home);
    let host = format!("localhost:{}", server.addr().port());
    let strange = format!("localhost:{}", strange.addr().port());
    for (password, host, status, words) in [
        (&wrong, host.as_str(), EX_NOPERM, "check user and password"),
        (&right, strange.as_str(), EX_NOPERM, "certificate"),
        (&right, "localhost:9", 1, "nobody listens on that port"),
        (&right, "no-such-host.invalid", 1, "check the spelling"),
        (&right, "imaps://localhost", 78, "imaps://"),
        (&open, host.as_str(), 78, "chmod 600"),
    ] {
        let mut all = unasked(&config, &ca, password, host);
        all.extend(["--mode", "observe"]);
        let done = setup(&home, &all, "").await;
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(status), "{words}: {said}");
        assert!(said.contains(words) && said.contains("Nothing was written"), "{words}: {said}");
        assert_eq!(left(&home), Vec::<PathBuf>::new(), "{words}");
    }
}

#[tokio::test]
async fn a_place_that_cannot_be_written_to_is_told_before_anything_is_asked() {
    let home = Home::new();
    let file = home.write("a-file", "");
    let config = file.join("komainu.toml");
    let done = setup(&home, &["--lang", "ja", "--config", config.to_str().unwrap()], "").await;
    assert_eq!(done.status.code(), Some(1));
    let said = text(&done.stdout);
    assert!(said.contains("書き込めません") && !said.contains("メールアドレス:"), "{said}");
}

#[tokio::test]
async fn a_password_from_standard_input_is_written_for_its_owner_alone() {
    let server = hers(Options::default()).await;
    let home = Home::new();
    let ca = home.write("ca.pem", server.ca_pem());
    let config = config_of(&home);
    let host = format!("localhost:{}", server.addr().port());
    let mut all = unasked(&config, &ca, Path::new("-"), &host);
    all.extend(["--mode", "observe"]);
    let done = setup(&home, &all, &format!("{PASSWORD}\n")).await;
    assert_eq!(done.status.code(), Some(0), "{}{}", text(&done.stdout), text(&done.stderr));
    let password = home.path("cfg/deep/hanako.password");
    assert_eq!(fs::read_to_string(&password).unwrap(), format!("{PASSWORD}\n"));
    assert_eq!(mode(&password), 0o600);
}

#[tokio::test]
async fn a_provider_that_takes_no_password_is_told_apart_before_one_is_asked_for() {
    let home = Home::new();
    let config = config_of(&home);
    for lang in ["ja", "en"] {
        let flags = ["--config", config.to_str().unwrap(), "--lang", lang, "--address", "hanako@outlook.jp"];
        let done = setup(&home, &flags, "\n").await;
        assert_eq!(done.status.code(), Some(EX_NOPERM));
        let said = text(&done.stdout);
        assert!(
            said.contains("OAuth") && !said.contains("Password (") && !said.contains("パスワード（"),
            "{said}"
        );
        assert_eq!(left(&home), Vec::<PathBuf>::new());
    }
    // And the hint where one is wanted that is made for this.
    let flags = ["--config", config.to_str().unwrap(), "--lang", "ja", "--address", "hanako@gmail.com"];
    let done = setup(&home, &flags, "").await;
    assert!(text(&done.stdout).contains("myaccount.google.com/apppasswords"), "{}", text(&done.stdout));
    assert!(text(&done.stdout).contains("IMAP サーバー [imap.gmail.com:993]"), "{}", text(&done.stdout));
}

#[tokio::test]
async fn a_server_that_cannot_move_safely_is_only_observed() {
    use komainu::demo::server::Profile;
    let server = hers(Options { profile: Profile::Bare, ..Options::default() }).await;
    let home = Home::new();
    let ca = home.write("ca.pem", server.ca_pem());
    let password = home.write("secret", PASSWORD);
    let config = config_of(&home);
    let host = format!("localhost:{}", server.addr().port());
    let mut all = unasked(&config, &ca, &password, &host);
    all.extend(["--mode", "quarantine"]);
    let done = setup(&home, &all, "").await;
    assert_eq!(done.status.code(), Some(0), "{}{}", text(&done.stdout), text(&done.stderr));
    let read = Config::load(&config, &Environment::of_process()).unwrap();
    assert_eq!(read.accounts[0].mode, Mode::Observe);
}
