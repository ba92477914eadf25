//! A guard before html5ever's tokenizer.

use std::borrow::Cow;

/// Attributes of one tag beyond this are read as text.
const MAX_ATTRIBUTES: usize = 256;

/// Where the scan of [`tame`] is within a tag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scan {
    Text,
    Name,
    Between,
    BeforeValue,
    Bare,
    Quoted(u8),
}

/// Ends a tag after [`MAX_ATTRIBUTES`]. html5ever compares each attribute with all before it, so that one tag of two
/// megaoctets would cost minutes; what comes after is text then, which hides nothing.
pub(super) fn tame(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut copied, mut count) = (0, 0usize);
    let mut scan = Scan::Text;
    let mut open = false;
    let bytes = html.as_bytes();
    let mut next = 0;
    while let Some(&byte) = bytes.get(next) {
        // Text and quoted values are most of a source, and only one sign ends them.
        let end = match scan {
            Scan::Text if !open => b'<',
            Scan::Quoted(quote) => quote,
            _ => byte,
        };
        if byte != end {
            let rest = bytes.get(next..).unwrap_or_default();
            next += memchr::memchr(end, rest).unwrap_or(rest.len());
            continue;
        }
        let at = next;
        next += 1;
        let blank = byte.is_ascii_whitespace() || byte == b'/';
        scan = match scan {
            Scan::Text if open && (byte.is_ascii_alphabetic() || byte == b'/') => {
                count = 0;
                Scan::Name
            }
            Scan::Text => Scan::Text,
            Scan::Quoted(quote) if byte == quote => Scan::Between,
            Scan::Quoted(_) => scan,
            _ if byte == b'>' => Scan::Text,
            Scan::BeforeValue if byte.is_ascii_whitespace() => scan,
            Scan::BeforeValue if matches!(byte, b'"' | b'\'') => Scan::Quoted(byte),
            Scan::BeforeValue => Scan::Bare,
            Scan::Bare if byte.is_ascii_whitespace() => Scan::Between,
            Scan::Name | Scan::Between if byte == b'=' => Scan::BeforeValue,
            Scan::Name if blank => Scan::Between,
            Scan::Between if !blank => {
                count += 1;
                Scan::Name
            }
            Scan::Bare | Scan::Name | Scan::Between => scan,
        };
        open = byte == b'<';
        if count > MAX_ATTRIBUTES && html.is_char_boundary(at) {
            out.push_str(html.get(copied..at).unwrap_or_default());
            out.push('>');
            (copied, count, scan) = (at, 0, Scan::Text);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_left_alone() {
        let image = format!("<img src='data:image/png;base64,{}' alt=絵>", "AAAA/".repeat(1000));
        assert!(matches!(tame(&image), Cow::Borrowed(_)));
        let many = format!("<a {}>", "x='>' ".repeat(MAX_ATTRIBUTES + 1));
        assert_eq!(tame(&many).len(), many.len() + 1);
    }
}
