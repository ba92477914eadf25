//! One account, as its server shows it.

use jiff::Timestamp;

use super::{Page, kept};
use crate::cli::server::{Certificate, Seen};
use crate::cli::text::Lang;
use crate::config::{Account, Mode};
use crate::imap::{MovePath, NoMove};

/// A certificate that ends sooner is spoken of; most are renewed 30 days before their end.
const CERTIFICATE_DAYS: i64 = 14;
/// More days are not counted: an authority of one's own, made to last.
const COUNTED_DAYS: i64 = 3650;

/// The mailboxes that are looked at, as the configuration names them.
pub(super) fn wanted(account: &Account) -> Vec<String> {
    let mut wanted = account.mailboxes.clone();
    wanted.push(account.quarantine.clone());
    wanted.extend(account.digest_mailbox.clone());
    wanted.extend(account.also_preserve.iter().filter(|name| !name.starts_with('\\')).cloned());
    wanted
}

/// What is there, and what will be done with it.
pub(super) fn tell(page: &mut Page, account: &Account, seen: &Seen) {
    line(page, account, seen);
    certificate(page, seen);
    offers(page, seen);
    mailboxes(page, account, seen);
    quarantine(page, account, seen);
    moving(page, account, seen);
    kept::tell(page, account, seen);
    authenticity(page, account, seen);
}

fn line(page: &mut Page, account: &Account, seen: &Seen) {
    let version =
        seen.peer.tls.as_ref().map_or_else(String::new, |tls| tls.version.replace("TLSv1_", "TLS 1."));
    let (user, host, port) = (&account.user, &account.host, account.port);
    let text = match page.lang {
        Lang::Ja => format!("{user} としてサインインできました ({host}:{port}、{version})"),
        Lang::En => format!("signed in as {user} ({host}:{port}, {version})"),
    };
    page.good(("サインイン", "sign-in"), &text);
}

fn certificate(page: &mut Page, seen: &Seen) {
    const LABEL: (&str, &str) = ("証明書", "certificate");
    let Some(certificate) = Certificate::of(&seen.peer) else { return };
    let days = certificate.days_left(Timestamp::now());
    let (subject, issuer) = (&certificate.subject, &certificate.issuer);
    let until = certificate.ends.strftime("%Y-%m-%d");
    let subject = if subject.is_empty() { &seen.peer.host } else { subject };
    let left = match page.lang {
        _ if days > COUNTED_DAYS => String::new(),
        Lang::Ja => format!("、あと {days} 日"),
        Lang::En => format!(", days left: {days}"),
    };
    let text = match page.lang {
        Lang::Ja => format!("{subject}（発行: {issuer}）。{until} まで{left}"),
        Lang::En => format!("{subject}, issued by {issuer}, until {until}{left}"),
    };
    if days >= CERTIFICATE_DAYS {
        page.good(LABEL, &text);
        return;
    }
    let todo = page.lang.pick(
        "期限が来ると接続できなくなり、見張りが止まります。サーバーの管理者に更新を頼んでください",
        "when it ends there is no connection and no watch; ask whoever runs the server to renew it",
    );
    page.warn(LABEL, &format!("{text}\n{todo}"));
}

/// Capabilities in words.
fn offers(page: &mut Page, seen: &Seen) {
    const NOTICE: (&str, &str) = ("届いた知らせ", "notice");
    let has = |capability| seen.capabilities.has(capability);
    if has("IDLE") {
        let text = page.lang.pick("届くとすぐ知らせてくれます (IDLE)", "the server tells at once (IDLE)");
        page.good(NOTICE, text);
    } else {
        let text = page.lang.pick(
            "知らせてくれないサーバーなので、決まった間隔で見に行きます (IDLE なし)",
            "the server does not tell; it is asked in intervals (no IDLE)",
        );
        page.note(NOTICE, text);
    }
    let (ja, en) = if has("X-GM-EXT-1") {
        ("サーバーの番号で見分けます (X-GM-MSGID)", "by the server's own number (X-GM-MSGID)")
    } else if has("OBJECTID") {
        ("サーバーの番号で見分けます (EMAILID)", "by the server's own number (EMAILID)")
    } else {
        ("中身のハッシュ値 (SHA-256) で見分けます", "by the digest of its octets (SHA-256)")
    };
    page.good(("同じメール", "same message"), page.lang.pick(ja, en));
}

fn mailboxes(page: &mut Page, account: &Account, seen: &Seen) {
    for name in &account.mailboxes {
        let there = seen.found.iter().find(|(asked, _)| asked == name).and_then(|(_, there)| there.as_ref());
        match (there, page.lang) {
            (Some((there, count)), Lang::Ja) => page.good(
                ("見張る", ""),
                &format!("{there}（今 {count} 通。判定するのはこれから届くものだけです）"),
            ),
            (Some((there, count)), Lang::En) => page.good(
                ("", "watches"),
                &format!("{there} ({count} there now; only what arrives from now on is judged)"),
            ),
            (None, lang) => {
                let known: Vec<&str> = seen
                    .listed
                    .iter()
                    .filter(|listed| listed.selectable)
                    .map(|listed| listed.mailbox.name())
                    .take(20)
                    .collect();
                let known = known.join(lang.pick("、", ", "));
                let text = match lang {
                    Lang::Ja => format!(
                        "{name} がないか、開けません\n`mailboxes` の名前を確かめてください。あるのは: {known}"
                    ),
                    Lang::En => format!(
                        "{name} is not there, or does not open\ncheck the name in `mailboxes`; there are: {known}"
                    ),
                };
                page.bad(("見張る", "watches"), &text);
            }
        }
    }
}

/// What a mailbox that is not there yet will be called on this server.
pub(super) fn will_be(name: &str, seen: &Seen) -> String {
    match seen.below_inbox() {
        Some(delimiter) if !name.starts_with(&format!("INBOX{delimiter}")) => {
            format!("INBOX{delimiter}{name}")
        }
        _ => name.to_owned(),
    }
}

fn quarantine(page: &mut Page, account: &Account, seen: &Seen) {
    const LABEL: (&str, &str) = ("隔離先", "quarantine");
    if let Some(name) = seen.named(&account.quarantine) {
        let text = match page.lang {
            Lang::Ja => format!("{name} があります"),
            Lang::En => format!("{name} is there"),
        };
        page.good(LABEL, &text);
        return;
    }
    let name = will_be(&account.quarantine, seen);
    let text = match (page.lang, account.mode) {
        (Lang::Ja, Mode::Quarantine) => format!("{name} はまだありません。サービスが始まると作ります"),
        (Lang::En, Mode::Quarantine) => {
            format!("{name} is not there yet; it is made when the service starts")
        }
        (Lang::Ja, Mode::Observe) => format!("{name} はありません。observe のあいだは作りません"),
        (Lang::En, Mode::Observe) => format!("{name} is not there, and is not made while observing"),
    };
    page.note(LABEL, &text);
}

fn moving(page: &mut Page, account: &Account, seen: &Seen) {
    const LABEL: (&str, &str) = ("移し方", "moves by");
    let lang = page.lang;
    if seen.capabilities.has("X-GM-EXT-1") && seen.path == MovePath::Move {
        let text = lang.pick(
            "UID MOVE。Gmail ではラベルの付け替えで、「すべてのメール」には残ります",
            "UID MOVE; on Gmail that changes labels, and the message stays in All Mail",
        );
        page.good(LABEL, text);
        return;
    }
    match seen.path {
        MovePath::Move => page.good(
            LABEL,
            lang.pick("UID MOVE（一通ずつ、途中の状態がありません）", "UID MOVE: each message as a whole"),
        ),
        MovePath::Copy => page.good(
            LABEL,
            lang.pick(
                "UID COPY と、その一通だけの UID EXPUNGE（写しを確かめてから元を消します）",
                "UID COPY, and UID EXPUNGE of that message alone once the copy was seen",
            ),
        ),
        MovePath::None(why) => {
            let why = match (why, lang) {
                (NoMove::Neither, Lang::Ja) => "サーバーに MOVE も UIDPLUS もありません".to_owned(),
                (NoMove::Gmail, Lang::Ja) => "Gmail なのに MOVE がありません".to_owned(),
                (why, Lang::En) => why.to_string(),
            };
            let text = match lang {
                Lang::Ja => format!(
                    "失わずに移す方法がないため、何も移しません（{why}）\nmode = \"observe\" にすれば、判定と記録はします"
                ),
                Lang::En => format!(
                    "there is no way that cannot lose a message, so nothing is moved ({why})\nwith mode = \"observe\" it is still judged and recorded"
                ),
            };
            match account.mode {
                Mode::Quarantine => page.bad(LABEL, &text),
                Mode::Observe => page.note(LABEL, &text),
            }
        }
    }
}

/// Whether the pinned authserv-ids stand on the newest messages.
fn authenticity(page: &mut Page, account: &Account, seen: &Seen) {
    const LABEL: (&str, &str) = ("送信元の確認", "authenticity");
    let total = seen.pins.seen;
    if account.authserv_ids.is_empty() {
        let text = match (seen.pins.proposed(), page.lang) {
            (Some(id), Lang::Ja) => format!(
                "どの Authentication-Results も信じません\n最近の {total} 通のうち {} 通に {id} があります。書くなら authserv-id = [\"{id}\"]",
                seen.pins.count(id)
            ),
            (Some(id), Lang::En) => format!(
                "no Authentication-Results counts\n{} of the newest {total} messages have {id}; to pin it: authserv-id = [\"{id}\"]",
                seen.pins.count(id)
            ),
            (None, Lang::Ja) => format!(
                "どの Authentication-Results も信じません（最近の {total} 通に、決め手になるものがありません）"
            ),
            (None, Lang::En) => {
                format!("no Authentication-Results counts (none stands out on the newest {total} messages)")
            }
        };
        page.note(LABEL, &text);
        return;
    }
    for id in &account.authserv_ids {
        let count = seen.pins.count(id);
        let text = match page.lang {
            Lang::Ja => format!("{id}: 最近の {total} 通のうち {count} 通にあります"),
            Lang::En => format!("{id}: on {count} of the newest {total} messages"),
        };
        if count > 0 || total == 0 {
            page.good(LABEL, &text);
            continue;
        }
        let others: Vec<&str> = seen.pins.ranked().iter().take(3).map(|(id, _)| *id).collect();
        let others = if others.is_empty() { "-".to_owned() } else { others.join(", ") };
        let todo = match page.lang {
            Lang::Ja => format!("名前が違うかもしれません。実際にあるのは: {others}"),
            Lang::En => format!("the name may be wrong; what stands there: {others}"),
        };
        page.warn(LABEL, &format!("{text}\n{todo}"));
    }
}
