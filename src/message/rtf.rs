//! RTF to text: plain RTF, and HTML that was wrapped in RTF ([MS-OXRTFEX]). For the body that Outlook hides in TNEF.

use super::charset;

/// Octets of a document that are read, and that unpacking gives at most.
const MAX_RTF: usize = 2 * 1024 * 1024;
/// Groups open at once; deeper ones are read as if they were of the last.
const MAX_GROUPS: usize = 256;
/// Fonts whose charset is kept.
const MAX_FONTS: usize = 512;

/// What a document says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rtf {
    /// True where `text` is HTML.
    pub(super) html: bool,
    pub(super) text: String,
}

/// What the dictionary of a compressed document begins with ([MS-OXRTFCP] §2.1.2.1).
const PRELOADED: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Unpacks compressed RTF ([MS-OXRTFCP] §2.2): a dictionary of 4,096 octets, references of 12 bits and 4 bits.
pub(super) fn decompress(packed: &[u8]) -> Vec<u8> {
    let Some((header, data)) = packed.split_at_checked(16) else { return Vec::new() };
    if header.get(8..12) == Some(b"MELA") {
        return data.get(..MAX_RTF).unwrap_or(data).to_vec();
    }
    if header.get(8..12) != Some(b"LZFu") {
        return Vec::new();
    }
    let mut window = [b' '; 4096];
    for (slot, octet) in window.iter_mut().zip(PRELOADED) {
        *slot = *octet;
    }
    let mut write = PRELOADED.len();
    let mut out = Vec::new();
    let mut put = |octet: u8, window: &mut [u8; 4096], out: &mut Vec<u8>| {
        if let Some(slot) = window.get_mut(write % 4096) {
            *slot = octet;
        }
        write += 1;
        out.push(octet);
        write % 4096
    };
    let mut rest = data.iter().copied();
    let mut here = PRELOADED.len();
    while let Some(control) = rest.next() {
        for bit in 0..8 {
            if out.len() >= MAX_RTF {
                return out;
            }
            if control >> bit & 1 == 0 {
                let Some(octet) = rest.next() else { return out };
                here = put(octet, &mut window, &mut out);
                continue;
            }
            let (Some(high), Some(low)) = (rest.next(), rest.next()) else { return out };
            let from = usize::from(high) << 4 | usize::from(low >> 4);
            if from == here {
                return out;
            }
            for i in 0..usize::from(low & 0xF) + 2 {
                let octet = window.get((from + i) % 4096).copied().unwrap_or(b' ');
                here = put(octet, &mut window, &mut out);
            }
        }
    }
    out
}

/// A group's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Group {
    /// Nothing of it is text.
    skip: bool,
    /// `\htmlrtf`: stands for RTF readers only.
    rtf_only: bool,
    /// Within `\*\htmltag`: HTML as it is.
    tag: bool,
    /// Within the font table.
    fonts: bool,
    /// Characters that stand in for one after `\u` (`\ucN`).
    stand_in: usize,
    font: usize,
}

struct Reader<'a> {
    rest: &'a [u8],
    groups: Vec<Group>,
    out: Rtf,
    /// Octets whose charset is that of the font.
    pending: Vec<u8>,
    /// Of the document (`\ansicpgN`), and by font (`\fcharsetN`).
    page: usize,
    fonts: Vec<(usize, usize)>,
    /// Stand-ins still to be passed over.
    pass: usize,
    /// `\*` was read: the next word names a destination that may be passed over.
    optional: bool,
}

/// Reads a document.
pub(super) fn read(rtf: &[u8]) -> Rtf {
    let group =
        Group { skip: false, rtf_only: false, tag: false, fonts: false, stand_in: 1, font: usize::MAX };
    let mut reader = Reader {
        rest: rtf.get(..MAX_RTF).unwrap_or(rtf),
        groups: vec![group],
        out: Rtf::default(),
        pending: Vec::new(),
        page: 1252,
        fonts: Vec::new(),
        pass: 0,
        optional: false,
    };
    while let Some((first, tail)) = reader.rest.split_first() {
        reader.rest = tail;
        match first {
            b'{' => reader.open(),
            b'}' => reader.close(),
            b'\\' => reader.control(),
            b'\r' | b'\n' => {}
            octet => reader.octet(*octet),
        }
    }
    reader.flush();
    reader.out
}

impl Reader<'_> {
    fn group(&self) -> Group {
        self.groups.last().copied().unwrap_or(Group {
            skip: false,
            rtf_only: false,
            tag: false,
            fonts: false,
            stand_in: 1,
            font: usize::MAX,
        })
    }

    fn change(&mut self, change: impl FnOnce(&mut Group)) {
        if let Some(group) = self.groups.last_mut() {
            change(group);
        }
    }

    fn open(&mut self) {
        self.flush();
        self.pass = 0;
        if self.groups.len() < MAX_GROUPS {
            let group = self.group();
            self.groups.push(group);
        }
    }

    fn close(&mut self) {
        self.flush();
        self.pass = 0;
        if self.groups.len() > 1 {
            self.groups.pop();
        }
    }

    fn shown(&self) -> bool {
        let group = self.group();
        !group.skip && !group.fonts && (group.tag || !group.rtf_only)
    }

    fn octet(&mut self, octet: u8) {
        if self.pass > 0 {
            self.pass -= 1;
        } else if self.shown() {
            self.pending.push(octet);
        }
    }

    fn put(&mut self, text: &str) {
        if self.shown() {
            self.flush();
            self.out.text.push_str(text);
        }
    }

    /// Octets become text by the charset of the font, or that of the document.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let octets = std::mem::take(&mut self.pending);
        let font = self.group().font;
        let own = self.fonts.iter().find(|(number, _)| *number == font).and_then(|(_, set)| page_of(*set));
        let page = own.unwrap_or(self.page);
        let label = match page {
            932 => "shift_jis".to_owned(),
            936 => "gbk".to_owned(),
            949 => "euc-kr".to_owned(),
            950 => "big5".to_owned(),
            65001 => "utf-8".to_owned(),
            page => format!("windows-{page}"),
        };
        let text = charset::decode(&octets, Some(&label)).text;
        self.out.text.push_str(&text);
    }

    fn control(&mut self) {
        let Some((first, tail)) = self.rest.split_first() else { return };
        if !first.is_ascii_alphabetic() {
            self.rest = tail;
            match first {
                b'\'' => {
                    let digits = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
                    if let Some(octet) = digits.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
                        self.rest = tail.get(2..).unwrap_or_default();
                        self.octet(octet);
                    }
                }
                b'*' => self.optional = true,
                b'~' => self.put("\u{A0}"),
                b'\r' | b'\n' => self.put("\n"),
                b'-' | b'_' | b'|' | b':' => {}
                other => self.octet(*other),
            }
            return;
        }
        let long = self.rest.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        let (word, after) = self.rest.split_at(long);
        let signed = usize::from(after.first() == Some(&b'-'));
        let digits = after.iter().skip(signed).take(10).take_while(|b| b.is_ascii_digit()).count();
        let digits = if digits == 0 { 0 } else { signed + digits };
        let (number, after) = after.split_at(digits);
        let number = std::str::from_utf8(number).ok().and_then(|number| number.parse::<i64>().ok());
        self.rest = after.strip_prefix(b" ").unwrap_or(after);
        self.word(word, number);
    }

    fn word(&mut self, word: &[u8], number: Option<i64>) {
        let optional = std::mem::take(&mut self.optional);
        let value = number.and_then(|number| usize::try_from(number).ok());
        match word {
            b"htmltag" if optional => self.change(|group| group.tag = true),
            b"fonttbl" => self.change(|group| group.fonts = true),
            b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object" | b"objdata" | b"mhtmltag" => {
                self.change(|group| group.skip = true);
            }
            b"fromhtml" => self.out.html = number != Some(0),
            b"htmlrtf" => {
                self.flush();
                self.change(|group| group.rtf_only = number != Some(0));
            }
            b"ansicpg" => self.page = value.filter(|page| *page > 0).unwrap_or(1252),
            b"f" => {
                self.flush();
                self.change(|group| group.font = value.unwrap_or(0));
            }
            b"fcharset" if self.group().fonts => {
                if self.fonts.len() < MAX_FONTS {
                    self.fonts.push((self.group().font, value.unwrap_or(0)));
                }
            }
            b"uc" => self.change(|group| group.stand_in = value.unwrap_or(1).min(16)),
            b"u" => {
                // Signed sixteen bits.
                let unit =
                    number.and_then(|number| u16::try_from(number.rem_euclid(0x1_0000)).ok()).unwrap_or(0);
                let ch = char::from_u32(u32::from(unit)).unwrap_or('\u{FFFD}');
                self.put(ch.encode_utf8(&mut [0; 4]));
                self.pass = self.group().stand_in;
            }
            b"bin" => {
                let skip = value.unwrap_or(0).min(self.rest.len());
                self.rest = self.rest.get(skip..).unwrap_or_default();
            }
            // In wrapped HTML the line ends belong to the tags.
            b"par" | b"line" | b"sect" | b"page" | b"row" => self.put("\n"),
            b"tab" | b"cell" => self.put("\t"),
            b"lquote" | b"rquote" => self.put("'"),
            b"ldblquote" | b"rdblquote" => self.put("\""),
            b"endash" | b"emdash" => self.put("-"),
            b"bullet" => self.put("・"),
            _ if optional => self.change(|group| group.skip = true),
            _ => {}
        }
    }
}

/// `\fcharset` to code page.
fn page_of(set: usize) -> Option<usize> {
    Some(match set {
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification() {
        // [MS-OXRTFCP] §3.1: two runs of the algorithm.
        let packed = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0, 0x0a, 0,
            0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09,
            0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
        ];
        assert_eq!(decompress(&packed), b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        for end in 0..packed.len() {
            let _ = decompress(&packed[..end]);
        }
    }

    #[test]
    fn japanese_by_font_by_page_and_by_number() {
        for rtf in [
            r"{\rtf1\ansi\ansicpg932{\fonttbl{\f0 MS Gothic;}}\f0 \'8d\'c5\'8fI\'92\'ca\'8d\'90}",
            r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fnil Arial;}{\f1\fnil\fcharset128 MS;}}\f1\'8d\'c5\'8fI\'92\'ca\'8d\'90\f0}",
            r"{\rtf1\uc1\u26368 ?\u32066?{\*\generator x}{\info{\title no}}\u36890?\u21578?}",
        ] {
            assert_eq!(read(rtf.as_bytes()), Rtf { html: false, text: "最終通告".into() }, "{rtf}");
        }
    }

    #[test]
    fn wrapped_html_comes_out_as_html() {
        let rtf = r"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 pay now{\*\htmltag84 <a href='https://evil.example/'>}here\htmlrtf\par\htmlrtf0 {\*\htmltag92 </a>}}}";
        let read = read(rtf.as_bytes());
        assert!(read.html);
        assert_eq!(read.text, "<p>pay now<a href='https://evil.example/'>here</a>");
    }
}
