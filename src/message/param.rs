//! Content-Type and Content-Disposition: the value and its parameters, with everything senders do to file names
//! (RFC 2045 §5.1, RFC 2231, and against the letter of both: encoded-words and raw octets in parameters).

use super::{charset, header};

/// Parameters beyond this are not read.
const MAX_PARAMS: usize = 200;

/// A structured MIME field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parameters {
    /// `text/html`, `attachment`, ...; lower case.
    pub(super) value: String,
    /// Lower-case name, decoded value, in the order of the field; the decoded form of an extended one comes first.
    list: Vec<(String, String)>,
    /// A charset had to be guessed.
    pub(super) repaired: bool,
}

impl Parameters {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.list.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// As if a field had named this charset and nothing else.
    pub(super) fn charset(charset: Option<String>) -> Parameters {
        let list = charset.map(|charset| ("charset".to_owned(), charset)).into_iter().collect();
        Parameters { list, ..Parameters::default() }
    }

    pub(super) fn parse(raw: &[u8], hint: Option<&str>) -> Parameters {
        let (text, mut repaired) = header::text(raw, hint);
        let (value, rest) = text.split_once(';').unwrap_or((&text, ""));
        let value = value.split('(').next().unwrap_or_default();
        let value: String =
            value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        let mut plain = Vec::new();
        let mut extended: Vec<Extended> = Vec::new();
        for (name, value) in Split(rest).take(MAX_PARAMS) {
            match name.split_once('*') {
                None => {
                    let (value, again) = header::decode_words(&value);
                    repaired |= again;
                    plain.push((name, value));
                }
                Some((base, rank)) => {
                    let encoded = rank.is_empty() || rank.ends_with('*');
                    let rank = rank.trim_end_matches('*').parse().unwrap_or(0);
                    let part = Part { rank, encoded, value };
                    match extended.iter_mut().find(|e| e.name == base) {
                        Some(known) => known.parts.push(part),
                        None => extended.push(Extended { name: base.to_owned(), parts: vec![part] }),
                    }
                }
            }
        }
        let mut list = Vec::new();
        for parameter in extended {
            let (name, value, again) = parameter.decode();
            repaired |= again;
            list.push((name, value));
        }
        list.extend(plain);
        Parameters { value, list, repaired }
    }
}

/// A parameter in the form of RFC 2231.
struct Extended {
    name: String,
    parts: Vec<Part>,
}

struct Part {
    rank: u32,
    encoded: bool,
    value: String,
}

impl Extended {
    /// Octets are put together before they are decoded, because senders split characters across the parts.
    fn decode(mut self) -> (String, String, bool) {
        self.parts.sort_by_key(|part| part.rank);
        let mut octets = Vec::new();
        let mut charset = None;
        for (i, part) in self.parts.iter().enumerate() {
            let mut value = part.value.as_str();
            if part.encoded && i == 0 {
                let mut split = value.splitn(3, '\'');
                if let (Some(label), Some(_), Some(rest)) = (split.next(), split.next(), split.next()) {
                    charset = Some(label);
                    value = rest;
                }
            }
            if part.encoded {
                octets.extend(header::percent(value.as_bytes(), b'%', false));
            } else {
                octets.extend_from_slice(value.as_bytes());
            }
        }
        let decoded = charset::decode(&octets, charset.or(Some("utf-8")));
        let (value, again) = header::decode_words(&decoded.text);
        (self.name, value, decoded.repaired || again)
    }
}

/// `name=value` pairs between semicolons, quotes taken off.
struct Split<'a>(&'a str);

impl Iterator for Split<'_> {
    type Item = (String, String);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.0.trim_start_matches(|c: char| c.is_whitespace() || c == ';');
            if rest.is_empty() {
                self.0 = "";
                return None;
            }
            let end = rest.find(['=', ';']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            let Some(after) = after.strip_prefix('=') else {
                self.0 = after;
                continue;
            };
            let after = after.trim_start();
            let (value, after) = if let Some(quoted) = after.strip_prefix('"') {
                unquote(quoted)
            } else {
                let end = after.find(';').unwrap_or(after.len());
                let (value, after) = after.split_at(end);
                (value.trim_end().to_owned(), after)
            };
            self.0 = after;
            return Some((name.trim().to_ascii_lowercase(), value));
        }
    }
}

/// What stands before the closing quote, and what comes after it. A missing one is at the end.
fn unquote(text: &str) -> (String, &str) {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(ch) = chars.next() {
        match ch {
            '"' => break,
            '\\' => match chars.as_str().chars().next() {
                Some(next @ ('"' | '\\')) => {
                    out.push(next);
                    chars.next();
                }
                // Windows paths are written so.
                _ => out.push('\\'),
            },
            _ => out.push(ch),
        }
    }
    let rest = chars.as_str();
    let rest = rest.find(';').and_then(|at| rest.get(at..)).unwrap_or_default();
    (out, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names() {
        let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode("attachment; filename=\"請求書.zip\"");
        for (from, to) in [
            (b"attachment; filename=\"a;b \\\"c\\\".exe\"".as_slice(), "a;b \"c\".exe"),
            (b"attachment; filename=plain name.pdf; size=3", "plain name.pdf"),
            (b"attachment; filename*=UTF-8''%E8%AB%8B%E6%B1%82.zip; filename=x.zip", "請求.zip"),
            (b"attachment;\r\n filename*0*=utf-8'ja'%E8%AB;\r\n filename*1*=%8B%E6%B1%82;\r\n filename*2=\".zip\"", "請求.zip"),
            (b"attachment; filename=\"=?utf-8?B?6KuL5rGC?= =?utf-8?B?5pu4LnppcA==?=\"", "請求書.zip"),
            (b"attachment; filename*=iso-2022-jp-ms''%1B$B@A5a%1B(B.zip", "請求.zip"),
            (&sjis, "請求書.zip"),
        ] {
            let parsed = Parameters::parse(from, None);
            assert_eq!(parsed.value, "attachment");
            assert_eq!(parsed.get("filename"), Some(to), "{}", String::from_utf8_lossy(from));
        }
        let parsed = Parameters::parse(b" Text / HTML (really) ; CHARSET=\"UTF-8", None);
        assert_eq!((parsed.value.as_str(), parsed.get("charset")), ("text/html", Some("UTF-8")));
    }
}
