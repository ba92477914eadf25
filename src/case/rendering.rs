//! A message as people may look at it: text only, nothing that acts, what is hidden beside what is visible.

use super::headers::{Hop, header_block, hops};
use crate::evidence::Digest;
use crate::message::{Excerpt, Message, Origin, TextKind};

/// Lines of text that are shown of one message; the .eml has the rest.
pub(super) const MOST_LINES: usize = 2_000;
/// Lines of the header that are shown.
const MOST_HEADER: usize = 400;
/// Characters of a line; a longer one goes on in the next.
const WIDTH: usize = 400;
/// Links and files that are listed.
const MOST_LISTED: usize = 100;
/// Of a file's name, in characters.
const LONGEST_NAME: usize = 160;
/// Characters of a link.
const LONGEST_LINK: usize = 500;

/// A message, laid out to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhibit {
    /// Of its octets.
    pub sha256: Digest,
    /// Its texts, in order; their lines are defanged, and controls are visible.
    pub passages: Vec<Passage>,
    /// True where lines were left out.
    pub cut: bool,
    /// Where its links really lead.
    pub links: Vec<Target>,
    /// How many links were left out.
    pub more_links: usize,
    /// Name, octets and declared type of its files.
    pub files: Vec<(Excerpt, usize, Excerpt)>,
    /// The header block, line by line.
    pub header: Vec<Excerpt>,
    /// True where lines of the header were left out.
    pub header_cut: bool,
    /// The way it says to have come, the newest first.
    pub hops: Vec<Hop>,
    /// What was checked: authserv-id, method, result, domain, and whether it counts.
    pub results: Vec<Checked>,
}

/// A text of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// How it came to be visible, or not.
    pub kind: TextKind,
    /// Its lines.
    pub lines: Vec<Excerpt>,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What a person reads.
    pub text: Excerpt,
    /// Where it leads.
    pub target: Excerpt,
    /// It stands in a QR code.
    pub code: bool,
}

/// One result of an Authentication-Results field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Who says to have checked.
    pub by: Excerpt,
    /// `spf`, `dkim`, `dmarc`.
    pub method: Excerpt,
    /// `pass`, `fail`, ...
    pub result: Excerpt,
    /// For which domain.
    pub domain: Excerpt,
    /// It comes from a pinned authserv-id and stands above the first Received field.
    pub counts: bool,
}

impl Exhibit {
    /// Lays a message out. `authserv_ids` are those that counted when it was judged. Total and bounded.
    pub fn of(octets: &[u8], partial: bool, authserv_ids: &[String]) -> Self {
        let message = if partial { Message::parse_partial(octets) } else { Message::parse(octets) };
        let (passages, cut) = passages(&message);
        let (header, header_cut) = header(octets);
        let links = message.links.iter().take(MOST_LISTED).map(|link| Target {
            text: Excerpt::new(link.text.original()),
            target: Excerpt::line(link.target.trim(), LONGEST_LINK),
            code: link.origin == Origin::Code,
        });
        let files = message
            .attachments
            .iter()
            .take(MOST_LISTED)
            .map(|file| (name(file.name.original()), file.size, Excerpt::new(&file.declared)));
        Self {
            sha256: Digest::of(octets),
            passages,
            cut,
            links: links.collect(),
            more_links: message.links.len().saturating_sub(MOST_LISTED),
            files: files.collect(),
            header,
            header_cut,
            hops: hops(&message, authserv_ids),
            results: results(&message, authserv_ids),
        }
    }
}

fn passages(message: &Message) -> (Vec<Passage>, bool) {
    let mut left = MOST_LINES;
    let mut cut = false;
    let mut passages = Vec::new();
    for view in &message.texts {
        let mut lines = wrapped(view.text.original(), left.saturating_add(1), Excerpt::line);
        cut |= lines.len() > left;
        lines.truncate(left);
        left -= lines.len();
        if lines.iter().any(|line| !line.as_str().trim().is_empty()) {
            passages.push(Passage { kind: view.kind, lines });
        }
    }
    (passages, cut)
}

/// At most `most` lines, long ones broken. Runs of empty lines become one, so that what matters is not a thousand
/// lines down; the .eml has them.
fn wrapped(text: &str, most: usize, shown: fn(&str, usize) -> Excerpt) -> Vec<Excerpt> {
    let mut out: Vec<Excerpt> = Vec::new();
    for line in text.lines() {
        let mut rest = line.trim_end();
        if rest.is_empty() && out.last().is_none_or(|last| last.as_str().is_empty()) {
            continue;
        }
        loop {
            if out.len() >= most {
                return out;
            }
            let end = rest.char_indices().nth(WIDTH).map_or(rest.len(), |(at, _)| at);
            let (head, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            out.push(shown(head, WIDTH));
            if tail.is_empty() {
                break;
            }
            rest = tail;
        }
    }
    out
}

/// The header block as it stands there, undecoded; octets that are no UTF-8 as U+FFFD.
fn header(octets: &[u8]) -> (Vec<Excerpt>, bool) {
    let block = header_block(octets);
    // No more than what can be shown is decoded.
    let shown = block.get(..MOST_HEADER * WIDTH * 4).unwrap_or(block);
    let text = String::from_utf8_lossy(shown);
    let mut lines = wrapped(&text, MOST_HEADER + 1, Excerpt::header);
    let cut = lines.len() > MOST_HEADER || shown.len() < block.len();
    lines.truncate(MOST_HEADER);
    (lines, cut)
}

fn results(message: &Message, authserv_ids: &[String]) -> Vec<Checked> {
    let all = message.authentication.iter().flat_map(|field| {
        let counts = field.above_first_received
            && authserv_ids.iter().any(|id| id.eq_ignore_ascii_case(&field.authserv_id));
        field.results.iter().map(move |result| Checked {
            by: Excerpt::new(&field.authserv_id),
            method: Excerpt::new(&result.method),
            result: Excerpt::new(&result.result),
            domain: Excerpt::new(&result.domain),
            counts,
        })
    });
    all.take(MOST_LISTED).collect()
}

/// A file's name; of a long one both ends, because the last letters say what it is.
fn name(text: &str) -> Excerpt {
    let length = text.chars().count();
    if length <= LONGEST_NAME {
        return Excerpt::line(text, LONGEST_NAME);
    }
    let head: String = text.chars().take(LONGEST_NAME / 2).collect();
    let tail: String = text.chars().skip(length - LONGEST_NAME / 2).collect();
    Excerpt::line(&format!("{head} … {tail}"), LONGEST_NAME + 3)
}
