//! Brings the index up to the chain.

use crate::evidence::{Entry, Head, Record};
use crate::store::Opened;
use crate::store::error::Error;
use crate::store::index::{Applied, Index};
use crate::store::segments::Segments;

/// Applies to the index what the chain has more.
pub(super) fn catch_up(index: &Index, segments: &Segments, opened: &mut Opened) -> Result<(), Error> {
    let applied = index.applied()?;
    let head = segments.head();
    if applied.head.seq > head.seq {
        return Err(Error::IndexAhead { index: applied.head.seq, chain: head.seq });
    }
    if applied.head.seq == head.seq {
        return if applied.head.prev == head.prev { Ok(()) } else { Err(Error::Diverged { seq: head.seq }) };
    }
    let mut tree = index.tree()?;
    index.begin()?;
    let mut unknown = 0;
    let mut last = applied;
    let replayed = segments.replay(applied.next, applied.head, |line, next, head| {
        let seq = head.seq.saturating_sub(1);
        // A line that verifies but cannot be read says nothing to the index; it stays in the chain.
        match Record::from_line(line) {
            Ok(Record { entry: Entry::Unknown { .. }, .. }) | Err(_) => unknown += 1,
            Ok(record) => index.apply(seq, record.at, &record.entry)?,
        }
        tree.push(line.as_bytes());
        last = Applied { head, next };
        Ok(())
    });
    let result = match replayed {
        Err(Error::Chain { .. }) if last.head == applied.head && applied.head != Head::GENESIS => {
            Err(Error::Diverged { seq: applied.head.seq })
        }
        Err(e) => Err(e),
        // Whole segments were only skimmed; now they have been read, and lead elsewhere.
        Ok(()) if last.head != head => Err(Error::Diverged { seq: last.head.seq }),
        Ok(()) => index.set_applied(last, &tree).and_then(|()| index.commit()),
    };
    index.rollback();
    opened.unknown = unknown;
    result
}
