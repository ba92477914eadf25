//! What a host name looks like: punycode read, look-alike letters folded.

use crate::message::normalise;

/// Labels longer than this are not decoded (RFC 1035 §2.3.4).
const MAX_LABEL: usize = 63;

/// The first label of a registrable domain: `example` in `example.co.jp`.
pub(in crate::indicator) fn core_of(domain: &str) -> &str {
    domain.split('.').next().unwrap_or_default()
}

/// A label as it looks: Greek and Cyrillic letters as the Latin ones they resemble, digits as the letters that they stand
/// for, `rn` as `m` and `vv` as `w`; hyphens go.
pub(in crate::indicator) fn skeleton(label: &str) -> String {
    let read = to_unicode(label);
    let folded = if read.is_ascii() { read } else { fold(&read) };
    let mut out = String::with_capacity(folded.len());
    for ch in folded.chars() {
        match ch {
            '0' => out.push('o'),
            '1' | 'i' | '|' => out.push('l'),
            '3' => out.push('e'),
            '4' => out.push('a'),
            '5' => out.push('s'),
            '8' => out.push('b'),
            '-' | '_' => {}
            _ => out.push(ch),
        }
    }
    out.replace("rn", "m").replace("vv", "w")
}

/// The normaliser folds a letter only within a word that has Latin letters, too; one put in front makes any word such a one.
fn fold(label: &str) -> String {
    let folded = normalise(&format!("x{label}"));
    folded.strip_prefix('x').unwrap_or(&folded).to_owned()
}

/// A host with its `xn--` labels read; as it was where one cannot be.
pub(in crate::indicator) fn to_unicode(host: &str) -> String {
    if !host.contains("xn--") {
        return host.to_owned();
    }
    let labels: Vec<String> = host
        .split('.')
        .map(|label| label.strip_prefix("xn--").and_then(decode).unwrap_or_else(|| label.to_owned()))
        .collect();
    labels.join(".")
}

/// Whether a label mixes Latin letters with Greek or Cyrillic ones, which no language does.
pub(in crate::indicator) fn is_mixed(label: &str) -> bool {
    let latin = label.chars().any(|c| c.is_ascii_alphabetic());
    let other = label.chars().any(|c| matches!(c, '\u{370}'..='\u{52F}'));
    latin && other
}

/// RFC 3492 §6.2.
fn decode(label: &str) -> Option<String> {
    if label.len() > MAX_LABEL {
        return None;
    }
    let (basic, extended) = label.rsplit_once('-').unwrap_or(("", label));
    let mut out: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128u32, 0u32, 72u32);
    let mut digits = extended.bytes();
    while digits.len() > 0 {
        let before = i;
        let mut weight = 1u32;
        for k in (1u32..).map(|step| step * 36) {
            let digit = match digits.next()? {
                byte @ b'a'..=b'z' => u32::from(byte - b'a'),
                byte @ b'0'..=b'9' => u32::from(byte - b'0') + 26,
                _ => return None,
            };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let t = k.saturating_sub(bias).clamp(1, 26);
            if digit < t {
                break;
            }
            weight = weight.checked_mul(36 - t)?;
        }
        let length = u32::try_from(out.len()).ok()?.checked_add(1)?;
        bias = adapt(i - before, length, before == 0);
        n = n.checked_add(i / length)?;
        i %= length;
        out.insert(i as usize, char::from_u32(n)?);
        i += 1;
    }
    Some(out.into_iter().collect())
}

/// RFC 3492 §6.1.
fn adapt(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punycode() {
        assert_eq!(to_unicode("xn--bcher-kva.example"), "bücher.example");
        assert_eq!(to_unicode("xn--wgv71a119e.jp"), "日本語.jp");
        assert_eq!(to_unicode("xn--.example"), ".example");
        assert_eq!(to_unicode("xn--99999999999.example"), "xn--99999999999.example");
    }

    #[test]
    fn looks() {
        for (label, like) in [
            ("paypa1", "paypal"),
            ("rnicrosoft", "microsoft"),
            ("arnazon", "amazon"),
            ("аmаzоn", "amazon"),
            ("xn--mazon-3ve", "amazon"),
            ("g00gle", "google"),
        ] {
            assert_eq!(skeleton(label), skeleton(like), "{label}");
        }
        assert!(is_mixed("аmazon") && !is_mixed("пример") && !is_mixed("bücher"));
    }
}
