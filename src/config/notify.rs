//! `[notify]`: by which ways, beside the mailbox, the person is told counts.

use toml::de::DeValue;

use super::diagnostic::Text;
use super::keys::NOTIFY;
use super::section::{Found, More as _, Section, kind_fault};

/// Opt-in, and counts only: never content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notify {
    /// Where to POST to (`https://…`, ntfy-compatible).
    pub url: Option<String>,
}

pub(super) fn notify(section: &Section<'_>, found: &mut Found) -> Option<Notify> {
    let Some(written) = section.get("notify") else { return Some(Notify::default()) };
    let DeValue::Table(table) = written.get_ref() else {
        kind_fault(written, "notify", "表", "a table", found).with_help(
            "[notify] の下に url = \"https://…\" と書きます",
            "write [notify], and below it url = \"https://…\"",
        );
        return None;
    };
    let inner = Section::new(table, written.span(), &NOTIFY, found);
    Some(Notify { url: url(&inner, found) })
}

fn url(section: &Section<'_>, found: &mut Found) -> Option<String> {
    section.get("url")?;
    let written = section.string("url", found)?;
    if parts(written.value).is_some() {
        return Some(written.value.to_owned());
    }
    found.error(written.span, Text::new("`url` に使えない値です", "not a usable `url`")).with_help(
        "https:// で始まるものだけです（例: \"https://ntfy.example.com/topic\"）。暗号化なしの通知はありません",
        "it begins with https://, for instance \"https://ntfy.example.com/topic\"; there is no plaintext",
    );
    None
}

/// An HTTPS endpoint in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Https {
    /// Name or address; an IPv6 address in its brackets.
    pub host: String,
    /// TCP.
    pub port: u16,
    /// From its `/` on, with what follows a `?`.
    pub path: String,
}

impl Notify {
    /// Where to POST to.
    pub fn https(&self) -> Option<Https> {
        self.url.as_deref().and_then(parts)
    }
}

/// Of `https://host[:port]/path`, in ASCII that needs no escape in a request.
fn parts(url: &str) -> Option<Https> {
    let rest = url.strip_prefix("https://")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.rsplit_once(':') {
        // An IPv6 address has its colons in brackets.
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok().filter(|port| *port != 0)?),
        _ => (authority, 443),
    };
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '@' | '#');
    let good = !host.is_empty() && host.chars().all(plain) && path.chars().all(plain);
    good.then(|| Https { host: host.to_owned(), port, path: format!("/{path}") })
}

#[cfg(test)]
mod tests {
    use super::{Https, parts};

    #[test]
    fn an_endpoint_is_what_the_url_says() {
        let end =
            |host: &str, port, path: &str| Some(Https { host: host.to_owned(), port, path: path.to_owned() });
        assert_eq!(parts("https://ntfy.example.com/a/b?c"), end("ntfy.example.com", 443, "/a/b?c"));
        assert_eq!(parts("https://ntfy.example.com"), end("ntfy.example.com", 443, "/"));
        assert_eq!(parts("https://[2001:db8::1]:8443/t"), end("[2001:db8::1]", 8443, "/t"));
        assert_eq!(parts("https://[2001:db8::1]/t"), end("[2001:db8::1]", 443, "/t"));
        for bad in [
            "http://a/b",
            "https:///b",
            "https://:1/b",
            "https://a:b/c",
            "https://a:0/",
            "https://a:70000/",
            "https://a b/c",
            "https://a/\r\nX: y",
            "https://u@a/",
        ] {
            assert_eq!(parts(bad), None, "{bad}");
        }
    }
}
