//! What an account keeps without moving it, and where its digests go.

use super::Page;
use super::account::will_be;
use crate::cli::server::Seen;
use crate::cli::text::Lang;
use crate::config::{Account, Mode};

pub(super) fn tell(page: &mut Page, account: &Account, seen: &Seen) {
    trial(page, account);
    preserved(page, account, seen);
    digests(page, account, seen);
}

/// What is not moved at first.
fn trial(page: &mut Page, account: &Account) {
    let (Some(time), Mode::Quarantine) = (account.observe_for, account.mode) else { return };
    let time = crate::cli::text::span(time, page.lang);
    let text = match page.lang {
        Lang::Ja => {
            format!("最初に見張った時から {time}は動かさず、「動かしていたら」を日報に載せます")
        }
        Lang::En => {
            format!("for {time} after the first watch nothing is moved; the digest says what would have been")
        }
    };
    page.note(("試しの期間", "trial"), &text);
}

/// Mailboxes whose hits are kept as evidence and left where they are.
fn preserved(page: &mut Page, account: &Account, seen: &Seen) {
    const LABEL: (&str, &str) = ("保存だけ", "only keeps");
    for name in &account.also_preserve {
        let there = if name.starts_with('\\') {
            seen.used_as(name).map(|mailbox| mailbox.name().to_owned())
        } else {
            seen.named(name)
        };
        match (there, page.lang) {
            (Some(there), Lang::Ja) => page.good(LABEL, &format!("{there} の脅威を証拠として保存します。動かしません")),
            (Some(there), Lang::En) => page.good(LABEL, &format!("threats in {there} are kept as evidence and not moved")),
            (None, Lang::Ja) => page.warn(
                LABEL,
                &format!("{name} に当たるメールボックスが見つかりません。also-preserve に実際の名前を書いてください"),
            ),
            (None, Lang::En) => {
                page.warn(LABEL, &format!("no mailbox is {name}; write its real name into also-preserve"));
            }
        }
    }
}

/// Where digests go.
fn digests(page: &mut Page, account: &Account, seen: &Seen) {
    const LABEL: (&str, &str) = ("日報", "digests");
    let Some(name) = &account.digest_mailbox else {
        page.note(
            LABEL,
            page.lang.pick(
                "ファイルだけ。digest-mailbox を書くとメールソフトでも読め、機械の外の証人にもなります",
                "files only; with digest-mailbox your mail program shows them, and they are a witness outside this machine",
            ),
        );
        return;
    };
    let text = match (seen.named(name), page.lang) {
        (Some(there), Lang::Ja) => format!("{there} に置きます"),
        (Some(there), Lang::En) => format!("are put into {there}"),
        (None, Lang::Ja) => {
            format!("{} に置きます。まだないので、最初の日報のときに作ります", will_be(name, seen))
        }
        (None, Lang::En) => format!("are put into {}, which is made for the first one", will_be(name, seen)),
    };
    page.good(LABEL, &text);
}
