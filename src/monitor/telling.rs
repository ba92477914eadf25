//! How the person is told what happened: the digests' folder, their language, and by which ways beside.

use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::https::Endpoint;
use crate::digest::{Day, Status};
use crate::document::Language;

/// How often it is looked whether a day is over. A machine that was suspended catches up so soon after it woke.
pub const LOOK: Duration = Duration::from_secs(60);

/// What telling depends on. Made from the configuration, and anew when that is read again.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    /// Where digests are written.
    pub log_dir: PathBuf,
    /// Whose days they are of.
    pub zone: TimeZone,
    /// In which language.
    pub language: Language,
    /// Where counts are POSTed to; none: nowhere.
    pub https: Option<Endpoint>,
    /// See [`LOOK`].
    pub look: Duration,
}

/// True where a day has something to say to a person. Other days are told of once a week.
pub(super) fn speaks(day: &Day) -> bool {
    let counted = [day.threats, day.suspicious, day.not_judged, day.reported, day.items_left];
    day.status != Status::Ok
        || counted.into_iter().any(|count| count > 0)
        || !day.actions_by_user.is_empty()
        || !day.actions_later.is_empty()
        || !day.outages.is_empty()
        || !day.errors.is_empty()
        || !day.corrections.is_empty()
}
