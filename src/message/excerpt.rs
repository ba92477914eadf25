//! [`Excerpt`]: the only form in which a sender's words leave the core.

use std::fmt::{self, Write as _};

use super::Excerpt;
use super::fold::ignorable;

/// Longest excerpt, in characters of the original text, before escaping.
const MAX_CHARS: usize = 120;

impl Excerpt {
    /// Bounds, escapes and defangs. The first 120 characters are kept, `…` stands for the rest; white space runs
    /// become one space; controls, bidi and zero-width characters are written `[U+XXXX]`; `http` becomes `hxxp`,
    /// the dots of a host `[.]`, the `@` of an address `[@]`, so that nothing in it can be followed by a click.
    pub fn new(text: &str) -> Excerpt {
        let bounded = bound(text);
        Excerpt(escape(&defang(&bounded)))
    }

    /// As [`Excerpt::new`], with a bound of its own and spaces as they are: a line of a text that is shown whole. A
    /// tabulator is four spaces; what ends a line is written `[U+XXXX]`.
    pub fn line(text: &str, most: usize) -> Excerpt {
        Self::bounded(text, most, &defang)
    }

    fn bounded(text: &str, most: usize, tame: &dyn Fn(&str) -> String) -> Excerpt {
        let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
        let (kept, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        let mut spaced = String::with_capacity(kept.len());
        for ch in kept.chars() {
            match ch {
                '\t' => spaced.push_str("    "),
                '\u{3000}' | '\u{2028}' | '\u{2029}' => spaced.push(ch),
                _ if ch.is_whitespace() && !ch.is_control() => spaced.push(' '),
                _ => spaced.push(ch),
            }
        }
        let mut out = escape(&tame(&spaced));
        if !rest.is_empty() {
            out.push('…');
        }
        Excerpt(out)
    }

    /// As [`Excerpt::line`], for a header that is shown whole: only the scheme of a URL is taken apart, because whoever
    /// reads a header has to see hosts and addresses as they stand there.
    pub fn header(text: &str, most: usize) -> Excerpt {
        Self::bounded(text, most, &|text| {
            let mut out = String::with_capacity(text.len());
            let mut rest = text;
            while let Some(at) = rest.to_ascii_lowercase().find("http") {
                let (before, found) = rest.split_at_checked(at).unwrap_or((rest, ""));
                out.push_str(before);
                out.push_str("hxxp");
                rest = found.get(4..).unwrap_or_default();
            }
            out.push_str(rest);
            out
        })
    }

    /// False for what has no picture of its own and acts: controls, direction marks, zero-width characters, line ends.
    pub fn is_plain(ch: char) -> bool {
        let ends = matches!(ch, '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}');
        !(ch.is_control() || ends || ignorable(ch))
    }

    /// The bounded, escaped, defanged text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn bound(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(MAX_CHARS * 4));
    let mut count = 0;
    let mut space = false;
    for ch in text.trim().chars() {
        // White space that is not plain space may move the cursor or end a line.
        if ch.is_whitespace() {
            space = true;
            continue;
        }
        if space {
            out.push(' ');
            count += 1;
            space = false;
        }
        if count >= MAX_CHARS {
            out.push('…');
            break;
        }
        out.push(ch);
        count += 1;
    }
    out
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        if Excerpt::is_plain(ch) {
            out.push(ch);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "[U+{:04X}]", u32::from(ch));
        }
    }
    out
}

/// A dot is defanged where a letter or digit stands on both sides in an ASCII run that ends in a letter label:
/// `example.com`, not `1.50`.
fn defang(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || is_wide(c)).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        defang_word(word, &mut out);
        let mut chars = tail.chars();
        if let Some(ch) = chars.next() {
            out.push(ch);
        }
        rest = chars.as_str();
    }
    out
}

fn is_wide(ch: char) -> bool {
    matches!(u32::from(ch), 0x3000..=0x9FFF | 0xFF00..=0xFFEF)
}

fn defang_word(word: &str, out: &mut String) {
    // Most words have none of these, and nothing that can be followed is without.
    let risky = word.bytes().any(|octet| matches!(octet, b':' | b'.' | b'@'))
        && (word.contains("://") || has_www(word) || word.contains('@') || looks_like_host(word));
    if !risky {
        out.push_str(word);
        return;
    }
    let mut rest = word;
    while let Some(ch) = rest.chars().next() {
        if let Some(head) = rest.get(..4)
            && head.eq_ignore_ascii_case("http")
        {
            out.push_str("hxxp");
            rest = rest.get(4..).unwrap_or_default();
            continue;
        }
        match ch {
            '.' => out.push_str("[.]"),
            '@' => out.push_str("[@]"),
            _ => out.push(ch),
        }
        rest = rest.get(ch.len_utf8()..).unwrap_or_default();
    }
}

fn has_www(word: &str) -> bool {
    word.as_bytes().windows(4).any(|part| part.eq_ignore_ascii_case(b"www."))
}

fn looks_like_host(word: &str) -> bool {
    let host = word.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.trim_matches(|c: char| !c.is_alphanumeric());
    host.rsplit_once('.').is_some_and(|(before, last)| {
        !before.is_empty() && last.len() >= 2 && last.chars().all(char::is_alphabetic)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defangs_and_escapes() {
        for (from, to) in [
            ("https://pay.example.com/a.b", "hxxps://pay[.]example[.]com/a[.]b"),
            ("HTTP://X.EXAMPLE", "hxxp://X[.]EXAMPLE"),
            ("mail me: a.b@example.net now", "mail me: a[.]b[@]example[.]net now"),
            ("www.example.org", "www[.]example[.]org"),
            ("金1.50円", "金1.50円"),
            ("支払はexample.comへ", "支払はexample[.]comへ"),
            ("a\u{202E}b\u{200B}c\u{7}", "a[U+202E]b[U+200B]c[U+0007]"),
            ("一行目\r\n二行目", "一行目 二行目"),
        ] {
            assert_eq!(Excerpt::new(from).as_str(), to);
        }
    }

    #[test]
    fn a_line_keeps_its_spaces_and_a_header_its_hosts() {
        assert_eq!(
            Excerpt::line("  a\tb\u{a0}c\u{2028}d　www.example.org", 99).as_str(),
            "  a    b c[U+2028]d　www[.]example[.]org"
        );
        assert_eq!(Excerpt::line("架空請求", 2).as_str(), "架空…");
        let header = "List-Unsubscribe: <HTTPS://a.example/>, <mailto:b@c.example>\u{202e}";
        let shown = "List-Unsubscribe: <hxxpS://a.example/>, <mailto:b@c.example>[U+202E]";
        assert_eq!(Excerpt::header(header, 99).as_str(), shown);
    }

    #[test]
    fn bounded() {
        let long = "架".repeat(10_000);
        let excerpt = Excerpt::new(&long);
        assert_eq!(excerpt.as_str().chars().count(), MAX_CHARS + 1);
        assert!(excerpt.to_string().ends_with('…'));
    }
}
