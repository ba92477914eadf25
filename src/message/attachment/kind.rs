//! What a file is: by its octets first, by its name only where the octets bear no mark.

use super::search;

/// What a file is. Names that end in a kind's extension promise it; the first octets decide what it really is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the formats' own")]
pub enum Kind {
    #[default]
    Unknown,
    Pe,
    Elf,
    MachO,
    /// JavaScript, VBScript, PowerShell, batch, Windows Script, shell, Python: text that runs.
    Script,
    Hta,
    /// Windows shortcut and its kin (.lnk, .scf, .library-ms, .search-ms, .settingcontent-ms, .desktop).
    Shortcut,
    /// Internet shortcut (.url, .webloc): a link in a file.
    UrlFile,
    Msi,
    Jar,
    Apk,
    Appx,
    Chm,
    /// ISO 9660, UDF, raw FAT, VHD, VHDX, DMG.
    DiskImage,
    Zip,
    Rar,
    SevenZip,
    Gzip,
    Bzip2,
    Xz,
    Zstd,
    Tar,
    Cab,
    Lzh,
    Ace,
    Arj,
    /// Compound file ([MS-CFB]): Word, Excel and PowerPoint before 2007, and encrypted ones since.
    Ole,
    /// A message as Outlook stores it, in a compound file ([MS-OXMSG]).
    Msg,
    Ooxml,
    OpenDocument,
    Rtf,
    Pdf,
    OneNote,
    Html,
    Mht,
    Svg,
    Xml,
    Ics,
    Eml,
    Tnef,
    Png,
    Jpeg,
    Gif,
    Bmp,
    Tiff,
    Webp,
    Mp4,
    /// Named as plain text or a table; octets bear no mark.
    Text,
}

impl Kind {
    /// Its name, lower case: `pe`, `zip`, `pdf`, ...; empty where unknown.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Unknown => "",
            Kind::Pe => "pe",
            Kind::Elf => "elf",
            Kind::MachO => "macho",
            Kind::Script => "script",
            Kind::Hta => "hta",
            Kind::Shortcut => "shortcut",
            Kind::UrlFile => "url",
            Kind::Msi => "msi",
            Kind::Jar => "jar",
            Kind::Apk => "apk",
            Kind::Appx => "appx",
            Kind::Chm => "chm",
            Kind::DiskImage => "disk-image",
            Kind::Zip => "zip",
            Kind::Rar => "rar",
            Kind::SevenZip => "7z",
            Kind::Gzip => "gzip",
            Kind::Bzip2 => "bzip2",
            Kind::Xz => "xz",
            Kind::Zstd => "zstd",
            Kind::Tar => "tar",
            Kind::Cab => "cab",
            Kind::Lzh => "lzh",
            Kind::Ace => "ace",
            Kind::Arj => "arj",
            Kind::Ole => "ole",
            Kind::Msg => "msg",
            Kind::Ooxml => "ooxml",
            Kind::OpenDocument => "opendocument",
            Kind::Rtf => "rtf",
            Kind::Pdf => "pdf",
            Kind::OneNote => "onenote",
            Kind::Html => "html",
            Kind::Mht => "mht",
            Kind::Svg => "svg",
            Kind::Xml => "xml",
            Kind::Ics => "ics",
            Kind::Eml => "eml",
            Kind::Tnef => "tnef",
            Kind::Png => "png",
            Kind::Jpeg => "jpeg",
            Kind::Gif => "gif",
            Kind::Bmp => "bmp",
            Kind::Tiff => "tiff",
            Kind::Webp => "webp",
            Kind::Mp4 => "mp4",
            Kind::Text => "text",
        }
    }

    /// Runs a program when it is opened: machine code, installers, packages that carry it.
    pub fn is_program(self) -> bool {
        matches!(
            self,
            Kind::Pe
                | Kind::Elf
                | Kind::MachO
                | Kind::Hta
                | Kind::Msi
                | Kind::Jar
                | Kind::Apk
                | Kind::Appx
                | Kind::Chm
        )
    }

    /// Holds other files.
    pub fn is_archive(self) -> bool {
        matches!(
            self,
            Kind::Zip
                | Kind::Rar
                | Kind::SevenZip
                | Kind::Gzip
                | Kind::Bzip2
                | Kind::Xz
                | Kind::Zstd
                | Kind::Tar
                | Kind::Cab
                | Kind::Lzh
                | Kind::Ace
                | Kind::Arj
        )
    }

    /// A picture.
    pub fn is_image(self) -> bool {
        matches!(self, Kind::Png | Kind::Jpeg | Kind::Gif | Kind::Bmp | Kind::Tiff | Kind::Webp)
    }

    /// What a person takes for something to read: documents, pictures, films, plain text.
    pub fn is_document(self) -> bool {
        self.is_image()
            || matches!(
                self,
                Kind::Ole | Kind::Ooxml | Kind::OpenDocument | Kind::Rtf | Kind::Pdf | Kind::Mp4 | Kind::Text
            )
    }

    /// What a file name promises by its last extension, as Windows reads it.
    pub fn promised(name: &str) -> Kind {
        let extension = extension(name);
        EXTENSIONS
            .iter()
            .find(|(_, extensions)| extensions.contains(&extension.as_str()))
            .map_or(Kind::Unknown, |(kind, _)| *kind)
    }

    /// What a file is. The octets decide; a script has no mark, so where they bear none the name does, for text.
    pub(in crate::message) fn of(octets: &[u8], name: &str) -> Kind {
        let sniffed = sniff(octets);
        let promised = Kind::promised(name);
        match (sniffed, promised) {
            (
                Kind::Unknown,
                Kind::Script | Kind::UrlFile | Kind::Shortcut | Kind::Hta | Kind::Html | Kind::Ics,
            ) if is_text(octets) => promised,
            (Kind::Html | Kind::Xml, Kind::Hta | Kind::Script | Kind::Shortcut) => promised,
            (Kind::Unknown, Kind::DiskImage) if is_disk(octets) => Kind::DiskImage,
            (Kind::Unknown, Kind::Text) => Kind::Text,
            (Kind::Unknown, promised) if promised != Kind::Text && script_words(octets) => Kind::Script,
            (Kind::Ole, Kind::Msi) => Kind::Msi,
            (sniffed, _) => sniffed,
        }
    }
}

/// Extensions by what they promise, lower case.
const EXTENSIONS: &[(Kind, &[&str])] = &[
    (Kind::Pe, &["exe", "scr", "pif", "com", "cpl", "dll", "ocx", "xll", "sys"]),
    (Kind::Elf, &["elf", "run", "bin"]),
    (
        Kind::Script,
        &[
            "js", "jse", "mjs", "vbs", "vbe", "vb", "wsf", "wsh", "wsc", "sct", "ps1", "psm1", "psc1", "bat",
            "cmd", "sh", "py", "pyw", "reg", "inf", "gadget", "ahk", "au3", "scpt", "command",
        ],
    ),
    (Kind::Hta, &["hta"]),
    (
        Kind::Shortcut,
        &[
            "lnk",
            "scf",
            "library-ms",
            "search-ms",
            "searchconnector-ms",
            "settingcontent-ms",
            "desktop",
            "appref-ms",
        ],
    ),
    (Kind::UrlFile, &["url", "webloc", "website"]),
    (Kind::Msi, &["msi", "msp", "mst"]),
    (Kind::Jar, &["jar", "jnlp"]),
    (Kind::Apk, &["apk"]),
    (Kind::Appx, &["appx", "appxbundle", "msix", "msixbundle", "appinstaller", "application"]),
    (Kind::Chm, &["chm"]),
    (Kind::DiskImage, &["iso", "img", "vhd", "vhdx", "dmg", "udf", "vmdk"]),
    (Kind::Zip, &["zip", "zipx"]),
    (Kind::Rar, &["rar", "r00", "r01", "r15", "rev"]),
    (Kind::SevenZip, &["7z"]),
    (Kind::Gzip, &["gz", "tgz", "z"]),
    (Kind::Bzip2, &["bz2", "tbz", "tbz2", "bz"]),
    (Kind::Xz, &["xz", "txz", "lzma"]),
    (Kind::Zstd, &["zst"]),
    (Kind::Tar, &["tar"]),
    (Kind::Cab, &["cab"]),
    (Kind::Lzh, &["lzh", "lha"]),
    (Kind::Ace, &["ace"]),
    (Kind::Arj, &["arj"]),
    (Kind::Ole, &["doc", "dot", "xls", "xlt", "xla", "ppt", "pps", "pot"]),
    (Kind::Msg, &["msg"]),
    (
        Kind::Ooxml,
        &[
            "docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xlsb", "xltx", "xltm", "xlam", "pptx", "pptm",
            "ppsx", "ppsm", "potx", "potm", "ppam",
        ],
    ),
    (Kind::OpenDocument, &["odt", "ods", "odp", "odg", "ott", "ots"]),
    (Kind::Rtf, &["rtf"]),
    (Kind::Pdf, &["pdf"]),
    (Kind::OneNote, &["one", "onepkg"]),
    (Kind::Html, &["htm", "html", "xhtml", "xht", "shtml", "shtm", "mhtml-htm"]),
    (Kind::Mht, &["mht", "mhtml"]),
    (Kind::Svg, &["svg", "svgz"]),
    (Kind::Xml, &["xml", "xsl", "xslt"]),
    (Kind::Ics, &["ics", "ical", "ifb", "vcs"]),
    (Kind::Eml, &["eml"]),
    (Kind::Png, &["png"]),
    (Kind::Jpeg, &["jpg", "jpeg", "jpe", "jfif"]),
    (Kind::Gif, &["gif"]),
    (Kind::Bmp, &["bmp"]),
    (Kind::Tiff, &["tif", "tiff"]),
    (Kind::Webp, &["webp"]),
    (Kind::Mp4, &["mp4", "mov", "m4v", "avi", "wmv"]),
    (Kind::Text, &["txt", "csv", "log", "md", "text"]),
];

/// The last extension, lower case, as Windows reads it: dots and white space at the end do not count, and neither do
/// characters without a picture. Empty where there is none.
pub fn extension(name: &str) -> String {
    let name = name.trim_end_matches(|c: char| {
        c == '.' || c.is_whitespace() || c.is_control() || crate::message::fold::ignorable(c)
    });
    let Some((_, last)) = name.rsplit_once('.') else { return String::new() };
    last.chars()
        .filter(|c| !crate::message::fold::ignorable(*c))
        .collect::<String>()
        .trim()
        .to_ascii_lowercase()
}

/// The kind by the first octets alone.
pub(in crate::message) fn sniff(octets: &[u8]) -> Kind {
    for (magic, kind) in MAGIC {
        if octets.starts_with(magic) {
            return *kind;
        }
    }
    match octets {
        [b'M', b'Z', rest @ ..] if !is_text(rest.get(..62).unwrap_or(rest)) => return Kind::Pe,
        // A Java class has the same first four octets as a universal Mach-O, which holds few architectures.
        [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, few, ..] => return if *few < 20 { Kind::MachO } else { Kind::Jar },
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => return Kind::Bmp,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => return Kind::Webp,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => return Kind::Mp4,
        [_, _, b'-', b'l', b'h' | b'z', _, b'-', ..] => return Kind::Lzh,
        [_, _, _, _, _, _, _, b'*', b'*', b'A', b'C', b'E', b'*', b'*', ..] => return Kind::Ace,
        _ => {}
    }
    if octets.get(257..262) == Some(b"ustar") {
        return Kind::Tar;
    }
    if octets.get(0x8001..0x8006) == Some(b"CD001") || octets.get(0x8001..0x8006) == Some(b"BEA01") {
        // ISO 9660 §8.4.1 and ECMA-167: the volume descriptors begin in sector 16.
        return Kind::DiskImage;
    }
    // A PDF reader looks for its mark in the first 1024 octets.
    if search::find(octets.get(..1024).unwrap_or(octets), b"%PDF-").is_some() {
        return Kind::Pdf;
    }
    sniff_text(octets)
}

const MAGIC: &[(&[u8], Kind)] = &[
    (b"\x7fELF", Kind::Elf),
    (b"\xfe\xed\xfa\xce", Kind::MachO),
    (b"\xfe\xed\xfa\xcf", Kind::MachO),
    (b"\xce\xfa\xed\xfe", Kind::MachO),
    (b"\xcf\xfa\xed\xfe", Kind::MachO),
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"PK\x07\x08", Kind::Zip),
    (b"Rar!\x1a\x07", Kind::Rar),
    (b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
    (b"\x1f\x8b", Kind::Gzip),
    (b"BZh", Kind::Bzip2),
    (b"\xfd7zXZ\x00", Kind::Xz),
    (b"\x28\xb5\x2f\xfd", Kind::Zstd),
    (b"MSCF", Kind::Cab),
    (b"\x60\xea", Kind::Arj),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Ole),
    (b"%PDF-", Kind::Pdf),
    (b"\x89PNG\r\n\x1a\n", Kind::Png),
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"GIF8", Kind::Gif),
    (b"II*\x00", Kind::Tiff),
    (b"MM\x00*", Kind::Tiff),
    (b"L\x00\x00\x00\x01\x14\x02\x00", Kind::Shortcut),
    (b"ITSF", Kind::Chm),
    (b"{\\rt", Kind::Rtf),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", Kind::OneNote),
    (b"vhdxfile", Kind::DiskImage),
    (b"conectix", Kind::DiskImage),
    (b"KDMV", Kind::DiskImage),
    // TNEF_SIGNATURE ([MS-OXTNEF] §2.1.3.1).
    (b"\x78\x9f\x3e\x22", Kind::Tnef),
    // Encoded JScript and VBScript (Windows Script Encoder).
    (b"#@~^", Kind::Script),
];

/// A raw image of a disk, which only its end or its boot sector tells: asked only where the name says so.
fn is_disk(octets: &[u8]) -> bool {
    octets.get(510..512) == Some(b"\x55\xaa")
        || octets.len().checked_sub(512).and_then(|at| octets.get(at..at + 8)) == Some(b"conectix")
        || octets.len().checked_sub(512).and_then(|at| octets.get(at..at + 4)) == Some(b"koly")
}

fn sniff_text(octets: &[u8]) -> Kind {
    let head = octets.get(..1024).unwrap_or(octets);
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    // A quick way out: none of the marks below begins otherwise.
    if !matches!(head.first(), Some(b'<' | b'[' | b'#' | b'@' | b'b' | b'B' | b'f' | b'F' | b'm' | b'M')) {
        return Kind::Unknown;
    }
    if head.starts_with(b"#!") {
        return Kind::Script;
    }
    let lower = head.to_ascii_lowercase();
    let begins = |words: &[&[u8]]| words.iter().any(|word| lower.starts_with(word));
    if begins(&[b"<svg"])
        || (begins(&[b"<?xml", b"<!--", b"<!doctype svg"]) && search::find(&lower, b"<svg").is_some())
    {
        Kind::Svg
    } else if begins(&[b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<meta"])
        || (begins(&[b"<!--", b"<?xml"])
            && (search::find(&lower, b"<html").is_some() || search::find(&lower, b"<script").is_some()))
    {
        if search::find(&lower, b"<hta:application").is_some() { Kind::Hta } else { Kind::Html }
    } else if begins(&[b"<?xml"]) {
        Kind::Xml
    } else if begins(&[b"<job", b"<package"]) && search::find(&lower, b"<script").is_some() {
        Kind::Script
    } else if begins(&[b"[internetshortcut]"]) {
        Kind::UrlFile
    } else if begins(&[b"[desktop entry]"]) {
        Kind::Shortcut
    } else if begins(&[b"begin:vcalendar"]) {
        Kind::Ics
    } else if begins(&[b"@echo "]) {
        Kind::Script
    } else if begins(&[b"mime-version:"]) && search::find(&lower, b"multipart/related").is_some() {
        Kind::Mht
    } else {
        Kind::Unknown
    }
}

/// Words that only a script for the Windows script host or PowerShell has at its beginning.
fn script_words(octets: &[u8]) -> bool {
    let head = octets.get(..4096).unwrap_or(octets);
    if !is_text(head) {
        return false;
    }
    let lower = head.to_ascii_lowercase();
    [
        b"new activexobject(".as_slice(),
        b"wscript.shell",
        b"wscript.createobject",
        b"set-executionpolicy",
        b"powershell -",
        b"invoke-expression",
        b"=createobject(",
        b"= createobject(",
    ]
    .iter()
    .any(|word| search::find(&lower, word).is_some())
}

/// True where the octets hold no control but white space and escape: text in any charset but UTF-16.
pub(in crate::message) fn is_text(octets: &[u8]) -> bool {
    let head = octets.get(..4096).unwrap_or(octets);
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return true;
    }
    head.iter().all(|b| !b.is_ascii_control() || matches!(b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magics() {
        let mut iso = vec![0; 0x8001];
        iso.extend(b"CD001");
        for (octets, name, kind) in [
            (b"MZ\x90\0".as_slice(), "", Kind::Pe),
            (b"MZ is a postcode area", "a.txt", Kind::Text),
            (b"\x7fELF\x02", "", Kind::Elf),
            (b"\xca\xfe\xba\xbe\0\0\0\x02", "", Kind::MachO),
            (b"\xca\xfe\xba\xbe\0\0\0\x34", "", Kind::Jar),
            (b"%PDF-1.7", "", Kind::Pdf),
            (b"junk\n%PDF-1.4", "", Kind::Pdf),
            (b"  <!DOCTYPE HTML><html>", "", Kind::Html),
            (b"\xef\xbb\xbf<html>", "", Kind::Html),
            (b"<html><hta:application>", "", Kind::Hta),
            (b"<html>", "a.hta", Kind::Hta),
            (b"#!/bin/sh\n", "", Kind::Script),
            (b"var a = 1", "a.js", Kind::Script),
            (b"var a = new ActiveXObject('x')", "a.pdf", Kind::Script),
            (b"var a = new ActiveXObject('x')", "a.txt", Kind::Text),
            (b"<svg xmlns=", "", Kind::Svg),
            (b"[InternetShortcut]\r\nURL=", "", Kind::UrlFile),
            (b"L\0\0\0\x01\x14\x02\0", "a.pdf", Kind::Shortcut),
            (b"\x78\x9f\x3e\x22", "winmail.dat", Kind::Tnef),
            (b"\x21\x00-lh5-", "", Kind::Lzh),
            (b"hello", "", Kind::Unknown),
            (b"", "", Kind::Unknown),
            (&iso, "", Kind::DiskImage),
        ] {
            assert_eq!(Kind::of(octets, name), kind, "{name} {}", String::from_utf8_lossy(octets));
        }
    }

    #[test]
    fn promises() {
        for (name, kind) in [
            ("請求書.PDF", Kind::Pdf),
            ("a.pdf.exe", Kind::Pe),
            ("a.exe. . ", Kind::Pe),
            ("a.e\u{200b}xe\u{202c}", Kind::Pe),
            ("a", Kind::Unknown),
            ("a.library-ms", Kind::Shortcut),
        ] {
            assert_eq!(Kind::promised(name), kind, "{name}");
        }
    }
}
