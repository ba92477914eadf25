//! `komainu check`, the part without a network: in words, what the service will do and not do, where the evidence goes,
//! who can read it, and what is to be put right.

use std::fmt::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use unicode_width::UnicodeWidthStr as _;

use crate::config::{
    Account, Config, Diagnostic, Environment, Faults, Language, Mode, PasswordSource, Weight,
};
use crate::imap::Security;
use crate::indicator::Hundredths;

/// What is to be printed, and whether the service could start.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// For the terminal; ends with a line feed.
    pub text: String,
    /// False: exit 78 (`EX_CONFIG`). Warnings leave it true.
    pub ok: bool,
}

/// Looks at the configuration and at what it names on this machine. Creates and changes nothing.
pub fn report(config: &Config, environment: &Environment, language: Language) -> Report {
    let mut page = Page { text: String::new(), language };
    for account in &config.accounts {
        page.account(config, account);
    }
    page.promise(config);
    page.places(config);
    let tables = config.tables();
    page.heading("判定に使うもの", "What judging uses");
    for (label, value) in super::tables::lines(config, tables.as_ref().ok(), language) {
        page.line(label, &value);
    }
    page.text.push('\n');
    let mut found = config.warnings.clone();
    found.extend(config.inspect(environment));
    if let Ok(tables) = &tables {
        found.extend(super::tables::powerless(config, tables));
    }
    let broken = tables.err().unwrap_or_default();
    for faults in &broken {
        page.text.push_str(&faults.render(language));
        page.text.push('\n');
    }
    let ok = broken.is_empty() && found.iter().all(|one| one.weight == Weight::Warning);
    page.findings(config, &found, &broken);
    Report { text: page.text, ok }
}

struct Page {
    text: String,
    language: Language,
}

impl Page {
    fn account(&mut self, config: &Config, account: &Account) {
        let pick = |ja, en| self.language.pick(ja, en);
        let heading = format!("{} {}\n", pick("アカウント", "Account"), account.name);
        self.text.push_str(&heading);
        self.line(("サーバー", "server"), &self.server(account));
        self.line(("ログイン", "login"), &account.user);
        self.line(("パスワード", "password"), &self.password(&account.password));
        let mut label = ("見張る", "watches");
        for (index, mailbox) in account.mailboxes.iter().enumerate() {
            let how = if index == 0 {
                self.language
                    .pick("届くのを待ち受け、すぐに気づきます", "waits there, notices at once")
                    .to_owned()
            } else {
                self.seconds(config.poll.as_secs())
            };
            self.line(label, &format!("{mailbox} ({how})"));
            label = ("", "");
        }
        self.judging(config, account);
        self.text.push('\n');
    }

    fn judging(&mut self, config: &Config, account: &Account) {
        let (suspicious, threat) = (points(config.thresholds.suspicious), points(config.thresholds.threat));
        let largest = octets(config.max_message);
        let quarantine = &account.quarantine;
        let ja = self.language == Language::Ja;
        let judged = if ja {
            format!("これから届くメールだけ。{largest} を超えるものは判定せず、そのまま残して数えます")
        } else {
            format!(
                "messages that arrive from now on; one above {largest} is not judged, stays and is counted"
            )
        };
        self.line(("判定する", "judges"), &judged);
        let stays = if ja {
            format!("点数 {suspicious} 以上: 動かさず、記録します")
        } else {
            format!("from {suspicious} points: stays where it is, and is recorded")
        };
        self.line(("疑わしい", "suspicious"), &stays);
        let hit = match (account.mode, ja) {
            (Mode::Quarantine, true) => {
                format!(
                    "点数 {threat} 以上: 証拠を保存してから「{quarantine}」へ移します（なければ作ります）"
                )
            }
            (Mode::Quarantine, false) => format!(
                "from {threat} points: evidence is saved first, then it is moved to \"{quarantine}\" (created if missing)"
            ),
            (Mode::Observe, true) => {
                format!("点数 {threat} 以上: 証拠を保存します。動かしません (mode = \"observe\")")
            }
            (Mode::Observe, false) => {
                format!("from {threat} points: evidence is saved; it stays where it is (mode = \"observe\")")
            }
        };
        self.line(("脅威", "threat"), &hit);
        self.kept_back(account);
        let trusted = match (account.authserv_ids.is_empty(), ja) {
            (true, true) => "`authserv-id` がないので、どの Authentication-Results も信じません".to_owned(),
            (true, false) => "without an `authserv-id`, no Authentication-Results field counts".to_owned(),
            (false, true) => {
                format!("{} の Authentication-Results だけを信じます", account.authserv_ids.join("、"))
            }
            (false, false) => {
                format!("only Authentication-Results of {} count", account.authserv_ids.join(", "))
            }
        };
        self.line(("送信元の確認", "authenticity"), &trusted);
    }

    /// What is not moved although it is a threat, and where the digest goes.
    fn kept_back(&mut self, account: &Account) {
        let ja = self.language == Language::Ja;
        if let (Some(time), Mode::Quarantine) = (account.observe_for, account.mode) {
            let time = super::text::span(time, self.language);
            let said = if ja {
                format!("見張り始めてから {time}は動かさず、記録と日報だけ")
            } else {
                format!("for {time} after the first watch nothing is moved, only recorded and told")
            };
            self.line(("試用", "trial"), &said);
        }
        if !account.also_preserve.is_empty() {
            let names = account.also_preserve.join(if ja { "、" } else { ", " });
            let said = if ja {
                format!("{names}: 証拠だけ残し、決して動かしません")
            } else {
                format!("{names}: evidence is kept, nothing is ever moved there")
            };
            self.line(("保存だけ", "only keeps"), &said);
        }
        if let Some(name) = &account.digest_mailbox {
            let said = if ja {
                format!("自分の「{name}」に置きます（APPEND。なければ作ります）")
            } else {
                format!("put into your own \"{name}\" (APPEND; created if missing)")
            };
            self.line(("日報", "digest"), &said);
        }
    }

    fn server(&self, account: &Account) -> String {
        let pick = |ja, en| self.language.pick(ja, en);
        let security = match account.security {
            Security::Tls => pick("最初から暗号化 (TLS)", "TLS from the first octet"),
            Security::StartTls => {
                pick("STARTTLS（サーバーが応じなければ接続しません）", "STARTTLS, or no connection at all")
            }
        };
        let trust = match (&account.ca_file, &account.spki_pin) {
            (_, Some(_)) => pick("固定した公開鍵だけを信じます", "trusts the pinned key alone").to_owned(),
            (Some(path), None) => {
                format!("{} {}", pick("追加の認証局", "one more authority:"), path.display())
            }
            (None, None) => pick("システムの認証局", "the system's authorities").to_owned(),
        };
        let comma = pick("、", ", ");
        format!("{}:{}{comma}{security}{comma}{trust}", account.host, account.port)
    }

    fn password(&self, source: &PasswordSource) -> String {
        let pick = |ja, en| self.language.pick(ja, en);
        match source {
            PasswordSource::File(path) => {
                let state = match std::fs::metadata(path) {
                    Ok(meta) => format!("{} {:04o}", pick("モード", "mode"), meta.mode() & 0o7777),
                    Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                        pick("まだありません", "not there yet").to_owned()
                    }
                    Err(cause) => cause.to_string(),
                };
                format!("{} {} ({state})", pick("ファイル", "file"), path.display())
            }
            PasswordSource::Credential(name) => format!(
                "{} {name} ({})",
                pick("systemd の資格情報", "systemd credential"),
                pick("サービスの開始時に渡されます", "given when the service starts")
            ),
            PasswordSource::Command(_) => format!(
                "{} `{}` ({})",
                pick("プログラム", "program"),
                source.describe(),
                pick("開始時に一度だけ実行し、一行目を使います", "run once at the start, first line taken")
            ),
        }
    }

    /// What holds for every account.
    fn promise(&mut self, config: &Config) {
        let mut peers: Vec<String> =
            config.accounts.iter().map(|account| format!("{}:{}", account.host, account.port)).collect();
        peers.sort();
        peers.dedup();
        let ja = self.language == Language::Ja;
        let peers = peers.join(if ja { "、" } else { ", " });
        let (heading, lines) = if ja {
            (
                "どのアカウントでも、しないこと",
                [
                    "返信も転送もしません。メールを送る機能がありません".to_owned(),
                    "メールを消しません。既読などの印も変えません".to_owned(),
                    "メールの中のリンク・画像・添付を開きません".to_owned(),
                    format!("接続するのは {peers} と、その名前を調べる DNS だけです"),
                ],
            )
        } else {
            (
                "What it never does",
                [
                    "reply or forward: it has no means to send mail".to_owned(),
                    "delete a message, or change a flag such as \"read\"".to_owned(),
                    "open a link, an image or an attachment of a message".to_owned(),
                    format!("connect to anything but {peers}, and DNS to find it"),
                ],
            )
        };
        self.text.push_str(heading);
        self.text.push('\n');
        for line in lines {
            _ = writeln!(self.text, "  - {line}");
        }
        self.text.push('\n');
    }

    fn places(&mut self, config: &Config) {
        let heading = self.language.pick("保存するもの", "What it keeps");
        _ = writeln!(self.text, "{heading}");
        self.line(("証拠と状態", "evidence"), &self.directory(&config.state_dir));
        self.line(("日報", "digests"), &self.directory(&config.log_dir));
        let what = self.language.pick(
            "脅威・疑わしいメールは全文。それ以外は中身を残さず、ハッシュ値と件数だけ",
            "threats and suspicious messages whole; of all others no content, only a hash and their number",
        );
        self.line(("中身", "content"), what);
        let zone = config.timezone.iana_name().unwrap_or("UTC");
        self.line(("一日の区切り", "day"), zone);
        for (label, value) in super::evidence::vouching(config, self.language) {
            self.line(label, &value);
        }
        self.text.push('\n');
    }

    fn directory(&self, path: &Path) -> String {
        let pick = |ja, en| self.language.pick(ja, en);
        let state = match std::fs::metadata(path) {
            Ok(meta) => format!("{} {:04o}", pick("モード", "mode"), meta.mode() & 0o7777),
            Err(_) => pick("まだありません。モード 0700 で作ります", "not there yet; made with mode 0700")
                .to_owned(),
        };
        format!("{} ({state})", path.display())
    }

    fn findings(&mut self, config: &Config, found: &[Diagnostic], broken: &[Faults]) {
        for diagnostic in found {
            self.text.push_str(&diagnostic.render(&config.source, self.language));
            self.text.push('\n');
        }
        let warnings = found.iter().filter(|one| one.weight == Weight::Warning).count();
        let in_tables: usize = broken.iter().map(|faults| faults.list.len() + faults.unseen).sum();
        let errors = found.len() - warnings + in_tables;
        let ok = errors == 0;
        let ja = self.language == Language::Ja;
        let result = match (ok, warnings, ja) {
            (true, 0, true) => "設定に誤りはありません".to_owned(),
            (true, 0, false) => "no fault in the configuration".to_owned(),
            (true, _, true) => format!("設定に誤りはありません。気をつけること {warnings} 件"),
            (true, _, false) => format!("no fault in the configuration, {warnings} to be aware of"),
            (false, _, true) => {
                format!("直すところが {errors} 件あります。このままではサービスは始まりません")
            }
            (false, _, false) => format!("{errors} to be put right; the service will not start like this"),
        };
        _ = writeln!(self.text, "{}: {result}", config.source.name);
    }

    fn seconds(&self, seconds: u64) -> String {
        match self.language {
            Language::Ja => format!("{seconds} 秒ごとに見に行きます"),
            Language::En => format!("looked at every {seconds} s"),
        }
    }

    fn heading(&mut self, ja: &str, en: &str) {
        _ = writeln!(self.text, "{}", self.language.pick(ja, en));
    }

    /// A label, padded by its width on a terminal, and what belongs to it.
    fn line(&mut self, (ja, en): (&str, &str), value: &str) {
        let label = self.language.pick(ja, en);
        let pad = " ".repeat(14_usize.saturating_sub(label.width()));
        _ = writeln!(self.text, "  {label}{pad}{value}");
    }
}

fn points(score: Hundredths) -> String {
    format!("{}.{:02}", score.0 / 100, score.0 % 100)
}

fn octets(size: u64) -> String {
    match size {
        size if size % (1 << 20) == 0 => format!("{} MiB", size >> 20),
        size if size % (1 << 10) == 0 => format!("{} KiB", size >> 10),
        size => format!("{size} octets"),
    }
}
