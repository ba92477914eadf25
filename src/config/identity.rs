//! `[identity]`: what is the person's own, so that mail which quotes it is known.

use toml::de::DeValue;

use super::diagnostic::Text;
use super::keys::IDENTITY;
use super::section::{Found, More as _, Section, kind_fault};

/// Whoever is protected: what a threatening letter may quote. Used for judging, on this machine only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Names as people write them, former ones and readings too.
    pub names: Vec<String>,
    /// Mail addresses beside the logins, lower case.
    pub addresses: Vec<String>,
    /// Postal addresses and telephone numbers, as people write them.
    pub postal: Vec<String>,
}

impl Identity {
    /// Whether a value can stand in it.
    pub fn takes(value: &str) -> bool {
        (SHORTEST..=LONGEST).contains(&value.trim().chars().count())
            && !value.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER)
    }
}

/// Values of one key; more are a mistake.
const MOST: usize = 50;
/// A shorter name would be found in half of all mail.
const SHORTEST: usize = 2;
/// Characters of a value.
const LONGEST: usize = 200;

pub(super) fn identity(section: &Section<'_>, found: &mut Found) -> Option<Identity> {
    let Some(written) = section.get("identity") else { return Some(Identity::default()) };
    let DeValue::Table(table) = written.get_ref() else {
        kind_fault(written, "identity", "表", "a table", found).with_help(
            "[identity] の下に names = [\"山田花子\"] などを書きます",
            "write [identity], and below it names = [\"Hanako Yamada\"] and so on",
        );
        return None;
    };
    let inner = Section::new(table, written.span(), &IDENTITY, found);
    let names = values(&inner, "names", found);
    let addresses = values(&inner, "addresses", found);
    let postal = values(&inner, "postal", found);
    let addresses = addresses?;
    if let Some(wrong) = addresses.iter().find(|address| !address.contains('@')) {
        let span = inner.get("addresses").map_or_else(|| written.span(), toml::Spanned::span);
        found
            .error(
                span,
                Text::new(
                    format!("\"{wrong}\" はメールアドレスではありません"),
                    format!("\"{wrong}\" is no mail address"),
                ),
            )
            .with_help("住所は `postal` に書きます", "a postal address belongs into `postal`");
        return None;
    }
    let addresses = addresses.iter().map(|address| address.to_lowercase()).collect();
    Some(Identity { names: names?, addresses, postal: postal? })
}

fn values(section: &Section<'_>, key: &str, found: &mut Found) -> Option<Vec<String>> {
    if section.get(key).is_none() {
        return Some(Vec::new());
    }
    let written = section.strings(key, found)?;
    if let Some(wrong) = written.value.iter().find(|one| !Identity::takes(one.value)) {
        found
            .error(
                wrong.span.clone(),
                Text::new(format!("`{key}` に使えない値です"), format!("not a usable value of `{key}`")),
            )
            .with_help(
                format!("{SHORTEST} 文字から {LONGEST} 文字まで、制御文字なしで書きます"),
                format!("{SHORTEST} to {LONGEST} characters, no control characters"),
            );
        return None;
    }
    if written.value.len() > MOST {
        found.error(
            written.span,
            Text::new(
                format!("`{key}` は {MOST} 個までです"),
                format!("`{key}` takes {MOST} values at most"),
            ),
        );
        return None;
    }
    Some(written.value.iter().map(|one| one.value.trim().to_owned()).collect())
}
