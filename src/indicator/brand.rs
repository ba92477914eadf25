//! Brands in whose name mail is forged (`config/brands.toml`), and the domains that they write from.

use serde::Deserialize;

use super::BrandEntry;
use crate::message::normalise;

/// The table that is compiled in.
pub(super) const COMPILED_IN: &str = include_str!("../../config/brands.toml");

/// Domains shorter than this stand in honest hosts by accident (`me.com` in `about-me.com.example`).
const SHORTEST: usize = 8;

/// One brand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "source and date are for people and tests"))]
pub(super) struct Brand {
    pub(super) name: String,
    names: Vec<String>,
    #[serde(default)]
    exact: Vec<String>,
    domains: Vec<String>,
    #[serde(default)]
    source: String,
    #[serde(default)]
    date: String,
}

/// The brands in force; where several would answer, the first does.
#[derive(Debug, Default)]
pub(super) struct Brands(Vec<Brand>);

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

impl Brands {
    /// Reads a table.
    pub(super) fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        let mut brands = toml::from_str::<File>(toml)?.brand;
        brands.iter_mut().for_each(Brand::normalise);
        Ok(Self(brands))
    }

    /// These with what was added. What is new stands first: the person knows whose name is borrowed where they are.
    pub(super) fn with(&self, additions: &[BrandEntry]) -> Self {
        let mut fresh: Vec<Brand> = Vec::new();
        let mut known = self.0.clone();
        for addition in additions {
            let brand = fresh.iter_mut().chain(&mut known).find(|brand| brand.name == addition.name);
            if let Some(brand) = brand {
                brand.take(addition);
            } else {
                let mut brand = Brand { name: addition.name.clone(), ..Brand::default() };
                brand.take(addition);
                fresh.push(brand);
            }
        }
        fresh.extend(known);
        Self(fresh)
    }

    /// The brand that a name claims to be, whatever its domain. `name` is normalised text.
    pub(super) fn claimed(&self, name: &str) -> Option<&Brand> {
        self.0.iter().find(|brand| {
            brand.exact.iter().any(|exact| exact == name.trim())
                || brand.names.iter().any(|word| contains_word(name, word))
        })
    }

    /// The brand that a text speaks of. Names of one word that are also words or given names are left out.
    pub(super) fn named(&self, text: &str) -> Option<&Brand> {
        self.0.iter().find(|brand| brand.names.iter().any(|word| contains_word(text, word)))
    }

    /// Brands whose own domain stands inside a host that is not theirs: `amazon.co.jp` in `amazon.co.jp.login.example`,
    /// also as `amazon-co-jp`, with the dots written as hyphens.
    pub(super) fn inside_host(&self, host: &str) -> Option<&Brand> {
        self.0.iter().find(|brand| {
            !brand.owns(host)
                && brand.domains.iter().any(|domain| {
                    domain.len() >= SHORTEST
                        && (contains_labels(host, domain) || contains_labels(host, &domain.replace('.', "-")))
                })
        })
    }

    /// In the order in which they are asked.
    pub(super) fn all(&self) -> impl Iterator<Item = &Brand> {
        self.0.iter()
    }

    /// The brand that owns a host.
    pub(super) fn owner(&self, host: &str) -> Option<&Brand> {
        self.0.iter().find(|brand| brand.owns(host))
    }
}

impl Brand {
    /// Whether a host is the brand's own.
    pub(super) fn owns(&self, host: &str) -> bool {
        self.domains.iter().any(|domain| {
            host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }

    fn normalise(&mut self) {
        for word in self.names.iter_mut().chain(&mut self.exact) {
            *word = normalise(word);
        }
    }

    fn take(&mut self, addition: &BrandEntry) {
        if addition.replace {
            self.names.clear();
            self.exact.clear();
            self.domains.clear();
        }
        self.names.extend(addition.names.iter().cloned());
        self.exact.extend(addition.exact.iter().cloned());
        self.domains.extend(addition.domains.iter().cloned());
        self.normalise();
    }
}

/// Whether a text contains a word; its edges count as edges only where they are ASCII letters or digits.
pub(super) fn contains_word(text: &str, word: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(word).any(|(at, found)| {
        let (before, rest) = text.split_at_checked(at).unwrap_or_default();
        let after = rest.strip_prefix(found).unwrap_or_default();
        let glued = |inner: Option<char>, outer: Option<char>| edge(inner) && edge(outer);
        !glued(found.chars().next(), before.chars().next_back())
            && !glued(found.chars().next_back(), after.chars().next())
    })
}

/// Whether a domain stands in a host, not as a piece of a longer word.
fn contains_labels(host: &str, domain: &str) -> bool {
    host.match_indices(domain).any(|(at, found)| {
        let (before, rest) = host.split_at_checked(at).unwrap_or_default();
        let after = rest.strip_prefix(found).unwrap_or_default();
        (before.is_empty() || before.ends_with(['.', '-']))
            && (after.is_empty() || after.starts_with(['.', '-']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brands() -> Brands {
        Brands::parse(COMPILED_IN).unwrap()
    }

    #[test]
    fn the_table_compiled_in_parses() {
        let file: File = toml::from_str(COMPILED_IN).unwrap();
        assert!(file.brand.len() >= 40 && brands().0.len() == file.brand.len());
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
        let file: File = toml::from_str(COMPILED_IN).unwrap();
        let brands = brands();
        for case in file.case {
            let forged = brands.claimed(&normalise(&case.name)).filter(|brand| !brand.owns(&case.domain));
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
            ("images-amazon.com", None),
            ("ssl-images-amazon.com", None),
            ("example.com", None),
        ] {
            assert_eq!(brands().inside_host(host).map(|brand| brand.name.as_str()), expected, "{host}");
        }
    }
}
