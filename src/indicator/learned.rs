//! What the person's own acts say of senders: a release says that their mail is wanted, a report that it is not.
//!
//! What weighs is a fold over the lessons that stand, in whole hundredths and without regard to their order, so that one
//! that is taken back leaves nothing behind: the same lessons give the same weights, bit for bit.

use std::collections::BTreeMap;

use super::{Decision, Hundredths, organisation};
use crate::message::Message;

/// What one lesson weighs.
pub const LESSON: Hundredths = Hundredths(300);
/// The most that all lessons about one sender weigh, either way.
pub const MOST: Hundredths = Hundredths(600);

/// The lessons that stand, and what follows from them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Learned {
    lessons: BTreeMap<String, (String, Decision)>,
    weights: BTreeMap<String, Hundredths>,
}

impl Learned {
    /// From lessons: what each is called (the SHA-256 of its note), the sender's address, and what it says. Of one name the
    /// last counts.
    pub fn of(lessons: impl IntoIterator<Item = (String, String, Decision)>) -> Self {
        let lessons: BTreeMap<_, _> =
            lessons.into_iter().map(|(name, sender, says)| (name, (sender.to_lowercase(), says))).collect();
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for (sender, says) in lessons.values() {
            let one = i64::from(LESSON.0);
            // No count of lessons comes near the bounds of 64 bits.
            *sums.entry(sender.clone()).or_default() += if *says == Decision::Allow { -one } else { one };
        }
        let most = i64::from(MOST.0);
        let bounded = |sum: i64| Hundredths(i32::try_from(sum.clamp(-most, most)).unwrap_or_default());
        let weights =
            sums.into_iter().map(|(sender, sum)| (sender, bounded(sum))).filter(|(_, weight)| weight.0 != 0);
        Self { weights: weights.collect(), lessons }
    }

    /// What mail of this address, lower case, weighs; none where nothing is learned, or one lesson undoes the other.
    pub fn weight(&self, address: &str) -> Option<Hundredths> {
        self.weights.get(address).copied()
    }

    /// What each standing lesson is called and says, by its name. The senders are not named: notes that say whom they are about
    /// can be erased, and what names them here is kept for as long as a verdict.
    pub fn lessons(&self) -> impl Iterator<Item = (&str, Decision)> {
        self.lessons.iter().map(|(name, (_, says))| (name.as_str(), *says))
    }
}

/// An author whom the account's provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// Their address, lower case.
    pub address: String,
    /// The domain that was found authentic: that of the address, or one of the same organisation.
    pub domain: String,
}

/// The author, where the account's provider itself says that it is authentic: exactly one author, and DMARC passed for its
/// domain, or DKIM for a domain of the same organisation (RFC 7489 §3.1), in a field of a pinned authserv-id above the first
/// Received field. SPF alone does not count here: it speaks for the envelope, and half the world may send through the same
/// servers.
pub fn vouched(message: &Message, authserv_ids: &[String]) -> Option<Vouched> {
    let [author] = message.from.as_slice() else { return None };
    let own = organisation(&author.domain);
    if own.is_empty() {
        return None;
    }
    let pinned = message.authentication.iter().filter(|field| {
        field.above_first_received
            && authserv_ids.iter().any(|id| id.eq_ignore_ascii_case(&field.authserv_id))
    });
    let passed = pinned.flat_map(|field| &field.results).find(|result| {
        result.result == "pass"
            && match result.method.as_str() {
                "dmarc" => result.domain.is_empty() || organisation(&result.domain) == own,
                "dkim" => organisation(&result.domain) == own,
                _ => false,
            }
    })?;
    let domain = if passed.domain.is_empty() { &author.domain } else { &passed.domain };
    Some(Vouched { address: author.addr.to_lowercase(), domain: domain.clone() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_lesson() -> impl Strategy<Value = (String, String, Decision)> {
        (0..40_u8, 0..4_u8, any::<bool>()).prop_map(|(name, sender, wanted)| {
            let says = if wanted { Decision::Allow } else { Decision::Block };
            (format!("{name:02}"), format!("{sender}@sender.example"), says)
        })
    }

    proptest! {
        #[test]
        fn the_order_of_lessons_says_nothing_and_weights_are_bounded(
            lessons in prop::collection::btree_map(0..60_u8, (0..4_u8, any::<bool>()), 0..60),
            turn in 0..60_usize,
        ) {
            let mut all: Vec<_> = lessons
                .into_iter()
                .map(|(name, (sender, wanted))| {
                    let says = if wanted { Decision::Allow } else { Decision::Block };
                    (format!("{name:02}"), format!("{sender}@Sender.example"), says)
                })
                .collect();
            let forth = Learned::of(all.clone());
            let turn = turn % all.len().max(1);
            all.rotate_left(turn);
            all.reverse();
            prop_assert_eq!(&forth, &Learned::of(all));
            prop_assert!(forth.weights.values().all(|weight| weight.0.abs() <= MOST.0 && weight.0 != 0));
        }

        #[test]
        fn a_lesson_less_is_a_lesson_that_never_was(
            before in prop::collection::vec(any_lesson(), 0..30),
            more in any_lesson(),
        ) {
            let mut before = before;
            before.retain(|(name, ..)| *name != more.0);
            let mut with = before.clone();
            with.push(more.clone());
            with.retain(|(name, ..)| *name != more.0);
            prop_assert_eq!(Learned::of(with), Learned::of(before));
        }
    }

    #[test]
    fn one_lesson_the_other_way_takes_the_first_back() {
        let lesson = |name: &str, says| (name.to_owned(), "a@sender.example".to_owned(), says);
        let once = Learned::of([lesson("1", Decision::Allow)]);
        assert_eq!(once.weight("a@sender.example"), Some(Hundredths(-300)));
        assert_eq!(once.weight("b@sender.example"), None);
        let both = Learned::of([lesson("1", Decision::Allow), lesson("2", Decision::Block)]);
        assert_eq!(both.weight("a@sender.example"), None);
        assert_eq!(both.lessons().count(), 2);
    }
}
