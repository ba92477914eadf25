//! What the server does when nothing is wrong.

use super::client::{MAIL, Raw, USER, deliver, flags, limit, plain, tls, uids};
use komainu::demo::server::{Options, Profile, Security, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

#[tokio::test]
async fn async_imap_reads_and_moves_over_tls() {
    use futures_util::TryStreamExt as _;
    let server = Server::start(Options::default()).await.unwrap();
    server.deliver(USER, "INBOX", MAIL.as_bytes(), None, &[]);
    let mut client = async_imap::Client::new(tls(&server, "localhost").await.unwrap());
    client.read_response().await.unwrap().unwrap();
    let mut session = client.login(USER, "hanako-password").await.map_err(|(e, _)| e).unwrap();
    session.create("Quarantine").await.unwrap();
    let names: Vec<_> = session.list(Some(""), Some("*")).await.unwrap().try_collect().await.unwrap();
    let names: Vec<_> = names.iter().map(async_imap::types::Name::name).collect();
    assert_eq!(names, ["INBOX", "Quarantine"]);
    let mailbox = session.select("INBOX").await.unwrap();
    assert_eq!((mailbox.exists, mailbox.uid_next), (1, Some(2)));
    let items = "(UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[])";
    let fetched: Vec<_> = session.uid_fetch("1:*", items).await.unwrap().try_collect().await.unwrap();
    assert_eq!(fetched[0].body(), Some(MAIL.as_bytes()));
    assert_eq!(fetched[0].size, Some(MAIL.len() as u32));
    assert!(fetched[0].internal_date().is_some());
    drop(fetched);
    session.uid_mv("1", "Quarantine").await.unwrap();
    session.logout().await.unwrap();
    assert_eq!(uids(&server, "INBOX"), [] as [u32; 0]);
    assert_eq!(&*server.snapshot(USER, "Quarantine")[0].octets, MAIL.as_bytes());
    assert!(flags(&server, "Quarantine", 1).is_empty());
}

#[tokio::test]
async fn an_idler_is_woken_at_once_and_told_only_what_is_new() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    let mut raw = Raw::selected(&server, "INBOX").await;
    let tag = raw.ask("IDLE").await;
    assert_eq!(raw.line().await.unwrap(), "+ idling\r\n");
    limit(server.wait_until(|state| state.idling(USER, "INBOX") == 1)).await;
    let uid = server.deliver(USER, "INBOX", MAIL.as_bytes(), None, &[]);
    assert_eq!(raw.line().await.unwrap(), "* 1 EXISTS\r\n");
    assert_eq!(raw.line().await.unwrap(), "* 1 RECENT\r\n");
    server.flag_by_person(USER, "INBOX", uid, "\\Seen", true);
    assert_eq!(raw.line().await.unwrap(), "* 1 FETCH (UID 1 FLAGS (\\Seen \\Recent))\r\n");
    server.move_by_person(USER, "INBOX", uid, "Elsewhere").unwrap();
    assert_eq!(raw.line().await.unwrap(), "* 1 EXPUNGE\r\n");
    raw.send("DONE\r\n").await;
    assert_eq!(raw.until(&tag).await, format!("{tag} OK Idle completed\r\n"));
    limit(server.wait_until(|state| state.idling(USER, "INBOX") == 0)).await;
    assert!(server.commands().iter().any(|line| line == "t1 LOGIN hanako ***"));
}

#[tokio::test]
async fn names_in_modified_utf7_are_made_listed_renamed_and_deleted() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    let mut raw = Raw::logged_in(&server).await;
    assert!(raw.run("CREATE \"&lpSW4g-/&ZeVnLIqe-\"").await.contains(" OK "));
    assert!(raw.run("CREATE \"&lpSW\"").await.contains(" NO [CANNOT]"), "not modified UTF-7");
    assert_eq!(server.mailboxes(USER), ["隔離/日本語", "INBOX"]);
    let reply = raw.run("LIST \"\" \"%\"").await;
    assert!(reply.contains("* LIST (\\Noselect \\HasChildren) \"/\" \"&lpSW4g-\"\r\n"), "{reply}");
    assert!(raw.run("RENAME \"&lpSW4g-\" Kept").await.contains(" NO [NONEXISTENT]"));
    assert!(raw.run("RENAME \"&lpSW4g-/&ZeVnLIqe-\" \"Tom &- Jerry\"").await.contains(" OK "));
    assert_eq!(server.mailboxes(USER), ["INBOX", "Tom & Jerry"]);
    let status = raw.run("STATUS \"Tom &- Jerry\" (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)").await;
    let line = "* STATUS \"Tom &- Jerry\" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1700000001 UNSEEN 0)\r\n";
    assert!(status.starts_with(line), "{status}");
    assert!(raw.run("SUBSCRIBE \"Tom &- Jerry\"").await.contains(" OK "));
    assert!(raw.run("LSUB \"\" *").await.contains("\"Tom &- Jerry\""));
    assert!(raw.run("DELETE INBOX").await.contains(" NO "));
    assert!(raw.run("DELETE \"Tom &- Jerry\"").await.contains(" OK "));
    assert!(raw.run("CREATE \"Tom &- Jerry\"").await.contains(" OK "));
    assert_eq!(server.numbers(USER, "Tom & Jerry"), Some((1_700_000_002, 1)), "made again, so new numbers");
}

#[tokio::test]
async fn a_move_names_each_message_in_the_manner_of_the_profile() {
    let moved = "[COPYUID 1700000001 2:3,5 1:3]";
    for (profile, shape) in [
        (
            Profile::Dovecot,
            format!("* OK {moved} Moved UIDs\r\n* 5 EXPUNGE\r\n* 3 EXPUNGE\r\n* 2 EXPUNGE\r\nTAG OK Move"),
        ),
        (Profile::Gmail, format!("* 5 EXPUNGE\r\n* 3 EXPUNGE\r\n* 2 EXPUNGE\r\nTAG OK {moved}")),
        (
            Profile::Exchange,
            "* 5 EXPUNGE\r\n* 3 EXPUNGE\r\n* 2 EXPUNGE\r\nTAG OK [COPYUID 1700000001  ]".to_owned(),
        ),
    ] {
        let server = Server::start(plain(profile)).await.unwrap();
        deliver(&server, 5);
        server.create(USER, "Quarantine");
        let mut raw = Raw::selected(&server, "INBOX").await;
        let tag = raw.ask("UID MOVE 2:3,5,77 Quarantine").await;
        let reply = raw.until(&tag).await;
        assert!(reply.starts_with(&shape.replace("TAG", &tag)), "{profile:?}: {reply}");
        assert_eq!(uids(&server, "INBOX"), [1, 4]);
        assert_eq!(uids(&server, "Quarantine"), [1, 2, 3]);
        assert!(raw.run("UID MOVE 77 Quarantine").await.contains(" OK "), "OK proves nothing");
        assert!(raw.run("UID MOVE 1 None").await.contains("NO [TRYCREATE]"));
        assert_eq!(uids(&server, "INBOX"), [1, 4]);
    }
}

#[tokio::test]
async fn copy_store_and_uid_expunge_take_exactly_what_they_name() {
    let server = Server::start(plain(Profile::Courier)).await.unwrap();
    deliver(&server, 4);
    let mut raw = Raw::logged_in(&server).await;
    assert!(raw.run("CREATE Quarantine").await.contains(" NO "), "everything lies under INBOX.");
    assert!(raw.run("CREATE INBOX.Quarantine").await.contains(" OK "));
    assert!(raw.run("NAMESPACE").await.starts_with("* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\n"));
    let reply = raw.run("SELECT INBOX").await;
    assert!(!reply.contains("UIDNEXT"), "{reply}");
    assert!(raw.run("UID MOVE 2 INBOX.Quarantine").await.contains(" BAD "), "no MOVE here");
    let reply = raw.run("UID COPY 2,4 INBOX.Quarantine").await;
    assert!(reply.contains("OK [COPYUID 1700000001 2,4 1:2]"), "{reply}");
    assert!(raw.run("UID STORE 1,2 +FLAGS.SILENT (\\Deleted)").await.starts_with('t'), "silent");
    assert_eq!(raw.run("UID EXPUNGE 2:4").await.lines().next(), Some("* 2 EXPUNGE"));
    assert_eq!(uids(&server, "INBOX"), [1, 3, 4], "1 is \\Deleted and was not named");
    assert!(raw.run("UID STORE 1 -FLAGS (\\Deleted)").await.contains("* 1 FETCH (UID 1 FLAGS (\\Recent))"));
    assert!(raw.run("STORE 1:2 FLAGS (\\Flagged)").await.contains("* 2 FETCH (FLAGS (\\Flagged \\Recent))"));
    assert!(raw.run("FETCH 9 FLAGS").await.contains(" BAD "));
    assert!(raw.run("UNSELECT").await.contains(" OK "));
    assert_eq!(uids(&server, "INBOX"), [1, 3, 4]);
}

#[tokio::test]
async fn the_bare_profile_offers_neither_move_nor_uid_expunge() {
    let server = Server::start(plain(Profile::Bare)).await.unwrap();
    deliver(&server, 1);
    server.create(USER, "Quarantine");
    let mut raw = Raw::selected(&server, "INBOX").await;
    let capabilities = raw.run("CAPABILITY").await;
    assert!(!capabilities.contains("MOVE") && !capabilities.contains("UIDPLUS"), "{capabilities}");
    assert!(raw.run("UID MOVE 1 Quarantine").await.contains(" BAD "));
    assert!(raw.run("UID EXPUNGE 1").await.contains(" BAD "));
    let reply = raw.run("UID COPY 1 Quarantine").await;
    assert!(reply.contains(" OK Copy") && !reply.contains("COPYUID"), "{reply}");
    let server = Server::start(plain(Profile::NoIdle)).await.unwrap();
    let mut raw = Raw::selected(&server, "INBOX").await;
    assert!(raw.run("IDLE").await.contains(" BAD "));
}

#[tokio::test]
async fn two_sessions_keep_their_own_numbers() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    deliver(&server, 4);
    server.create(USER, "Elsewhere");
    let mut one = Raw::selected(&server, "INBOX").await;
    let mut two = Raw::selected(&server, "INBOX").await;
    assert!(one.run("STATUS INBOX (RECENT)").await.contains("(RECENT 0)"), "the first session has them");
    assert!(two.run("UID MOVE 1,3 Elsewhere").await.contains(" OK "));
    // Number 2 is still UID 2 for the first session: its numbers must not shift under FETCH, STORE and SEARCH.
    let reply = one.run("FETCH 2 (UID)").await;
    assert!(reply.starts_with("* 2 FETCH (UID 2)\r\nt") && !reply.contains("EXPUNGE"), "{reply}");
    assert!(one.run("FETCH 1 (UID)").await.contains(" NO [EXPUNGEISSUED]"));
    assert!(one.run("SEARCH ALL").await.starts_with("* SEARCH 2 4\r\nt"));
    server.deliver(USER, "INBOX", MAIL.as_bytes(), None, &[]);
    assert!(one.run("STORE 4 +FLAGS (\\Seen)").await.contains("* 5 EXISTS"), "the gone ones still count");
    let reply = one.run("NOOP").await;
    assert!(reply.starts_with("* 3 EXPUNGE\r\n* 1 EXPUNGE\r\nt"), "{reply}");
    assert!(two.run("NOOP").await.contains("* 2 FETCH (UID 4 FLAGS (\\Seen))"));
    assert!(one.run("FETCH 3 (UID)").await.contains("* 3 FETCH (UID 5)"));
    server.set_uidvalidity(USER, "INBOX", 1_800_000_000);
    assert!(one.run("NOOP").await.starts_with("* BYE "));
    let mut three = Raw::logged_in(&server).await;
    assert!(three.run("SELECT INBOX").await.contains("[UIDVALIDITY 1800000000]"));
    assert_eq!(uids(&server, "INBOX"), [1, 2, 3]);
}

#[tokio::test]
async fn identities_stay_through_moves() {
    let options = Options { objectid: true, ..plain(Profile::Gmail) };
    let server = Server::start(options).await.unwrap();
    deliver(&server, 2);
    server.create(USER, "Quarantine");
    let mut raw = Raw::selected(&server, "INBOX").await;
    let item = |reply: &str| {
        let line = reply.lines().next().unwrap();
        line[line.find("X-GM-MSGID").unwrap()..].to_owned()
    };
    let before = item(&raw.run("UID FETCH 2 (X-GM-MSGID EMAILID)").await);
    assert!(before.contains("EMAILID (M"), "{before}");
    assert!(raw.run("UID MOVE 2 Quarantine").await.contains(" OK "));
    assert!(raw.run("SELECT Quarantine").await.contains(" OK "));
    assert_eq!(item(&raw.run("UID FETCH 1 (X-GM-MSGID EMAILID)").await), before);
}

#[tokio::test]
async fn exchange_tells_of_mail_in_front_of_the_continuation() {
    let server = Server::start(plain(Profile::Exchange)).await.unwrap();
    let mut raw = Raw::selected(&server, "INBOX").await;
    deliver(&server, 1);
    raw.ask("IDLE").await;
    assert_eq!(raw.line().await.unwrap(), "* 1 EXISTS\r\n");
    assert_eq!(raw.line().await.unwrap(), "* 1 RECENT\r\n");
    assert_eq!(raw.line().await.unwrap(), "+ idling\r\n");
}

#[tokio::test]
async fn login_needs_the_password_and_starttls_comes_first_where_it_must() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    let mut raw = Raw::greeted(&server).await;
    assert!(raw.run("SELECT INBOX").await.contains(" BAD "));
    assert!(raw.run("LOGIN hanako wrong").await.contains("NO [AUTHENTICATIONFAILED]"));
    assert!(raw.run("AUTHENTICATE PLAIN AGhhbmFrbwB3cm9uZw==").await.contains("NO [AUTHENTICATIONFAILED]"));
    let tag = raw.ask("AUTHENTICATE PLAIN").await;
    assert_eq!(raw.line().await.unwrap(), "+ \r\n");
    raw.send("AGhhbmFrbwBoYW5ha28tcGFzc3dvcmQ=\r\n").await;
    assert!(raw.until(&tag).await.contains(" OK [CAPABILITY"));

    let options = Options { security: Security::StartTls, ..Options::default() };
    let server = Server::start(options).await.unwrap();
    let mut raw = Raw::open(&server).await;
    assert!(raw.line().await.unwrap().contains("STARTTLS LOGINDISABLED"));
    assert!(raw.run("LOGIN hanako hanako-password").await.contains("NO [PRIVACYREQUIRED]"));
    // A command in clear behind STARTTLS must not be run under TLS.
    raw.send("s STARTTLS\r\nx LOGIN hanako hanako-password\r\n").await;
    assert!(raw.until("s").await.contains("s OK"));
    let mut secure = raw.secure(&server).await.unwrap();
    secure.write_all(b"y LOGIN hanako hanako-password\r\n").await.unwrap();
    let mut reply = [0; 5];
    limit(secure.read_exact(&mut reply)).await.unwrap();
    assert_eq!(&reply, b"y OK ");

    let options = Options { security: Security::StartTlsStripped, ..Options::default() };
    let server = Server::start(options).await.unwrap();
    let mut raw = Raw::open(&server).await;
    assert!(!raw.line().await.unwrap().contains("STARTTLS"));
    assert!(raw.run("STARTTLS").await.contains(" BAD "));
    assert!(!server.commands().iter().any(|line| line.contains("password") || line.contains("AGhhb")));
}

#[tokio::test]
async fn garbage_and_oversize_do_no_harm() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    let mut raw = Raw::logged_in(&server).await;
    raw.send("\r\n").await;
    assert!(raw.line().await.unwrap().contains("BAD"));
    assert!(raw.run("FROBNICATE \u{7f}").await.contains(" BAD "));
    assert!(raw.run("SELECT \"隔離\"").await.contains(" BAD "), "8-bit names are not offered");
    let deep = format!("SEARCH {}ALL{}", "(".repeat(5000), ")".repeat(5000));
    assert!(raw.run(&deep).await.contains(" BAD "));
    raw.send("z APPEND INBOX {99999999999}\r\n").await;
    assert!(raw.ended().await);
    let mut raw = Raw::logged_in(&server).await;
    assert!(raw.run("NOOP").await.contains(" OK "));
}

#[tokio::test]
async fn an_access_token_opens_and_an_expired_one_is_told_in_a_challenge() {
    let server = Server::start(Options { tokens: true, ..plain(Profile::Dovecot) }).await.unwrap();
    server.set_token(USER, Some("token-1"));
    // "user=hanako^Aauth=Bearer token-1^A^A"
    let first = "dXNlcj1oYW5ha28BYXV0aD1CZWFyZXIgdG9rZW4tMQEB";
    let mut raw = Raw::greeted(&server).await;
    assert!(raw.run(&format!("AUTHENTICATE XOAUTH2 {first}")).await.contains(" OK [CAPABILITY"));
    server.set_token(USER, None);
    let mut raw = Raw::greeted(&server).await;
    let tag = raw.ask(&format!("AUTHENTICATE XOAUTH2 {first}")).await;
    assert!(raw.line().await.unwrap().starts_with("+ eyJzdGF0dXMiOiI0MDEi"));
    raw.send("\r\n").await;
    assert!(raw.until(&tag).await.contains(" NO [AUTHENTICATIONFAILED]"));
    assert!(!server.commands().iter().any(|line| line.contains(first)));
}

#[tokio::test]
async fn mailboxes_can_be_read_only_unsteady_special_and_taken_away() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    deliver(&server, 2);
    server.create(USER, "Quarantine");
    server.set_special_use(USER, "迷惑メール", "\\Junk");
    server.set_uid_not_sticky(USER, "INBOX", true);
    let mut raw = Raw::selected(&server, "INBOX").await;
    let reply = raw.run("SELECT INBOX").await;
    assert!(reply.contains("* NO [UIDNOTSTICKY]") && reply.contains(" OK [READ-WRITE]"), "{reply}");
    assert!(raw.run("LIST \"\" *").await.contains("(\\HasNoChildren \\Junk) \"/\" \"&j,dg0TDhMPww6w-\""));
    server.set_read_only(USER, "INBOX", true);
    let reply = raw.run("SELECT INBOX").await;
    assert!(reply.contains("[PERMANENTFLAGS ()]") && reply.contains(" OK [READ-ONLY]"), "{reply}");
    for command in ["UID MOVE 1 Quarantine", "UID STORE 1 +FLAGS (\\Seen)", "UID EXPUNGE 1"] {
        assert!(raw.run(command).await.contains(" NO [READ-ONLY]"), "{command}");
    }
    assert!(raw.run("FETCH 1 BODY[]").await.contains("FLAGS ()"), "not \\Seen here");
    assert!(raw.run("UID COPY 1 Quarantine").await.contains("COPYUID"));
    let mut other = Raw::selected(&server, "Quarantine").await;
    let tag = other.ask("IDLE").await;
    assert_eq!(other.line().await.unwrap(), "+ idling\r\n");
    assert!(raw.run("APPEND Quarantine {2+}\r\nab").await.contains("APPENDUID"));
    assert_eq!(other.line().await.unwrap(), "* 2 EXISTS\r\n", "another session's APPEND wakes");
    other.line().await.unwrap();
    other.send("DONE\r\n").await;
    other.until(&tag).await;
    assert!(other.run("RENAME Quarantine Kept").await.contains(" OK "));
    assert!(other.run("NOOP").await.contains(" OK "), "who renames keeps it open");
    server.delete(USER, "Kept");
    other.ask("NOOP").await;
    assert!(other.rest().await.starts_with("* BYE [UNAVAILABLE]"));
    assert!(raw.run("SELECT Kept").await.contains(" NO [NONEXISTENT]"));
    assert!(raw.run("FETCH 1 (UID)").await.contains(" BAD "), "a failed SELECT leaves nothing selected");
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error_and_a_stopped_server_is_gone() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    let addr = server.addr();
    assert!(addr.ip().is_loopback());
    assert!(Server::start(Options { port: addr.port(), ..Options::default() }).await.is_err());
    let mut raw = Raw::selected(&server, "INBOX").await;
    limit(server.shutdown()).await;
    assert!(raw.ended().await);
    assert!(tokio::net::TcpStream::connect(addr).await.is_err());
}
