//! A case's number, as people say it over the telephone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// `C-2026-0007`: the year in which it was opened, and a number from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseId {
    /// Four digits.
    pub year: u16,
    /// At least four digits; never 0.
    pub number: u32,
}

/// Not a case's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a case number such as C-2026-0007")]
pub struct NotACaseId;

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "C-{:04}-{:04}", self.year, self.number)
    }
}

impl FromStr for CaseId {
    type Err = NotACaseId;

    /// As people type it: either case, zeros left out. One number has one written form ([`fmt::Display`]).
    fn from_str(s: &str) -> Result<Self, NotACaseId> {
        let rest = s.strip_prefix(['C', 'c']).and_then(|rest| rest.strip_prefix('-')).ok_or(NotACaseId)?;
        let (year, number) = rest.split_once('-').ok_or(NotACaseId)?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4 || !digits(year) || !digits(number) {
            return Err(NotACaseId);
        }
        let number = number.parse().ok().filter(|number| *number > 0).ok_or(NotACaseId)?;
        Ok(Self { year: year.parse().map_err(|_| NotACaseId)?, number })
    }
}

impl Serialize for CaseId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CaseId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_as_typed_and_written_one_way() {
        let case: CaseId = "c-2026-7".parse().unwrap();
        assert_eq!(case.to_string(), "C-2026-0007");
        assert_eq!("C-2026-12345".parse::<CaseId>().unwrap().to_string(), "C-2026-12345");
        for wrong in [
            "",
            "2026-0007",
            "C-26-7",
            "C-2026-0",
            "C-2026-",
            "C-2026-+7",
            "C-2026-7-1",
            "C-2026-99999999999",
        ] {
            assert_eq!(wrong.parse::<CaseId>(), Err(NotACaseId), "{wrong}");
        }
    }
}
