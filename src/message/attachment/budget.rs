//! What unpacking may cost. One budget a message, so that many small archives cost no more than one large one.

use std::io::Read;

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Octets that all files of a message may give when unpacked: about 20 ms of work.
const MAX_INFLATED: usize = 8 * 1024 * 1024;
/// Octets read of one stream.
pub(super) const MAX_STREAM: usize = 2 * 1024 * 1024;
/// Streams opened in all; opening one costs some microseconds even where it is empty.
const MAX_STREAMS: usize = 512;
/// How deep archives in archives are followed.
pub(super) const MAX_ARCHIVES: usize = 3;
/// Names of archives beyond this are not read.
pub(super) const MAX_MEMBERS: usize = 500;
/// Octets that searching all files of a message may look at.
const MAX_SEARCHED: usize = 64 * 1024 * 1024;

/// How a stream is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapper {
    Deflate,
    Zlib,
    Gzip,
}

/// What is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::message) struct Budget {
    octets: usize,
    streams: usize,
    searched: usize,
    /// Something was not read to its end.
    pub(in crate::message) cut: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { octets: MAX_INFLATED, streams: MAX_STREAMS, searched: MAX_SEARCHED, cut: false }
    }
}

impl Budget {
    /// Octets unpacked so far.
    pub(in crate::message) fn inflated(&self) -> usize {
        MAX_INFLATED - self.octets
    }

    /// Octets looked at so far.
    pub(in crate::message) fn searched(&self) -> usize {
        MAX_SEARCHED - self.searched
    }

    /// As much of these octets as may still be looked at, `most` at the utmost; what is given counts.
    pub(super) fn look<'a>(&mut self, octets: &'a [u8], most: usize) -> &'a [u8] {
        let most = most.min(self.searched);
        let seen = octets.get(..most).unwrap_or(octets);
        self.cut |= seen.len() < octets.len();
        self.searched -= seen.len();
        seen
    }

    /// Unpacks at most `most` octets; what comes before an error counts. Where `whole` is asked and there is more, that
    /// is noted as a cut.
    pub(super) fn inflate(&mut self, packed: &[u8], wrapper: Wrapper, most: usize, whole: bool) -> Vec<u8> {
        let most = most.min(MAX_STREAM).min(self.octets);
        if self.streams == 0 || most == 0 {
            self.cut |= whole;
            return Vec::new();
        }
        self.streams -= 1;
        let mut out = Vec::new();
        let limit = u64::try_from(most).unwrap_or(u64::MAX);
        // A broken stream gives what stands before the break, which is all that a person's program would show, too.
        let _ = match wrapper {
            Wrapper::Deflate => DeflateDecoder::new(packed).take(limit).read_to_end(&mut out),
            Wrapper::Zlib => ZlibDecoder::new(packed).take(limit).read_to_end(&mut out),
            Wrapper::Gzip => MultiGzDecoder::new(packed).take(limit).read_to_end(&mut out),
        };
        self.octets -= out.len().min(self.octets);
        self.cut |= whole && out.len() >= most;
        out
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_bomb_costs_no_more_than_the_budget() {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..64 {
            encoder.write_all(&vec![0; 1024 * 1024]).unwrap();
        }
        let packed = encoder.finish().unwrap();
        let mut budget = Budget::default();
        let mut all = 0;
        for _ in 0..100 {
            all += budget.inflate(&packed, Wrapper::Deflate, usize::MAX, true).len();
        }
        assert_eq!((all, budget.inflated(), budget.cut), (MAX_INFLATED, MAX_INFLATED, true));
    }

    #[test]
    fn what_stands_before_a_break_is_given() {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&b"0123456789abcdef".repeat(20_000)).unwrap();
        let packed = encoder.finish().unwrap();
        let mut budget = Budget::default();
        let out = budget.inflate(&packed[..packed.len() / 2], Wrapper::Zlib, 1 << 20, true);
        assert!(out.starts_with(b"0123456789abcdef") && !budget.cut);
        assert!(budget.inflate(b"rubbish", Wrapper::Gzip, 100, true).is_empty());
    }
}
