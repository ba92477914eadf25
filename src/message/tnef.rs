//! TNEF, `winmail.dat` ([MS-OXTNEF]): subject, body and files that Outlook puts where other programs do not look.

use super::rtf;

/// Attributes of one stream, and properties of one list, that are read.
const MAX_ATTRIBUTES: usize = 2_000;
/// Files of one stream.
const MAX_FILES: usize = 64;

/// A body in one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body<'a> {
    /// Octets of plain text in a charset that is named or has to be guessed.
    Plain(&'a [u8], Option<String>),
    /// Octets of HTML.
    Html(&'a [u8]),
    /// Text that is decoded.
    Text(String),
    /// HTML that is decoded.
    Markup(String),
}

/// A file within.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct File<'a> {
    pub(super) name: String,
    pub(super) octets: &'a [u8],
    /// Octets are another TNEF stream: a message within.
    pub(super) message: bool,
}

/// What a stream holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tnef<'a> {
    pub(super) subject: String,
    pub(super) bodies: Vec<Body<'a>>,
    pub(super) files: Vec<File<'a>>,
    /// A length that goes beyond the end, or more attributes than the cap.
    pub(super) broken: bool,
    /// Of 8-bit strings (attOemCodepage).
    page: Option<String>,
}

/// A cursor that never goes beyond its octets.
struct Octets<'a>(&'a [u8]);

impl<'a> Octets<'a> {
    fn take(&mut self, long: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(long)?;
        self.0 = tail;
        Some(head)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(self.take(4)?.try_into().ok()?)).ok()
    }
}

/// Reads a stream as far as it goes.
pub(super) fn read(octets: &[u8]) -> Tnef<'_> {
    let mut tnef = Tnef::default();
    let mut rest = Octets(octets);
    // Signature and key.
    if rest.take(6).is_none_or(|head| !head.starts_with(b"\x78\x9f\x3e\x22")) {
        tnef.broken = true;
        return tnef;
    }
    for _ in 0..MAX_ATTRIBUTES {
        if rest.0.is_empty() {
            return tnef;
        }
        let Some((id, data)) = attribute(&mut rest) else {
            tnef.broken = true;
            return tnef;
        };
        tnef.attribute(id, data);
    }
    tnef.broken = true;
    tnef
}

/// Level, id, length, data, checksum (§2.1.3.1). Where the length lies, what there is counts.
fn attribute<'a>(rest: &mut Octets<'a>) -> Option<(usize, &'a [u8])> {
    rest.take(1)?;
    let id = rest.u32()?;
    let long = rest.u32()?;
    let Some(data) = rest.take(long) else {
        let all = std::mem::take(&mut rest.0);
        return (!all.is_empty()).then_some((id, all));
    };
    let _ = rest.u16();
    Some((id, data))
}

impl<'a> Tnef<'a> {
    fn attribute(&mut self, id: usize, data: &'a [u8]) {
        match id & 0xFFFF {
            0x9007 => {
                let page = data.get(..2).and_then(|pair| pair.try_into().ok()).map(u16::from_le_bytes);
                self.page = page.map(label);
            }
            0x8004 if self.subject.is_empty() => self.subject = self.string(data),
            0x800C => self.bodies.push(Body::Plain(until_nul(data), self.page.clone())),
            0x9003 => self.properties(data, false),
            // attAttachRendData begins a file, attAttachTitle and attAttachData fill it in.
            0x9002 => self.begin_file(),
            0x8010 => {
                let name = self.string(data);
                self.change_file(|file| {
                    if file.name.is_empty() {
                        file.name = name;
                    }
                });
            }
            0x800F => self.change_file(|file| file.octets = data),
            0x9005 => self.properties(data, true),
            _ => {}
        }
    }

    fn begin_file(&mut self) {
        if self.files.len() < MAX_FILES {
            self.files.push(File::default());
        } else {
            self.broken = true;
        }
    }

    fn change_file(&mut self, change: impl FnOnce(&mut File<'a>)) {
        if self.files.is_empty() {
            self.begin_file();
        }
        if let Some(file) = self.files.last_mut() {
            change(file);
        }
    }

    fn string(&self, data: &[u8]) -> String {
        super::charset::decode(until_nul(data), self.page.as_deref()).text.into_owned()
    }

    /// A list of MAPI properties (§2.1.3.4): of the message, or of a file.
    fn properties(&mut self, data: &'a [u8], of_file: bool) {
        let mut rest = Octets(data);
        let Some(count) = rest.u32() else { return };
        for _ in 0..count.min(MAX_ATTRIBUTES) {
            let Some(property) = property(&mut rest) else {
                self.broken = true;
                return;
            };
            if of_file { self.of_file(&property) } else { self.of_message(&property) }
        }
    }

    fn of_message(&mut self, property: &Property<'a>) {
        match property.id {
            0x0037 | 0x0E1D if self.subject.is_empty() => self.subject = self.value(property),
            0x1000 => {
                let body = if property.wide {
                    Body::Text(wide(property.data))
                } else {
                    Body::Plain(until_nul(property.data), self.page.clone())
                };
                self.bodies.push(body);
            }
            0x1009 => {
                let read = rtf::read(&rtf::decompress(property.data));
                self.bodies.push(if read.html { Body::Markup(read.text) } else { Body::Text(read.text) });
            }
            0x1013 if property.wide => self.bodies.push(Body::Markup(wide(property.data))),
            0x1013 => self.bodies.push(Body::Html(property.data)),
            _ => {}
        }
    }

    fn of_file(&mut self, property: &Property<'a>) {
        match property.id {
            0x3707 => {
                let name = self.value(property);
                self.change_file(|file| file.name = name);
            }
            0x3704 | 0x3001 => {
                let name = self.value(property);
                self.change_file(|file| {
                    if file.name.is_empty() {
                        file.name = name;
                    }
                });
            }
            0x3701 => {
                // An object begins with the id of its interface; that of a message is followed by TNEF.
                let inner = property.data.get(16..).filter(|inner| inner.starts_with(b"\x78\x9f\x3e\x22"));
                self.change_file(|file| {
                    file.message = inner.is_some();
                    file.octets = inner.unwrap_or(property.data);
                });
            }
            _ => {}
        }
    }

    fn value(&self, property: &Property<'_>) -> String {
        if property.wide { wide(property.data) } else { self.string(property.data) }
    }
}

/// A property with the first of its values.
struct Property<'a> {
    id: u16,
    /// UTF-16 (PtypString).
    wide: bool,
    data: &'a [u8],
}

fn property<'a>(rest: &mut Octets<'a>) -> Option<Property<'a>> {
    let kind = rest.u16()?;
    let id = rest.u16()?;
    if id >= 0x8000 {
        // Named: a set, then a number or a name.
        rest.take(16)?;
        if rest.u32()? == 0 {
            rest.take(4)?;
        } else {
            let long = rest.u32()?;
            padded(rest, long)?;
        }
    }
    let many = kind & 0x1000 != 0;
    let fixed = match kind & 0x0FFF {
        0x0002 | 0x0003 | 0x0004 | 0x000A | 0x000B => 4,
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => 8,
        0x0048 => 16,
        0x001E | 0x001F | 0x0102 | 0x000D => 0,
        _ => return None,
    };
    let count = if many || fixed == 0 { rest.u32()? } else { 1 };
    let mut first: &[u8] = &[];
    for i in 0..count.min(MAX_ATTRIBUTES) {
        let long = if fixed == 0 { rest.u32()? } else { fixed };
        let data = padded(rest, long)?;
        if i == 0 {
            first = data;
        }
    }
    Some(Property { id, wide: kind & 0x0FFF == 0x001F, data: first })
}

/// Values are filled up to four octets.
fn padded<'a>(rest: &mut Octets<'a>, long: usize) -> Option<&'a [u8]> {
    let data = rest.take(long)?;
    let fill = (4 - long % 4) % 4;
    rest.take(fill.min(rest.0.len()))?;
    Some(data)
}

fn wide(data: &[u8]) -> String {
    let units: Vec<u16> = data.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16_lossy(units.split(|unit| *unit == 0).next().unwrap_or_default())
}

fn until_nul(octets: &[u8]) -> &[u8] {
    octets.split(|b| *b == 0).next().unwrap_or_default()
}

fn label(page: u16) -> String {
    match page {
        932 => "cp932".to_owned(),
        50220..=50222 => "iso-2022-jp".to_owned(),
        51932 => "euc-jp".to_owned(),
        65001 => "utf-8".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        page => format!("windows-{page}"),
    }
}
