//! Which digests go into the mailbox: those that have something to say, and one in a quiet week.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::store::Announced;

/// Digests of so many days are put into a mailbox, the latest; older ones stay in their folder. Also how long a mailbox
/// may stay quiet.
pub(super) const WEEK: i8 = 7;

/// A digest of the last two weeks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) date: Date,
    pub(super) announced: Announced,
    pub(super) speaks: bool,
    /// Of the last week; of the week before only what is in the mailbox matters.
    pub(super) recent: bool,
}

/// Those that are wanted: with something to say, or after a week without any.
pub(super) fn wanted(week: &[Told]) -> Vec<Date> {
    let mut last: Option<Date> = None;
    let mut wanted = Vec::new();
    for told in week {
        let quiet = last.is_none_or(|last| last.checked_add(WEEK.days()).is_ok_and(|next| told.date >= next));
        let put = match told.announced {
            Announced::There => {
                last = Some(told.date);
                false
            }
            Announced::Open => told.recent,
            Announced::Refused { next_day } => next_day && told.recent && (told.speaks || quiet),
            Announced::Never => told.recent && (told.speaks || quiet),
        };
        if put {
            last = Some(told.date);
            wanted.push(told.date);
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i8, announced: Announced, speaks: bool) -> Told {
        Told { date: jiff::civil::date(2026, 11, day), announced, speaks, recent: day > 10 }
    }

    fn days(week: &[Told]) -> Vec<i8> {
        wanted(week).into_iter().map(Date::day).collect()
    }

    #[test]
    fn a_digest_goes_out_when_it_speaks_and_once_in_a_quiet_week() {
        use Announced::{Never, There};
        let quiet: Vec<Told> = (11..=17).map(|n| day(n, Never, false)).collect();
        assert_eq!(days(&quiet), [11]);
        let after: Vec<Told> =
            std::iter::once(day(10, There, true)).chain((11..=17).map(|n| day(n, Never, n == 13))).collect();
        assert_eq!(days(&after), [13]);
        let week: Vec<Told> =
            std::iter::once(day(9, There, true)).chain((11..=16).map(|n| day(n, Never, false))).collect();
        assert_eq!(days(&week), [16]);
    }

    #[test]
    fn what_was_refused_is_tried_again_on_the_next_day_and_what_is_old_not_at_all() {
        use Announced::{Never, Open, Refused, There};
        assert!(days(&[day(16, There, true), day(17, Refused { next_day: false }, true)]).is_empty());
        assert_eq!(days(&[day(16, There, true), day(17, Refused { next_day: true }, true)]), [17]);
        assert_eq!(days(&[day(9, Never, true), day(17, Open, false)]), [17]);
    }
}
