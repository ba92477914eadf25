//! Moving and naming mailboxes: OK is no proof, COPYUID comes in every shape, and what is not on the list cannot be sent.

use super::script::{Step, USUAL, c, ok, s, selected, session};
use komainu::imap::{Error, Mailbox, MovePath, Moved, NoMove};

fn quarantine() -> Mailbox {
    Mailbox::new("komainu隔離").unwrap()
}

const MOVE: &str = "UID MOVE 5:7 \"komainu&lpSW4g-\"";

async fn moved(answer: &str) -> Result<Moved, Error> {
    let (mut session, server) = selected(USUAL, [c(MOVE), s(answer)]).await;
    let result = session.move_to(&[5, 6, 7], &quarantine()).await;
    drop(session);
    server.await.unwrap();
    result
}

fn pairs(moved: &Moved) -> Vec<(u32, u32)> {
    moved.pairs.iter().map(|(&from, &to)| (from, to)).collect()
}

#[tokio::test(start_paused = true)]
async fn copyuid_is_read_untagged_and_tagged() {
    let untagged = moved("* OK [COPYUID 14 5:7 20:22] moved\r\n* 1 EXPUNGE\r\n%T OK done\r\n").await.unwrap();
    let tagged = moved("* 1 EXPUNGE\r\n%T OK [COPYUID 14 5:7 20:22] done\r\n").await.unwrap();
    let split =
        moved("* OK [COPYUID 14 5 20] a\r\n* OK [COPYUID 14 6,7 21:22] b\r\n%T OK\r\n").await.unwrap();
    for told in [untagged, tagged, split] {
        assert_eq!(told.dest_uidvalidity, Some(14));
        assert_eq!(pairs(&told), [(5, 20), (6, 21), (7, 22)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_move_of_what_is_not_there_is_ok_and_proves_nothing() {
    let told = moved("%T OK done\r\n").await.unwrap();
    assert_eq!(told, Moved::default());
    let some = moved("* OK [COPYUID 14 6 20] moved\r\n%T OK\r\n").await.unwrap();
    assert_eq!(pairs(&some), [(6, 20)]);
}

#[tokio::test(start_paused = true)]
async fn a_malformed_copyuid_gives_no_pairs_and_no_error() {
    for code in [
        "COPYUID 14  ",
        "COPYUID 14 * 5",
        "COPYUID 14 5:7 20",
        "COPYUID 14 1:4294967295 1:4294967295",
        "COPYUID 14 99 20",
        "COPYUID",
    ] {
        let told = moved(&format!("* OK [{code}] x\r\n%T OK [{code}] done\r\n")).await.unwrap();
        assert_eq!(told.pairs.len(), 0, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_move_without_its_destination_names_trycreate() {
    let error = moved("%T NO [TRYCREATE] no such mailbox\r\n").await.unwrap_err();
    assert_eq!(error.code(), Some("TRYCREATE"));
    assert!(error.keeps_connection());
}

#[tokio::test(start_paused = true)]
async fn a_move_that_is_cut_off_is_unknown_and_no_success() {
    let error = moved("* OK [COPYUID 14 5:7 20:22] moved\r\n* 1 EXPUNGE\r\n").await.unwrap_err();
    assert!(matches!(error, Error::Closed), "{error:?}");
    assert!(!error.keeps_connection());
}

#[tokio::test(start_paused = true)]
async fn store_and_uid_expunge_answered_no_are_errors() {
    let steps = [
        c("UID COPY 5 \"komainu&lpSW4g-\""),
        s("%T OK [COPYUID 14 5 20] done\r\n"),
        c("UID STORE 5 +FLAGS.SILENT (\\Deleted)"),
        s("%T NO no\r\n"),
        c("UID EXPUNGE 5"),
        s("%T NO no\r\n"),
        c("UID STORE 5 -FLAGS.SILENT (\\Deleted)"),
        s("%T OK\r\n"),
    ];
    let (mut session, _server) = selected("IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS", steps).await;
    assert_eq!(session.move_path(), MovePath::Copy);
    assert_eq!(pairs(&session.copy_to(&[5], &quarantine()).await.unwrap()), [(5, 20)]);
    assert!(matches!(session.mark_deleted(&[5]).await, Err(Error::No { command: "UID STORE", .. })));
    assert!(matches!(session.uid_expunge(&[5]).await, Err(Error::No { command: "UID EXPUNGE", .. })));
    session.unmark_deleted(&[5]).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_the_server_cannot_do_safely_is_not_sent() {
    let (mut gmail, _server) = selected("IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS X-GM-EXT-1", ok("NOOP")).await;
    assert_eq!(gmail.move_path(), MovePath::None(NoMove::Gmail));
    assert!(matches!(gmail.copy_to(&[5], &quarantine()).await, Err(Error::Unsupported { .. })));
    assert!(matches!(gmail.uid_expunge(&[5]).await, Err(Error::Unsupported { .. })));
    gmail.noop().await.unwrap();

    let (mut bare, _server) = selected("IMAP4rev1 AUTH=PLAIN SASL-IR", ok("NOOP")).await;
    assert_eq!(bare.move_path(), MovePath::None(NoMove::Neither));
    assert!(matches!(bare.mark_deleted(&[5]).await, Err(Error::Unsupported { .. })));
    assert!(matches!(bare.uid_expunge(&[5]).await, Err(Error::Unsupported { .. })));
    assert!(matches!(bare.move_to(&[5], &quarantine()).await, Err(Error::Unsupported { .. })));
    bare.noop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nothing_is_moved_by_an_empty_set_or_without_a_selected_mailbox() {
    let (mut chosen, _server) = selected(USUAL, ok("NOOP")).await;
    assert!(matches!(chosen.move_to(&[], &quarantine()).await, Err(Error::Unsupported { .. })));
    assert!(matches!(chosen.uid_expunge(&[0]).await, Err(Error::Unsupported { .. })));
    chosen.noop().await.unwrap();
    let (mut unselected, _server) = session(USUAL, ok("NOOP")).await;
    assert!(matches!(unselected.move_to(&[5], &quarantine()).await, Err(Error::Unsupported { .. })));
}

fn list(pattern: &str, answer: &str) -> [Step; 2] {
    [c(&format!("LIST \"\" {pattern}")), s(format!("{answer}%T OK\r\n"))]
}

#[tokio::test(start_paused = true)]
async fn a_mailbox_that_exists_is_found_under_the_servers_own_prefix() {
    let steps = [
        list("\"\"", "* LIST (\\Noselect) \".\" \"\"\r\n"),
        list("\"komainu&lpSW4g-\"", ""),
        list("\"INBOX.komainu&lpSW4g-\"", "* LIST (\\HasNoChildren) \".\" \"INBOX.komainu&lpSW4g-\"\r\n"),
    ];
    let (mut session, _server) = session(USUAL, steps.into_iter().flatten()).await;
    let found = session.ensure_mailbox("komainu隔離").await.unwrap();
    assert_eq!((found.name(), found.wire()), ("INBOX.komainu隔離", "INBOX.komainu&lpSW4g-"));
}

#[tokio::test(start_paused = true)]
async fn a_mailbox_that_is_missing_is_created_with_the_prefix_the_server_wants() {
    let steps = [
        list("\"\"", "* LIST (\\Noselect) \".\" \"\"\r\n"),
        list("\"Q.a\"", ""),
        list("\"INBOX.Q.a\"", ""),
        [c("CREATE \"Q.a\""), s("%T NO Invalid mailbox name.\r\n")],
        ok("CREATE \"INBOX.Q.a\""),
        [c("SUBSCRIBE \"INBOX.Q.a\""), s("%T NO no\r\n")],
    ];
    let (mut session, _server) = session(USUAL, steps.into_iter().flatten()).await;
    assert_eq!(session.ensure_mailbox("Q/a").await.unwrap().name(), "INBOX.Q.a");
}

#[tokio::test(start_paused = true)]
async fn a_mailbox_that_cannot_be_created_is_an_error() {
    let steps = [
        list("\"\"", "* LIST (\\Noselect) \"/\" \"\"\r\n"),
        list("\"Q\"", "* LIST (\\Noselect) \"/\" \"Q\"\r\n"),
        list("\"INBOX/Q\"", ""),
        [c("CREATE \"Q\""), s("%T NO [OVERQUOTA] no\r\n")],
        [c("CREATE \"INBOX/Q\""), s("%T NO no\r\n")],
    ];
    let (mut session, _server) = session(USUAL, steps.into_iter().flatten()).await;
    let error = session.ensure_mailbox("Q").await.unwrap_err();
    assert_eq!(error.code(), Some("OVERQUOTA"));
}

#[tokio::test(start_paused = true)]
async fn names_of_others_in_a_list_are_read_in_every_form() {
    let answer = "* LIST (\\Junk) \"/\" {5}\r\nSp am\r\n* LIST (\\NonExistent) NIL Gone\r\n* LIST () \"/\" \"Tom &- \\\"J\\\"\"\r\n* LIST () \"/\" inbox\r\n%T OK\r\n";
    let (mut session, _server) = session(USUAL, [c("LIST \"\" \"*\""), s(answer)]).await;
    let listed = session.list().await.unwrap();
    let names: Vec<&str> = listed.iter().map(|listed| listed.mailbox.name()).collect();
    assert_eq!(names, ["Sp am", "Gone", "Tom & \"J\"", "INBOX"]);
    assert_eq!(
        (listed[0].uses.as_slice(), listed[1].selectable, listed[1].delimiter),
        (["\\Junk".to_owned()].as_slice(), false, None)
    );
}

#[test]
fn a_name_that_could_smuggle_a_command_is_no_mailbox() {
    for name in ["", "a\r\nK9 CLOSE", "a\0", "a\u{7f}"] {
        assert_eq!(Mailbox::new(name), None, "{name:?}");
    }
    assert_eq!(Mailbox::new("InBox"), Some(Mailbox::inbox()));
}
