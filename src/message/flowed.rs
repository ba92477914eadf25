//! `format=flowed` (RFC 3676): lines that end in a space go on.

/// Joins the lines of a flowed text. With `delete` the space before the break goes too (DelSp), as in Japanese, which
/// is broken anywhere.
pub(super) fn unfold(text: &str, delete: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // Depth of quoting of the line that goes on.
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        // §4.4: a space at the start is stuffed.
        let content = content.strip_prefix(' ').unwrap_or(content);
        match open {
            Some(before) if before == depth => {}
            Some(_) => out.push('\n'),
            None => {}
        }
        if open != Some(depth) {
            out.extend(std::iter::repeat_n('>', depth));
        }
        // §4.3: the line before a signature does not flow.
        let flows = content.ends_with(' ') && content != "-- ";
        if flows {
            let kept = if delete { content.strip_suffix(' ').unwrap_or(content) } else { content };
            out.push_str(kept);
            open = Some(depth);
        } else {
            out.push_str(content);
            out.push('\n');
            open = None;
        }
    }
    if open.is_none() && !text.ends_with('\n') {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on() {
        for (text, delete, joined) in [
            ("未納 \r\n料金\r\n", true, "未納料金\n\n"),
            ("pay \r\nnow\r\n", false, "pay now\n\n"),
            ("final no \r\ntice", true, "final notice"),
            (" >stuffed\r\n> quoted \r\n> on \r\nnot", false, ">stuffed\n>quoted on \nnot"),
            ("a\r\n-- \r\nb", false, "a\n-- \nb"),
        ] {
            assert_eq!(unfold(text, delete).trim_end(), joined.trim_end(), "{text}");
        }
    }
}
