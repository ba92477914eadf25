//! Mail providers that are known by name (`config/providers.toml`): what `setup` proposes for an address. Data, with source
//! and date; none of it is used before a person has confirmed it.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Language, usual_port};
use crate::imap::Security;

static COMPILED_IN: &str = include_str!("../../config/providers.toml");

/// One provider.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Provider {
    /// As people call it.
    pub name: String,
    /// Lower case; `*.x` means anything below x.
    pub domains: Vec<String>,
    /// The IMAP server; none where no source for it was found, or where each customer has another.
    pub host: Option<String>,
    port: Option<u16>,
    security: Option<Encryption>,
    /// What the login name is.
    pub login: Login,
    /// Which password is taken.
    pub sign_in: SignIn,
    ja: String,
    en: String,
    /// Where that stands.
    pub source: String,
    /// When it was looked at there, `YYYY-MM-DD`.
    pub date: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Encryption {
    Tls,
    Starttls,
}

/// What the login name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Login {
    /// The whole address.
    Address,
    /// What stands before the `@`.
    Local,
    /// A name of its own, which only the person knows.
    Own,
}

/// Which password is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignIn {
    /// That of the mailbox.
    Password,
    /// One that is made for this purpose.
    AppPassword,
    /// None: OAuth only.
    Oauth,
}

impl Provider {
    /// How the line is encrypted.
    pub fn security(&self) -> Security {
        match self.security {
            Some(Encryption::Starttls) => Security::StartTls,
            Some(Encryption::Tls) | None => Security::Tls,
        }
    }

    /// TCP.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or_else(|| usual_port(self.security()))
    }

    /// What the person has to do first, and what is peculiar.
    pub fn advice(&self, language: Language) -> &str {
        language.pick(&self.ja, &self.en)
    }

    /// The login name for an address; none where only the person knows it.
    pub fn user(&self, address: &str) -> Option<String> {
        match self.login {
            Login::Address => Some(address.to_owned()),
            Login::Local => address.rsplit_once('@').map(|(local, _)| local.to_owned()),
            Login::Own => None,
        }
    }

    fn serves(&self, domain: &str) -> bool {
        self.domains.iter().any(|known| match known.strip_prefix('*') {
            Some(below) => domain.ends_with(below),
            None => domain == known,
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    provider: Vec<Provider>,
}

/// All that are known, in the order of the file.
pub fn providers() -> &'static [Provider] {
    // A test reads the file; a program whose table cannot be read asks for the server.
    static PROVIDERS: LazyLock<Vec<Provider>> = LazyLock::new(|| {
        toml::from_str::<Table>(COMPILED_IN).map_or_else(|_| Vec::new(), |table| table.provider)
    });
    &PROVIDERS
}

/// Who keeps the mail of this domain, compared without regard to case.
pub fn provider(domain: &str) -> Option<&'static Provider> {
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    providers().iter().find(|provider| provider.serves(&domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read_and_each_entry_says_where_it_is_from() {
        toml::from_str::<Table>(COMPILED_IN).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for provider in providers() {
            let name = &provider.name;
            assert!(!provider.domains.is_empty() && !provider.source.is_empty(), "{name}");
            assert!(provider.date.parse::<jiff::civil::Date>().is_ok(), "{name}");
            assert!(provider.ja.ends_with('。') && provider.en.ends_with('.'), "{name}");
            for domain in &provider.domains {
                assert_eq!(domain, &domain.to_ascii_lowercase());
                assert!(seen.insert(domain.clone()), "{domain} twice");
            }
            if let Some(host) = &provider.host {
                assert_eq!(super::super::value::host(host).as_ref(), Ok(host));
                assert_ne!(provider.source, "none found", "{name}: a host without source");
            }
        }
        assert!(seen.len() > 40, "{}", seen.len());
    }

    #[test]
    fn domains_are_found_whatever_their_case_and_stars_reach_below_only() {
        assert_eq!(provider("GMail.com.").unwrap().name, "Gmail");
        assert_eq!(provider("example.sakura.ne.jp").unwrap().host, None);
        assert_eq!(provider("sakura.ne.jp"), None);
        assert_eq!(provider("evilgmail.com"), None);
        assert_eq!(provider("gmail.com.evil.example"), None);
        let apple = provider("me.com").unwrap();
        assert_eq!((apple.user("h@me.com").as_deref(), apple.port()), (Some("h"), 993));
        assert_eq!(provider("outlook.jp").unwrap().sign_in, SignIn::Oauth);
    }
}
