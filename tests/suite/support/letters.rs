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
