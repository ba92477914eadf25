//! Files written into plain text: uuencode (POSIX.1), its base64 form, and yEnc. Mail programs show them as files.

use memchr::memmem;

/// Files of one text.
const MAX_FILES: usize = 16;

/// A file within a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: Vec<u8>,
    pub(super) octets: Vec<u8>,
}

/// The files of a text. Linear, and for a text without any not more than two searches.
pub(super) fn files(text: &[u8]) -> Vec<File> {
    let mut files = Vec::new();
    if memmem::find(text, b"begin").is_none() {
        return files;
    }
    let mut lines = text.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    while let Some(line) = lines.next() {
        if files.len() >= MAX_FILES {
            break;
        }
        if let Some(rest) = line.strip_prefix(b"=ybegin ") {
            let octets = yenc(&mut lines);
            files.push(File { name: after(rest, b"name=").unwrap_or_default().to_vec(), octets });
        } else if let Some(name) = line.strip_prefix(b"begin ").and_then(name) {
            files.push(File { name: name.to_vec(), octets: uuencoded(&mut lines) });
        } else if let Some(name) = line.strip_prefix(b"begin-base64 ").and_then(name) {
            let coded: Vec<u8> =
                lines.by_ref().take_while(|line| !line.starts_with(b"====")).flatten().copied().collect();
            files.push(File { name: name.to_vec(), octets: super::header::base64(&coded).0 });
        }
    }
    files.retain(|file| !file.octets.is_empty());
    files
}

/// The name after a mode of three or four octal digits.
fn name(rest: &[u8]) -> Option<&[u8]> {
    let (mode, name) = rest.split_at_checked(rest.iter().position(|b| *b == b' ')?)?;
    let octal = (3..=4).contains(&mode.len()) && mode.iter().all(|b| (b'0'..=b'7').contains(b));
    octal.then(|| name.trim_ascii())
}

fn after<'a>(line: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let at = memmem::find(line, key)?;
    Some(line.get(at + key.len()..)?.trim_ascii())
}

/// Each line says how many octets it gives; sixty at most are usual. A line that cannot be one ends the file.
fn uuencoded<'a>(lines: &mut impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines {
        let Some((count, coded)) = line.split_first() else { continue };
        if line.starts_with(b"end") || !(b' '..=b'`').contains(count) {
            break;
        }
        let count = usize::from((count - b' ') & 63);
        if count == 0 {
            continue;
        }
        let mut given = Vec::with_capacity(count + 2);
        for group in coded.chunks(4) {
            let at = |i: usize| u32::from(group.get(i).copied().unwrap_or(b' ').wrapping_sub(b' ') & 63);
            let bits = at(0) << 18 | at(1) << 12 | at(2) << 6 | at(3);
            let [_, a, b, c] = bits.to_be_bytes();
            given.extend([a, b, c]);
        }
        given.resize(count, 0);
        out.extend(given);
    }
    out
}

/// yenc-draft 1.3: 42 is added to each octet; `=` marks one to which 64 was added, too.
fn yenc<'a>(lines: &mut impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines {
        if line.starts_with(b"=yend") {
            break;
        }
        if line.starts_with(b"=ypart") {
            continue;
        }
        let mut octets = line.iter();
        while let Some(octet) = octets.next() {
            let octet = if *octet == b'=' {
                let Some(next) = octets.next() else { break };
                next.wrapping_sub(64)
            } else {
                *octet
            };
            out.push(octet.wrapping_sub(42));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_text() {
        let text = b"Hello\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nbegin with care 644\r\n=ybegin line=128 size=3 name=a b.bin\r\n\x6d\x8b=\x6a\r\n=yend size=3\r\nbegin-base64 644 c\r\nQ2F0\r\n====\r\n";
        let files = files(text);
        let told: Vec<(&[u8], &[u8])> =
            files.iter().map(|f| (f.name.as_slice(), f.octets.as_slice())).collect();
        assert_eq!(told, [(b"cat.txt".as_slice(), b"Cat".as_slice()), (b"a b.bin", b"Ca\0"), (b"c", b"Cat")]);
        assert!(super::files(b"begin the day\r\nbegin 9999 x\r\n").is_empty());
    }
}
