//! [`Text`]: the normal form, and the way back to what was written.

use std::ops::Range;

use super::normal::mapped;
use super::{Excerpt, Text, fold};

/// Characters on either side of a span in [`Text::excerpt`].
const AROUND: usize = 24;

impl Text {
    /// Normalises `original`. Linear in its length.
    pub fn new(original: &str) -> Text {
        Text::from_string(original.to_owned())
    }

    /// As [`Text::new`], for a string that is already owned.
    pub fn from_string(original: String) -> Text {
        let (normal, map) = mapped(&original);
        Text { original, normal, map }
    }

    /// The text as it was written.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The text as it is matched.
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// True where nothing was written.
    pub fn is_empty(&self) -> bool {
        self.original.is_empty()
    }

    /// Where `needle`, which must itself have gone through [`normalise`](super::normalise), first stands in the normal text.
    pub fn find(&self, needle: &str) -> Option<Range<usize>> {
        let start = self.normal.find(needle)?;
        Some(start..start + needle.len())
    }

    /// The original text that a span of the normal one (octet offsets) stands for. Offsets that lie outside the text
    /// or within a character are taken to the nearest character before them.
    pub fn quote(&self, span: Range<usize>) -> &str {
        let start = self.normal.floor_char_boundary(span.start);
        let end = self.normal.floor_char_boundary(span.end);
        if start >= end {
            return "";
        }
        let last = self.normal.floor_char_boundary(end - 1);
        let from = self.source(start);
        let last_from = self.source(last);
        let mut to = self.source(end);
        if to <= last_from {
            // The span ends within the characters that one original character became: all of it is quoted.
            let next = self.map.partition_point(|&(_, at)| at as usize <= last_from);
            to = self.map.get(next).map_or(self.original.len(), |&(_, at)| at as usize);
        }
        let quoted = self.original.get(from..to).unwrap_or_default();
        quoted.trim_end_matches(|ch: char| ch.is_whitespace() || fold::ignorable(ch))
    }

    /// The words of a span of the normal text as they were written, with a little of what stands around them.
    pub fn excerpt(&self, span: Range<usize>) -> Excerpt {
        let quoted = self.quote(span.clone());
        let start = self.source(self.normal.floor_char_boundary(span.start));
        let end = start + quoted.len();
        let before = self.original.get(..start).unwrap_or_default();
        let after = self.original.get(end..).unwrap_or_default();
        let from = before.char_indices().rev().take(AROUND).last().map_or(start, |(at, _)| at);
        let to = after.char_indices().nth(AROUND).map_or(self.original.len(), |(at, _)| end + at);
        let (before, after) =
            (if from > 0 { "…" } else { "" }, if to < self.original.len() { "…" } else { "" });
        Excerpt::new(&format!("{before}{}{after}", self.original.get(from..to).unwrap_or(quoted)))
    }

    /// Where in the normal text (octets) stands what is at this octet of the original; the nearest after it where that left
    /// no trace.
    pub fn position(&self, original: usize) -> usize {
        let next = self.map.partition_point(|&(_, at)| at as usize <= original);
        let Some(&(normal, at)) = next.checked_sub(1).and_then(|i| self.map.get(i)) else {
            return 0;
        };
        let ahead = (normal as usize).saturating_add(original.saturating_sub(at as usize));
        let limit = self.map.get(next).map_or(self.normal.len(), |&(limit, _)| limit as usize);
        self.normal.floor_char_boundary(ahead.min(limit))
    }

    /// The offset in the original of a character boundary of the normal text.
    pub(crate) fn source(&self, at: usize) -> usize {
        let next = self.map.partition_point(|&(normal, _)| normal as usize <= at);
        let Some(&(normal, original)) = next.checked_sub(1).and_then(|i| self.map.get(i)) else {
            return 0;
        };
        let ahead = original as usize + (at - normal as usize);
        self.map.get(next).map_or(self.original.len().min(ahead), |&(_, limit)| ahead.min(limit as usize))
    }
}

impl From<&str> for Text {
    fn from(original: &str) -> Text {
        Text::new(original)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::normalise;

    #[test]
    fn quotes_what_was_written() {
        let text = Text::new("※ 架 空\u{200B} 請 求 です。㈱テスト　ＡＢＣ");
        let span = text.find(&normalise("架空請求")).unwrap();
        assert_eq!(text.quote(span), "架 空\u{200B} 請 求");
        assert_eq!(text.quote(text.find("株").unwrap()), "㈱");
        assert_eq!(text.quote(text.find("abc").unwrap()), "ＡＢＣ");
        assert_eq!(text.quote(0..text.normal().len()), text.original());
    }

    #[test]
    fn positions_lead_from_the_original_to_the_normal_text() {
        let text = Text::new("架 空\u{200B}\n請求 ＡＢＣ\nabc");
        let lines: Vec<_> =
            text.original().match_indices('\n').map(|(at, _)| text.position(at + 1)).collect();
        assert_eq!(
            lines.iter().map(|at| text.normal().get(*at..).unwrap()).collect::<Vec<_>>(),
            ["請求abc abc", "abc"]
        );
        assert_eq!(text.position(0), 0);
        assert_eq!(text.position(usize::MAX), text.normal().len());
        assert_eq!(Text::default().position(7), 0);
    }

    #[test]
    fn excerpts() {
        let text = Text::new(&format!("{}最終　通告{}", "前".repeat(50), "後".repeat(50)));
        let excerpt = text.excerpt(text.find(&normalise("最終通告")).unwrap());
        assert_eq!(excerpt.as_str(), format!("…{}最終 通告{}…", "前".repeat(24), "後".repeat(24)));
        assert_eq!(Text::new("短い").excerpt(0..3).as_str(), "短い");
        assert_eq!(Text::default().excerpt(5..9).as_str(), "");
    }
}
