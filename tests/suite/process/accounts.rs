//! Several accounts in one service: none disturbs the other, and one record tells them apart.

use std::collections::BTreeSet;

use komainu::demo::server::Options;
use komainu::evidence::{Digest, Entry};

use super::service::{Home, mailboxes, server, until_idle, until_settled, user};
use crate::support::world::{letter, threat};

#[tokio::test]
async fn two_accounts_on_one_server_share_one_chain_and_nothing_else() {
    let names = ["hanako", "taro"];
    let server = server(&names, Options::default()).await;
    let home = Home::new();
    home.configure(&names.map(|name| home.account(name, &server)));
    let mut service = home.run(&[]);
    for name in names {
        until_idle(&server, name).await;
    }
    // 25 threats and 15 letters each, no two alike.
    let mail = |first: usize| -> Vec<Vec<u8>> {
        (first..first + 25).map(threat).chain((first..first + 15).map(letter)).collect()
    };
    let stories = [("hanako", mail(0)), ("taro", mail(100))];
    for number in 0..40 {
        for (name, mail) in &stories {
            server.deliver(&user(name), "INBOX", mail[number].as_slice(), None, &[]);
        }
    }
    for name in names {
        until_settled(&server, name, 15, 25).await;
    }
    // All told, so that a count is not of a half-recorded batch.
    service.until("judged 80, quarantined 50,").await;
    service.stop().await;

    let records = home.records();
    home.assert_orderly();
    for (name, mail) in &stories {
        let (inbox, quarantined) = mailboxes(&server, name);
        let here: BTreeSet<&[u8]> = inbox.iter().chain(&quarantined).map(|stored| &*stored.octets).collect();
        assert_eq!(here, mail.iter().map(Vec::as_slice).collect(), "{name}");
        let captured: BTreeSet<String> = records
            .iter()
            .filter_map(|record| match &record.entry {
                Entry::Captured { position, sha256, .. } if position.account == *name => {
                    Some(sha256.to_string())
                }
                _ => None,
            })
            .collect();
        let threats: BTreeSet<String> =
            quarantined.iter().map(|stored| Digest::of(&stored.octets).to_string()).collect();
        assert!(captured.is_superset(&threats), "{name}");
        let own: BTreeSet<String> = mail.iter().map(|octets| Digest::of(octets).to_string()).collect();
        assert!(captured.is_subset(&own), "{name} has another's evidence");
    }
    let moved = records.iter().filter(|record| matches!(record.entry, Entry::MoveResult { .. })).count();
    assert_eq!(moved, 50);
}
