//! Messages that the server cannot give without the connection ending: asked for alone, and then given up.
//!
//! Without this, one message that makes a server drop the line (or that is sent far larger than it was announced) would
//! keep its mailbox from ever being read beyond it.

use std::collections::BTreeMap;

use super::mailbox::Open;
use crate::imap::Summary;

/// A message that ended the connection so often is not asked for again in this run. The first time it was one of many.
const MAX: u8 = 3;

/// How often the connection ended while a message was awaited.
#[derive(Debug, Default)]
pub(super) struct Strikes(BTreeMap<(String, u32, u32), u8>);

impl Strikes {
    fn key(at: &Open, summary: &Summary) -> (String, u32, u32) {
        (at.mailbox.name().to_owned(), at.uidvalidity, summary.uid)
    }

    /// The connection ended before this message came.
    pub(super) fn strike(&mut self, at: &Open, summary: &Summary) {
        let count = self.0.entry(Self::key(at, summary)).or_default();
        *count = count.saturating_add(1);
    }

    /// It came after all, or is settled.
    pub(super) fn forget(&mut self, at: &Open, summary: &Summary) {
        if !self.0.is_empty() {
            self.0.remove(&Self::key(at, summary));
        }
    }

    /// It is to be asked for alone, so that it is found out which one it is.
    pub(super) fn is_suspect(&self, at: &Open, summary: &Summary) -> bool {
        !self.0.is_empty() && self.0.contains_key(&Self::key(at, summary))
    }

    /// It is not to be asked for again.
    pub(super) fn is_out(&self, at: &Open, summary: &Summary) -> bool {
        self.0.get(&Self::key(at, summary)).is_some_and(|count| *count >= MAX)
    }
}
