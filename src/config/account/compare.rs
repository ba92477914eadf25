//! Accounts held against each other: names, and who watches what.

use std::net::IpAddr;

use super::Draft;
use crate::config::diagnostic::Text;
use crate::config::section::{Found, More as _};

/// Two tables that would watch the same mailbox, share a name, or watch another's quarantine.
pub(in crate::config) fn compare(drafts: &[Draft<'_>], found: &mut Found) {
    for (index, draft) in drafts.iter().enumerate() {
        own_quarantine(draft, found);
        own_digests(draft, found);
        own_preserved(draft, found);
        for other in drafts.iter().take(index) {
            same_name(draft, other, found);
            if same_login(draft, other) {
                same_mailbox(draft, other, found);
                for (one, two) in [(draft, other), (other, draft)] {
                    watched_quarantine(one, two, found);
                }
            }
        }
    }
}

fn own_quarantine(draft: &Draft<'_>, found: &mut Found) {
    watched_quarantine(draft, draft, found);
}

/// What komainu writes itself is neither watched, nor evidence, nor quarantined.
fn own_digests(draft: &Draft<'_>, found: &mut Found) {
    let Some(digests) = &draft.digest_mailbox else { return };
    let mailboxes = draft.mailboxes.iter().flatten().chain(draft.also_preserve.iter().flatten());
    if mailboxes.chain(&draft.quarantine).any(|one| one.value == digests.value) {
        found
            .error(
                digests.span.clone(),
                Text::new(
                    format!("`digest-mailbox` の \"{}\" は、ほかの項目でも使われています", digests.value),
                    format!("\"{}\" of `digest-mailbox` is named by another key, too", digests.value),
                ),
            )
            .with_help(
                "日報だけのメールボックスにしてください（なければ作られます）",
                "give the digests a mailbox of their own; it is created if missing",
            );
    }
}

/// A mailbox is watched, or kept as it is, not both.
fn own_preserved(draft: &Draft<'_>, found: &mut Found) {
    for one in draft.also_preserve.iter().flatten() {
        let watched = draft.mailboxes.iter().flatten().chain(&draft.quarantine);
        if watched.into_iter().any(|other| other.value == one.value) {
            found
                .error(
                    one.span.clone(),
                    Text::new(
                        format!("`also-preserve` の \"{}\" は、ほかの項目でも使われています", one.value),
                        format!("\"{}\" of `also-preserve` is named by another key, too", one.value),
                    ),
                )
                .with_help("どちらか一つに書いてください", "name it in one of them");
        }
    }
}

fn same_name(draft: &Draft<'_>, other: &Draft<'_>, found: &mut Found) {
    let (Some(name), Some(first)) = (&draft.name, &other.name) else { return };
    if name.value.to_lowercase() == first.value.to_lowercase() {
        found
            .error(
                name.span.clone(),
                Text::new(
                    format!("`name` が \"{}\" のアカウントが二つあります", name.value),
                    format!("two accounts have the name \"{}\"", name.value),
                ),
            )
            .with_help("どちらかの名前を変えてください", "give one of them another name");
    }
}

/// The same person at the same server: the name of a user is compared as written, addresses of hosts are not resolved.
fn same_login(draft: &Draft<'_>, other: &Draft<'_>) -> bool {
    let host = |draft: &Draft<'_>| {
        draft
            .host
            .as_ref()
            .map(|at| at.value.parse::<IpAddr>().map_or_else(|_| at.value.clone(), |ip| ip.to_string()))
    };
    let user = |draft: &Draft<'_>| draft.user.as_ref().map(|at| at.value.to_owned());
    host(draft).is_some()
        && host(draft) == host(other)
        && draft.port == other.port
        && user(draft).is_some()
        && user(draft) == user(other)
}

fn same_mailbox(draft: &Draft<'_>, other: &Draft<'_>, found: &mut Found) {
    for mailbox in draft.mailboxes.iter().flatten() {
        if other.mailboxes.iter().flatten().any(|one| one.value == mailbox.value) {
            found
                .error(
                    mailbox.span.clone(),
                    Text::new(
                        format!("同じ利用者の \"{}\" を二つのアカウントが見張っています", mailbox.value),
                        format!("two accounts watch \"{}\" of the same user", mailbox.value),
                    ),
                )
                .with_help("一つのアカウントにまとめてください", "make them one account");
        }
    }
}

fn watched_quarantine(watcher: &Draft<'_>, owner: &Draft<'_>, found: &mut Found) {
    let Some(quarantine) = &owner.quarantine else { return };
    let Some(watched) = watcher.mailboxes.iter().flatten().find(|one| one.value == quarantine.value) else {
        return;
    };
    found
        .error(
            watched.span.clone(),
            Text::new(
                format!("隔離先 \"{}\" が見張る対象に入っています", watched.value),
                format!("the quarantine \"{}\" is among the watched mailboxes", watched.value),
            ),
        )
        .with_help(
            "`mailboxes` から外すか、`quarantine` を別の名前にしてください",
            "take it out of `mailboxes`, or give `quarantine` another name",
        );
}
