//! `[[brand]]` and `[[case]]`: brands, and display names that show what they are for.

use std::ops::Range;

use toml::de::DeTable;

use super::file::{date, domain, list, replaces, said};
use crate::config::diagnostic::Text;
use crate::config::keys::{BRAND, CASE};
use crate::config::section::{At, Found, More as _, Section};
use crate::indicator::{BrandEntry, Tables};
use crate::message::normalise;

/// A display name at a domain, and the brand that it claims without its domain; "" for none.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) brand: At<String>,
}

pub(super) fn read(table: &DeTable<'_>, span: Range<usize>, found: &mut Found) -> Option<BrandEntry> {
    let section = Section::new(table, span, &BRAND, found);
    let name = said(
        &section,
        "name",
        "ブランドの呼び名です。組み込みと同じ名前なら、それに足します",
        "what the brand is called; a name that is built in means that brand",
        found,
    );
    let replace = replaces(&section, found);
    let names = words(&section, "names", found);
    let exact = words(&section, "exact", found);
    let domains = list(&section, "domains", found);
    let domains = domains.and_then(|domains| {
        let all: Vec<Option<String>> = domains.iter().map(|one| domain(one, found)).collect();
        all.into_iter().collect::<Option<Vec<_>>>()
    });
    let source = said(
        &section,
        "source",
        "ドメインをどこで確かめたかを書いてください",
        "say where the domains were confirmed",
        found,
    );
    let date = date(&section, found);

    let (name, replace, names, exact, domains) = (name?.value, replace?, names?, exact?, domains?);
    source?;
    date?;
    let known = !replace && Tables::default().brand_names().any(|brand| brand == name);
    let mut good = true;
    if !known && names.is_empty() && exact.is_empty() {
        good = false;
        if let Some(fault) = section.missing("names", found) {
            fault.with_help(
                "名乗りに使われる語です（例: names = [\"みなと信用金庫\"]）",
                "words by which it is spoken for: names = [\"minato bank\"]",
            );
        }
    }
    if !known && domains.is_empty() {
        good = false;
        if let Some(fault) = section.missing("domains", found) {
            fault.with_help(
                "そのブランドが送ってくるドメインをすべて書いてください",
                "write every domain that this brand writes from",
            );
        }
    }
    good.then(|| BrandEntry { name: name.to_owned(), replace, names, exact, domains })
}

/// Words that leave something to look for once they are normalised.
fn words(section: &Section<'_>, key: &str, found: &mut Found) -> Option<Vec<String>> {
    let words = list(section, key, found)?;
    let mut good = true;
    for word in words.iter().filter(|word| normalise(word.value).trim().chars().count() < 2) {
        good = false;
        found
            .error(word.span.clone(), Text::new("短すぎます", "too short"))
            .with_help("二文字以上にしてください", "two characters or more");
    }
    good.then(|| words.into_iter().map(|word| word.value.to_owned()).collect())
}

pub(super) fn case(table: &DeTable<'_>, span: Range<usize>, found: &mut Found) -> Option<Case> {
    let section = Section::new(table, span, &CASE, found);
    let name = section.need("name", "差出人の表示名です", "the display name of a sender", found);
    let domain = section.need("domain", "差出人のドメインです", "the domain of that sender", found);
    let brand = section.need(
        "brand",
        "ドメインが違うのに名乗っているブランド。なければ \"\"",
        "the brand that the name claims without its domain; \"\" for none",
        found,
    );
    let (name, domain, brand) = (name?, domain?, brand?);
    Some(Case {
        name: name.value.to_owned(),
        domain: domain.value.to_lowercase(),
        brand: At { value: brand.value.to_owned(), span: brand.span },
    })
}
