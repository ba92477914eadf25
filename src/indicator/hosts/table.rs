//! `config/hosts.toml`, compiled in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::{IntoDeserializer, value};

use super::Class;
use crate::indicator::plain;

/// The table that is compiled in.
pub(in crate::indicator) static COMPILED_IN: &str = include_str!("../../../config/hosts.toml");

/// Where the file does not parse, which a test rules out, no host is known.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::plain(COMPILED_IN).or_else(|| Table::parse(COMPILED_IN).ok()).unwrap_or_default()
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    entry: Vec<Entry>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the table's own tests"))]
    case: Vec<Case>,
}

/// One entry of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "name, source and date are for people and tests"))]
pub(super) struct Entry {
    pub(super) class: Class,
    name: String,
    hosts: Vec<String>,
    #[serde(default)]
    path: String,
    /// Query parameters that carry the target.
    #[serde(default)]
    pub(super) params: Vec<String>,
    source: String,
    date: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "the table's own tests"))]
struct Case {
    url: String,
    class: String,
    #[serde(default)]
    target: String,
}

#[derive(Debug, Default)]
struct Table {
    entries: Vec<Entry>,
    /// By host, without wildcards: the entries that name it.
    exact: BTreeMap<String, Vec<usize>>,
    /// By the last label, or nothing where that is a wildcard: labels from the right, and the entry.
    wild: BTreeMap<String, Vec<(Vec<String>, usize)>>,
    freemail: BTreeSet<String>,
    risky: BTreeMap<String, Class>,
}

/// The entry of an http URL's host and of its path. The most particular host wins.
pub(super) fn entry_of(host: &str, path: &str) -> Option<&'static Entry> {
    TABLE.find(host, path)
}

/// What is known of the place that a URL names.
pub(super) fn class_of_url(host: &str, path: &str) -> Option<Class> {
    entry_of(host, path).map(|entry| entry.class)
}

/// What is known of a host, whatever the path.
pub(in crate::indicator) fn class_of_host(host: &str) -> Option<Class> {
    entry_of(host, "").map(|entry| entry.class)
}

/// Whether anybody can have an address at this domain.
pub fn is_freemail(domain: &str) -> bool {
    TABLE.freemail.contains(domain)
}

/// Whether a host's top-level domain is abused more than others.
pub(in crate::indicator) fn is_risky_tld(host: &str) -> Option<Class> {
    let tld = host.rsplit('.').next()?;
    TABLE.risky.get(tld).copied()
}

impl Table {
    /// As [`Table::parse`], for a table as the own one is written.
    fn plain(toml: &str) -> Option<Self> {
        let entry = |block: &plain::Block<'_>| {
            let class = IntoDeserializer::<value::Error>::into_deserializer(block.one("class")?);
            Some(Entry {
                class: Class::deserialize(class).ok()?,
                name: String::new(),
                hosts: block.owned("hosts"),
                path: block.one("path").unwrap_or_default().to_owned(),
                params: block.owned("params"),
                source: String::new(),
                date: String::new(),
            })
        };
        let blocks = plain::blocks(toml, &["class", "hosts", "path", "params"])?;
        let entries: Option<Vec<Entry>> =
            blocks.iter().filter(|block| block.name == "entry").map(entry).collect();
        Some(Self::index(entries?))
    }

    fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        Ok(Self::index(toml::from_str::<File>(toml)?.entry))
    }

    fn index(entries: Vec<Entry>) -> Self {
        let mut table = Self { entries, ..Self::default() };
        for (index, entry) in table.entries.iter().enumerate() {
            for host in &entry.hosts {
                match entry.class {
                    Class::Freemail => {
                        table.freemail.insert(host.clone());
                    }
                    Class::RiskyTld | Class::RiskyCctld => {
                        table.risky.insert(host.clone(), entry.class);
                    }
                    _ if host.contains('*') => {
                        let labels: Vec<String> = host.rsplit('.').map(str::to_owned).collect();
                        let last =
                            labels.first().filter(|last| !last.contains('*')).cloned().unwrap_or_default();
                        table.wild.entry(last).or_default().push((labels, index));
                    }
                    _ => table.exact.entry(host.clone()).or_default().push(index),
                }
            }
        }
        table
    }

    fn find(&self, host: &str, path: &str) -> Option<&Entry> {
        let fits =
            |index: &usize| self.entries.get(*index).filter(|entry| path.starts_with(entry.path.as_str()));
        let exact =
            suffixes(host).find_map(|suffix| Some((suffix, self.exact.get(suffix)?.iter().find_map(fits)?)));
        let labels: Vec<&str> = host.rsplit('.').collect();
        let of = |last: &str| self.wild.get(last).into_iter().flatten();
        let wild = of("")
            .chain(labels.first().into_iter().flat_map(|last| of(last)))
            .filter(|(pattern, _)| {
                pattern.len() <= labels.len() && pattern.iter().zip(&labels).all(|(p, l)| label_fits(p, l))
            })
            .filter_map(|(pattern, index)| Some((pattern.len(), *index, fits(index)?)))
            .max_by_key(|(length, index, _)| (*length, *index));
        match (exact, wild) {
            (Some((suffix, _)), Some((length, _, entry))) if length > suffix.split('.').count() => {
                Some(entry)
            }
            (Some((_, entry)), _) | (None, Some((_, _, entry))) => Some(entry),
            (None, None) => None,
        }
    }
}

/// The host, and what is left of it as labels go from the left, down to two labels.
pub(in crate::indicator) fn suffixes(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |rest| rest.split_once('.').map(|(_, rest)| rest))
        .take_while(|suffix| suffix.contains('.'))
        .take(16)
}

fn label_fits(pattern: &str, label: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == label, |start| label.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::super::unpack::unpack;
    use super::*;
    use crate::message::Message;

    fn file() -> File {
        toml::from_str(COMPILED_IN).unwrap()
    }

    #[test]
    fn every_entry_has_source_date_and_hosts_in_lower_case() {
        for entry in file().entry {
            assert!(!entry.source.is_empty() && entry.date.len() == 10, "{}", entry.name);
            assert!(!entry.hosts.is_empty(), "{}", entry.name);
            for host in &entry.hosts {
                let tld = matches!(entry.class, Class::RiskyTld | Class::RiskyCctld);
                assert!(tld != host.contains('.') && !host.contains('/'), "{host}");
                assert_eq!(host, &host.to_ascii_lowercase());
            }
        }
    }

    #[test]
    fn the_table_passes_its_own_cases() {
        for case in file().case {
            let raw = format!("From: a@example.com\r\n\r\n{}\r\n", case.url);
            let message = Message::parse(raw.as_bytes());
            let link = &message.links[0];
            let path = super::super::unpack::path(&link.target);
            let class = class_of_url(&link.host, path).map_or(String::new(), |class| {
                let debug = format!("{class:?}");
                let mut kebab = String::new();
                for (at, ch) in debug.char_indices() {
                    if ch.is_ascii_uppercase() && at > 0 {
                        kebab.push('-');
                    }
                    kebab.push(ch.to_ascii_lowercase());
                }
                kebab
            });
            assert_eq!(class, case.class, "{}", case.url);
            let target = unpack(&link.target, &link.host).map_or(String::new(), |found| found.host);
            assert_eq!(target, case.target, "{}", case.url);
        }
    }

    #[test]
    fn free_addresses_and_top_level_domains() {
        assert!(is_freemail("gmail.com") && is_freemail("yahoo.co.jp") && !is_freemail("example.com"));
        assert_eq!(is_risky_tld("a.b.top"), Some(Class::RiskyTld));
        assert_eq!(is_risky_tld("a.com"), None);
    }
}
