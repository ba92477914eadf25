//! What was answered, and the configuration that follows from it. Pure.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::cli::text::Lang;
use crate::config::{Mode, PasswordSource};
use crate::imap::Security;

/// All that the file will say.
#[derive(Debug, Clone)]
pub(super) struct Answers {
    pub(super) lang: Lang,
    /// Where the digest's day begins, where the machine's own zone is not the person's.
    pub(super) timezone: Option<&'static str>,
    pub(super) name: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) user: String,
    pub(super) password: PasswordSource,
    pub(super) mailboxes: Vec<String>,
    pub(super) quarantine: String,
    pub(super) mode: Mode,
    /// As written, such as `7d`.
    pub(super) observe_for: Option<String>,
    pub(super) authserv_ids: Vec<String>,
    pub(super) digest_mailbox: Option<String>,
    pub(super) also_preserve: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) addresses: Vec<String>,
    pub(super) postal: Vec<String>,
}

impl Answers {
    /// As `komainu.toml`, with a word on each part in the person's language.
    pub(super) fn toml(&self) -> String {
        let mut text = String::new();
        let pick = |ja, en| self.lang.pick(ja, en);
        let _ = writeln!(
            text,
            "# {}\n# {}\nlanguage = {}",
            pick(
                "komainu setup が書いた設定です。すべての項目の説明: config/komainu.toml",
                "Written by komainu setup. Every key is explained in config/komainu.toml"
            ),
            pick("直したら: komainu check --online", "after a change: komainu check --online"),
            quoted(self.lang.code()),
        );
        if let Some(zone) = self.timezone {
            let about = pick(
                "この機械の時間帯は UTC なので、日報の一日を日本時間にします",
                "the zone of the digest's day",
            );
            let _ = writeln!(text, "# {about}\ntimezone = {}", quoted(zone));
        }
        self.identity(&mut text);
        let security = match self.security {
            Security::Tls => "tls",
            Security::StartTls => "starttls",
        };
        let _ = writeln!(
            text,
            "\n[[account]]\nname = {}\nhost = {}\nport = {}\nsecurity = \"{security}\"",
            quoted(&self.name),
            quoted(&self.host),
            self.port,
        );
        if let Some(ca_file) = &self.ca_file {
            let _ = writeln!(text, "ca-file = {}", quoted(&ca_file.to_string_lossy()));
        }
        let password = match &self.password {
            PasswordSource::File(path) => format!("file = {}", quoted(&path.to_string_lossy())),
            PasswordSource::Credential(name) => format!("credential = {}", quoted(name)),
            PasswordSource::Command(words) => format!("command = {}", list(words)),
        };
        let _ = writeln!(text, "user = {}\npassword = {{ {password} }}", quoted(&self.user));
        let _ = writeln!(
            text,
            "mailboxes = {}\nquarantine = {}\nmode = \"{}\"",
            list(&self.mailboxes),
            quoted(&self.quarantine),
            self.mode.word()
        );
        self.optional(&mut text);
        text
    }

    fn identity(&self, text: &mut String) {
        let parts = [("names", &self.names), ("addresses", &self.addresses), ("postal", &self.postal)];
        if parts.iter().all(|(_, values)| values.is_empty()) {
            return;
        }
        let about = self.lang.pick(
            "引用されたら気づくための、自分のこと。この機械の外へは出ません",
            "What is your own, to notice when it is quoted; never leaves this machine",
        );
        let _ = writeln!(text, "\n# {about}\n[identity]");
        for (key, values) in parts {
            if !values.is_empty() {
                let _ = writeln!(text, "{key} = {}", list(values));
            }
        }
    }

    fn optional(&self, text: &mut String) {
        if let Some(time) = &self.observe_for {
            let about = self.lang.pick(
                "最初のこの間は動かさず、日報に載せるだけ",
                "for so long at first nothing is moved, and the digest tells",
            );
            let _ = writeln!(text, "# {about}\nobserve-for = {}", quoted(time));
        }
        for (key, values) in [("authserv-id", &self.authserv_ids), ("also-preserve", &self.also_preserve)] {
            if !values.is_empty() {
                let _ = writeln!(text, "{key} = {}", list(values));
            }
        }
        if let Some(name) = &self.digest_mailbox {
            let _ = writeln!(text, "digest-mailbox = {}", quoted(name));
        }
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list(values: &[String]) -> String {
    format!("[{}]", values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "))
}

/// The zone that a person's days are in, where a machine that runs on UTC does not know it: of the languages that are spoken
/// here, Japanese has one zone.
pub(super) fn timezone(lang: Lang, machine: Option<&str>) -> Option<&'static str> {
    let utc = machine.is_none_or(|name| {
        let name = name.rsplit('/').next().unwrap_or(name);
        ["UTC", "UCT", "GMT", "Universal", "Zulu"].contains(&name)
    });
    (lang == Lang::Ja && utc).then_some("Asia/Tokyo")
}

/// A short name for the account: what stands before the `@`, of what names may hold.
pub(super) fn account_name(address: &str) -> String {
    let local = address.split('@').next().unwrap_or_default();
    let good = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
    let name: String = local.chars().filter(good).take(64).collect();
    let name = name.trim_start_matches(|c: char| !c.is_alphanumeric());
    if name.is_empty() { "mail".to_owned() } else { name.to_owned() }
}

/// `local@domain`, and nothing that no address has.
pub(super) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\",;:".contains(c))
}

/// `host`, `host:993` or `[2001:db8::1]:993`.
pub(super) fn host_and_port(text: &str) -> (String, Option<u16>) {
    match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => match port.parse() {
            Ok(port) => (host.trim_matches(['[', ']']).to_owned(), Some(port)),
            Err(_) => (text.to_owned(), None),
        },
        _ => (text.to_owned(), None),
    }
}

/// Parts of a list, as people write it.
pub(super) fn parts(text: &str) -> Vec<String> {
    divided(text, &[',', '、', ';', '，'])
}

/// Parts that may hold commas, such as postal addresses.
pub(super) fn lines(text: &str) -> Vec<String> {
    divided(text, &[';', '；', '、'])
}

fn divided(text: &str, between: &[char]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in text.split(between).map(str::trim).filter(|part| !part.is_empty()) {
        if parts.iter().all(|other| other != part) {
            parts.push(part.to_owned());
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::config::{Config, Environment, Source};

    fn answers(awkward: &str) -> Answers {
        Answers {
            lang: Lang::Ja,
            timezone: Some("Asia/Tokyo"),
            name: "hanako".into(),
            host: "imap.example.com".into(),
            port: 993,
            security: Security::Tls,
            ca_file: Some(format!("/tmp/{awkward}").into()),
            user: format!("hanako{awkward}@example.com"),
            password: PasswordSource::File(format!("/etc/{awkward}").into()),
            mailboxes: vec!["INBOX".into(), format!("仕事{awkward}")],
            quarantine: "komainu隔離".into(),
            mode: Mode::Quarantine,
            observe_for: Some("7d".into()),
            authserv_ids: vec!["mx.example.com".into()],
            digest_mailbox: Some("komainu日報".into()),
            also_preserve: vec!["\\Junk".into()],
            names: vec![format!("山田花子{awkward}")],
            addresses: vec!["old@example.net".into()],
            postal: vec![format!("1 Example St, {awkward}ville")],
        }
    }

    proptest! {
        /// Whatever was typed, the loader reads back what was meant.
        #[test]
        fn what_is_written_is_read_back(awkward in "[a-z \"\\\\'#=\\[\\]{}日本é]{0,12}[a-z]") {
            let answers = answers(&awkward);
            let path = Path::new("/etc/komainu/komainu.toml");
            let config = Config::parse(Source::new("t", answers.toml()), path, &Environment::new([], 1000));
            let config = config.unwrap_or_else(|faults| panic!("{}\n{}", answers.toml(), faults.render(Lang::En)));
            let account = &config.accounts[0];
            prop_assert_eq!(&account.user, &answers.user);
            prop_assert_eq!(&account.mailboxes, &answers.mailboxes);
            prop_assert_eq!(&account.password, &answers.password);
            prop_assert_eq!(&account.ca_file, &answers.ca_file);
            prop_assert_eq!(&account.also_preserve, &answers.also_preserve);
            prop_assert_eq!(account.observe_for.unwrap().as_secs(), 7 * 86_400);
            prop_assert_eq!(&config.identity.names, &answers.names);
            prop_assert_eq!(&config.identity.postal, &answers.postal);
        }
    }

    #[test]
    fn names_hosts_and_lists_are_taken_as_people_write_them() {
        assert_eq!(account_name("hanako.y+x@example.com"), "hanako.y+x");
        assert_eq!(account_name("..\"@example.com"), "mail");
        assert!(is_address("h@example.com") && !is_address("h@localhost") && !is_address("h @example.com"));
        assert!(!is_address("example.com") && !is_address("@example.com") && !is_address("h@.com"));
        assert_eq!(host_and_port("imap.example.com:143"), ("imap.example.com".into(), Some(143)));
        assert_eq!(host_and_port("[2001:db8::1]:993"), ("2001:db8::1".into(), Some(993)));
        assert_eq!(host_and_port("2001:db8::1"), ("2001:db8::1".into(), None));
        assert_eq!(host_and_port("imap.example.com:x"), ("imap.example.com:x".into(), None));
        assert_eq!(parts("INBOX、 仕事,INBOX,"), ["INBOX", "仕事"]);
        assert_eq!(lines("1 Example St, Town; 090-0000-0000"), ["1 Example St, Town", "090-0000-0000"]);
    }
}
