//! `[[account]]`: one mailbox owner at one server, from as written to as used.

mod compare;
mod mailbox;
mod password;
mod server;

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use toml::de::DeValue;

pub(super) use self::compare::compare;
use crate::config::diagnostic::{Diagnostic, Text};
use crate::config::keys::ACCOUNT;
use crate::config::paths::Base;
use crate::config::secret::PasswordSource;
use crate::config::section::{At, Found, More as _, Section, string, strings, suggest};
use crate::config::{Account, Mode, Places, value};
use crate::imap::Security;

/// An account of which parts may be missing or wrong: what is there is still compared with the others.
pub(super) struct Draft<'d> {
    pub(super) name: Option<At<&'d str>>,
    pub(super) host: Option<At<String>>,
    pub(super) port: Option<u16>,
    security: Option<Security>,
    ca_file: Option<At<PathBuf>>,
    spki_pin: Option<[u8; 32]>,
    pub(super) user: Option<At<&'d str>>,
    password: Option<At<PasswordSource>>,
    pub(super) mailboxes: Option<Vec<At<String>>>,
    pub(super) quarantine: Option<At<String>>,
    mode: Option<Mode>,
    authserv_ids: Option<Vec<String>>,
    observe_for: Option<Duration>,
    pub(super) digest_mailbox: Option<At<String>>,
    pub(super) also_preserve: Option<Vec<At<String>>>,
}

impl<'d> Draft<'d> {
    /// Reads one table.
    pub(super) fn read(
        table: &'d toml::de::DeTable<'d>,
        span: Range<usize>,
        base: &Base<'_>,
        found: &mut Found,
    ) -> Self {
        let section = Section::new(table, span, &ACCOUNT, found);
        let name = name(&section, found);
        let host = server::host(&section, found);
        let security = server::security(&section, found);
        let port = server::port(&section, security.as_ref().map(|at| at.value), found);
        let (ca_file, spki_pin) = server::trust(&section, base, found);
        let user = section.need(
            "user",
            "サーバーにログインするときの名前です（多くはメールアドレス）",
            "the name you log in with, for most providers the mail address",
            found,
        );
        let user = user.filter(|user| no_controls(user, "user", found));
        Self {
            name,
            host,
            port,
            security: security.map(|at| at.value),
            ca_file,
            spki_pin,
            user,
            password: password::password(&section, base, found),
            mailboxes: mailbox::mailboxes(&section, found),
            quarantine: mailbox::quarantine(&section, found),
            mode: mode(&section, found),
            authserv_ids: authserv_ids(&section, found),
            observe_for: observe_for(&section, found),
            digest_mailbox: mailbox::digest_mailbox(&section, found),
            also_preserve: mailbox::also_preserve(&section, found),
        }
    }

    /// The account, where every part is there.
    pub(super) fn finish(self) -> Option<Account> {
        let password = self.password?;
        let places =
            Places { password: password.span, ca_file: self.ca_file.as_ref().map(|at| at.span.clone()) };
        Some(Account {
            name: self.name?.value.to_owned(),
            host: self.host?.value,
            port: self.port?,
            security: self.security?,
            ca_file: self.ca_file.map(|at| at.value),
            spki_pin: self.spki_pin,
            user: self.user?.value.to_owned(),
            password: password.value,
            mailboxes: self.mailboxes?.into_iter().map(|at| at.value).collect(),
            quarantine: self.quarantine?.value,
            mode: self.mode?,
            authserv_ids: self.authserv_ids?,
            observe_for: self.observe_for,
            digest_mailbox: self.digest_mailbox.map(|at| at.value),
            also_preserve: self.also_preserve?.into_iter().map(|at| at.value).collect(),
            places,
        })
    }
}

fn name<'d>(section: &Section<'d>, found: &mut Found) -> Option<At<&'d str>> {
    let name = section.need(
        "name",
        "このアカウントを日報・記録・コマンドで呼ぶ短い名前です（例: name = \"hanako\"）",
        "a short name for this account in digest, record and command line: name = \"hanako\"",
        found,
    )?;
    let good = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '+');
    if name.value.chars().all(good)
        && name.value.starts_with(char::is_alphanumeric)
        && name.value.chars().count() <= 64
    {
        return Some(name);
    }
    found
        .error(name.span, Text::new("`name` に使えない文字があります", "`name` is not usable as a name"))
        .with_help(
            "文字と数字で始まる 64 文字までの名前にしてください。記号は - _ . @ + だけ使えます",
            "up to 64 letters and digits, beginning with one; of other characters only - _ . @ +",
        );
    None
}

fn mode(section: &Section<'_>, found: &mut Found) -> Option<Mode> {
    let both = |fault: &mut Diagnostic| {
        fault
            .with_help(
                "mode = \"observe\"      見張って記録するだけ。メールは一切動かしません（はじめはこちら）",
                "mode = \"observe\"      watches and records; moves nothing (a good beginning)",
            )
            .with_help(
                "mode = \"quarantine\"   詐欺・脅迫と判定したメールを隔離先に移します。消しも返信もしません",
                "mode = \"quarantine\"   moves scams and threats to the quarantine mailbox; deletes nothing, never replies",
            );
    };
    if section.get("mode").is_none() {
        if let Some(fault) = section.missing("mode", found) {
            both(fault);
        }
        return None;
    }
    let written = section.string("mode", found)?;
    match written.value {
        "quarantine" => Some(Mode::Quarantine),
        "observe" => Some(Mode::Observe),
        other => {
            let fault = found.error(
                written.span,
                Text::new(
                    format!("`mode` に \"{other}\" は使えません"),
                    format!("`mode` cannot be \"{other}\""),
                ),
            );
            suggest(fault, other, ["observe", "quarantine"]);
            both(fault);
            None
        }
    }
}

/// How long a trial may be: a shorter one shows nothing, a longer one is `mode = "observe"`.
const SHORTEST_TRIAL: Duration = Duration::from_secs(3_600);
const LONGEST_TRIAL: Duration = Duration::from_secs(90 * 86_400);

fn observe_for(section: &Section<'_>, found: &mut Found) -> Option<Duration> {
    section.get("observe-for")?;
    let at = section.unit("observe-for", "7d", value::duration, found)?;
    if !(SHORTEST_TRIAL..=LONGEST_TRIAL).contains(&at.value) {
        found
            .error(at.span, Text::new("`observe-for` は範囲の外です", "`observe-for` is out of range"))
            .with_help(
                "\"1h\" から \"90d\" まで。ずっと動かさないなら mode = \"observe\" です",
                "\"1h\" to \"90d\"; to move nothing for good, mode = \"observe\"",
            );
        return None;
    }
    Some(at.value)
}

fn authserv_ids(section: &Section<'_>, found: &mut Found) -> Option<Vec<String>> {
    let Some(written) = section.get("authserv-id") else { return Some(Vec::new()) };
    let all = match written.get_ref() {
        DeValue::Array(_) => strings(written, "authserv-id", found)?.value,
        _ => vec![string(written, "authserv-id", found)?],
    };
    let mut ids = Vec::new();
    for one in all {
        // RFC 8601 §2.5: a value as in RFC 2045; in practice a domain.
        let good = one.value.is_ascii()
            && one.value.chars().all(|c| c.is_ascii_graphic() && !"()<>@,;:\\\"/[]?=".contains(c));
        if one.value.is_empty() || !good {
            found
                .error(one.span, Text::new("`authserv-id` として使えません", "this is no authserv-id"))
                .with_help(
                    "Authentication-Results: のすぐ後にある名前です（例: mx.example.com）",
                    "it is the first word after Authentication-Results:, for instance mx.example.com",
                );
            return None;
        }
        ids.push(one.value.to_ascii_lowercase());
    }
    Some(ids)
}

/// Control characters would end an IMAP command early (RFC 9051 §9, `quoted`).
fn no_controls(written: &At<&str>, key: &str, found: &mut Found) -> bool {
    let bad = written.value.is_empty() || written.value.chars().any(char::is_control);
    if bad {
        found.error(
            written.span.clone(),
            Text::new(
                format!("`{key}` が空か、制御文字を含んでいます"),
                format!("`{key}` is empty or holds control characters"),
            ),
        );
    }
    !bad
}
