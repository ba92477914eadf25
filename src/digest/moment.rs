//! [`Moment`]: a point in time with the offset it is told in, so that telling it needs no table of zones.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, TimestampRound, Unit};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point in time, whole seconds, and the offset of the place where it is told. Written `2026-11-23T10:15:00+09:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    at: Timestamp,
    offset: Offset,
}

/// Not a time such as `2026-11-23T10:15:00+09:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time such as 2026-11-23T10:15:00+09:00")]
pub struct NotAMoment;

impl Moment {
    /// As it is told in a zone.
    pub fn new(at: Timestamp, zone: &TimeZone) -> Self {
        let whole = TimestampRound::new().smallest(Unit::Second).mode(jiff::RoundMode::Floor);
        let at = at.round(whole).unwrap_or(at);
        Self { at, offset: zone.to_offset(at) }
    }

    /// The point in time.
    pub fn at(self) -> Timestamp {
        self.at
    }

    /// Date and time as they are told.
    pub fn local(self) -> DateTime {
        self.offset.to_datetime(self.at)
    }

    /// `10:15`
    pub fn clock(self) -> String {
        self.local().strftime("%H:%M").to_string()
    }

    /// `+09:00`
    pub fn offset(self) -> String {
        let seconds = self.offset.seconds();
        let (sign, seconds) = if seconds < 0 { ('-', -seconds) } else { ('+', seconds) };
        format!("{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.local().strftime("%Y-%m-%dT%H:%M:%S"), self.offset())
    }
}

impl FromStr for Moment {
    type Err = NotAMoment;

    /// One moment has one spelling.
    fn from_str(s: &str) -> Result<Self, NotAMoment> {
        let parsed = strtime::parse("%Y-%m-%dT%H:%M:%S%:z", s).map_err(|_| NotAMoment)?;
        let offset = parsed.offset().ok_or(NotAMoment)?;
        let at = parsed.to_timestamp().map_err(|_| NotAMoment)?;
        let moment = Self { at, offset };
        if moment.to_string() == s { Ok(moment) } else { Err(NotAMoment) }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
