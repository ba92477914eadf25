//! Japanese letters: what threatens, and what is genuine.
//!
//! They were written and committed before any rule for them. The one who wrote them had seen part of the lexicon of that
//! time, and then widened it with the open half of the threats in view; the misses of the blind half (by hash of the file
//! name) were never looked at. Before, the open half was called by its name in 24.6 % of cases, the blind half in 15.3 %,
//! and two genuine letters were quarantined. One hand wrote letters and rules, so that strangers' mail will be found less
//! often than even the blind half. The floors leave room for a later change of weights.

use std::fs;
use std::path::{Path, PathBuf};

use komainu::indicator::Context;
use komainu::message::Message;
use komainu::verdict::{self, Level, Thresholds, Verdict};

/// As `scan` judges: nothing is known of the person or of their provider.
fn judged(directory: &str) -> Vec<(String, Verdict)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(directory);
    let mut paths: Vec<PathBuf> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
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

fn told((name, verdict): &(String, Verdict)) -> String {
    let ids: Vec<&str> = verdict.findings.iter().map(|finding| finding.indicator).collect();
    format!("{name} {} {ids:?}", verdict.score)
}

#[test]
fn genuine_letters_stay_where_they_are() {
    let letters = judged("genuine-ja");
    assert!(letters.len() >= 130);
    let moved: Vec<String> =
        letters.iter().filter(|(_, verdict)| verdict.level == Level::Threat).map(told).collect();
    assert!(moved.is_empty(), "{moved:#?}");
    let noted: Vec<String> =
        letters.iter().filter(|(_, verdict)| verdict.level != Level::Clean).map(told).collect();
    assert!(noted.len() * 50 <= letters.len(), "{} of {}: {noted:#?}", noted.len(), letters.len());
}

#[test]
fn threats_are_found() {
    for (half, at_least, found_percent, noticed_percent) in
        [("threats-ja/open", 60, 85, 92), ("threats-ja/blind", 60, 72, 78)]
    {
        let letters = judged(half);
        assert!(letters.len() >= at_least);
        let found = letters.iter().filter(|(_, verdict)| verdict.level == Level::Threat).count();
        let noticed = letters.iter().filter(|(_, verdict)| verdict.level != Level::Clean).count();
        // Only numbers: whoever mends rules must not see which of the blind half are missed.
        assert!(
            found * 100 >= letters.len() * found_percent && noticed * 100 >= letters.len() * noticed_percent,
            "{half}: {found} found and {noticed} noticed of {}",
            letters.len()
        );
    }
}
