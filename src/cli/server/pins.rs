//! Whose Authentication-Results stand on a person's mail: what to pin as `authserv-id`.

use std::collections::{BTreeMap, BTreeSet};

use crate::message::Message;

/// How often each authserv-id stands above the first Received field, where only the provider's own can (RFC 8601 §5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::cli) struct Pins {
    /// Messages looked at.
    pub(in crate::cli) seen: usize,
    counts: BTreeMap<String, usize>,
}

impl Pins {
    /// Looks at the header of one message; octets beyond it do no harm.
    pub(in crate::cli) fn look(&mut self, header: &[u8]) {
        self.seen += 1;
        let message = Message::parse(header);
        let ids: BTreeSet<String> = message
            .authentication
            .into_iter()
            .filter(|results| results.above_first_received && is_id(&results.authserv_id))
            .map(|results| results.authserv_id)
            .collect();
        for id in ids {
            *self.counts.entry(id).or_default() += 1;
        }
    }

    /// On how many of the messages it stands.
    pub(in crate::cli) fn count(&self, id: &str) -> usize {
        self.counts.get(id).copied().unwrap_or(0)
    }

    /// Ids and how often each was seen, the most frequent first.
    pub(in crate::cli) fn ranked(&self) -> Vec<(&str, usize)> {
        let mut all: Vec<(&str, usize)> =
            self.counts.iter().map(|(id, count)| (id.as_str(), *count)).collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        all
    }

    /// The one to propose: it stands on at least half of the messages, and no other on as many.
    pub(in crate::cli) fn proposed(&self) -> Option<&str> {
        let ranked = self.ranked();
        let (id, most) = ranked.first().copied()?;
        let alone = ranked.get(1).is_none_or(|(_, second)| *second < most);
        (alone && most * 2 >= self.seen).then_some(id)
    }
}

/// As the configuration takes it.
fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 253
        && id.chars().all(|c| c.is_ascii_graphic() && !"()<>@,;:\\\"/[]?=".contains(c))
}

#[cfg(test)]
mod tests {
    use super::Pins;

    fn pins(headers: &[&str]) -> Pins {
        let mut pins = Pins::default();
        for header in headers {
            pins.look(header.replace('\n', "\r\n").as_bytes());
        }
        pins
    }

    const GOOD: &str =
        "Authentication-Results: MX.example.net; spf=pass\nReceived: from a by mx\nFrom: a@example.org\n\n";
    const FORGED: &str =
        "Received: from a by mx\nAuthentication-Results: evil.example; spf=pass\nFrom: a@example.org\n\n";

    #[test]
    fn the_id_that_stands_on_most_is_proposed_and_one_from_below_counts_for_nothing() {
        let found = pins(&[GOOD, GOOD, FORGED, "From: a@example.org\n\n"]);
        assert_eq!(
            (found.proposed(), found.seen, found.count("mx.example.net")),
            (Some("mx.example.net"), 4, 2)
        );
        assert_eq!(found.ranked(), [("mx.example.net", 2)]);
    }

    #[test]
    fn nothing_is_proposed_where_nothing_stands_out() {
        let other = GOOD.replace("MX.example.net", "relay.example.net");
        assert_eq!(pins(&[GOOD, &other]).proposed(), None, "as many of one as of the other");
        assert_eq!(pins(&[GOOD, FORGED, FORGED]).proposed(), None, "a third of the messages");
        assert_eq!(pins(&[]).proposed(), None);
        assert_eq!(pins(&[&GOOD.replace("MX.example.net", "a\u{1b}[31m")]).proposed(), None);
    }
}
