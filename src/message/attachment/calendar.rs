//! iCalendar (RFC 5545): what a calendar shows of an entry, which it does without being asked.

use super::budget::Budget;
use super::{Inspection, Kind};

/// Octets that are read.
const MAX_OCTETS: usize = 256 * 1024;
/// Lines that are kept.
const MAX_LINES: usize = 200;

pub(super) fn read(octets: &[u8], budget: &mut Budget, seen: &mut Inspection) {
    seen.kind = Kind::Ics;
    let some = budget.look(octets, MAX_OCTETS);
    let decoded = crate::message::charset::decode(some, Some("utf-8"));
    // §3.1: a line that begins with white space goes on.
    let unfolded = decoded.text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let mut lines = 0;
    for line in unfolded.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let name = key.split(';').next().unwrap_or_default().to_ascii_uppercase();
        match name.as_str() {
            "SUMMARY" | "DESCRIPTION" | "LOCATION" | "COMMENT" | "CONTACT" if lines < MAX_LINES => {
                lines += 1;
                seen.say(&unescaped(value));
                seen.say("\n");
            }
            // With parameters, the first colon may be that of `mailto:` in one of them.
            "ORGANIZER" => {
                if let Some(at) = line.to_ascii_lowercase().rfind("mailto:") {
                    seen.target(line.get(at..).unwrap_or_default());
                }
            }
            "URL" | "ATTACH" if value.contains("://") => seen.target(value),
            _ => {}
        }
    }
}

/// §3.3.11.
fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(ch) = chars.next() {
        match ch {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            _ => out.push(ch),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_calendar_shows() {
        let entry = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY;LANGUAGE=ja:未納料金の\r\n ご連絡\r\n\
            DESCRIPTION:一行目\\n二行\\, 目 https://evil.example/\r\nORGANIZER;CN=\"a:b\":mailto:x@evil.example\r\nEND:VEVENT\r\n";
        let mut seen = Inspection::default();
        read(entry.as_bytes(), &mut Budget::default(), &mut seen);
        assert_eq!(seen.text, "未納料金のご連絡\n一行目\n二行, 目 https://evil.example/\n");
        assert_eq!(seen.targets, ["mailto:x@evil.example"]);
    }
}
