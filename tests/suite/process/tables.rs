//! The service with the person's own tables: it does not start on broken ones, and keeps the old ones on SIGHUP.

use komainu::demo::server::Options;
use komainu::evidence::Entry;

use super::service::{Home, output, quote_path, server, until_idle, until_settled, user};

/// Unsuspicious to what is compiled in; a threat with [`tables`].
fn message(number: usize) -> Vec<u8> {
    format!(
        "From: <a@shop.example>\r\nTo: <hanako@example.net>\r\nSubject: {number}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         回覧板の未返却金を、いますぐ水晶玉で送れ。さもなくば軒先に札を貼る。\r\n"
    )
    .into_bytes()
}

fn table(slot: &str, phrase: &str) -> String {
    format!(
        "[[table]]\nslot = \"{slot}\"\nabout = \"test\"\nhits = [\"{phrase}\"]\nmisses = [\"こんにちは\"]\n\
         [[table.entry]]\nlang = \"ja\"\nsource = \"own writing\"\ndate = \"2026-11-25\"\nphrases = [\"{phrase}\"]\n"
    )
}

fn tables() -> String {
    table("unpaid-debt", "回覧板の未返却金")
        + &table("publish-threat", "軒先に札を貼る")
        + &table("ultimatum", "さもなくば")
        + &table("violence-threat", "水晶玉で送れ")
}

#[tokio::test]
async fn broken_tables_keep_the_service_from_starting_and_show_no_word_of_themselves() {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    std::fs::create_dir(home.path("tables.d")).unwrap();
    home.write(
        "tables.d/a.toml",
        "[[allow]]\naddress = \"secret.friend@example.com <x>\"\nabout = \"a\"\ndate = \"2026-11-25\"\n",
    );
    let config = home.configure(&[home.account("hanako", &server)]);
    let output = output(&["run", "--config", config.to_str().unwrap()]).await;
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78), "{stderr}");
    assert!(stderr.contains("a.toml:2:11: this is no mail address"), "{stderr}");
    assert!(stderr.contains("komainu check") && !stderr.contains("secret.friend"), "{stderr}");
    assert!(!home.path("state").exists());
}

#[tokio::test]
async fn new_tables_are_taken_on_sighup_and_broken_ones_leave_the_old_in_force() {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    std::fs::create_dir(home.path("tables.d")).unwrap();
    home.configure(&[home.account("hanako", &server)]);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    server.deliver(&user("hanako"), "INBOX", message(1), None, &[]);
    service.until("judged 1,").await;

    home.write("tables.d/a.toml", &tables());
    service.reload().await;
    service.until("watching 1 of 1").await;
    until_idle(&server, "hanako").await;
    server.deliver(&user("hanako"), "INBOX", message(2), None, &[]);
    until_settled(&server, "hanako", 1, 1).await;
    until_idle(&server, "hanako").await;

    home.write("tables.d/a.toml", &tables().replace("hits = [\"さもなくば\"]", "hits = [\"別の秘密の文\"]"));
    service.reload().await;
    service.until_logged("the tables have faults; the old configuration stays in force").await;
    assert!(
        service.log().contains("a.toml:") && !service.log().contains("別の秘密の文"),
        "{}",
        service.log()
    );
    server.deliver(&user("hanako"), "INBOX", message(3), None, &[]);
    until_settled(&server, "hanako", 1, 2).await;
    service.stop().await;
    home.assert_orderly();

    // Each set of tables is a configuration of its own in the record, and the verdict names the one it was reached by.
    let records = home.records();
    let configurations: Vec<_> = records
        .iter()
        .filter_map(|record| match &record.entry {
            Entry::ConfigChanged { sha256 } => Some(*sha256),
            _ => None,
        })
        .collect();
    assert_eq!(configurations.len(), 2);
    assert_ne!(configurations[0], configurations[1]);
    let context = records
        .iter()
        .find_map(|record| match &record.entry {
            Entry::Judged { context, .. } => Some(*context),
            _ => None,
        })
        .unwrap();
    let context = home.path("state").join(format!("evidence/context/{context}.json"));
    let context: serde_json::Value = serde_json::from_slice(&std::fs::read(context).unwrap()).unwrap();
    assert_eq!(context["tables"]["added"][0]["text"], tables());
}

#[tokio::test]
async fn a_folder_that_the_locked_in_process_cannot_reach_needs_a_restart() {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    let elsewhere = Home::new();
    elsewhere.write("a.toml", &tables());
    home.configure(&[home.account("hanako", &server)]);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    let line = format!("tables-dir = {}\n", quote_path(elsewhere.dir.path()));
    home.configure_with(&line, &[home.account("hanako", &server)]);
    service.reload().await;
    service.until_logged("restart needed").await;
    server.deliver(&user("hanako"), "INBOX", message(1), None, &[]);
    service.until("judged 1,").await;
    service.stop().await;

    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    server.deliver(&user("hanako"), "INBOX", message(2), None, &[]);
    until_settled(&server, "hanako", 1, 1).await;
    service.stop().await;
}
