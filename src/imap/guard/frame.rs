//! Framing without a socket: octets in, what the parser may see out.

use super::Counts;
use super::line::{self, Kind, Verdict};
use crate::imap::Exceeded;

/// Most octets of one line that are held; what is longer is thrown away as it comes, because nothing that komainu asks for is
/// answered by such a line (it never sends SEARCH).
const HELD: usize = 64 * 1024;
/// Most octets of one line that are borne at all.
const LINE_CAP: u64 = 1024 * 1024;
/// Deepest nesting outside quotes; real FLAGS, LIST and FETCH lines need 3.
const NESTING_CAP: i64 = 64;
/// Most opening parentheses of one response, quoted or not: bounds the parser's recursion whatever it takes for a quote.
const OPENINGS_CAP: u64 = 256;
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Line,
    /// Octets of a literal still to come.
    Literal(u64),
}

/// What becomes of the response in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing of it was passed on yet.
    Open,
    /// Its beginning was passed on: literals flow through.
    Flowing,
    /// Small literals are held with it, and it is judged as a whole.
    Holding,
    /// It is thrown away.
    Dropped,
}

/// The response in hand.
#[derive(Debug)]
struct Response {
    fate: Fate,
    kind: Kind,
    /// All lines of it, each literal replaced by `""`; for [`Fate::Holding`], as it came.
    skeleton: Vec<u8>,
    literals: u64,
    depth: i64,
    openings: u64,
}

impl Response {
    const fn new() -> Self {
        Self {
            fate: Fate::Open,
            kind: Kind::Unknown,
            skeleton: Vec::new(),
            literals: 0,
            depth: 0,
            openings: 0,
        }
    }
}

/// The line and the response in hand.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) state: State,
    line: Vec<u8>,
    /// Length of the line so far, also where it is no longer held.
    length: u64,
    response: Response,
    /// What the parser may see, and how far it has.
    pub(super) out: Vec<u8>,
    read: usize,
    pub(super) literal_cap: u64,
    pub(super) fault: Option<Exceeded>,
    pub(super) counts: Counts,
}

impl Frame {
    /// Literal cap where nothing large was asked for: mailbox names may come as literals.
    pub(super) const SMALL: u64 = 16 * 1024;

    pub(super) const fn new() -> Self {
        Self {
            state: State::Line,
            line: Vec::new(),
            length: 0,
            response: Response::new(),
            out: Vec::new(),
            read: 0,
            literal_cap: Self::SMALL,
            fault: None,
            counts: Counts { octets: 0, skipped: 0, mended: 0 },
        }
    }

    pub(super) fn take_in(&mut self, mut chunk: &[u8]) {
        self.counts.octets = self.counts.octets.saturating_add(chunk.len() as u64);
        while !chunk.is_empty() && self.fault.is_none() {
            let used = match self.state {
                State::Literal(left) => self.take_literal(left, chunk),
                State::Line => self.take_line(chunk),
            };
            chunk = chunk.get(used..).unwrap_or_default();
        }
    }

    fn take_literal(&mut self, left: u64, chunk: &[u8]) -> usize {
        let used = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let octets = chunk.get(..used).unwrap_or_default();
        match self.response.fate {
            Fate::Flowing => self.out.extend_from_slice(octets),
            Fate::Holding => self.response.skeleton.extend_from_slice(octets),
            Fate::Open | Fate::Dropped => {}
        }
        self.literal_moved(left, used as u64);
        used
    }

    /// Octets of the literal in hand went past, here or straight to the parser.
    pub(super) const fn literal_moved(&mut self, left: u64, moved: u64) {
        let left = left.saturating_sub(moved);
        self.state = if left == 0 { State::Line } else { State::Literal(left) };
    }

    fn take_line(&mut self, chunk: &[u8]) -> usize {
        let end = chunk.iter().position(|&b| b == b'\n');
        let used = end.map_or(chunk.len(), |end| end + 1);
        let piece = chunk.get(..used).unwrap_or_default();
        self.length = self.length.saturating_add(used as u64);
        if self.length > LINE_CAP {
            self.fail(Exceeded::Line { cap: LINE_CAP });
            return used;
        }
        let room = HELD.saturating_sub(self.line.len());
        self.line.extend_from_slice(piece.get(..used.min(room)).unwrap_or_default());
        if end.is_some() {
            let line = std::mem::take(&mut self.line);
            let held = self.length == line.len() as u64;
            self.length = 0;
            self.complete(line, held);
        }
        used
    }

    fn fail(&mut self, exceeded: Exceeded) {
        self.fault = Some(exceeded);
        self.line = Vec::new();
        self.response = Response::new();
    }

    /// A whole line is there, LF included; `held` is false where it was too long to keep.
    fn complete(&mut self, mut line: Vec<u8>, held: bool) {
        if held {
            line.pop();
            if line.last() == Some(&b'\r') {
                line.pop();
            } else {
                self.counts.mended += 1;
            }
        }
        if self.response.fate == Fate::Open && self.response.skeleton.is_empty() {
            self.response.kind = Kind::of(&line);
        }
        if !held {
            self.too_long(&line);
            return;
        }
        if self.response.kind.is_data() {
            if self.nesting(&line) {
                return;
            }
            if let Some((announced, marker)) = line::literal(&line) {
                self.announced(&line, announced, marker);
                return;
            }
        }
        self.end(line);
    }

    fn too_long(&mut self, line: &[u8]) {
        match (self.response.fate, self.response.kind) {
            (Fate::Open | Fate::Dropped, kind) if kind != Kind::Tagged => self.skip(),
            (Fate::Open, _) => match line::rescue_tagged(line) {
                Some(short) => {
                    self.counts.mended += 1;
                    self.emit(&short);
                }
                None => self.skip(),
            },
            _ => self.fail(Exceeded::Line { cap: HELD as u64 }),
        }
    }

    /// Counts parentheses; true where a cap was exceeded.
    fn nesting(&mut self, line: &[u8]) -> bool {
        let (depth, deepest, openings) = line::nesting(line, self.response.depth);
        self.response.depth = depth;
        self.response.openings += openings;
        if deepest > NESTING_CAP || self.response.openings > OPENINGS_CAP {
            self.fail(Exceeded::Nesting { cap: NESTING_CAP.unsigned_abs() });
            return true;
        }
        false
    }

    fn announced(&mut self, line: &[u8], announced: u64, marker: usize) {
        let total = self.response.literals.saturating_add(announced);
        let cap = if self.response.kind == Kind::Fetch {
            self.literal_cap
        } else {
            self.literal_cap.min(Self::SMALL)
        };
        if total > cap || self.response.skeleton.len() + line.len() > HELD {
            self.fail(Exceeded::Literal { announced: total, cap });
            return;
        }
        self.response.literals = total;
        let before = line.get(..line.len().saturating_sub(marker)).unwrap_or_default();
        match (self.response.fate, self.response.kind) {
            (Fate::Dropped, _) => {}
            (Fate::Open | Fate::Flowing, Kind::Fetch) => {
                let length = self.response.skeleton.len();
                self.response.skeleton.extend_from_slice(before);
                self.response.skeleton.extend_from_slice(b"\"\"");
                if line::reads_so_far(&self.response.skeleton) {
                    self.response.fate = Fate::Flowing;
                    self.out.extend_from_slice(before);
                    self.out.extend_from_slice(format!("{{{announced}}}\r\n").as_bytes());
                } else if self.response.fate == Fate::Flowing {
                    // What came before is with the parser already: end it there, and lose the rest.
                    self.response.skeleton.truncate(length);
                    self.counts.mended += 1;
                    self.out.extend_from_slice(b")\r\n");
                    self.response.fate = Fate::Dropped;
                    self.response.skeleton.clear();
                } else {
                    self.drop_response();
                }
            }
            (_, Kind::Unknown) => self.drop_response(),
            _ => {
                self.response.fate = Fate::Holding;
                self.response.skeleton.extend_from_slice(before);
                self.response.skeleton.extend_from_slice(format!("{{{announced}}}\r\n").as_bytes());
            }
        }
        self.state = if announced == 0 { State::Line } else { State::Literal(announced) };
    }

    fn drop_response(&mut self) {
        self.response.fate = Fate::Dropped;
        self.response.skeleton.clear();
        self.counts.skipped += 1;
        self.out.extend_from_slice(line::SKIPPED);
    }

    /// The last line of a response.
    fn end(&mut self, line: Vec<u8>) {
        let response = std::mem::replace(&mut self.response, Response::new());
        if response.skeleton.len() + line.len() > HELD && response.fate != Fate::Dropped {
            self.fail(Exceeded::Line { cap: HELD as u64 });
            return;
        }
        match response.fate {
            Fate::Dropped => {}
            Fate::Flowing => {
                let (tail, mended) = line::tail(&response.skeleton, &line);
                self.counts.mended += u64::from(mended);
                self.emit(&tail);
            }
            Fate::Open | Fate::Holding => {
                let whole =
                    if response.skeleton.is_empty() { line } else { [response.skeleton, line].concat() };
                self.judge(response.kind, &whole);
            }
        }
    }

    fn judge(&mut self, kind: Kind, whole: &[u8]) {
        match line::judge(kind, whole) {
            Verdict::Pass(line) => self.emit(&line),
            Verdict::Mended(line) => {
                self.counts.mended += 1;
                self.emit(&line);
            }
            Verdict::Skip => self.skip(),
            Verdict::Fatal => self.fail(Exceeded::Reply),
        }
    }

    fn emit(&mut self, line: &[u8]) {
        self.out.extend_from_slice(line);
        self.out.extend_from_slice(b"\r\n");
    }

    fn skip(&mut self) {
        self.response = Response::new();
        self.counts.skipped += 1;
        self.out.extend_from_slice(line::SKIPPED);
    }

    /// Octets of a literal that may go straight to the parser.
    pub(super) fn flowing(&self) -> Option<u64> {
        match (self.state, self.response.fate) {
            (State::Literal(left), Fate::Flowing) if self.out.is_empty() => Some(left),
            _ => None,
        }
    }

    /// Next octets for a buffer with this much room; none where there are none.
    pub(super) fn hand_out(&mut self, room: usize, put: impl FnOnce(&[u8])) -> bool {
        let pending = self.out.get(self.read..).unwrap_or_default();
        if pending.is_empty() {
            return false;
        }
        let count = pending.len().min(room);
        put(pending.get(..count).unwrap_or_default());
        self.read += count;
        if self.read >= self.out.len() {
            // Nothing is kept while idle: a service holds hundreds of these.
            self.out = Vec::new();
            self.read = 0;
        }
        true
    }

    /// What is held, in octets.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.line.capacity() + self.response.skeleton.capacity()
    }
}
