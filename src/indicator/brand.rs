//! Brands in whose name mail is forged (`config/brands.toml`), and the domains that they write from.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::message::normalise;

/// The table compiled in. Where it does not parse, which a test rules out, no brand is known.
static BRANDS: LazyLock<Vec<Brand>> =
    LazyLock::new(|| parse(include_str!("../../config/brands.toml")).unwrap_or_default());

/// Domains shorter than this stand in honest hosts by accident (`me.com` in `about-me.com.example`).
const SHORTEST: usize = 8;

/// One brand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "source and date are for people and tests"))]
pub(super) struct Brand {
    pub(super) name: String,
    names: Vec<String>,
    #[serde(default)]
    exact: Vec<String>,
    domains: Vec<String>,
    source: String,
    date: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    brand: Vec<Brand>,
    #[serde(default)]
    #[cfg_attr(not(test), expect(dead_code, reason = "the table's own tests"))]
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "the table's own tests"))]
struct Case {
    name: String,
    domain: String,
    brand: String,
}

/// The brand that a name claims to be, whatever its domain. `name` is normalised text.
pub(super) fn claimed(name: &str) -> Option<&'static Brand> {
    BRANDS.iter().find(|brand| {
        brand.exact.iter().any(|exact| exact == name.trim())
            || brand.names.iter().any(|word| contains_word(name, word))
    })
}

/// Brands whose own domain stands inside a host that is not theirs: `amazon.co.jp` in `amazon.co.jp.login.example`,
/// also with the dots written as hyphens.
pub(super) fn inside_host(host: &str) -> Option<&'static Brand> {
    let dashed = host.replace('.', "-");
    BRANDS.iter().find(|brand| {
        !brand.owns(host)
            && brand.domains.iter().any(|domain| {
                domain.len() >= SHORTEST
                    && (contains_label(host, domain, '.')
                        || contains_label(&dashed, &domain.replace('.', "-"), '-'))
            })
    })
}

/// The brand that owns a host.
pub(super) fn owner(host: &str) -> Option<&'static Brand> {
    BRANDS.iter().find(|brand| brand.owns(host))
}

impl Brand {
    /// Whether a host is the brand's own.
    pub(super) fn owns(&self, host: &str) -> bool {
        self.domains.iter().any(|domain| {
            host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

fn parse(toml: &str) -> Result<Vec<Brand>, toml::de::Error> {
    let mut brands = toml::from_str::<File>(toml)?.brand;
    for brand in &mut brands {
        for word in brand.names.iter_mut().chain(&mut brand.exact) {
            *word = normalise(word);
        }
    }
    Ok(brands)
}

/// Whether a text contains a word; its edges count as edges only where they are ASCII letters or digits.
pub(super) fn contains_word(text: &str, word: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(word).any(|(at, found)| {
        let (before, rest) = text.split_at_checked(at).unwrap_or_default();
        let after = rest.strip_prefix(found).unwrap_or_default();
        !(edge(found.chars().next()) && edge(before.chars().next_back()))
            && !(edge(found.chars().next_back()) && edge(after.chars().next()))
    })
}

/// Whether a domain stands in a host as whole labels.
fn contains_label(host: &str, domain: &str, separator: char) -> bool {
    format!("{separator}{host}{separator}").contains(&format!("{separator}{domain}{separator}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_compiled_in_parses() {
        let file: File = toml::from_str(include_str!("../../config/brands.toml")).unwrap();
        assert!(file.brand.len() >= 40 && BRANDS.len() == file.brand.len());
        for brand in &file.brand {
            assert!(
                !brand.source.is_empty() && brand.date.len() == 10 && !brand.domains.is_empty(),
                "{}",
                brand.name
            );
        }
    }

    #[test]
    fn the_table_passes_its_own_cases() {
        let file: File = toml::from_str(include_str!("../../config/brands.toml")).unwrap();
        for case in file.case {
            let forged = claimed(&normalise(&case.name)).filter(|brand| !brand.owns(&case.domain));
            assert_eq!(forged.map_or("", |brand| &brand.name), case.brand, "{case:?}");
        }
    }

    #[test]
    fn a_brands_domain_inside_another_host_is_seen() {
        for (host, expected) in [
            ("amazon.co.jp.login.example", Some("Amazon")),
            ("www.amazon-co-jp.test", Some("Amazon")),
            ("www.amazon.co.jp", None),
            ("paypal.com.example", Some("PayPal")),
            ("example.com", None),
        ] {
            assert_eq!(inside_host(host).map(|brand| brand.name.as_str()), expected, "{host}");
        }
    }
}
