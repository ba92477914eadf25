//! Letters of tests/corpus, judged as `scan` does: nothing is known of the person or of their provider.

use std::fs;
use std::path::{Path, PathBuf};

use komainu::indicator::Context;
use komainu::message::Message;
use komainu::verdict::{self, Level, Thresholds, Verdict};

/// A letter by its file's name, and what it was judged to be.
pub(crate) type Letter = (String, Verdict);

/// All letters of a folder below tests/corpus, in the order of their names.
pub(crate) fn judged(folder: &str) -> Vec<Letter> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let message = Message::parse(&fs::read(&path).unwrap());
            let verdict = verdict::judge(&message, &Context::default(), &Thresholds::default());
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), verdict)
        })
        .collect()
}

/// The letters of a folder's mboxes whose name begins with their class, in order; each begins with `From KIND@letters`.
pub(crate) fn mbox(folder: &str, class: &str) -> Vec<Letter> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with(class));
    paths.sort();
    let letters = |path: PathBuf| {
        let octets = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut letters: Vec<String> = Vec::new();
        for line in octets.split_inclusive('\n') {
            if line.starts_with("From ") && line.contains("@letters ") {
                letters.push(String::new());
            } else if let Some(letter) = letters.last_mut() {
                letter.push_str(
                    line.strip_prefix('>').filter(|line| line.starts_with("From ")).unwrap_or(line),
                );
            }
        }
        letters.into_iter().enumerate().map(move |(index, letter)| {
            let message = Message::parse(letter.as_bytes());
            (format!("{name} {index}"), verdict::judge(&message, &Context::default(), &Thresholds::default()))
        })
    };
    paths.into_iter().flat_map(letters).collect()
}

/// Name, score and findings of those letters that are at least, or below, a level.
pub(crate) fn told<'l>(
    letters: impl IntoIterator<Item = &'l Letter>,
    which: impl Fn(Level) -> bool,
) -> Vec<String> {
    letters
        .into_iter()
        .filter(|(_, verdict)| which(verdict.level))
        .map(|(name, verdict)| {
            let ids: Vec<&str> = verdict.findings.iter().map(|finding| finding.indicator).collect();
            format!("{name} {} {ids:?}", verdict.score)
        })
        .collect()
}

/// How many are of at least this level.
pub(crate) fn count<'l>(letters: impl IntoIterator<Item = &'l Letter>, level: Level) -> usize {
    letters.into_iter().filter(|(_, verdict)| verdict.level >= level).count()
}

/// Honest letters: none is moved, and at most so many are noted.
pub(crate) fn assert_left_alone(letters: &[Letter], noted_at_most: usize) {
    let moved = told(letters, |level| level == Level::Threat);
    assert!(moved.is_empty(), "{moved:#?}");
    let noted = told(letters, |level| level != Level::Clean);
    assert!(noted.len() <= noted_at_most, "{} of {}: {noted:#?}", noted.len(), letters.len());
}
