//! Large messages come in parts; here they become whole again before they are judged.

use std::borrow::Cow;

use crate::imap::{Body, Gap, Part, Summary};

/// The server said NO to this message, asked for alone.
pub(super) const REFUSED: &str = "fetch-refused";

/// A message as it was received. What came in parts is handed over, so that a large hit is in memory only once.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received<'a> {
    /// All its octets.
    Whole(Cow<'a, [u8]>),
    /// Only its beginning.
    Head(Cow<'a, [u8]>),
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
    pub(super) fn take(&mut self, summary: &Summary, body: Body<'_>, mut hand_on: impl FnMut(Received<'_>)) {
        match body {
            Body::Whole(octets) => hand_on(Received::Whole(Cow::Borrowed(octets))),
            Body::Head(octets) => hand_on(Received::Head(Cow::Borrowed(octets))),
            Body::Part { offset, octets, end } => {
                if offset == 0 {
                    // Growing step by step would hold the octets twice while they are moved. What is announced is at
                    // most the largest message that is fetched at all, and takes no memory before it comes.
                    self.octets = Vec::with_capacity(summary.size.map_or(0, |size| size as usize));
                }
                self.octets.extend_from_slice(octets);
                match end {
                    Part::More => {}
                    Part::Complete => {
                        hand_on(Received::Whole(Cow::Owned(std::mem::take(&mut self.octets))));
                    }
                    Part::Cut => hand_on(Received::Head(Cow::Owned(std::mem::take(&mut self.octets)))),
                }
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
            parts.take(&Summary::default(), *body, |received| {
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
