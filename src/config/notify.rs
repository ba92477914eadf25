//! `[notify]`: by which ways, beside the mailbox, the person is told counts.

use toml::de::DeValue;

use super::diagnostic::Text;
use super::keys::NOTIFY;
use super::section::{Found, More as _, Section, kind_fault};

/// Opt-in, and counts only: never content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notify {
    /// A notification on the desktop of whoever runs the service.
    pub desktop: bool,
    /// Where to POST to (`https://…`, ntfy-compatible).
    pub url: Option<String>,
}

pub(super) fn notify(section: &Section<'_>, found: &mut Found) -> Option<Notify> {
    let Some(written) = section.get("notify") else { return Some(Notify::default()) };
    let DeValue::Table(table) = written.get_ref() else {
        kind_fault(written, "notify", "表", "a table", found).with_help(
            "[notify] の下に desktop = true などを書きます",
            "write [notify], and below it desktop = true and so on",
        );
        return None;
    };
    let inner = Section::new(table, written.span(), &NOTIFY, found);
    let desktop = desktop(&inner, found);
    let url = url(&inner, found);
    Some(Notify { desktop: desktop?, url })
}

fn desktop(section: &Section<'_>, found: &mut Found) -> Option<bool> {
    match section.get("desktop").map(|value| (value, value.get_ref())) {
        None => Some(false),
        Some((_, DeValue::Boolean(on))) => Some(*on),
        Some((value, _)) => {
            kind_fault(value, "desktop", "真偽値 (true か false)", "true or false", found);
            None
        }
    }
}

fn url(section: &Section<'_>, found: &mut Found) -> Option<String> {
    section.get("url")?;
    let written = section.string("url", found)?;
    if is_endpoint(written.value) {
        return Some(written.value.to_owned());
    }
    found.error(written.span, Text::new("`url` に使えない値です", "not a usable `url`")).with_help(
        "https:// で始まるものだけです（例: \"https://ntfy.example.com/topic\"）。暗号化なしの通知はありません",
        "it begins with https://, for instance \"https://ntfy.example.com/topic\"; there is no plaintext",
    );
    None
}

/// `https://host[:port]/path`, in ASCII that needs no escape in a request.
fn is_endpoint(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '@' | '#');
    !host.is_empty() && !host.starts_with(':') && host.chars().all(plain) && path.chars().all(plain)
}
