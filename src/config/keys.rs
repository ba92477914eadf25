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
    known: &[
        "language",
        "timezone",
        "state-dir",
        "log-dir",
        "tables-dir",
        "disabled-indicators",
        "poll",
        "max-message",
        "threshold",
        "witness-dir",
        "metrics-file",
        "retention",
        "identity",
        "notify",
        "account",
    ],
    later: &["allow-users"],
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
        "observe-for",
        "digest-mailbox",
        "also-preserve",
    ],
    later: &[],
};

pub(super) static IDENTITY: Keys =
    Keys { section: "[identity]", known: &["names", "addresses", "postal"], later: &[] };

pub(super) static NOTIFY: Keys = Keys { section: "[notify]", known: &["url"], later: &["desktop"] };

pub(super) static PASSWORD: Keys =
    Keys { section: "password", known: &["file", "credential", "command"], later: &[] };

pub(super) static THRESHOLD: Keys =
    Keys { section: "[threshold]", known: &["suspicious", "threat"], later: &[] };

pub(super) static RETENTION: Keys =
    Keys { section: "[retention]", known: &["hits", "released", "clean"], later: &[] };

/// A file of tables.
pub(super) static TABLES: Keys =
    Keys { section: "*.toml", known: &["table", "brand", "case", "allow", "block"], later: &[] };

pub(super) static TABLE: Keys = Keys {
    section: "[[table]]",
    known: &["slot", "about", "mode", "without", "hits", "misses", "entry"],
    later: &[],
};

pub(super) static ENTRY: Keys =
    Keys { section: "[[table.entry]]", known: &["lang", "source", "date", "phrases"], later: &[] };

pub(super) static BRAND: Keys = Keys {
    section: "[[brand]]",
    known: &["name", "mode", "names", "exact", "domains", "source", "date"],
    later: &[],
};

pub(super) static CASE: Keys = Keys { section: "[[case]]", known: &["name", "domain", "brand"], later: &[] };

pub(super) static ALLOW: Keys = Keys { section: "[[allow]]", known: SENDER, later: &[] };

pub(super) static BLOCK: Keys = Keys { section: "[[block]]", known: SENDER, later: &[] };

const SENDER: &[&str] = &["address", "domain", "about", "date", "hits", "misses"];

/// Tables that stand in one file.
static FILES: [&[&Keys]; 2] = [
    &[&TOP, &ACCOUNT, &THRESHOLD, &RETENTION, &IDENTITY, &NOTIFY],
    &[&TABLES, &TABLE, &ENTRY, &BRAND, &CASE, &ALLOW, &BLOCK],
];

/// Names that other programs use for what has another name here.
const ALIASES: [(&str, &str); 16] = [
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
    ("email", "address"),
    ("mail", "address"),
    ("phrase", "phrases"),
    ("reason", "about"),
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
        let alias = ALIASES.iter().find(|(other, ours)| *other == key && self.known.contains(ours));
        if let Some((_, ours)) = alias {
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
    let file = FILES.iter().find(|file| file.iter().any(|keys| keys.section == here))?;
    let keys = file.iter().find(|keys| keys.section != here && keys.known.contains(&key))?;
    if keys.section == TOP.section || keys.section == TABLES.section {
        return Some((
            "ファイルの先頭（最初の [...] より前）",
            "the top of the file, before the first [...]",
        ));
    }
    Some((keys.section, keys.section))
}
