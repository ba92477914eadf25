//! [`Place`] as people and files read it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Place;

/// A string that names no [`Place`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a message")]
pub struct PlaceError;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Subject => f.write_str("subject"),
            Place::Header(name) => write!(f, "header/{name}"),
            Place::Text(n) => write!(f, "text/{n}"),
            Place::Link(n) => write!(f, "link/{n}"),
            Place::Attachment(n) => write!(f, "attachment/{n}"),
            Place::Message => f.write_str("message"),
            Place::Code(carrier) => write!(f, "{carrier}/qr"),
        }
    }
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(s: &str) -> Result<Self, PlaceError> {
        match s {
            "subject" => return Ok(Place::Subject),
            "message" => return Ok(Place::Message),
            _ => {}
        }
        let (kind, rest) = s.split_once('/').ok_or(PlaceError)?;
        if kind == "header" {
            let named = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic());
            return if named { Ok(Place::Header(rest.to_owned())) } else { Err(PlaceError) };
        }
        if let Some(carrier) = s.strip_suffix("/qr") {
            // A carrier is never a code itself: one step, whatever is written.
            return match carrier.parse()? {
                Place::Code(_) => Err(PlaceError),
                carrier => Ok(Place::Code(Box::new(carrier))),
            };
        }
        let n: usize = rest.parse().map_err(|_| PlaceError)?;
        match kind {
            "text" => Ok(Place::Text(n)),
            "link" => Ok(Place::Link(n)),
            "attachment" => Ok(Place::Attachment(n)),
            _ => Err(PlaceError),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let s = String::deserialize(deserializer)?;
        s.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_and_back() {
        for (place, shown) in [
            (Place::Subject, "subject"),
            (Place::Header("reply-to".into()), "header/reply-to"),
            (Place::Text(1), "text/1"),
            (Place::Link(3), "link/3"),
            (Place::Attachment(2), "attachment/2"),
            (Place::Message, "message"),
            (Place::Code(Box::new(Place::Attachment(2))), "attachment/2/qr"),
            (Place::Code(Box::new(Place::Message)), "message/qr"),
        ] {
            assert_eq!(place.to_string(), shown);
            assert_eq!(shown.parse(), Ok(place.clone()));
            let json = serde_json::to_string(&place).unwrap();
            assert_eq!(json, format!("\"{shown}\""));
            assert_eq!(serde_json::from_str::<Place>(&json).unwrap(), place);
        }
        for bad in ["", "text", "text/", "text/x", "header/", "header/a b", "other/1", "/qr", "text/1/qr/qr"]
        {
            assert_eq!(bad.parse::<Place>(), Err(PlaceError), "{bad}");
        }
    }
}
