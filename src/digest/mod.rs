//! A day of records, and how it is told.
//!
//! [`due`] says which days have no digest yet; [`Gather`] takes the chain's records and gives a [`Draft`] for each of them;
//! [`Draft::day`] adds what was read out of the messages, and is the [`Day`]. Its JSON ([`json`]) is the digest: text
//! ([`text`]), page ([`html`]) and message ([`mail`]) are functions of it and of the language, and can be made again from
//! the file, octet for octet.
//!
//! What belongs to which day: see [`period`]. `docs/digest.md` says what is counted when.
#![deny(clippy::disallowed_methods)]

mod alert;
mod card;
mod chart;
mod day;
mod draft;
mod gather;
mod html;
mod inert;
mod mail;
mod moment;
pub mod period;
mod sheet;
mod text;
mod words;

use jiff::civil::Date;

pub use alert::Alert;
pub use day::{
    Account, Act, Action, Bounds, Clocks, Corrected, Correction, Day, Demanded, Fault, Hits, Integrity, Item,
    Kind, OfCategory, OfSeverity, Outage, Reason, Repeat, SCHEMA_VERSION, Scope, Status, Storage, Tally,
    Valued, Verify, Versions, Witness,
};
pub use draft::{Draft, Facts, MOST_ITEMS};
pub use gather::{From, Gather, LOOK_BACK};
pub use html::html;
pub use mail::{Heading, alert_id, alert_mail, mail, message_id, subject};
pub use moment::{Moment, NotAMoment};
pub use period::{MOST_CAUGHT_UP, Period, Written, due};
pub use text::text;

/// A form in which a digest is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// The one that counts, and is written last.
    Json,
    /// For people.
    Text,
    /// For people.
    Html,
}

/// `digest-2026-11-23.json`, and beside it `.txt` and `.html`.
pub fn file_name(date: Date, form: Form) -> String {
    let ending = match form {
        Form::Json => "json",
        Form::Text => "txt",
        Form::Html => "html",
    };
    format!("digest-{date}.{ending}")
}

/// The date of the digest whose JSON has that name.
pub fn date_of(name: &str) -> Option<Date> {
    let date: Date = name.strip_prefix("digest-")?.strip_suffix(".json")?.parse().ok()?;
    (file_name(date, Form::Json) == name).then_some(date)
}

/// The file: one JSON object, indented, with a LF at its end.
pub fn json(day: &Day) -> String {
    let mut text = serde_json::to_string_pretty(day).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads the file.
pub fn from_json(octets: &[u8]) -> Result<Day, serde_json::Error> {
    serde_json::from_slice(octets)
}
