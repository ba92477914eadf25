//! Octets to text, whatever the label says.
//!
//! Mail in Japanese names its charset by labels that the WHATWG list lacks, names a wrong one, or none. A filter that
//! believes the label is blind to all of these. The order of evidence:
//!
//! 1. JIS escape sequences are ISO-2022-JP, whatever was declared; nothing else uses them.
//! 2. Octets that are valid UTF-8 with characters of three octets are UTF-8; legacy text is that by chance only.
//! 3. The declared charset, where it decodes without error and nothing else is far more plausible.
//! 4. EUC-JP or Shift_JIS, by validity, then by how much the result looks like Japanese.

mod likely;

use std::borrow::Cow;

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::jis;
use likely::{SAMPLE, candidate, japanese, mostly_broken, overrules, plausible};

/// A decoded text, and whether its label had to be overruled or guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) repaired: bool,
}

/// What a label means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    /// No charset, or a word that stands for none.
    None,
    /// us-ascii: right as long as the octets are.
    Ascii,
    /// UTF-7, which no part of the web decodes any more, but some mail programs do.
    Utf7,
    /// A label nobody knows.
    Unknown,
    Known(&'static Encoding),
}

fn label(raw: &str) -> Label {
    let name = raw.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).to_ascii_lowercase();
    match name.as_str() {
        "" | "default" | "none" | "binary" | "8bit" | "7bit" | "unknown-8bit" | "x-unknown" | "unknown" => {
            Label::None
        }
        "us-ascii" | "ascii" | "ansi_x3.4-1968" | "iso646-us" | "646" => Label::Ascii,
        "utf-7" | "utf7" | "unicode-1-1-utf-7" => Label::Utf7,
        _ if is_jis_name(&name) => Label::Known(ISO_2022_JP),
        "cp932" | "ms932" | "x-ms-cp932" | "cp943" | "ibm-943" | "windows-932" | "mskanji" | "ms_kanji"
        | "x-sjis-jp" | "sjis-win" | "sjis" | "s-jis" | "shift-jis" | "shiftjis" | "shift_jis-2004"
        | "shift_jisx0213" | "x-shift-jis" | "x-shift_jis" => Label::Known(SHIFT_JIS),
        "eucjp" | "euc_jp" | "ujis" | "euc-jp-ms" | "eucjp-ms" | "eucjp-win" | "cp51932" | "euc-jis-2004"
        | "euc-jisx0213" | "x-eucjp" => Label::Known(EUC_JP),
        "utf8mb4" | "utf-8mb4" | "utf_8" | "cp65001" | "utf-8-sig" => Label::Known(UTF_8),
        // The list sends these to a decoder that hides the whole text, which suits a browser but not a filter.
        _ => match Encoding::for_label_no_replacement(name.as_bytes()) {
            Some(encoding) => Label::Known(encoding),
            None => Label::Unknown,
        },
    }
}

fn is_jis_name(name: &str) -> bool {
    name.starts_with("iso-2022-jp")
        || name.starts_with("iso2022jp")
        || name.starts_with("iso2022-jp")
        || name.starts_with("cp5022")
        || matches!(
            name,
            "csiso2022jp"
                | "csiso2022jp2"
                | "jis"
                | "jis7"
                | "jis8"
                | "x-jis"
                | "windows-50220"
                | "windows-50221"
        )
}

/// Decodes a body or an encoded-word.
pub(super) fn decode<'a>(octets: &'a [u8], declared: Option<&str>) -> Decoded<'a> {
    let label = declared.map_or(Label::None, label);
    if let Some((encoding, skip)) = Encoding::for_bom(octets) {
        let (text, _) = encoding.decode_without_bom_handling(octets.get(skip..).unwrap_or_default());
        return Decoded { text, repaired: label != Label::Known(encoding) };
    }
    if label == Label::Utf7 {
        return utf7(octets);
    }
    let plain = octets.is_ascii();
    if jis::has_escape(octets) {
        let (text, errors) = jis::decode(octets);
        if plain || errors == 0 {
            return Decoded { text: text.into(), repaired: label != Label::Known(ISO_2022_JP) };
        }
    }
    if matches!(label, Label::Known(e) if e == UTF_16LE || e == UTF_16BE) {
        return utf16(octets, label);
    }
    if plain {
        // ISO-2022-JP without an escape and every ASCII superset come here.
        let text =
            std::str::from_utf8(octets).map_or_else(|_| String::from_utf8_lossy(octets), Cow::Borrowed);
        return Decoded { text, repaired: false };
    }
    eight_bit(octets, label)
}

/// Nothing but ASCII, and no escape sequence that would make something else of it.
pub(super) fn is_plain(octets: &[u8]) -> bool {
    octets.is_ascii() && !jis::has_escape(octets)
}

/// A whole raw header value: only where it is not ASCII or carries JIS escapes does anything have to be guessed.
pub(super) fn header<'a>(octets: &'a [u8], hint: Option<&str>) -> Decoded<'a> {
    if is_plain(octets)
        && let Ok(text) = std::str::from_utf8(octets)
    {
        return Decoded { text: Cow::Borrowed(text), repaired: false };
    }
    if let Ok(text) = std::str::from_utf8(octets)
        && !octets.is_ascii()
    {
        // RFC 6532: header fields may be UTF-8.
        return Decoded { text: Cow::Borrowed(text), repaired: false };
    }
    let decoded = decode(octets, hint);
    Decoded { repaired: true, ..decoded }
}

fn utf7(octets: &[u8]) -> Decoded<'_> {
    if !octets.is_ascii() || jis::has_escape(octets) {
        return Decoded { repaired: true, ..decode(octets, None) };
    }
    match mail_parser::decoders::charsets::map::charset_decoder(b"utf-7") {
        Some(decoder) => Decoded { text: decoder(octets).into(), repaired: false },
        None => Decoded { text: String::from_utf8_lossy(octets), repaired: true },
    }
}

/// UTF-16 without a byte order mark: believed only if it looks like it.
fn utf16(octets: &[u8], declared: Label) -> Decoded<'_> {
    let Label::Known(named) = declared else { return decode(octets, None) };
    let best = [named, UTF_16BE, UTF_16LE]
        .into_iter()
        .map(|encoding| {
            let (text, _) = encoding.decode_without_bom_handling(octets);
            (plausible(&text), encoding, text)
        })
        .reduce(|a, b| if b.0 > a.0 { b } else { a });
    let nuls = octets.iter().take(SAMPLE).filter(|b| **b == 0).count();
    match best {
        Some((score, encoding, text)) if nuls > 0 || (score > 0 && !octets.is_ascii()) => {
            Decoded { text, repaired: encoding != named }
        }
        _ => Decoded { repaired: true, ..decode(octets, None) },
    }
}

fn eight_bit(octets: &[u8], label: Label) -> Decoded<'_> {
    let declared = match label {
        Label::Known(encoding) => Some(encoding),
        _ => None,
    };
    if let Some(long) = utf8_shape(octets) {
        let asian = declared.is_some_and(|e| !e.is_single_byte() && e != UTF_8);
        if long || !asian {
            let text = String::from_utf8_lossy(octets);
            return Decoded { text, repaired: declared != Some(UTF_8) };
        }
    }
    let sjis = candidate(octets, SHIFT_JIS);
    let euc = candidate(octets, EUC_JP);
    let guess = if euc.score >= sjis.score { (EUC_JP, euc) } else { (SHIFT_JIS, sjis) };
    let (guessed, guess) = guess;
    let Some(named) = declared else {
        // Nothing Japanese about it: read as Western, which keeps every octet.
        let japanese = guess.score > 0 && guess.errors <= 1 + guess.all / 20;
        return decoded(octets, if japanese { guessed } else { WINDOWS_1252 }, true);
    };
    if named == guessed {
        return decoded(octets, guessed, guess.errors > 0);
    }
    let given = candidate(octets, named);
    if overrules(guess, given, named) {
        return decoded(octets, guessed, true);
    }
    if named == UTF_8 && mostly_broken(given) {
        return decoded(octets, WINDOWS_1252, true);
    }
    decoded(octets, named, given.errors > 0)
}

fn decoded<'a>(octets: &'a [u8], encoding: &'static Encoding, repaired: bool) -> Decoded<'a> {
    Decoded { text: encoding.decode_without_bom_handling(octets).0, repaired }
}

/// Octets of which a second reading is made.
const SECOND: usize = 64 * 1024;

/// Another reading of the same octets, where it is hardly less likely than `first`, the one that [`decode`] chose: a
/// wrong label that happens to fit must not hide anything. None for what can be read in one way only.
pub(super) fn second(octets: &[u8], declared: Option<&str>, first: &str) -> Option<String> {
    let some = octets.get(..SECOND).unwrap_or(octets);
    if some.is_ascii()
        || Encoding::for_bom(some).is_some()
        || jis::has_escape(some)
        || utf8_shape(some).is_some()
    {
        return None;
    }
    let named = match declared.map_or(Label::None, label) {
        Label::Known(encoding) if !encoding.is_single_byte() && encoding != UTF_8 => Some(encoding),
        _ => None,
    };
    let chosen = japanese(first).0;
    let fits = |encoding: &'static Encoding| {
        let other = candidate(some, encoding);
        let few = other.errors <= other.all / 50;
        let likely =
            (Some(encoding) == named && other.errors == 0) || (other.score > 0 && other.score * 2 >= chosen);
        let text = (few && likely).then(|| encoding.decode_without_bom_handling(some).0)?;
        (!first.starts_with(&*text)).then_some((other.score, text))
    };
    let readings = named.into_iter().chain([EUC_JP, SHIFT_JIS]).filter_map(fits);
    readings
        .reduce(|best, other| if other.0 > best.0 { other } else { best })
        .map(|(_, text)| text.into_owned())
}

/// None where the octets are not UTF-8 (a character cut off at the end is forgiven); else whether there is a
/// character of three octets or more.
fn utf8_shape(octets: &[u8]) -> Option<bool> {
    let valid = match std::str::from_utf8(octets) {
        Ok(_) => octets.len(),
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => error.valid_up_to(),
        Err(_) => return None,
    };
    let valid = octets.get(..valid).unwrap_or_default();
    if valid.is_ascii() {
        return None;
    }
    Some(valid.iter().any(|b| *b >= 0xE0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str = "最終通告　未納料金のお支払いについて ﾃｽﾄ ①㈱";

    #[test]
    fn labels_that_the_list_lacks() {
        let (jis, _, _) = ISO_2022_JP.encode("最終通告 未納料金");
        for name in [
            "iso-2022-jp-ms",
            "ISO-2022-JP-1",
            "iso-2022-jp-2004",
            "cp50220",
            "CP50221",
            "cp50222",
            "x-unknown",
            "",
            "utf-8",
        ] {
            assert_eq!(decode(&jis, Some(name)).text, "最終通告 未納料金", "{name}");
        }
        let (sjis, _, _) = SHIFT_JIS.encode(WORDS);
        for name in [
            "cp932",
            "MS932",
            "windows-31j",
            "x-sjis",
            "x-unknown",
            "",
            "us-ascii",
            "iso-8859-1",
            "utf-8",
            "euc-jp",
            "gb2312",
        ] {
            assert_eq!(decode(&sjis, Some(name)).text, WORDS, "{name}");
        }
        let (euc, _, _) = EUC_JP.encode(WORDS);
        for name in
            ["eucjp-ms", "cp51932", "x-euc-jp", "nonsense", "", "iso-8859-1", "shift_jis", "utf-8", "big5"]
        {
            assert_eq!(decode(&euc, Some(name)).text, WORDS, "{name}");
        }
        for name in
            ["shift_jis", "iso-8859-1", "gb2312", "iso-2022-jp", "iso-2022-kr", "hz-gb-2312", "utf-16le"]
        {
            assert_eq!(decode(WORDS.as_bytes(), Some(name)).text, WORDS, "{name}");
        }
    }

    #[test]
    fn right_labels_are_believed() {
        for (encoding, text) in [
            (encoding_rs::GBK, "您的账户已被冻结，请立即验证您的身份信息。"),
            (encoding_rs::GBK, "最終通告のお知らせ。料金が未納となっております。"),
            (encoding_rs::BIG5, "您的帳戶已被凍結，請立即驗證您的身份。"),
            (encoding_rs::EUC_KR, "귀하의 계정이 정지되었습니다. 즉시 확인하십시오."),
            (encoding_rs::KOI8_R, "Уважаемый клиент, ваш счёт заблокирован."),
            (encoding_rs::WINDOWS_1251, "Уважаемый клиент, ваш счёт заблокирован."),
            (WINDOWS_1252, "Überprüfen Sie Ihr Konto. Déjà vu à l'école, señor."),
            (encoding_rs::WINDOWS_1253, "Αγαπητέ πελάτη, ο λογαριασμός σας έχει κλειδωθεί."),
        ] {
            let (octets, _, bad) = encoding.encode(text);
            assert!(!bad);
            let decoded = decode(&octets, Some(encoding.name()));
            assert_eq!(decoded, Decoded { text: text.into(), repaired: false });
        }
    }

    #[test]
    fn western_called_utf8() {
        let (octets, _, _) = WINDOWS_1252.encode("Parabéns! Você foi selecionado");
        assert_eq!(
            decode(&octets, Some("UTF-8")),
            Decoded { text: "Parabéns! Você foi selecionado".into(), repaired: true }
        );
        assert_eq!(
            decode("最終\u{0}通告".as_bytes().split_last().unwrap().1, Some("utf-8")).text,
            "最終\0通\u{FFFD}"
        );
    }

    #[test]
    fn supplement_and_adjacent_escapes() {
        let octets = b"\x1b$B:G=*\x1b(B\x1b$BDL9p\x1b(B\x1b$(D0!\x1b(B";
        assert_eq!(decode(octets, Some("iso-2022-jp-1")).text, "最終通告丂");
        assert_eq!(decode(b"\x1b(I1\x1b(B\x0e2\x0fA", None).text, "ｱｲA");
    }

    #[test]
    fn cut_short() {
        for encoding in [ISO_2022_JP, SHIFT_JIS, EUC_JP, UTF_8] {
            let (octets, _, _) = encoding.encode("最終通告です。未納料金があります。");
            for end in 24..octets.len() {
                let text = decode(&octets[..end], None).text;
                assert!(text.starts_with("最終通告"), "{} {end} {text}", encoding.name());
            }
        }
    }
}
