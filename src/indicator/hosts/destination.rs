//! Where the links of one message end.

use std::collections::BTreeSet;

use crate::message::Message;

use super::unpack::{path, unpack};
use super::{Class, table};
use crate::indicator::brand::Brands;
use crate::indicator::observables::organisation;

/// Different targets beyond this are not looked at: a newsletter has a hundred.
const MAX_DESTINATIONS: usize = 300;
/// A redirector may lead to a redirector so often.
const MAX_HOPS: usize = 4;

/// How a link leads to its destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::indicator) enum Via {
    /// It names it.
    Direct,
    /// Through a gateway that rewrites links.
    Wrapper,
    /// Through a redirector.
    Redirector,
}

/// One place that a link of the message leads to, as far as that can be read without asking anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::indicator) struct Destination {
    /// The link, counted from 1.
    pub(in crate::indicator) link: usize,
    /// The URL at the end.
    pub(in crate::indicator) url: String,
    /// Its host.
    pub(in crate::indicator) host: String,
    /// The registrable domain of that.
    pub(in crate::indicator) domain: String,
    /// Whether the host is one of a brand of the table.
    pub(in crate::indicator) known: bool,
    /// What is known of the place.
    pub(in crate::indicator) class: Option<Class>,
    pub(in crate::indicator) via: Via,
}

impl Destination {
    /// Path, query and fragment.
    pub(in crate::indicator) fn path(&self) -> &str {
        path(&self.url)
    }
}

/// The different http targets of a message, unpacked, in the order of the links.
pub(in crate::indicator) fn destinations(message: &Message, brands: &Brands) -> Vec<Destination> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut found: Vec<Destination> = Vec::new();
    for (index, link) in message.links.iter().enumerate() {
        // A template that nobody filled in has no host; a number is one.
        let host = link.host.contains(['.', ':']) || link.host.starts_with(|c: char| c.is_ascii_digit());
        let blank = link.host.contains(['{', '}', '$', '[', '<', ' ']);
        let web = matches!(link.scheme.as_str(), "http" | "https" | "") && host && !blank;
        if !web || found.len() >= MAX_DESTINATIONS || !seen.insert(&link.target) {
            continue;
        }
        let mut url = link.target.clone();
        let mut host = link.host.clone();
        let mut via = Via::Direct;
        for _ in 0..MAX_HOPS {
            let Some(next) = unpack(&url, &host) else { break };
            via = match (via, next.by) {
                (_, Class::Redirector) | (Via::Redirector, _) => Via::Redirector,
                _ => Via::Wrapper,
            };
            (url, host) = (next.url, next.host);
        }
        let domain = if via == Via::Direct { link.domain.clone() } else { organisation(&host).to_owned() };
        let class = table::class_of_url(&host, path(&url));
        // Most links of a message go to the host of the one before.
        let known = match found.last() {
            Some(last) if last.host == host => last.known,
            _ => brands.owner(&host).is_some(),
        };
        found.push(Destination { link: index + 1, url, host, domain, known, class, via });
    }
    found
}

/// Whether two registrable domains look like one owner's: the same, the same name under another suffix, or one name with
/// the other in it (`example.com` and `example-mail.net`).
pub(in crate::indicator) fn related(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let core = |domain: &str| domain.split('.').next().unwrap_or_default().replace('-', "");
    let (one, other) = (core(one), core(other));
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    !short.is_empty() && (short == long || (short.len() >= 5 && long.contains(short.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_and_redirectors_are_followed_and_each_target_counts_once() {
        let body = "https://shop.example/a https://shop.example/a \
            https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fevil.example%252F \
            mailto:a@example.com";
        let message = Message::parse(format!("From: a@example.com\r\n\r\n{body}\r\n").as_bytes());
        let found = destinations(&message, &crate::indicator::Tables::default().brands);
        let short: Vec<_> = found.iter().map(|d| (d.link, d.host.as_str(), d.via)).collect();
        assert_eq!(short, [(1, "shop.example", Via::Direct), (3, "evil.example", Via::Redirector)]);
    }

    #[test]
    fn names_of_one_owner() {
        assert!(related("example.com", "example.co.jp") && related("example.com", "example-mail.net"));
        assert!(!related("example.com", "another.com") && !related("abc.com", "abcd.com"));
    }
}
