//! komainu never replies: the tree of dependencies has no crate that could send a mail. cargo-deny holds the same list
//! (deny.toml); this holds it where cargo-deny is not installed.

use std::collections::BTreeSet;

const LOCK: &str = include_str!("../../Cargo.lock");
const DENY: &str = include_str!("../../deny.toml");

/// Names of all packages in a Cargo.lock.
fn packages(lock: &str) -> BTreeSet<String> {
    let lock: toml::Table = lock.parse().expect("Cargo.lock is TOML");
    lock["package"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| package["name"].as_str().unwrap().to_owned())
        .collect()
}

/// `bans.deny` of deny.toml.
fn banned(deny: &str) -> BTreeSet<String> {
    let deny: toml::Table = deny.parse().expect("deny.toml is TOML");
    let list = deny["bans"]["deny"].as_array().unwrap();
    list.iter().map(|entry| entry["crate"].as_str().unwrap().to_owned()).collect()
}

/// Why a crate of this name may not be here, whether or not somebody has listed it.
fn sends_mail(name: &str) -> bool {
    let name = name.replace('_', "-");
    ["smtp", "sendmail", "mail-send", "mailgun", "sendgrid"].iter().any(|word| name.contains(word))
}

#[test]
fn no_banned_crate_is_in_the_tree() {
    let packages = packages(LOCK);
    assert!(packages.contains("async-imap"), "the list that is looked through is the tree");
    let found: Vec<_> = packages.intersection(&banned(DENY)).cloned().collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn no_crate_is_named_for_sending_mail() {
    let found: Vec<_> = packages(LOCK).into_iter().filter(|name| sends_mail(name)).collect();
    assert_eq!(found, Vec::<String>::new());
    // Cargo calls crates so that do it; one that only reads mail is none of them.
    assert!(["lettre-smtp", "smtp_proto", "mail-send", "sendmail"].into_iter().all(sends_mail));
    assert!(!sends_mail("mail-parser"));
}

#[test]
fn the_list_names_the_crates_that_people_send_mail_with() {
    let banned = banned(DENY);
    for name in ["lettre", "mail-send", "async-smtp", "samotop"] {
        assert!(banned.contains(name), "{name}");
    }
}

#[test]
fn a_banned_crate_would_be_found() {
    let lock = "version = 4\n[[package]]\nname = \"lettre\"\nversion = \"0.11.0\"\n";
    assert!(!packages(lock).is_disjoint(&banned(DENY)));
}

/// What a crate is here for is written down, so that one that came in for nothing is seen.
#[test]
fn every_direct_dependency_has_its_reason() {
    let manifest: toml::Table = include_str!("../../Cargo.toml").parse().expect("Cargo.toml is TOML");
    let reasons = include_str!("../../docs/dependencies.md");
    for table in ["dependencies", "dev-dependencies"] {
        for name in manifest[table].as_table().unwrap().keys() {
            let listed =
                reasons.lines().any(|line| line.starts_with('|') && line.contains(&format!("`{name}`")));
            assert!(listed, "{name} has no line in docs/dependencies.md");
        }
    }
}
