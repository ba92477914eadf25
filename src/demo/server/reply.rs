//! The tagged reply, and how names stand in replies.

use super::fault::Refusal;
use super::names;

/// The tagged reply, without the tag.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: &'static str,
    pub(super) text: String,
}

impl Reply {
    pub(super) fn ok(text: impl Into<String>) -> Self {
        Self { status: "OK", text: text.into() }
    }

    pub(super) fn no(text: impl Into<String>) -> Self {
        Self { status: "NO", text: text.into() }
    }

    pub(super) fn bad(text: impl Into<String>) -> Self {
        Self { status: "BAD", text: text.into() }
    }

    pub(super) fn refusal(refusal: Refusal, text: String) -> Self {
        match refusal {
            Refusal::No => Self::no(text),
            Refusal::Bad => Self::bad(text),
        }
    }

    pub(super) fn is_ok(&self) -> bool {
        self.status == "OK"
    }
}

/// Puts the tag in the place of each `{tag}`.
pub(super) fn with_tag(octets: &[u8], tag: &str) -> Vec<u8> {
    const MARK: &[u8] = b"{tag}";
    let mut result = octets.to_vec();
    while let Some(at) = result.windows(MARK.len()).position(|window| window == MARK) {
        result.splice(at..at + MARK.len(), tag.bytes());
    }
    result
}

/// A mailbox name as a quoted string.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether a name can be that of a mailbox here.
pub(super) fn well_formed(name: &str) -> bool {
    !name.is_empty() && names::from_wire(name).is_some() && !name.contains(['*', '%', '\r', '\n', '\0'])
}
