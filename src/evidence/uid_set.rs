//! Sets of UIDs as IMAP writes them.

use std::fmt;
use std::str::FromStr;

/// A set of UIDs, written as an IMAP sequence-set in ascending order: `4:17,20` (RFC 9051 §9, without `*`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UidSet {
    /// Ascending, apart by more than one, first <= last, none 0.
    ranges: Vec<(u32, u32)>,
}

/// Not a sequence-set of UIDs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a set of UIDs")]
pub struct NotAUidSet;

impl UidSet {
    /// How many UIDs.
    pub fn len(&self) -> u64 {
        self.ranges.iter().map(|(first, last)| u64::from(last - first) + 1).sum()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The ranges, ascending, both ends included.
    pub fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    /// The UIDs, ascending. A range of a hostile set may be as long as UIDs go: bound it by [`UidSet::len`].
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.ranges.iter().flat_map(|(first, last)| *first..=*last)
    }

    /// The greatest.
    pub fn last(&self) -> Option<u32> {
        self.ranges.last().map(|(_, last)| *last)
    }

    /// The first ranges, as many as fit into `octets` when written.
    #[must_use]
    pub fn bounded(&self, octets: usize) -> Self {
        let mut written = 0;
        let fits = |range: &&(u32, u32)| {
            written += Part(**range).to_string().len() + 1;
            written <= octets + 1
        };
        Self { ranges: self.ranges.iter().take_while(fits).copied().collect() }
    }

    fn from_ranges(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        Self { ranges: merged }
    }
}

impl FromIterator<u32> for UidSet {
    /// 0 is no UID and is left out.
    fn from_iter<I: IntoIterator<Item = u32>>(uids: I) -> Self {
        Self::from_ranges(uids.into_iter().filter(|uid| *uid != 0).map(|uid| (uid, uid)).collect())
    }
}

struct Part((u32, u32));

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            (first, last) if first == last => write!(f, "{first}"),
            (first, last) => write!(f, "{first}:{last}"),
        }
    }
}

impl fmt::Display for UidSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, range) in self.ranges.iter().enumerate() {
            if n > 0 {
                f.write_str(",")?;
            }
            write!(f, "{}", Part(*range))?;
        }
        Ok(())
    }
}

impl FromStr for UidSet {
    type Err = NotAUidSet;

    /// Any order, ranges either way round, overlaps; the empty text is the empty set.
    fn from_str(s: &str) -> Result<Self, NotAUidSet> {
        if s.is_empty() {
            return Ok(Self::default());
        }
        let mut ranges = Vec::new();
        for part in s.split(',') {
            let (a, b) = part.split_once(':').unwrap_or((part, part));
            let (a, b) = (number(a)?, number(b)?);
            ranges.push((a.min(b), a.max(b)));
        }
        Ok(Self::from_ranges(ranges))
    }
}

/// nz-number (RFC 9051 §9): no sign, no leading zero.
fn number(s: &str) -> Result<u32, NotAUidSet> {
    if s.starts_with(|c: char| matches!(c, '1'..='9')) {
        s.parse().map_err(|_| NotAUidSet)
    } else {
        Err(NotAUidSet)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn as_imap_writes_them() {
        let set: UidSet = [20, 4, 5, 6, 17, 7, 5].into_iter().collect();
        assert_eq!(set.to_string(), "4:7,17,20");
        assert_eq!(set.len(), 6);
        assert_eq!("20,17,7:4,5".parse(), Ok(set.clone()));
        assert_eq!(set.bounded(3).to_string(), "4:7");
        assert_eq!(set.bounded(6).to_string(), "4:7,17");
        assert_eq!(set.bounded(2).to_string(), "");
        assert_eq!("1:4294967295".parse::<UidSet>().map(|s| s.len()), Ok(4_294_967_295));
        for wrong in ["0", "1,", "1:*", "+1", "01", "1:2:3", " 1", "4294967296", "-"] {
            assert_eq!(wrong.parse::<UidSet>(), Err(NotAUidSet), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn round_trip(uids in prop::collection::btree_set(1_u32..60, 0..40)) {
            let set: UidSet = uids.iter().copied().collect();
            let again: UidSet = set.to_string().parse().unwrap();
            prop_assert_eq!(&again, &set);
            prop_assert_eq!(again.iter().collect::<BTreeSet<_>>(), uids);
        }
    }
}
