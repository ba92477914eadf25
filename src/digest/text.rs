//! The digest as text.

use super::day::Day;
use super::inert::Lines;
use super::words;
use crate::document::Language;

/// UTF-8, lines of at most 72 columns, no control but LF. A pure function of the day.
pub fn text(day: &Day, lang: Language) -> String {
    written(day, lang, false)
}

/// The same; `whole`: the checkpoint's lines as they are, however long.
pub(super) fn written(day: &Day, lang: Language, whole: bool) -> String {
    let mut lines = Lines::default();
    lines.put("", &words::headline(day, lang));
    lines.put("", &words::period(day, lang));
    for item in &day.items {
        lines.put("  - ", &words::who(item, lang));
    }
    if let Some(note) = &day.integrity.checkpoint {
        for line in note.lines() {
            if whole {
                lines.verbatim(line);
            } else {
                lines.folded(line);
            }
        }
    }
    lines.finish()
}
