//! Which keys each table may have. Data: the loader, its suggestions and the test of the annotated default read it.

use std::ops::Range;

use super::diagnostic::Text;
use super::section::{Found, More as _, suggest};

/// The keys of one table.
#[derive(Debug)]
pub(super) struct Keys {
    /// As messages name the table.
    pub(super) section: &'static str,
    /// Keys of this version.
    pub(super) known: &'static [&'static str],
    /// Keys that are laid down, and that this version cannot honour yet. They are refused: a person who writes them
    /// relies on them.
    pub(super) later: &'static [&'static str],
}

pub(super) static TOP: Keys = Keys {
    section: "komainu.toml",
    known: &["language", "timezone", "state-dir", "log-dir", "poll", "max-message", "threshold", "account"],
    later: &[
        "witness-dir",
        "allow-users",
        "identity",
        "retention",
        "notify",
        "digest-mailbox",
        "observe-for",
        "also-preserve",
    ],
};

pub(super) static ACCOUNT: Keys = Keys {
    section: "[[account]]",
    known: &[
        "name",
        "host",
        "port",
        "security",
        "ca-file",
        "spki-pin",
        "user",
        "password",
        "mailboxes",
        "quarantine",
        "mode",
        "authserv-id",
    ],
    later: &["observe-for", "digest-mailbox", "also-preserve"],
};

pub(super) static PASSWORD: Keys =
    Keys { section: "password", known: &["file", "credential", "command"], later: &[] };

pub(super) static THRESHOLD: Keys =
    Keys { section: "[threshold]", known: &["suspicious", "threat"], later: &[] };

/// Names that other programs use for what has another name here.
const ALIASES: [(&str, &str); 12] = [
    ("server", "host"),
    ("hostname", "host"),
    ("username", "user"),
    ("login", "user"),
    ("email", "user"),
    ("folder", "mailboxes"),
    ("folders", "mailboxes"),
    ("tls", "security"),
    ("ssl", "security"),
    ("ca", "ca-file"),
    ("interval", "poll"),
    ("lang", "language"),
];

impl Keys {
    /// Reports a key that the table may not have, and tells which of its keys was probably meant.
    pub(super) fn judge(&self, key: &str, span: Range<usize>, found: &mut Found) -> Option<&'static str> {
        if self.known.contains(&key) {
            return None;
        }
        let section = self.section;
        if self.later.contains(&key) {
            found
                .error(
                    span,
                    Text::new(
                        format!("`{key}` はこの版ではまだ使えません"),
                        format!("`{key}` is not supported by this version yet"),
                    ),
                )
                .with_help(
                    "この行を消すか、行頭に # をつけてください。効かない設定を黙って受け入れることはしません",
                    "remove the line or put a # before it; a setting without effect is not accepted in silence",
                );
            return None;
        }
        let title = Text::new(format!("`{key}` という項目はありません"), format!("unknown key `{key}`"));
        let fault = found
            .error(span, title)
            .with_label(format!("{section} の項目ではありません"), format!("not a key of {section}"));
        let alias = ALIASES.iter().map(|(other, ours)| (*other, *ours)).find(|(other, _)| *other == key);
        if let Some((_, ours)) = alias.filter(|(_, ours)| self.known.contains(ours)) {
            fault.with_help(format!("ここでは `{ours}` と書きます"), format!("it is called `{ours}` here"));
            return Some(ours);
        }
        if let Some((ja, en)) = elsewhere(key, section) {
            fault.with_help(format!("`{key}` は{ja}に書く項目です"), format!("`{key}` belongs into {en}"));
            return None;
        }
        let meant = suggest(fault, key, self.known.iter().copied());
        if meant.is_none() {
            let all = self.known.join(", ");
            fault.with_help(format!("使える項目: {all}"), format!("its keys are {all}"));
        }
        meant
    }
}

/// The table where a key would be at home, in Japanese and English.
fn elsewhere(key: &str, here: &str) -> Option<(&'static str, &'static str)> {
    let keys = [&TOP, &ACCOUNT, &THRESHOLD]
        .into_iter()
        .find(|keys| keys.section != here && keys.known.contains(&key))?;
    if keys.section == TOP.section {
        return Some((
            "ファイルの先頭（最初の [...] より前）",
            "the top of the file, before the first [...]",
        ));
    }
    Some((keys.section, keys.section))
}
