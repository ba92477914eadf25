//! Large messages: in parts, or only their beginning.

use super::bodies::{Body, Fetched, Gap, Limits, Part, Sink, body_of};
use super::command::{Command, Items, Set};
use super::error::Error;
use super::fetch::{Summary, uid_of};
use super::outcome::End;
use super::session::Session;

impl Session {
    pub(super) async fn head(
        &mut self,
        summary: &Summary,
        limits: &Limits,
        sink: Sink<'_>,
        fetched: &mut Fetched,
    ) -> Result<(), Error> {
        let gap = self.part(summary, 0, limits.head, &mut |octets| sink(summary, Body::Head(octets))).await?;
        match gap {
            Ok(_) => fetched.partial += 1,
            Err(gap) => {
                fetched.missing += 1;
                sink(summary, Body::Missing(gap));
            }
        }
        Ok(())
    }

    pub(super) async fn parts(
        &mut self,
        summary: &Summary,
        limits: &Limits,
        sink: Sink<'_>,
        fetched: &mut Fetched,
    ) -> Result<(), Error> {
        let mut offset = 0_u64;
        let mut end = Part::More;
        while end == Part::More {
            let length = limits.part.max(1);
            let got = self
                .part(summary, offset, length, &mut |octets| {
                    end = if (octets.len() as u64) < u64::from(length)
                        || octets.len() as u64 > u64::from(length)
                    {
                        Part::Complete
                    } else if offset + octets.len() as u64 > limits.max_message {
                        Part::Cut
                    } else {
                        Part::More
                    };
                    sink(summary, Body::Part { offset, octets, end });
                })
                .await?;
            match got {
                Ok(count) => offset += count,
                Err(gap) => {
                    fetched.missing += 1;
                    sink(summary, Body::Missing(gap));
                    return Ok(());
                }
            }
        }
        match end {
            Part::Cut => fetched.partial += 1,
            Part::More | Part::Complete => fetched.complete += 1,
        }
        Ok(())
    }

    /// One piece of one message: how many octets came.
    async fn part(
        &mut self,
        summary: &Summary,
        offset: u64,
        length: u32,
        take: &mut (dyn FnMut(&[u8]) + Send),
    ) -> Result<Result<u64, Gap>, Error> {
        let Some(set) = Set::exactly(&[summary.uid]) else { return Ok(Err(Gap::Unusable)) };
        let mut got = None;
        let outcome = self
            .executor
            .run(Command::Fetch(&set, Items::Part(offset, length)), &mut |response| {
                let Some((index, data)) = body_of(response).filter(|_| uid_of(response) == Some(summary.uid))
                else {
                    return;
                };
                if got.is_some() {
                    return;
                }
                got = Some(match data {
                    _ if index.map_or(offset != 0, |index| u64::from(index) != offset) => Err(Gap::Unusable),
                    None if offset == 0 => Err(Gap::Nil),
                    None => {
                        take(&[]);
                        Ok(0)
                    }
                    Some(octets) => {
                        take(octets);
                        Ok(octets.len() as u64)
                    }
                });
            })
            .await?;
        Ok(match outcome.end {
            End::Ok => got.unwrap_or(Err(Gap::NotReturned)),
            End::No | End::Bad => Err(Gap::Refused),
        })
    }
}
