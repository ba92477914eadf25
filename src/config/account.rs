//! `[[account]]`: one mailbox owner at one server, from as written to as used.

use std::net::IpAddr;
use std::ops::Range;
use std::path::PathBuf;

use toml::Spanned;
use toml::de::DeValue;

use super::diagnostic::Text;
use super::keys::{ACCOUNT, PASSWORD};
use super::paths::Base;
use super::secret::PasswordSource;
use super::section::{At, Found, More as _, Section, kind_fault, string, strings, suggest};
use super::value::{self, HostFault};
use super::{Account, Mode, Places, Security};

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
        let host = host(&section, found);
        let security = security(&section, found);
        let port = port(&section, security.as_ref().map(|at| at.value), found);
        let (ca_file, spki_pin) = trust(&section, base, found);
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
            password: password(&section, base, found),
            mailboxes: mailboxes(&section, found),
            quarantine: quarantine(&section, found),
            mode: mode(&section, found),
            authserv_ids: authserv_ids(&section, found),
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
            places,
        })
    }
}

fn name<'d>(section: &Section<'d>, found: &mut Found) -> Option<At<&'d str>> {
    let name = section.need(
        "name",
        "この口座を日報・記録・コマンドで呼ぶ短い名前です（例: name = \"hanako\"）",
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

fn host(section: &Section<'_>, found: &mut Found) -> Option<At<String>> {
    let written = section.need(
        "host",
        "IMAP サーバーの名前です（例: host = \"imap.example.com\"）",
        "the IMAP server's name: host = \"imap.example.com\"",
        found,
    )?;
    match value::host(written.value) {
        Ok(host) => Some(At { value: host, span: written.span }),
        Err(fault) => {
            let (ja, en) = match fault {
                HostFault::Url => (
                    "imaps:// などをつけず、サーバーの名前だけを書いてください",
                    "write the server's name alone, without imaps://",
                ),
                HostFault::Port => {
                    ("ポート番号は `port` に分けて書いてください", "write the port under `port`")
                }
                HostFault::NotAscii => (
                    "日本語ドメインは xn-- で始まる形（Punycode）で書いてください",
                    "write an internationalised name in its xn-- form (Punycode)",
                ),
                HostFault::Address => (
                    "メールアドレスは `user` に、ここにはサーバーの名前を書いてください",
                    "the mail address belongs under `user`; here stands the server's name",
                ),
                HostFault::NotAHost => {
                    ("例: imap.example.com、192.0.2.7", "for instance imap.example.com or 192.0.2.7")
                }
            };
            found
                .error(
                    written.span,
                    Text::new(
                        "`host` はサーバーの名前でもアドレスでもありません",
                        "`host` is neither a server's name nor an address",
                    ),
                )
                .with_help(ja, en);
            None
        }
    }
}

fn security(section: &Section<'_>, found: &mut Found) -> Option<At<Security>> {
    if section.get("security").is_none() {
        return Some(At { value: Security::Tls, span: section.span.clone() });
    }
    let written = section.string("security", found)?;
    let value = match written.value {
        "tls" => Security::Tls,
        "starttls" => Security::StartTls,
        other => {
            let fault = found.error(
                written.span,
                Text::new(
                    format!("`security` に \"{other}\" は使えません"),
                    format!("`security` cannot be \"{other}\""),
                ),
            );
            if matches!(other, "none" | "plain" | "plaintext" | "off" | "no") {
                fault.with_help(
                    "暗号化なしの接続はありません。パスワードが読まれてしまうためです",
                    "there is no connection without encryption: the password could be read",
                );
            } else if matches!(other, "ssl" | "imaps" | "ssl/tls") {
                fault.with_help("ここでは \"tls\" と書きます", "it is called \"tls\" here");
            }
            fault.with_help(
                "\"tls\"（最初から暗号化。ポート 993）か \"starttls\"（途中から暗号化。ポート 143）を選んでください",
                "\"tls\" (encrypted from the first octet, port 993) or \"starttls\" (port 143)",
            );
            return None;
        }
    };
    Some(At { value, span: written.span })
}

fn port(section: &Section<'_>, security: Option<Security>, found: &mut Found) -> Option<u16> {
    let usual = security.unwrap_or(Security::Tls).usual_port();
    let Some(written) = section.get("port") else { return Some(usual) };
    let DeValue::Integer(integer) = written.get_ref() else {
        kind_fault(written, "port", "整数", "an integer", found).with_help("例: port = 993", "port = 993");
        return None;
    };
    let port = u16::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|port| *port != 0);
    let Some(port) = port else {
        found
            .error(written.span(), Text::new("`port` はポート番号ではありません", "`port` is not a port"))
            .with_help("1 から 65535 まで。ふつうは 993 です", "1 to 65535; most servers use 993");
        return None;
    };
    let crossed = matches!((security, port), (Some(Security::Tls), 143) | (Some(Security::StartTls), 993));
    if crossed {
        found
            .warning(
                written.span(),
                Text::new(
                    format!("ポート {port} は、ふつうこの `security` では使いません"),
                    format!("port {port} does not usually go with this `security`"),
                ),
            )
            .with_help(
                "\"tls\" は 993、\"starttls\" は 143 がふつうです。違うと接続が待ち時間切れになります",
                "\"tls\" goes with 993, \"starttls\" with 143; crossed, the connection times out",
            );
    }
    Some(port)
}

fn trust(
    section: &Section<'_>,
    base: &Base<'_>,
    found: &mut Found,
) -> (Option<At<PathBuf>>, Option<[u8; 32]>) {
    let ca_file = section.string("ca-file", found).and_then(|at| base.path(at, "ca-file", found));
    let written = section.string("spki-pin", found);
    if let (Some(_), Some(pin)) = (&ca_file, &written) {
        found
            .error(
                pin.span.clone(),
                Text::new(
                    "`ca-file` と `spki-pin` の両方があります",
                    "both `ca-file` and `spki-pin` are given",
                ),
            )
            .with_help(
                "どちらか一方にしてください。独自の認証局なら ca-file、証明書を固定するなら spki-pin です",
                "keep one: ca-file for a private authority, spki-pin to hold on to one key",
            );
    }
    let pin = written.and_then(|at| {
        let pin = value::pin(at.value);
        if pin.is_none() {
            found
                .error(at.span, Text::new("`spki-pin` は公開鍵のハッシュではありません", "`spki-pin` is not the digest of a public key"))
                .with_help(
                    "\"sha256:\" のあとに 16 進 64 桁、または base64 で 32 オクテットを書きます",
                    "\"sha256:\" and 64 hexadecimal digits, or base64 of 32 octets",
                )
                .with_help(
                    "求め方: openssl s_client -connect HOST:993 </dev/null | openssl x509 -pubkey -noout |\n  openssl pkey -pubin -outform der | sha256sum",
                    "to get it: openssl s_client -connect HOST:993 </dev/null | openssl x509 -pubkey -noout |\n  openssl pkey -pubin -outform der | sha256sum",
                );
        }
        pin
    });
    (ca_file, pin)
}

/// The three right ways to give a password, as help.
fn three_ways(fault: &mut super::diagnostic::Diagnostic) {
    fault
        .with_help(
            "password = { file = \"/etc/komainu/hanako.password\" }   ファイルに保存する（chmod 600）",
            "password = { file = \"/etc/komainu/hanako.password\" }   in a file (chmod 600)",
        )
        .with_help(
            "password = { credential = \"hanako\" }   systemd の LoadCredential= で渡す",
            "password = { credential = \"hanako\" }   from systemd's LoadCredential=",
        )
        .with_help(
            "password = { command = [\"pass\", \"show\", \"mail\"] }   パスワード管理ソフトに尋ねる",
            "password = { command = [\"pass\", \"show\", \"mail\"] }   from a password manager",
        );
}

fn password(section: &Section<'_>, base: &Base<'_>, found: &mut Found) -> Option<At<PasswordSource>> {
    let Some(written) = section.get("password") else {
        if let Some(fault) = section.missing("password", found) {
            three_ways(fault);
        }
        return None;
    };
    let table = match written.get_ref() {
        DeValue::Table(table) => table,
        other => {
            found.source.hide(written.span());
            let title = if matches!(other, DeValue::String(_)) {
                Text::new(
                    "パスワードそのものを設定ファイルに書くことはできません",
                    "the password itself does not belong into the configuration",
                )
            } else {
                Text::new(
                    "`password` はパスワードの置き場所を書く項目です",
                    "`password` says where the password is kept",
                )
            };
            let fault = found.error(written.span(), title);
            three_ways(fault);
            return None;
        }
    };
    for (key, value) in table {
        if !PASSWORD.known.contains(&key.get_ref().as_ref()) {
            found.source.hide(value.span());
        }
    }
    let inner = Section::new(table, written.span(), &PASSWORD, found);
    let file = inner.get("file").map(|_| inner.string("file", found));
    let credential = inner.get("credential").map(|_| inner.string("credential", found));
    let command = inner.get("command").map(|_| inner.strings("command", found));
    let value = match (file, credential, command) {
        (Some(file), None, None) => PasswordSource::File(base.path(file?, "file", found)?.value),
        (None, Some(name), None) => PasswordSource::Credential(credential_name(name?, found)?),
        (None, None, Some(words)) => PasswordSource::Command(command_words(words?, base, found)?),
        (None, None, None) => {
            if inner_is_clean(table) {
                let fault =
                    found.error(written.span(), Text::new("`password` が空です", "`password` says nothing"));
                three_ways(fault);
            }
            return None;
        }
        _ => {
            let fault = found.error(
                written.span(),
                Text::new(
                    "`password` の置き場所は一つだけ書いてください",
                    "`password` names more than one place",
                ),
            );
            three_ways(fault);
            return None;
        }
    };
    Some(At { value, span: written.span() })
}

/// An unknown key has been reported; that nothing is left is then no second fault.
fn inner_is_clean(table: &toml::de::DeTable<'_>) -> bool {
    table.is_empty()
}

fn credential_name(name: At<&str>, found: &mut Found) -> Option<String> {
    // systemd.exec(5): credential names are file names.
    let good = |c: char| c.is_ascii_graphic() && c != '/' && c != ':';
    if !name.value.is_empty() && name.value.chars().all(good) && !name.value.starts_with('.') {
        return Some(name.value.to_owned());
    }
    found
        .error(name.span, Text::new("資格情報の名前として使えません", "this is not the name of a credential"))
        .with_help(
            "LoadCredential= の : より前の名前を書きます（パスではありません）",
            "it is the name before the colon in LoadCredential=, not a path",
        );
    None
}

fn command_words(words: At<Vec<At<&str>>>, base: &Base<'_>, found: &mut Found) -> Option<Vec<String>> {
    let title = || Text::new("`command` に実行するプログラムがありません", "`command` names no program");
    let Some(program) = words.value.first() else {
        found
            .error(words.span, title())
            .with_help("例: [\"pass\", \"show\", \"mail\"]", "for instance [\"pass\", \"show\", \"mail\"]");
        return None;
    };
    if program.value.trim().is_empty() {
        found.error(program.span.clone(), title());
        return None;
    }
    if words.value.len() == 1 && program.value.contains(' ') {
        found
            .error(
                program.span.clone(),
                Text::new("`command` はシェルを通しません", "`command` does not go through a shell"),
            )
            .with_help(
                "プログラムと引数を分けて書いてください（例: [\"pass\", \"show\", \"mail\"]）",
                "write program and arguments apart: [\"pass\", \"show\", \"mail\"]",
            );
        return None;
    }
    let mut all: Vec<String> = words.value.iter().map(|word| word.value.to_owned()).collect();
    if let Some(first) = all.first_mut().filter(|first| first.contains('/')) {
        *first = base.expand(first).display().to_string();
    }
    Some(all)
}

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

fn mailboxes(section: &Section<'_>, found: &mut Found) -> Option<Vec<At<String>>> {
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

fn quarantine(section: &Section<'_>, found: &mut Found) -> Option<At<String>> {
    if section.get("quarantine").is_none() {
        return Some(At { value: super::QUARANTINE.to_owned(), span: section.span.clone() });
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
                format!("例: quarantine = \"{}\"", super::QUARANTINE),
                format!("for instance quarantine = \"{}\"", super::QUARANTINE),
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
                format!(
                    "専用のメールボックスをお勧めします（例: \"{}\"。なければ作られます）",
                    super::QUARANTINE
                ),
                format!(
                    "a mailbox of its own is better, \"{}\" for instance; it is created if missing",
                    super::QUARANTINE
                ),
            );
    }
    Some(name)
}

fn mode(section: &Section<'_>, found: &mut Found) -> Option<Mode> {
    let both = |fault: &mut super::diagnostic::Diagnostic| {
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

fn authserv_ids(section: &Section<'_>, found: &mut Found) -> Option<Vec<String>> {
    let Some(written) = section.get("authserv-id") else { return Some(Vec::new()) };
    let all = match written.get_ref() {
        DeValue::Array(_) => strings(written, "authserv-id", found)?.value,
        _ => vec![string_of(written, found)?],
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

fn string_of<'d>(written: &'d Spanned<DeValue<'d>>, found: &mut Found) -> Option<At<&'d str>> {
    string(written, "authserv-id", found)
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

/// Two tables that would watch the same mailbox, share a name, or watch another's quarantine.
pub(super) fn compare(drafts: &[Draft<'_>], found: &mut Found) {
    for (index, draft) in drafts.iter().enumerate() {
        own_quarantine(draft, found);
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

fn same_name(draft: &Draft<'_>, other: &Draft<'_>, found: &mut Found) {
    let (Some(name), Some(first)) = (&draft.name, &other.name) else { return };
    if name.value.to_lowercase() == first.value.to_lowercase() {
        found
            .error(
                name.span.clone(),
                Text::new(
                    format!("`name` が \"{}\" の口座が二つあります", name.value),
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
                        format!("同じ利用者の \"{}\" を二つの口座が見張っています", mailbox.value),
                        format!("two accounts watch \"{}\" of the same user", mailbox.value),
                    ),
                )
                .with_help("一つの口座にまとめてください", "make them one account");
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
