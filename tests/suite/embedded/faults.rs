//! Each fault strikes when it should, does what it says, and is gone afterwards.

use super::client::{MAIL, Raw, USER, deliver, limit, plain, tls, uids};
use komainu::demo::server::{Act, Cut, Fault, Options, Presented, Profile, Refusal, Server, When, trigger};
use tokio::io::AsyncReadExt as _;

/// A server with three messages and a quarantine mailbox, and a session in INBOX.
async fn scene() -> (Server, Raw) {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    deliver(&server, 3);
    server.create(USER, "Quarantine");
    let raw = Raw::selected(&server, "INBOX").await;
    (server, raw)
}

#[tokio::test]
async fn a_reply_is_cut_at_every_octet() {
    // The first session takes \Recent with it, so that the replies to all later ones are the same.
    let (server, _first) = scene().await;
    let command = "UID FETCH 1:* (UID FLAGS BODY.PEEK[])";
    let whole = Raw::selected(&server, "INBOX").await.run(command).await;
    for octets in 0..=whole.len() {
        let mut raw = Raw::selected(&server, "INBOX").await;
        server.fault(Fault::once("UID FETCH", Act::CutAfter(octets, Cut::Close)));
        raw.ask(command).await;
        assert_eq!(raw.rest().await, whole[..octets]);
        limit(server.wait_until(|state| state.faults_waiting() == 0)).await;
    }
}

#[tokio::test]
async fn connections_are_cut_in_front_of_and_behind_the_tagged_reply() {
    let (server, mut raw) = scene().await;
    server.fault(Fault::once("NOOP", Act::CutAfterTagged(Cut::Close)));
    raw.ask("NOOP").await;
    assert_eq!(raw.rest().await, "t3 OK Done\r\n");
    let mut raw = Raw::selected(&server, "INBOX").await;
    server.fault(Fault::once("FETCH", Act::CutBeforeTagged(Cut::Close)));
    raw.ask("UID FETCH 1 (UID)").await;
    assert_eq!(raw.rest().await, "* 1 FETCH (UID 1)\r\n");
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    let (server, mut raw) = scene().await;
    server.fault(Fault::once("NOOP", Act::CutAfter(0, Cut::Reset)));
    raw.ask("NOOP").await;
    assert_eq!(raw.failure().await, Some(std::io::ErrorKind::ConnectionReset));
    let mut raw = Raw::selected(&server, "INBOX").await;
    server.fault(Fault::once("NOOP", Act::CutAfter(0, Cut::Close)));
    raw.ask("NOOP").await;
    assert_eq!(raw.failure().await, None);
}

#[tokio::test]
async fn a_stalled_connection_stays_open_and_says_nothing() {
    let (server, mut raw) = scene().await;
    server.fault(Fault::once("NOOP", Act::CutAfter(4, Cut::Stall)));
    raw.ask("NOOP").await;
    let mut got = Vec::new();
    while got.len() < 4 {
        got.extend(raw.some().await);
    }
    assert_eq!(got, b"t3 O");
    raw.ask("NOOP").await;
    // Everything that the server would have said has been delivered by the time another session got its answer.
    let mut other = Raw::selected(&server, "INBOX").await;
    assert!(other.run("NOOP").await.contains(" OK "));
    assert!(raw.is_silent());
    assert_eq!(server.connections(), 2);
    server.disconnect_all();
    assert!(raw.ended().await);
    limit(server.wait_until(|state| state.connections() == 0)).await;
}

#[tokio::test]
async fn a_budget_for_the_connection_goes_over_several_replies() {
    let (server, mut raw) = scene().await;
    server.fault(Fault::once("NOOP", Act::CutConnectionAfter(25, Cut::Close)));
    assert_eq!(raw.run("NOOP").await, "t3 OK Done\r\n");
    assert_eq!(raw.run("NOOP").await, "t4 OK Done\r\n");
    raw.ask("NOOP").await;
    assert_eq!(raw.rest().await, "t");
}

#[tokio::test]
async fn crashes_fall_on_either_side_of_the_effect() {
    for (act, moved) in [
        (Act::CrashBeforeEffect, vec![]),
        (Act::CrashAfterEffect, vec![1, 2]),
        (Act::CrashMidway(1), vec![1]),
    ] {
        let (server, mut raw) = scene().await;
        server.fault(Fault::once("MOVE", act.clone()));
        raw.ask("UID MOVE 1,3 Quarantine").await;
        assert_eq!(raw.rest().await, "", "{act:?}");
        assert_eq!(uids(&server, "Quarantine"), moved, "{act:?}");
        assert_eq!(uids(&server, "INBOX").len() + moved.len(), 3);
    }
    for command in ["UID COPY 1 Quarantine", "UID STORE 2 +FLAGS (\\Flagged)", "UID EXPUNGE 3"] {
        for (act, effect) in [(Act::CrashBeforeEffect, false), (Act::CrashAfterEffect, true)] {
            let (server, mut raw) = scene().await;
            server.flag_by_person(USER, "INBOX", 3, "\\Deleted", true);
            server.fault(Fault::once(command.split(' ').nth(1).unwrap(), act));
            raw.ask(command).await;
            assert!(raw.ended().await);
            let done = uids(&server, "Quarantine").len() == 1
                || uids(&server, "INBOX").len() == 2
                || server.snapshot(USER, "INBOX")[1].flags.contains("\\Flagged");
            assert_eq!(done, effect, "{command}");
        }
    }
}

#[tokio::test]
async fn refusals_come_with_their_code_and_as_often_as_asked() {
    let (server, mut raw) = scene().await;
    for command in [
        "UID FETCH 1 (FLAGS)",
        "UID STORE 1 +FLAGS (\\Seen)",
        "UID COPY 1 Quarantine",
        "UID MOVE 1 Quarantine",
        "UID EXPUNGE 1",
        "IDLE",
        "SELECT INBOX",
    ] {
        let name = command.strip_prefix("UID ").unwrap_or(command).split(' ').next().unwrap();
        for refusal in [Refusal::No, Refusal::Bad] {
            server.fault(Fault {
                when: When::Command(name.to_owned()),
                act: Act::Refuse(refusal, "[OVERQUOTA] Full".to_owned()),
                times: 2,
            });
            for _ in 0..2 {
                let reply = raw.run(command).await;
                let status = if refusal == Refusal::No { " NO " } else { " BAD " };
                assert!(reply.starts_with('t') && reply.contains(status), "{command}: {reply}");
                assert!(reply.contains("[OVERQUOTA] Full"));
            }
        }
    }
    assert_eq!(uids(&server, "INBOX"), [1, 2, 3], "no effect");
    assert!(raw.run("UID MOVE 1 Quarantine").await.contains(" OK "), "used up");
    server.fault(Fault::once("MOVE", Act::RefuseAfterEffect(Refusal::No, "[SERVERBUG] Oops".to_owned())));
    assert!(raw.run("UID MOVE 2 Quarantine").await.contains(" NO [SERVERBUG]"));
    server.fault(Fault::once("MOVE", Act::Pretend));
    assert!(raw.run("UID MOVE 3 Quarantine").await.contains(" OK "));
    assert_eq!(uids(&server, "INBOX"), [3], "one moved and refused, one pretended");
}

#[tokio::test]
async fn fetch_lies_in_every_way() {
    let (server, mut raw) = scene().await;
    let command = "UID FETCH 1:2 (RFC822.SIZE BODY.PEEK[])";
    let size = server.snapshot(USER, "INBOX")[0].octets.len();
    for (act, there, absent) in [
        (Act::OmitUid(1), "UID 2".to_owned(), "UID 1"),
        (Act::NilBody, "BODY[] NIL".to_owned(), "{"),
        (Act::EmptyBody, "BODY[] \"\"".to_owned(), "{"),
        (Act::Body(b"Retrieval failed".to_vec()), "BODY[] {16}\r\nRetrieval failed".to_owned(), "number 1"),
        (Act::SizeOff(7), format!("RFC822.SIZE {} ", size + 7), "NIL"),
        (Act::SizeOff(-7), format!("RFC822.SIZE {} ", size - 7), "NIL"),
        (Act::NoUid, "* 1 FETCH (RFC822.SIZE".to_owned(), "UID"),
        (Act::PoisonUid(2, "[UNAVAILABLE] UID FETCH".to_owned()), " NO [UNAVAILABLE]".to_owned(), "UID 2"),
        (
            Act::Inject(b"* 9 EXISTS\r\n* XYZZY\r\n".to_vec()),
            "* 9 EXISTS\r\n* XYZZY\r\n* 1 FETCH".to_owned(),
            "NIL",
        ),
        (Act::Fragments, "UID 2".to_owned(), "NIL"),
        (Act::Replace(b"* 1 FETCH (UID 1)\r\n{tag} OK\r\n".to_vec()), " OK\r\n".to_owned(), "SIZE"),
    ] {
        server.fault(Fault::once("FETCH", act.clone()));
        let reply = raw.run(command).await;
        assert!(reply.contains(&there) && !reply.contains(absent), "{act:?}: {reply}");
    }
    assert!(raw.run("UID FETCH 2 (BODY.PEEK[])").await.contains("number 2"), "and then the truth");
    assert!(raw.run("NOOP").await.contains(" OK "));
}

#[tokio::test]
async fn copyuid_is_left_out_or_bent() {
    let (server, mut raw) = scene().await;
    server.fault(Fault::once("MOVE", Act::NoCopyUid));
    assert!(!raw.run("UID MOVE 1 Quarantine").await.contains("COPYUID"));
    server.fault(Fault::once("MOVE", Act::CopyUid("14 * 5".to_owned())));
    assert!(raw.run("UID MOVE 2 Quarantine").await.contains("* OK [COPYUID 14 * 5]"));
}

#[tokio::test]
async fn bye_comes_at_the_greeting_and_in_between() {
    let (server, mut raw) = scene().await;
    server.fault(Fault::once("NOOP", Act::Bye("[UNAVAILABLE] Down".to_owned())));
    raw.ask("NOOP").await;
    assert_eq!(raw.rest().await, "* BYE [UNAVAILABLE] Down\r\n");
    server.fault(Fault::greeting(Act::Bye("Too many".to_owned())));
    let mut raw = Raw::open(&server).await;
    assert_eq!(raw.rest().await, "* BYE Too many\r\n");
    server.fault(Fault { when: When::Connect, act: Act::CutAfter(0, Cut::Reset), times: 1 });
    let mut raw = Raw::open(&server).await;
    assert_eq!(raw.failure().await, Some(std::io::ErrorKind::ConnectionReset));
    server.refuse_connections(true);
    let mut raw = Raw::open(&server).await;
    assert_eq!(raw.rest().await, "");
    server.refuse_connections(false);
    Raw::selected(&server, "INBOX").await;
}

#[tokio::test]
async fn idle_is_silent_or_ends_by_itself() {
    let (server, mut raw) = scene().await;
    server.fault(Fault::once("IDLE", Act::EndIdle));
    assert!(raw.run("IDLE").await.contains("+ idling\r\nt3 OK "));
    server.fault(Fault::once("IDLE", Act::SilentIdle));
    let tag = raw.ask("IDLE").await;
    assert_eq!(raw.line().await.unwrap(), "+ idling\r\n");
    limit(server.wait_until(|state| state.idling(USER, "INBOX") == 1)).await;
    server.deliver(USER, "INBOX", MAIL.as_bytes(), None, &[]);
    let mut other = Raw::selected(&server, "INBOX").await;
    assert!(other.run("NOOP").await.contains(" OK "));
    assert!(raw.is_silent());
    raw.send("DONE\r\n").await;
    assert!(raw.until(&tag).await.contains("* 4 EXISTS"));
}

#[tokio::test]
async fn a_held_command_waits_on_either_side_of_its_effect() {
    for (act, before) in [(Act::HoldBeforeEffect, 0), (Act::HoldAfterEffect, 1)] {
        let (server, mut raw) = scene().await;
        server.fault(Fault::once("MOVE", act));
        let tag = raw.ask("UID MOVE 1 Quarantine").await;
        limit(server.wait_until(|state| state.held() == 1)).await;
        assert_eq!(uids(&server, "Quarantine").len(), before);
        server.release();
        assert!(raw.until(&tag).await.contains("COPYUID"));
    }
}

#[tokio::test]
async fn commands_are_counted_and_triggers_pass() {
    let (server, mut raw) = scene().await;
    let next = server.commands().len() as u64 + 2;
    let alert = Act::Inject(trigger::dash_after_code());
    server.fault(Fault { when: When::Number(next), act: alert, times: 1 });
    assert!(!raw.run("NOOP").await.contains("ALERT"));
    assert!(raw.run("NOOP").await.contains("* OK [ALERT]\u{2013}x"));
    server.fault(Fault::once("FETCH", Act::Inject(trigger::nested_structure(10_000))));
    assert!(raw.run("FETCH 1 (UID)").await.len() > 10_000);
    server.fault(Fault::once("IDLE", Act::Replace(trigger::bare_bad())));
    assert_eq!(raw.run("IDLE").await, "t6 BAD\r\n");
    server.fault(Fault { when: When::Any, act: Act::Replace(trigger::announced_literal()), times: 1 });
    raw.ask("NOOP").await;
    assert!(String::from_utf8(raw.some().await).unwrap().contains("{524000000}"));
    server.fault(Fault::always("NOOP", Act::Pretend));
    server.clear_faults();
    limit(server.wait_until(|state| state.faults_waiting() == 0)).await;
}

#[tokio::test]
async fn certificates_fail_for_their_own_reason() {
    for (presented, name, word) in [
        (Presented::Good, "localhost", ""),
        (Presented::Good, "127.0.0.1", ""),
        (Presented::Expired, "localhost", "expired"),
        (Presented::WrongName, "localhost", "not valid for name"),
        (Presented::ForeignAuthority, "localhost", "BadSignature"),
    ] {
        let server = Server::start(Options { presented, ..Options::default() }).await.unwrap();
        match limit(tls(&server, name)).await {
            Ok(mut stream) => {
                assert_eq!(word, "", "{presented:?} was accepted");
                let mut greeting = [0; 4];
                limit(stream.read_exact(&mut greeting)).await.unwrap();
                assert_eq!(&greeting, b"* OK");
            }
            Err(error) => assert!(!word.is_empty() && error.to_string().contains(word), "{error}"),
        }
    }
}

#[tokio::test]
async fn under_tls_a_cut_is_not_an_orderly_close() {
    use tokio::io::AsyncWriteExt as _;
    let server = Server::start(Options::default()).await.unwrap();
    let mut text = Vec::new();
    let mut stream = tls(&server, "localhost").await.unwrap();
    stream.write_all(b"a LOGOUT\r\n").await.unwrap();
    limit(stream.read_to_end(&mut text)).await.unwrap();
    assert!(text.ends_with(b"a OK Logout completed\r\n"));
    for (cut, kind) in
        [(Cut::Close, std::io::ErrorKind::UnexpectedEof), (Cut::Reset, std::io::ErrorKind::ConnectionReset)]
    {
        server.fault(Fault::greeting(Act::CutAfter(10, cut)));
        let mut stream = tls(&server, "localhost").await.unwrap();
        let error = limit(stream.read_to_end(&mut Vec::new())).await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}
