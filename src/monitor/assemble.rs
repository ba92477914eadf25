//! Large messages come in parts; here they become whole again before they are judged.

use crate::imap::{Body, Gap, Part};

/// The server said NO to this message, asked for alone.
pub(super) const REFUSED: &str = "fetch-refused";

/// A message as it was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Received<'a> {
    /// All its octets.
    Whole(&'a [u8]),
    /// Only its beginning.
    Head(&'a [u8]),
    /// It cannot be had; a machine word for why.
    Missing(&'static str),
}

/// Holds the one message that is coming in parts.
#[derive(Debug, Default)]
pub(super) struct Assembler {
    octets: Vec<u8>,
}

impl Assembler {
    /// Takes what came next, and hands on what is complete.
    pub(super) fn take(&mut self, body: Body<'_>, mut hand_on: impl FnMut(Received<'_>)) {
        match body {
            Body::Whole(octets) => hand_on(Received::Whole(octets)),
            Body::Head(octets) => hand_on(Received::Head(octets)),
            Body::Part { offset, octets, end } => {
                if offset == 0 {
                    self.octets.clear();
                }
                self.octets.extend_from_slice(octets);
                match end {
                    Part::More => return,
                    Part::Complete => hand_on(Received::Whole(&self.octets)),
                    Part::Cut => hand_on(Received::Head(&self.octets)),
                }
                // A large message is rare; its memory is given back at once.
                self.octets = Vec::new();
            }
            Body::Missing(gap) => {
                self.octets = Vec::new();
                hand_on(Received::Missing(match gap {
                    Gap::Nil => "fetch-nil",
                    Gap::NotReturned => "fetch-not-returned",
                    Gap::Refused => REFUSED,
                    Gap::Unusable => "fetch-unusable",
                }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bodies: &[Body<'_>]) -> Vec<(String, Vec<u8>)> {
        let mut parts = Assembler::default();
        let mut seen = Vec::new();
        for body in bodies {
            parts.take(*body, |received| {
                seen.push(match received {
                    Received::Whole(octets) => ("whole".to_owned(), octets.to_vec()),
                    Received::Head(octets) => ("head".to_owned(), octets.to_vec()),
                    Received::Missing(why) => (why.to_owned(), Vec::new()),
                });
            });
        }
        seen
    }

    #[test]
    fn parts_become_one_message_and_a_gap_voids_them() {
        let part = |offset, octets, end| Body::Part { offset, octets, end };
        assert_eq!(
            taken(&[part(0, b"ab", Part::More), part(2, b"c", Part::Complete), Body::Whole(b"d")]),
            [("whole".into(), b"abc".to_vec()), ("whole".into(), b"d".to_vec())]
        );
        assert_eq!(
            taken(&[part(0, b"ab", Part::More), Body::Missing(Gap::Unusable), part(0, b"x", Part::Cut)]),
            [("fetch-unusable".into(), Vec::new()), ("head".into(), b"x".to_vec())]
        );
    }
}
