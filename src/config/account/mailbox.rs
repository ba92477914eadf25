//! Names of mailboxes: the watched ones and the quarantine.

use super::no_controls;
use crate::config::diagnostic::Text;
use crate::config::section::{At, Found, More as _, Section};
use crate::config::{DIGESTS, QUARANTINE};

/// INBOX is INBOX in any case (RFC 9051 §5.1); every other name is as the server has it.
fn mailbox(written: &At<&str>, key: &str, found: &mut Found) -> Option<At<String>> {
    let name = written.value;
    if name.is_empty() || name.trim() != name {
        found
            .error(
                written.span.clone(),
                Text::new(
                    "メールボックスの名前が空か、前後に空白があります",
                    "a mailbox's name is empty or has spaces around it",
                ),
            )
            .with_help("例: \"INBOX\"", "for instance \"INBOX\"");
        return None;
    }
    if !no_controls(written, key, found) {
        return None;
    }
    if name.contains(['*', '%']) {
        found
            .error(written.span.clone(), Text::new("`*` と `%` は使えません", "`*` and `%` cannot be used"))
            .with_help("メールボックスを一つずつ書いてください", "name each mailbox");
        return None;
    }
    let name = if name.eq_ignore_ascii_case("INBOX") { "INBOX" } else { name };
    Some(At { value: name.to_owned(), span: written.span.clone() })
}

pub(super) fn mailboxes(section: &Section<'_>, found: &mut Found) -> Option<Vec<At<String>>> {
    if section.get("mailboxes").is_none() {
        return Some(vec![At { value: "INBOX".to_owned(), span: section.span.clone() }]);
    }
    let written = section.strings("mailboxes", found)?;
    if written.value.is_empty() {
        found
            .error(
                written.span,
                Text::new(
                    "`mailboxes` が空です。何も見張りません",
                    "`mailboxes` is empty: nothing would be watched",
                ),
            )
            .with_help("ふつうは mailboxes = [\"INBOX\"] です", "for most people mailboxes = [\"INBOX\"]");
        return None;
    }
    let mut all: Vec<At<String>> = Vec::new();
    let mut good = true;
    for one in &written.value {
        let Some(one) = mailbox(one, "mailboxes", found) else {
            good = false;
            continue;
        };
        if all.iter().any(|other| other.value == one.value) {
            found
                .error(
                    one.span.clone(),
                    Text::new(
                        format!("\"{}\" が二度書かれています", one.value),
                        format!("\"{}\" is named twice", one.value),
                    ),
                )
                .with_help("片方を消してください", "remove one of them");
            good = false;
        }
        all.push(one);
    }
    good.then_some(all)
}

/// Names under which providers keep mail that they delete by themselves.
const PURGED: [&str; 10] = [
    "junk",
    "spam",
    "trash",
    "deleted items",
    "deleted messages",
    "junk e-mail",
    "junk email",
    "[gmail]/spam",
    "[gmail]/trash",
    "迷惑メール",
];

pub(super) fn quarantine(section: &Section<'_>, found: &mut Found) -> Option<At<String>> {
    if section.get("quarantine").is_none() {
        return Some(At { value: QUARANTINE.to_owned(), span: section.span.clone() });
    }
    let written = section.string("quarantine", found)?;
    let name = mailbox(&written, "quarantine", found)?;
    if name.value == "INBOX" {
        found
            .error(
                name.span,
                Text::new("受信箱 (INBOX) を隔離先にはできません", "INBOX cannot be the quarantine"),
            )
            .with_help(
                format!("例: quarantine = \"{QUARANTINE}\""),
                format!("for instance quarantine = \"{QUARANTINE}\""),
            );
        return None;
    }
    if PURGED.contains(&name.value.to_lowercase().as_str()) {
        found
            .warning(
                name.span.clone(),
                Text::new(
                    format!("\"{}\" の中身はサーバーが自動で消すことがあります", name.value),
                    format!("servers may delete what lies in \"{}\"", name.value),
                ),
            )
            .with_help(
                format!("専用のメールボックスをお勧めします（例: \"{QUARANTINE}\"。なければ作られます）"),
                format!(
                    "a mailbox of its own is better, \"{QUARANTINE}\" for instance; it is created if missing"
                ),
            );
    }
    Some(name)
}

/// Where digests go. Not INBOX: they are full of the words of scams, and are not to be met between letters.
pub(super) fn digest_mailbox(section: &Section<'_>, found: &mut Found) -> Option<At<String>> {
    let written = section.string("digest-mailbox", found)?;
    let name = mailbox(&written, "digest-mailbox", found)?;
    if name.value == "INBOX" {
        found
            .error(
                name.span,
                Text::new("受信箱 (INBOX) を日報の置き場所にはできません", "INBOX cannot take the digests"),
            )
            .with_help(
                format!("例: digest-mailbox = \"{DIGESTS}\"（なければ作られます）"),
                format!("for instance digest-mailbox = \"{DIGESTS}\"; it is created if missing"),
            );
        return None;
    }
    Some(name)
}

/// Special uses (RFC 6154 §2) of mailboxes that people do not read, and where a threat may lie.
const USES: [&str; 2] = ["\\Junk", "\\Trash"];

/// Names, or special uses.
pub(super) fn also_preserve(section: &Section<'_>, found: &mut Found) -> Option<Vec<At<String>>> {
    if section.get("also-preserve").is_none() {
        return Some(Vec::new());
    }
    let written = section.strings("also-preserve", found)?;
    let mut all: Vec<At<String>> = Vec::new();
    let mut good = true;
    for one in &written.value {
        let named = if one.value.starts_with('\\') {
            let known = USES.iter().find(|known| known.eq_ignore_ascii_case(one.value));
            if known.is_none() {
                found
                    .error(
                        one.span.clone(),
                        Text::new(
                            format!("\"{}\" という用途はありません", one.value),
                            format!("there is no special use \"{}\"", one.value),
                        ),
                    )
                    .with_help(
                        "\"\\\\Junk\"（迷惑メール）か \"\\\\Trash\"（ごみ箱）、またはメールボックスの名前です",
                        "\"\\\\Junk\", \"\\\\Trash\", or the name of a mailbox",
                    );
            }
            known.map(|known| At { value: (*known).to_owned(), span: one.span.clone() })
        } else {
            mailbox(one, "also-preserve", found)
        };
        good &= named.is_some();
        all.extend(named.filter(|named| all.iter().all(|other| other.value != named.value)));
    }
    good.then_some(all)
}
