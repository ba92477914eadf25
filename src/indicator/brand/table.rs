//! `config/brands.toml`, compiled in.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use serde::Deserialize;

use super::skeleton::{core_of, skeleton};
use super::stands_alone;
use crate::indicator::BrandEntry;
use crate::indicator::automaton::{Automaton, Builder};
use crate::indicator::hosts::is_risky_tld;
use crate::indicator::matcher::Normaliser;
use crate::indicator::observables::registrable;
use crate::indicator::plain;

/// The table that is compiled in.
pub(in crate::indicator) static COMPILED_IN: &str = include_str!("../../../config/brands.toml");

/// Domains shorter than this stand in honest hosts by accident (`me.com` in `about-me.com.example`).
const SHORTEST: usize = 8;
/// Names of domains from this length on are tokens: forgers put them into host names of their own.
const TOKEN: usize = 6;
/// Names from this length on are distinctive enough for a look-alike of one letter: those that the table marks as tokens,
const DISTINCT: usize = 6;
/// and all others, among which are words with neighbours (`telekom`, `truist`).
const LONG: usize = 8;
/// Octets of a text in which brands are looked for.
const MAX_TEXT: usize = 16 * 1024;

/// One brand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "source and date are for people and tests"))]
pub(in crate::indicator) struct Brand {
    pub(in crate::indicator) name: String,
    names: Vec<String>,
    #[serde(default)]
    exact: Vec<String>,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    tokens: Vec<String>,
    #[serde(default)]
    source: String,
    #[serde(default)]
    date: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    innocent: Vec<String>,
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

/// A brand's name in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) brand: usize,
    /// A short name, which is also a word: alone it says nothing.
    pub(super) exact: bool,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Brand {
    fn take(&mut self, addition: &BrandEntry) {
        if addition.replace {
            *self = Self { name: std::mem::take(&mut self.name), ..Self::default() };
        }
        self.names.extend(addition.names.iter().cloned());
        self.exact.extend(addition.exact.iter().cloned());
        self.domains.extend(addition.domains.iter().cloned());
    }
}

impl Mention {
    /// `au`, `x`: too short to stand for a brand among other words.
    pub(super) fn is_tiny(&self) -> bool {
        self.exact && self.end - self.start <= 2
    }
}

/// The brands in force, and what is looked up of them.
#[derive(Debug, Default)]
pub(in crate::indicator) struct Brands {
    /// What is new stands first.
    pub(super) list: Vec<Brand>,
    names: Option<Automaton>,
    /// By pattern of `names`: brand, and whether the name is an exact one.
    name_of: Vec<(usize, bool)>,
    /// By domain: the brands that own it.
    owners: BTreeMap<String, Vec<usize>>,
    /// Domains, also with their dots written as hyphens.
    inside: Option<Automaton>,
    /// By pattern of `inside`: its brands.
    inside_of: Vec<Vec<usize>>,
    /// By token: its brand.
    pub(super) tokens: BTreeMap<String, usize>,
    /// Octets of the longest token.
    pub(super) longest_token: usize,
    /// By a brand's name of one Latin word: the brand.
    pub(super) plain: BTreeMap<String, usize>,
    /// By the name of a domain with its look-alike letters folded: the brand.
    pub(super) skeletons: BTreeMap<String, usize>,
    /// Names of domains that are looked for with a letter wrong, and their brands.
    pub(super) cores: Vec<(String, usize)>,
    /// By such a name, and by that with any one letter left out: where in `cores` the names stand that it comes from. There
    /// are ten keys to a name, so that the names themselves would be most of the table.
    pub(super) near: BTreeMap<String, Vec<usize>>,
    pub(super) innocent: BTreeSet<String>,
}

impl Brand {
    /// Whether a host is the brand's own.
    pub(in crate::indicator) fn owns(&self, host: &str) -> bool {
        self.domains.iter().chain(&self.also).any(|domain| {
            host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }

    /// Whether this is the name of one of the brand's domains.
    pub(super) fn has_core(&self, core: &str) -> bool {
        self.domains.iter().chain(&self.also).any(|own| core_of(own) == core)
    }

    /// Whether a host may be the brand's own though the table does not list it: the same name under some country's suffix.
    /// Tables are never complete, and nothing is to be held against `amazon.eg`.
    pub(in crate::indicator) fn perhaps_owns(&self, host: &str) -> bool {
        if self.owns(host) {
            return true;
        }
        let Some(domain) = registrable(host) else { return false };
        let Some((core, suffix)) = domain.split_once('.') else { return false };
        let tld = suffix.rsplit('.').next().unwrap_or_default();
        // Where it is known how the brand is called in that country, another name there is none of its own:
        // `mercadopago.br` beside `mercadopago.com.br`.
        let told = self
            .domains
            .iter()
            .chain(&self.also)
            .any(|own| core_of(own) == core && own.rsplit('.').next() == Some(tld));
        tld.len() == 2 && !told && is_risky_tld(host).is_none() && self.has_core(core)
    }
}

impl Brands {
    /// The table that is compiled in. Where it does not parse, which a test rules out, no brand is known.
    pub(in crate::indicator) fn compiled_in() -> Self {
        Self::plain(COMPILED_IN).or_else(|| Self::parse(COMPILED_IN).ok()).unwrap_or_default()
    }

    /// As [`Brands::parse`], for a table as the own one is written.
    fn plain(toml: &str) -> Option<Self> {
        let wanted = ["innocent", "name", "names", "exact", "domains", "also", "tokens"];
        let blocks = plain::blocks(toml, &wanted)?;
        let innocent = blocks.first()?.owned("innocent").into_iter().collect();
        let brand = |block: &plain::Block<'_>| {
            Some(Brand {
                name: block.one("name")?.to_owned(),
                names: block.owned("names"),
                exact: block.owned("exact"),
                domains: block.owned("domains"),
                also: block.owned("also"),
                tokens: block.owned("tokens"),
                ..Brand::default()
            })
        };
        let brands: Option<Vec<Brand>> =
            blocks.iter().filter(|block| block.name == "brand").map(brand).collect();
        Some(Self::index(brands?, innocent))
    }

    /// Reads a table.
    pub(in crate::indicator) fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(toml)?;
        Ok(Self::index(file.brand, file.innocent.into_iter().collect()))
    }

    /// These with what was added. What is new stands first: the person knows whose name is borrowed where they are.
    pub(in crate::indicator) fn with(&self, additions: &[BrandEntry]) -> Self {
        let mut fresh: Vec<Brand> = Vec::new();
        let mut known = self.list.clone();
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
        Self::index(fresh, self.innocent.clone())
    }

    /// The brand that a name claims to be, whatever its domain. `name` is normalised text.
    pub(in crate::indicator) fn claimed(&self, name: &str) -> Option<&Brand> {
        let name = name.trim();
        let found = self
            .mentions(name)
            .into_iter()
            .filter(|mention| !mention.exact || (mention.start == 0 && mention.end == name.len()))
            .max_by_key(|mention| (mention.end - mention.start, std::cmp::Reverse(mention.start)))?;
        self.list.get(found.brand)
    }

    /// The brand that a text speaks of. Names of one word that are also words or given names are left out.
    pub(in crate::indicator) fn named(&self, text: &str) -> Option<&Brand> {
        let found = self.mentions(text).into_iter().find(|mention| !mention.exact)?;
        self.list.get(found.brand)
    }

    /// Brands whose own domain stands inside a host that is not theirs: `amazon.co.jp` in `amazon.co.jp.login.example`,
    /// also as `amazon-co-jp`, with the dots written as hyphens.
    pub(in crate::indicator) fn inside_host(&self, host: &str) -> Option<&Brand> {
        let mut inside = None;
        self.inside.as_ref()?.each(host, |pattern, start, end| {
            let before = host.get(..start).unwrap_or_default();
            let after = host.get(end..).unwrap_or_default();
            let labels = (before.is_empty() || before.ends_with(['.', '-']))
                && (after.is_empty() || after.starts_with(['.', '-']));
            let mut brands =
                self.inside_of.get(pattern).into_iter().flatten().filter_map(|at| self.list.get(*at));
            if labels {
                inside = brands.find(|brand| self.owner(host).is_none() && !brand.perhaps_owns(host));
            }
            if inside.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        inside
    }

    /// In the order in which they are asked.
    pub(in crate::indicator) fn all(&self) -> impl Iterator<Item = &Brand> {
        self.list.iter()
    }

    /// A brand that owns a host.
    pub(in crate::indicator) fn owner(&self, host: &str) -> Option<&Brand> {
        suffixes(host).find_map(|suffix| self.list.get(*self.owners.get(suffix)?.first()?))
    }

    fn index(brands: Vec<Brand>, innocent: BTreeSet<String>) -> Self {
        let mut table = Self { list: brands, innocent, ..Self::default() };
        let mut normaliser = Normaliser::default();
        let mut names = Builder::new();
        let mut inside = Builder::new();
        let mut holders = Vec::new();
        for (index, brand) in table.list.iter().enumerate() {
            for (name, exact) in brand
                .names
                .iter()
                .map(|name| (name, false))
                .chain(brand.exact.iter().map(|name| (name, true)))
            {
                let name = normaliser.of(name);
                if name.len() >= 3 && name.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    table.plain.entry(name.clone()).or_insert(index);
                }
                // Of one name the first brand.
                if !name.is_empty() && names.add(&name).is_ok() {
                    table.name_of.push((index, exact));
                }
            }
            for domain in brand.domains.iter().chain(&brand.also) {
                table.owners.entry(domain.clone()).or_default().push(index);
            }
            for domain in brand.domains.iter().filter(|domain| domain.len() >= SHORTEST) {
                for written in [domain.clone(), domain.replace('.', "-")] {
                    if inside.add(&written).is_ok() {
                        holders.push(index);
                    }
                }
            }
            let own = brand.domains.iter().map(|domain| core_of(domain).to_owned());
            for token in brand.tokens.iter().cloned().chain(own.filter(|core| core.len() >= TOKEN)) {
                table.tokens.entry(token).or_insert(index);
            }
        }
        table.index_lookalikes();
        table.longest_token = table.tokens.keys().map(String::len).max().unwrap_or(0);
        table.names = names.build().ok().map(|(names, _)| names);
        if let Ok((inside, first)) = inside.build() {
            table.inside_of = vec![Vec::new(); holders.len()];
            for (first, holder) in first.into_iter().zip(holders) {
                if let Some(brands) = table.inside_of.get_mut(first as usize) {
                    brands.push(holder);
                }
            }
            table.inside = Some(inside);
        }
        table
    }

    fn index_lookalikes(&mut self) {
        let mut cores: BTreeMap<String, usize> = BTreeMap::new();
        let mut marked: BTreeSet<&str> = BTreeSet::new();
        for (index, brand) in self.list.iter().enumerate() {
            marked.extend(brand.tokens.iter().map(String::as_str));
            for domain in &brand.domains {
                cores.entry(core_of(domain).to_owned()).or_insert(index);
            }
        }
        let marked: BTreeSet<String> = marked.into_iter().map(str::to_owned).collect();
        for (core, brand) in cores {
            if core.len() >= DISTINCT - 1 {
                self.skeletons.entry(skeleton(&core)).or_insert(brand);
            }
            if core.len() >= LONG || (core.len() >= DISTINCT && marked.contains(&core)) {
                let mut written = shortened(&core);
                written.push(core.clone());
                for key in written {
                    self.near.entry(key).or_default().push(self.cores.len());
                }
                self.cores.push((core, brand));
            }
        }
    }

    /// The names of brands in a normalised text, from left to right; of those that begin at one place the longest.
    pub(super) fn mentions(&self, text: &str) -> Vec<Mention> {
        let Some(names) = &self.names else { return Vec::new() };
        let text = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or_default();
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        names.each(text, |pattern, start, end| {
            found.push((start, end, pattern));
            ControlFlow::Continue(())
        });
        found.sort_unstable_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
        let mut behind = 0;
        found.retain(|(start, end, _)| {
            let free = *start >= behind;
            if free {
                behind = *end;
            }
            free
        });
        found
            .into_iter()
            .filter(|(start, end, _)| stands_alone(text, *start, end - start))
            .filter_map(|(start, end, pattern)| {
                let (brand, exact) = *self.name_of.get(pattern)?;
                Some(Mention { brand, exact, start, end })
            })
            .collect()
    }
}

/// A word with any one letter left out.
pub(super) fn shortened(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().take(64).collect();
    (0..letters.len())
        .map(|out| letters.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, c)| c).collect())
        .collect()
}

/// The host, and what is left of it as labels go from the left.
fn suffixes(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |rest| rest.split_once('.').map(|(_, rest)| rest)).take(16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::Tables;
    use crate::message::normalise;

    fn file() -> File {
        toml::from_str(COMPILED_IN).unwrap()
    }

    #[test]
    fn the_table_compiled_in_parses() {
        let file = file();
        assert!(file.brand.len() >= 150 && Tables::default().brands.list.len() == file.brand.len());
        let mut names = BTreeSet::new();
        for brand in &file.brand {
            assert!(!brand.source.is_empty() && brand.date.len() == 10, "{}", brand.name);
            assert!(!brand.domains.is_empty() || !brand.also.is_empty(), "{}", brand.name);
            assert!(names.insert(&brand.name), "{} stands twice", brand.name);
            for domain in brand.domains.iter().chain(&brand.also) {
                assert!(domain.contains('.') && domain == &domain.to_ascii_lowercase(), "{domain}");
            }
        }
        let tables = Tables::default();
        assert!(tables.brands.names.is_some() && tables.brands.inside.is_some());
    }

    #[test]
    fn the_table_passes_its_own_cases() {
        let tables = Tables::default();
        for case in file().case {
            let forged =
                tables.brands.claimed(&normalise(&case.name)).filter(|brand| !brand.owns(&case.domain));
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
            assert_eq!(
                Tables::default().brands.inside_host(host).map(|brand| brand.name.as_str()),
                expected,
                "{host}"
            );
        }
    }

    #[test]
    fn the_same_name_under_a_countrys_suffix_may_be_the_brands() {
        let tables = Tables::default();
        let amazon = tables.brands.claimed("amazon").unwrap();
        assert!(amazon.perhaps_owns("mail.amazon.com.tr") && amazon.perhaps_owns("amazon.eg"));
        assert!(
            !amazon.perhaps_owns("amazon.jp")
                && !amazon.perhaps_owns("amazon.top")
                && !amazon.perhaps_owns("amazon.example")
        );
    }
}
