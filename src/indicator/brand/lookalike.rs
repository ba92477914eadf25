//! Host names that are made to look like a brand's.

use super::skeleton::{core_of, skeleton};
use super::table::{Brand, Brands, shortened};
use crate::indicator::hosts::is_risky_tld;
use crate::indicator::observables::organisation;

/// What forgers put beside a brand's name: `amazon-login`, `secure-paypal`, `rakuten-co-jp`.
const SQUAT: &[&str] = &[
    "login",
    "logon",
    "signin",
    "secure",
    "security",
    "verify",
    "verification",
    "account",
    "accounts",
    "support",
    "service",
    "services",
    "update",
    "confirm",
    "id",
    "auth",
    "authentication",
    "billing",
    "payment",
    "pay",
    "card",
    "bank",
    "online",
    "web",
    "help",
    "helpdesk",
    "center",
    "centre",
    "customer",
    "client",
    "kunden",
    "konto",
    "alert",
    "notice",
    "info",
    "information",
    "team",
    "mail",
    "member",
    "members",
    "jp",
    "co",
    "com",
    "net",
    "us",
    "uk",
    "de",
    "fr",
    "app",
    "portal",
    "my",
    "user",
    "reset",
    "unlock",
    "refund",
    "delivery",
    "tracking",
    "parcel",
    "post",
    "gift",
    "reward",
    "rewards",
    "bonus",
    "wallet",
    "support1",
    "cn",
    "vip",
    "jp1",
    "sec",
    "inc",
    "safe",
    "protect",
    "access",
    "recovery",
    "recover",
    "session",
];

/// Tokens from this length on stand in no other word by accident.
const BURIED: usize = 8;

impl Brands {
    /// The brand of whose domain this registrable domain is a look-alike: its letters confusable ones, one letter off, or the
    /// very name under a suffix that is not known to be the brand's.
    pub(in crate::indicator) fn lookalike(&self, domain: &str) -> Option<&Brand> {
        let core = core_of(domain);
        if self.owner(domain).is_some() || self.innocent.contains(core) || core.len() > 40 {
            return None;
        }
        // The very name under another suffix: brands own more of these than any table lists, but hardly cheap ones.
        let cheap = is_risky_tld(domain).is_some();
        let brand = |index: usize| {
            let brand = self.list.get(index).filter(|brand| !brand.perhaps_owns(domain))?;
            (cheap || !brand.has_core(core)).then_some(brand)
        };
        let looks = skeleton(core);
        if let Some(found) = self.skeletons.get(&looks).copied().and_then(brand) {
            return Some(found);
        }
        if core.len() < 5 {
            return None;
        }
        let candidates = shortened(core);
        std::iter::once(core)
            .chain(candidates.iter().map(String::as_str))
            .filter_map(|word| self.near.get(word))
            .flatten()
            .filter_map(|&at| self.cores.get(at))
            .find(|(name, _)| one_apart(core, name))
            .and_then(|(_, index)| brand(*index))
    }

    /// The brand whose name a foreign host carries beside words that forgers use: as a piece between dots and hyphens, or glued
    /// to such a word.
    pub(in crate::indicator) fn combosquat(&self, host: &str) -> Option<&Brand> {
        let domain = organisation(host);
        if self.owner(host).is_some() || host.len() > 253 {
            return None;
        }
        let suffix = domain.split_once('.').map_or("", |(_, suffix)| suffix);
        let name = host.strip_suffix(suffix).unwrap_or(host).trim_end_matches('.');
        let in_domain = core_of(domain);
        let labels: Vec<&str> = name.split('.').collect();
        let pieces: Vec<&str> = name.split(['.', '-', '_']).filter(|piece| !piece.is_empty()).collect();
        let found = pieces.iter().find_map(|piece| {
            if let Some(&brand) = self.tokens.get(*piece) {
                // The bare name as a whole subdomain is as much a department's as a forger's; with a squatter's word it is not.
                let beside = pieces.iter().any(|other| SQUAT.contains(other));
                let hyphened = in_domain.contains('-') && in_domain.contains(piece) && self.is_token(piece);
                return (beside || hyphened).then_some(brand);
            }
            SQUAT.iter().find_map(|word| {
                let rest = piece.strip_prefix(word).or_else(|| piece.strip_suffix(word))?;
                self.tokens.get(rest).copied()
            })
        });
        // `iwb2bradescoapp`: a long name is recognised wherever it stands in the domain.
        let found = found.or_else(|| {
            // Of several the first in the order of the letters; the domain's pieces are fewer than the names.
            let pieces = (0..in_domain.len()).flat_map(|from| {
                let longest = in_domain.len().min(from + self.longest_token);
                (from + BURIED..=longest).filter_map(move |to| in_domain.get(from..to))
            });
            pieces
                .filter(|piece| *piece != in_domain)
                .filter_map(|piece| self.tokens.get_key_value(piece))
                .min()
                .map(|(_, brand)| *brand)
        });
        // `e-tax`, `eki-net`: tokens with a hyphen of their own.
        let found = found.or_else(|| {
            labels.iter().filter(|label| label.contains('-')).find_map(|label| {
                SQUAT.iter().find_map(|word| {
                    let rest =
                        label.strip_prefix(word).or_else(|| label.strip_suffix(word))?.trim_matches('-');
                    self.tokens.get(rest).copied().filter(|_| rest.contains('-'))
                })
            })
        })?;
        self.list.get(found).filter(|brand| !brand.perhaps_owns(host))
    }

    /// Whether a word is the name that forgers use for a brand. Networks whose buttons stand in every footer are left out.
    pub(in crate::indicator) fn is_token(&self, word: &str) -> bool {
        self.tokens.contains_key(word) && !SOCIAL.contains(&word)
    }

    /// The brand whose name a display name or subject writes in disguise: its letters kept apart by signs or spaces
    /// (`F.e.d.E.x`, `[ L E D G E R ]`), or one of them replaced by a digit or a foreign letter that looks like it (`PayPa1`).
    pub(in crate::indicator) fn disguised(&self, written: &str) -> Option<&Brand> {
        let written = written.get(..written.floor_char_boundary(200))?;
        let brand = |index: usize| self.list.get(index);
        // Runs of single letters, joined.
        let mut joined = String::new();
        let mut runs: Vec<String> = Vec::new();
        for word in written.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            if word.chars().nth(1).is_none() {
                joined.push_str(&word.to_lowercase());
            } else {
                runs.push(std::mem::take(&mut joined));
            }
        }
        runs.push(joined);
        let apart = runs
            .iter()
            .filter(|run| run.len() >= 4 || SHORT.contains(&run.as_str()))
            .find_map(|run| self.plain.get(run).copied());
        if let Some(found) = apart.and_then(brand) {
            return Some(found);
        }
        written
            .split(|c: char| {
                c.is_whitespace()
                    || matches!(c, '-' | '_' | '.' | ',' | ':' | '"' | '\'' | '[' | ']' | '(' | ')')
            })
            .find_map(|word| {
                let odd = word.chars().any(|c| c.is_ascii_digit() || matches!(c, '\u{370}'..='\u{52F}'))
                    || mixed_case_i(word);
                if !odd || word.len() > 40 {
                    return None;
                }
                let lower = word.to_lowercase();
                let index = *self.skeletons.get(&skeleton(&lower))?;
                brand(index)
                    .filter(|brand| !brand.has_core(&lower) && !brand.has_core(&word.to_ascii_lowercase()))
            })
    }
}

/// Short names that nobody writes apart by accident, as `e. t. c.` is.
const SHORT: &[&str] = &["dhl", "ups", "dpd", "gls", "irs"];

/// A capital I among small letters, where an l is meant: `PayPaI`, `NetfIix`.
fn mixed_case_i(word: &str) -> bool {
    let mut before_small = false;
    word.chars().any(|c| {
        let hit = c == 'I' && before_small;
        before_small = c.is_ascii_lowercase();
        hit
    })
}

/// Names that honest paths carry: share buttons and app stores.
const SOCIAL: &[&str] = &[
    "facebook",
    "instagram",
    "twitter",
    "linkedin",
    "youtube",
    "googl",
    "whatsapp",
    "tiktok",
    "amazon",
    "github",
    "wordpress",
];

/// Whether two words differ by one letter put in, left out, changed, or by two neighbours changed over.
pub(in crate::indicator) fn one_apart(one: &str, other: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (long, short) = (a.len().max(b.len()), a.len().min(b.len()));
    match long - short {
        0 if head + tail >= long => one == other,
        0 if head + tail + 1 == long => true,
        0 => head + tail + 2 == long && a.get(head) == b.get(head + 1) && a.get(head + 1) == b.get(head),
        1 => head + tail >= short,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::Tables;

    fn name(brand: Option<&Brand>) -> &str {
        brand.map_or("", |brand| &brand.name)
    }

    #[test]
    fn one_letter_and_confusable_letters() {
        for (domain, expected) in [
            ("paypa1.com", "PayPal"),
            ("rnicrosoft.com", "Microsoft"),
            ("xn--mazon-3ve.com", "Amazon"),
            ("netfiix.com", "Netflix"),
            ("nettflix.com", "Netflix"),
            ("coinbsae.com", "Coinbase"),
            ("rakuten.top", "楽天"),
            ("finance.com", ""),
            ("amazon.eg", ""),
            ("amazon.com", ""),
            ("paypay.ne.jp", ""),
            ("example.com", ""),
        ] {
            assert_eq!(name(Tables::default().brands.lookalike(domain)), expected, "{domain}");
        }
    }

    #[test]
    fn brands_beside_forgers_words() {
        for (host, expected) in [
            ("amazon-login.example", "Amazon"),
            ("secure-paypal.net", "PayPal"),
            ("iwb2bradescoapp.test", "Bradesco"),
            ("www.paypalsecure.com", "PayPal"),
            ("rakuten-co-jp.top", "楽天"),
            ("smbc.card.verify.example", "三井住友銀行"),
            ("amazon.example.com", ""),
            ("paypal.com", ""),
            ("analytics.example.com", ""),
            ("www.example.com", ""),
        ] {
            assert_eq!(name(Tables::default().brands.combosquat(host)), expected, "{host}");
        }
    }

    #[test]
    fn distances() {
        assert!(
            one_apart("amazon", "amazom") && one_apart("amazon", "amzaon") && one_apart("amazon", "amazonn")
        );
        assert!(!one_apart("amazon", "amaxom") && !one_apart("amazon", "amazing") && one_apart("aa", "aaa"));
    }
}
