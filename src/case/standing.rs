//! Where a message stands, by what the record says of it.

use super::ledger::Act;
use crate::evidence::{Entry, Lesson, Outcome};

/// Where a message stands, as far as the record knows. What the person does in their own mail program is known only where it
/// was met again: what they deleted from quarantine still counts as standing there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whereabouts {
    /// Where it came: it was never moved.
    Left,
    /// In quarantine.
    Quarantined,
    /// In quarantine, and asked to be moved back.
    Asked,
    /// In quarantine: it could not be moved back. Machine word.
    Refused(String),
    /// Asked to be moved back when it stood in quarantine no more.
    Gone,
    /// Where the person wanted it.
    Released,
}

/// What the record says of a message's place and of what was learned from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub place: Whereabouts,
    /// The person put it into quarantine.
    pub reported: bool,
    /// What was learned from it and stands.
    pub lesson: Option<Lesson>,
}

impl Standing {
    /// From a message's records, in order.
    pub fn of(acts: &[Act]) -> Self {
        let mut standing = Self { place: Whereabouts::Left, reported: false, lesson: None };
        let mut asked = false;
        for act in acts {
            let back = standing.is_in_quarantine();
            match &act.entry {
                Entry::Reported { .. } => {
                    standing.place = Whereabouts::Quarantined;
                    standing.reported = true;
                }
                Entry::ReleaseAsked { .. } => {
                    asked = true;
                    if back {
                        standing.place = Whereabouts::Asked;
                    }
                }
                Entry::MoveResult { outcome, reason, .. } => {
                    let reason = || reason.clone().unwrap_or_default();
                    standing.place = match outcome {
                        Outcome::Moved if back => Whereabouts::Released,
                        Outcome::GoneByOther if back => Whereabouts::Gone,
                        Outcome::Refused if back => Whereabouts::Refused(reason()),
                        // Asked for while it was on its way.
                        Outcome::Moved if asked => Whereabouts::Asked,
                        Outcome::Moved => Whereabouts::Quarantined,
                        _ => continue,
                    };
                }
                Entry::Released { .. } => standing.place = Whereabouts::Released,
                Entry::Learned { lesson, .. } => standing.lesson = Some(*lesson),
                Entry::Unlearned { .. } => standing.lesson = None,
                _ => {}
            }
        }
        standing
    }

    /// True where it is in quarantine, as far as the record knows.
    pub fn is_in_quarantine(&self) -> bool {
        matches!(self.place, Whereabouts::Quarantined | Whereabouts::Asked | Whereabouts::Refused(_))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::evidence::EvidenceId;

    fn place(entries: &[Entry]) -> Whereabouts {
        let act = |entry: &Entry| Act { seq: 0, at: Timestamp::UNIX_EPOCH, entry: entry.clone() };
        Standing::of(&entries.iter().map(act).collect::<Vec<_>>()).place
    }

    #[test]
    fn a_move_out_of_quarantine_is_told_from_one_into_it() {
        let id = EvidenceId(Uuid::nil());
        let ended = |outcome, reason: Option<&str>| Entry::MoveResult {
            id,
            outcome,
            destination_uid: None,
            reason: reason.map(str::to_owned),
        };
        let moved = || ended(Outcome::Moved, None);
        let asked = || Entry::ReleaseAsked { id };
        assert_eq!(place(&[]), Whereabouts::Left);
        assert_eq!(place(&[ended(Outcome::Refused, Some("noperm"))]), Whereabouts::Left);
        assert_eq!(place(&[moved()]), Whereabouts::Quarantined);
        assert_eq!(place(&[asked(), moved()]), Whereabouts::Asked);
        assert_eq!(place(&[moved(), asked()]), Whereabouts::Asked);
        assert_eq!(place(&[moved(), asked(), moved()]), Whereabouts::Released);
        assert_eq!(place(&[moved(), asked(), ended(Outcome::GoneByOther, None)]), Whereabouts::Gone);
        let refused = [moved(), asked(), ended(Outcome::Refused, Some("noperm"))];
        assert_eq!(place(&refused), Whereabouts::Refused("noperm".to_owned()));
    }
}
