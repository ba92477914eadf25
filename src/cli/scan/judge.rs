//! One message to its judgement, fenced: whatever it does to the judging, the others are judged.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Basis;
use crate::demand::{self, Demand};
use crate::message::{Defect, Message};
use crate::verdict::{Level, Verdict, judge};

/// What one input gave.
pub(super) enum Outcome {
    Judged(Box<Judged>),
    Failed(String),
}

/// One message, judged.
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    pub(super) demand: Option<Demand>,
    pub(super) defects: Vec<Defect>,
}

impl Judged {
    /// Whether there was nothing to judge: no octets, or none that look like a message. "Nothing found" cannot be said of it.
    pub(super) fn is_no_message(&self) -> bool {
        self.defects.iter().any(|defect| matches!(defect, Defect::Empty | Defect::NoHeader))
    }
}

pub(super) fn judged(octets: &[u8], basis: &Basis) -> Outcome {
    fenced(|| {
        let message = Message::parse(octets);
        let verdict = judge(&message, &basis.context, &basis.thresholds);
        let demand = demand::extract(&message, &basis.context, verdict.level != Level::Clean);
        Judged { verdict, demand, defects: message.defects }
    })
}

/// What a result is made into, fenced as well: a judge that is gone would be waited for without end.
pub(super) fn told<T>(outcome: &Outcome, tell: impl Fn(&Outcome) -> T) -> T {
    catch_unwind(AssertUnwindSafe(|| tell(outcome))).unwrap_or_else(|_| tell(&fault()))
}

fn fenced(work: impl FnOnce() -> Judged) -> Outcome {
    catch_unwind(AssertUnwindSafe(work)).map_or_else(|_| fault(), |judged| Outcome::Judged(Box::new(judged)))
}

fn fault() -> Outcome {
    Outcome::Failed("cannot be judged: a fault of this program".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_the_error_of_one_message() {
        let broken = fenced(|| panic!("for the test"));
        assert!(matches!(broken, Outcome::Failed(why) if why.contains("cannot be judged")));
        let told = told(&judged(b"Subject: x\r\n\r\ny", &Basis::default()), |outcome| match outcome {
            Outcome::Judged(_) => panic!("for the test"),
            Outcome::Failed(why) => why.clone(),
        });
        assert!(told.contains("cannot be judged"));
        assert!(matches!(judged(b"Subject: x\r\n\r\ny", &Basis::default()), Outcome::Judged(_)));
    }
}
