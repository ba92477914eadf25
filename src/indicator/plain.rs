//! A small part of TOML, read without a copy: what the tables are written in that are compiled in.
//!
//! `[[name]]`, `key = "text"`, `key = ["text", …]` and comments. Of half a megaoctet the program needs half, and was a third
//! of its start in reading all of it into trees first. Whatever else stands there is left to the `toml` crate, which also
//! reads what people write; a test holds both to the same.

/// What stands under one header, and before the first one; no name there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    pub(crate) name: &'a str,
    /// Key and values, in order.
    pairs: Vec<(&'a str, Vec<&'a str>)>,
}

impl<'a> Block<'a> {
    /// The values of a key; none where it is not there.
    pub(crate) fn all(&self, key: &str) -> &[&'a str] {
        self.pairs.iter().find(|(own, _)| *own == key).map_or(&[], |(_, values)| values)
    }

    /// The only value of a key.
    pub(crate) fn one(&self, key: &str) -> Option<&'a str> {
        self.all(key).first().copied()
    }

    /// The values of a key as strings of their own.
    pub(crate) fn owned(&self, key: &str) -> Vec<String> {
        self.all(key).iter().map(|&value| value.to_owned()).collect()
    }
}

/// The blocks of a file with the values of these keys; none where it says anything in another way.
pub(crate) fn blocks<'a>(toml: &'a str, wanted: &[&str]) -> Option<Vec<Block<'a>>> {
    let mut blocks = vec![Block::default()];
    let mut rest = blank(toml);
    while !rest.is_empty() {
        if let Some(header) = rest.strip_prefix("[[") {
            let (name, after) = header.split_once("]]")?;
            blocks.push(Block { name, pairs: Vec::new() });
            rest = line_end(after)?;
            continue;
        }
        let (key, value) = rest.split_once('=')?;
        let key = key.trim_end_matches(' ');
        if key.is_empty() || !key.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-') {
            return None;
        }
        let mut kept = wanted.contains(&key).then(Vec::new);
        rest = line_end(values(value.trim_start_matches(' '), kept.as_mut())?)?;
        if let Some(values) = kept {
            blocks.last_mut()?.pairs.push((key, values));
        }
    }
    Some(blocks)
}

/// Without the white space and comments that come first.
fn blank(mut rest: &str) -> &str {
    loop {
        rest = rest.trim_start_matches([' ', '\n']);
        let Some(comment) = rest.strip_prefix('#') else { return rest };
        rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
    }
}

/// What stands behind the end of this line, where nothing but a comment is left on it.
fn line_end(rest: &str) -> Option<&str> {
    let rest = rest.trim_start_matches(' ');
    (rest.is_empty() || rest.starts_with(['\n', '#'])).then(|| blank(rest))
}

/// Reads a text or a list of them; gives what stands behind it.
fn values<'a>(rest: &'a str, mut kept: Option<&mut Vec<&'a str>>) -> Option<&'a str> {
    let Some(list) = rest.strip_prefix('[') else { return text(rest, kept) };
    let mut rest = blank(list);
    while !rest.starts_with(']') {
        rest = blank(text(rest, kept.as_deref_mut())?);
        match rest.strip_prefix(',') {
            Some(after) => rest = blank(after),
            None if rest.starts_with(']') => {}
            None => return None,
        }
    }
    rest.strip_prefix(']')
}

/// Reads a text; gives what stands behind it. One with an escape in it can only be passed over.
fn text<'a>(rest: &'a str, kept: Option<&mut Vec<&'a str>>) -> Option<&'a str> {
    let begun = rest.strip_prefix('"').filter(|text| !text.starts_with("\"\""))?;
    let mut end = 0;
    loop {
        end += memchr::memchr3(b'"', b'\\', b'\n', begun.as_bytes().get(end..)?)?;
        match begun.as_bytes().get(end)? {
            b'"' => break,
            b'\\' if kept.is_none() => end += 2,
            _ => return None,
        }
    }
    if let Some(kept) = kept {
        kept.push(begun.get(..end)?);
    }
    begun.get(end + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::Tables;

    /// As [`blocks`], by the `toml` crate, of all keys: header and key, in the order of the headers.
    fn by_toml(toml: &str) -> Vec<(String, Vec<String>)> {
        fn gather(name: &str, table: &toml::Table, all: &mut Vec<(String, Vec<String>)>) {
            for (key, value) in table {
                let at = format!("{name}.{key}");
                match value {
                    toml::Value::String(text) => all.push((at, vec![text.clone()])),
                    toml::Value::Array(values) if values.iter().all(toml::Value::is_str) => {
                        all.push((
                            at,
                            values.iter().map(|value| value.as_str().unwrap().to_owned()).collect(),
                        ));
                    }
                    toml::Value::Array(tables) => {
                        let name = at.trim_start_matches('.').to_owned();
                        for one in tables {
                            gather(&name, one.as_table().unwrap(), all);
                        }
                    }
                    other => panic!("{other}"),
                }
            }
        }
        let mut all = Vec::new();
        gather("", &toml.parse().unwrap(), &mut all);
        all.sort();
        all
    }

    #[test]
    fn the_tables_compiled_in_are_read_as_the_toml_crate_reads_them() {
        let cues = ("demand.toml", include_str!("../../config/demand.toml"));
        for (name, toml) in Tables::compiled_in().into_iter().chain([cues]) {
            let expected = by_toml(toml);
            let mut keys: Vec<&str> = expected
                .iter()
                .map(|(at, _)| at.rsplit('.').next().unwrap())
                .filter(|key| *key != "hits")
                .collect();
            keys.sort_unstable();
            keys.dedup();
            let mut read: Vec<(String, Vec<String>)> = Vec::new();
            for block in blocks(toml, &keys).unwrap_or_else(|| panic!("{name}")) {
                for (key, _) in &block.pairs {
                    read.push((format!("{}.{key}", block.name), block.owned(key)));
                }
            }
            read.sort();
            let expected: Vec<_> =
                expected.into_iter().filter(|(at, _)| at.strip_suffix(".hits").is_none()).collect();
            assert_eq!(read, expected, "{name}");
        }
    }

    #[test]
    fn all_else_is_left_alone() {
        for toml in [
            "a = 1",
            "a = 'b'",
            "a = \"\"\"b\"\"\"",
            "a = [\"b\" \"c\"]",
            "[a]",
            "a.b = \"c\"",
            "a = \"b\" c",
            "a",
        ] {
            assert_eq!(blocks(toml, &["a"]), None, "{toml}");
        }
        assert_eq!(blocks("a = \"b\\n\"", &["a"]), None);
        assert_eq!(
            blocks("a = \"\\\"\" # c\n[[d]] # e\nb = [ # f\n\"g\", ]", &["b"]).unwrap()[1].one("b"),
            Some("g")
        );
        assert!(blocks("a = \"b\nc\"", &["d"]).is_none());
    }
}
