//! Whose mail is wanted, and whose is not: by address or domain, the more exact entry first.

use std::collections::BTreeMap;

/// An entry of the lists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sender {
    /// One address, lower case.
    Address(String),
    /// A domain and those below it, lower case.
    Domain(String),
}

/// What the person decided about a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Their mail is wanted.
    Allow,
    /// Their mail is not wanted.
    Block,
}

/// The lists. Nothing here says whether a message really comes from an address: that is to be known before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Senders {
    entries: BTreeMap<Sender, Decision>,
}

impl Senders {
    /// Adds an entry. Gives the decision that stood there before.
    pub fn insert(&mut self, sender: Sender, decision: Decision) -> Option<Decision> {
        self.entries.insert(sender, decision)
    }

    /// How many entries there are of this kind.
    pub fn count(&self, decision: Decision) -> usize {
        self.entries.values().filter(|one| **one == decision).count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What was decided about an address, lower case: by the address itself, else by its domain, else by the nearest
    /// domain above; and the entry that says so.
    pub fn decide(&self, address: &str) -> Option<(Decision, &Sender)> {
        if self.entries.is_empty() {
            return None;
        }
        let exact = self.entries.get_key_value(&Sender::Address(address.to_owned()));
        let (_, domain) = address.rsplit_once('@')?;
        let above = domain.match_indices('.').filter_map(|(at, _)| domain.get(at + 1..));
        let found = exact.or_else(|| {
            std::iter::once(domain)
                .chain(above)
                .find_map(|domain| self.entries.get_key_value(&Sender::Domain(domain.to_owned())))
        });
        found.map(|(sender, decision)| (*decision, sender))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_exact_entry_decides() {
        let mut senders = Senders::default();
        senders.insert(Sender::Domain("example.com".into()), Decision::Allow);
        senders.insert(Sender::Domain("news.example.com".into()), Decision::Block);
        senders.insert(Sender::Address("kaikei@news.example.com".into()), Decision::Allow);
        let decided = |address: &str| senders.decide(address).map(|(decision, _)| decision);
        assert_eq!(decided("a@example.com"), Some(Decision::Allow));
        assert_eq!(decided("a@mail.example.com"), Some(Decision::Allow));
        assert_eq!(decided("a@news.example.com"), Some(Decision::Block));
        assert_eq!(decided("a@x.news.example.com"), Some(Decision::Block));
        assert_eq!(decided("kaikei@news.example.com"), Some(Decision::Allow));
        for other in ["a@example.net", "a@notexample.com", "a@com", "example.com", ""] {
            assert_eq!(decided(other), None, "{other}");
        }
    }
}
