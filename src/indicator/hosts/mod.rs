//! Where links lead: hosts by what they are (`config/hosts.toml`), wrapped and redirected targets unpacked.
//!
//! `table` is the data, `unpack` reads a target out of the URL that carries it, `destination` lists where the links of one
//! message end. Nothing is ever resolved: what a short link hides stays hidden, and only its being short is known.

mod destination;
mod table;
mod unpack;

use serde::Deserialize;

pub(super) use destination::{Destination, Via, destinations, related};
pub use table::is_freemail;
pub(super) use table::{class_of_host, is_risky_tld};
pub(super) use unpack::percent;

/// What is known of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Class {
    /// Anybody can have a site there, at no cost.
    FreeHost,
    /// Anybody can have a form there.
    Form,
    /// Anybody can store a page there.
    ObjectStore,
    /// Anybody can leave a file there.
    FileDrop,
    /// Tunnels and dynamic names: the machine behind may be anybody's.
    Dynamic,
    /// Hides where it leads.
    Shortener,
    /// A gateway that rewrites links to check them.
    Wrapper,
    /// Leads on to whatever stands in the URL.
    Redirector,
    /// Sends mail and counts clicks for others.
    Esp,
    /// Stands in everybody's footer.
    Neighbour,
    /// Gives addresses to anybody.
    Freemail,
    /// A top-level domain that is abused more than others.
    RiskyTld,
    /// A country's domain that Japanese phishing comes from.
    RiskyCctld,
}

impl Class {
    /// Whether anybody can put anything there.
    pub(super) fn is_open_to_anybody(self) -> bool {
        matches!(self, Self::FreeHost | Self::Form | Self::ObjectStore | Self::FileDrop | Self::Dynamic)
    }

    /// Whether a link there says nothing of who is behind the message.
    pub(super) fn is_neutral(self) -> bool {
        matches!(self, Self::Wrapper | Self::Esp | Self::Neighbour)
    }
}
