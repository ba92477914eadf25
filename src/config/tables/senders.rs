//! `[[allow]]` and `[[block]]`: whose mail is wanted, and whose is not.

use std::ops::Range;

use super::file::{date, domain, list, said};
use crate::config::diagnostic::Text;
use crate::config::section::{At, Found, More as _, Section};
use crate::indicator::{Decision, Sender, is_freemail};

/// An entry, and where it and its cases stand.
pub(super) struct Listed {
    pub(super) sender: Sender,
    pub(super) decision: Decision,
    pub(super) span: Range<usize>,
    /// Addresses, lower case, for which this decides.
    pub(super) hits: Vec<At<String>>,
    /// Addresses, lower case, for which it does not.
    pub(super) misses: Vec<At<String>>,
}

pub(super) fn read(section: &Section<'_>, decision: Decision, found: &mut Found) -> Option<Listed> {
    let sender = sender(section, found);
    let about = said(
        section,
        "about",
        "誰なのか、なぜ載せるのかを一言で書いてください",
        "say in a few words who it is and why it stands here",
        found,
    );
    let date = date(section, found);
    let hits = addresses(section, "hits", found);
    let misses = addresses(section, "misses", found);
    let (sender, hits, misses) = (sender?, hits?, misses?);
    about?;
    date?;
    Some(Listed { sender: sender.value, decision, span: sender.span, hits, misses })
}

fn sender(section: &Section<'_>, found: &mut Found) -> Option<At<Sender>> {
    let (ja, en) = (
        "address = \"kaikei@example.com\" か domain = \"example.com\" のどちらか一つを書きます",
        "write one of address = \"kaikei@example.com\" and domain = \"example.com\"",
    );
    match (section.get("address"), section.get("domain")) {
        (Some(_), Some(domain)) => {
            found
                .error(
                    domain.span(),
                    Text::new(
                        "`address` と `domain` の両方があります",
                        "both `address` and `domain` stand here",
                    ),
                )
                .with_help(ja, en);
            None
        }
        (Some(_), None) => {
            let written = section.string("address", found)?;
            let value = Sender::Address(address(&written, found)?);
            Some(At { value, span: written.span })
        }
        (None, Some(_)) => {
            let written = section.string("domain", found)?;
            let name = domain(&written, found)?;
            if is_freemail(&name) {
                found
                    .error(
                        written.span,
                        Text::new(
                            "誰でもアドレスを取れるドメインです",
                            "anybody can have an address at this domain",
                        ),
                    )
                    .with_help(
                        "その人のアドレスを書いてください: address = \"…\"",
                        "name that person's address: address = \"…\"",
                    );
                return None;
            }
            Some(At { value: Sender::Domain(name), span: written.span })
        }
        (None, None) if section.is_misspelt("address") => None,
        (None, None) => {
            if let Some(fault) = section.missing("domain", found) {
                fault.with_help(ja, en);
            }
            None
        }
    }
}

/// A whole address, lower case.
fn address(written: &At<&str>, found: &mut Found) -> Option<String> {
    let address = written.value.trim().to_lowercase();
    let good = address.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !address.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;".contains(c))
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    });
    if !good {
        found
            .error(written.span.clone(), Text::new("メールアドレスではありません", "this is no mail address"))
            .with_help(
                "名前や <> をつけず、アドレスだけを書きます（例: \"kaikei@example.com\"）",
                "the bare address, without name or <>: \"kaikei@example.com\"",
            );
        return None;
    }
    Some(address)
}

fn addresses(section: &Section<'_>, key: &str, found: &mut Found) -> Option<Vec<At<String>>> {
    let written = list(section, key, found)?;
    let all: Vec<Option<At<String>>> =
        written.iter().map(|one| Some(At { value: address(one, found)?, span: one.span.clone() })).collect();
    all.into_iter().collect()
}
