//! What poppler and qpdf say of it. Without them each test says that it was skipped.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use komainu::document::Document;
use komainu::pdf;

use super::{everywhere, example, hostile};

/// A program of poppler or qpdf: the installed one, or that which tests/run has unpacked.
fn program(name: &str) -> Command {
    let installed = Command::new(name).arg("--version").output().is_ok();
    let Some(root) = std::env::var_os("KOMAINU_TEST_PDF_TOOLS").map(PathBuf::from).filter(|_| !installed)
    else {
        return Command::new(name);
    };
    let libraries = root.join(format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH));
    let mut command = Command::new(root.join("usr/bin").join(name));
    command.env("LD_LIBRARY_PATH", libraries);
    command
}

/// Whether a program is not here; says so past the harness, which keeps what a test prints: tests/run counts these.
fn missing(test: &str, name: &str) -> bool {
    let missing = program(name).arg("--version").output().is_err();
    if missing {
        let line = format!("skipped: pdf::{test} ({name} is not installed)\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
    missing
}

/// What it prints. It ends well.
fn said(name: &str, arguments: &[&OsStr]) -> String {
    let output = program(name).args(arguments).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The document as a file.
fn file(document: &Document) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf::render(document).unwrap()).unwrap();
    file
}

/// What pdftotext reads, without white space: lines are broken where the page's measure ends.
fn text(document: &Document) -> String {
    let file = file(document);
    let text = said("pdftotext", &["-raw".as_ref(), file.path().as_os_str(), "-".as_ref()]);
    text.split_whitespace().collect()
}

#[test]
fn the_words_can_be_read_out() {
    if missing("the_words_can_be_read_out", "pdftotext") {
        return;
    }
    for (name, document) in example::all() {
        let text = text(&document);
        for words in example::words(document.language) {
            let words: String = words.split_whitespace().collect();
            assert!(text.contains(&words), "{name}: {words}\n{text}");
        }
    }
}

#[test]
fn what_cannot_be_shown_is_read_out_as_its_number() {
    if missing("what_cannot_be_shown_is_read_out_as_its_number", "pdftotext") {
        return;
    }
    for (text_of, number) in
        [("a\u{202E}b", "a[U+202E]b"), ("𠮷野家", "[U+20BB7]野家"), ("a\0b", "a[U+0000]b")]
    {
        assert!(text(&everywhere(text_of)).contains(number), "{number}");
    }
}

#[test]
fn all_fonts_are_embedded_subsets_with_unicode() {
    if missing("all_fonts_are_embedded_subsets_with_unicode", "pdffonts") {
        return;
    }
    let file = file(&example::all().remove(0).1);
    let list = said("pdffonts", &[file.path().as_os_str()]);
    let fonts: Vec<&str> = list.lines().skip(2).collect();
    assert_eq!(fonts.len(), 1, "{list}");
    assert!(fonts[0].contains("BIZUDPGothic-Regular"), "{list}");
    // emb sub uni, then the object's number and generation.
    let columns: Vec<&str> = fonts[0].split_whitespace().rev().take(5).collect();
    assert_eq!(columns[2..], ["yes", "yes", "yes"], "{list}");
}

#[test]
fn it_is_sound_and_nothing_in_it_acts() {
    if missing("it_is_sound_and_nothing_in_it_acts", "qpdf") {
        return;
    }
    let (_, markup) = hostile().into_iter().find(|(name, _)| *name == "markup").unwrap();
    for document in [example::all().remove(0).1, everywhere(&markup)] {
        let file = file(&document);
        said("qpdf", &["--check".as_ref(), file.path().as_os_str()]);
        let qdf = said(
            "qpdf",
            &["--qdf", "--object-streams=disable"]
                .map(OsStr::new)
                .into_iter()
                .chain([file.path().as_os_str(), OsStr::new("-")])
                .collect::<Vec<_>>(),
        );
        assert!(qdf.contains("<pdfaid:part>2</pdfaid:part>"), "part");
        assert!(qdf.contains("<pdfaid:conformance>B</pdfaid:conformance>"), "conformance");
        for name in [
            "/URI",
            "/JavaScript",
            "/JS",
            "/Launch",
            "/EmbeddedFile",
            "/Annots",
            "/AcroForm",
            "/OpenAction",
            "/AA",
            "/GoToR",
            "/SubmitForm",
        ] {
            // In the file's properties the title stands as it is, in parentheses or as XML.
            let names =
                qdf.lines().filter(|line| !line.contains("markup") && line.trim_start().starts_with(name));
            assert_eq!(names.count(), 0, "{name}");
        }
    }
}
