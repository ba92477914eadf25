//! Letters in English and a dozen other languages, written before a rule for them was.
//!
//! 211 honest ones (`genuine-world`), and 204 threats, of which those whose name has an even SHA-256 were put aside
//! (`threat-world/blind`) and never looked at, one by one, while rules changed; the other half (`threat-world/open`) was. The
//! one who wrote the rules had written all of them, and remembered them. Before that work the blind half was called by its
//! name in 8 of 106, and noticed in 12. No honest letter was ever moved. The floors leave room for a change of weights.

use std::fs;
use std::path::{Path, PathBuf};

use komainu::indicator::Context;
use komainu::message::Message;
use komainu::verdict::{self, Level, Thresholds, Verdict};

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

/// How many in a hundred are of at least this level.
fn share(letters: &[&(String, Verdict)], level: Level) -> usize {
    100 * letters.iter().filter(|(_, verdict)| verdict.level >= level).count() / letters.len()
}

#[test]
fn threats_of_many_languages_are_found() {
    for (half, english, others) in [("open", (35, 60), (45, 65)), ("blind", (35, 60), (45, 65))] {
        let threats = judged(&format!("threat-world/{half}"));
        let (en, world): (Vec<_>, Vec<_>) = threats.iter().partition(|(name, _)| name.ends_with("_en"));
        for (letters, (found, noticed)) in [(en, english), (world, others)] {
            let missed: Vec<String> = letters
                .iter()
                .filter(|(_, verdict)| verdict.level == Level::Clean)
                .map(|letter| told(letter))
                .collect();
            assert!(share(&letters, Level::Threat) >= found, "{half}: {missed:#?}");
            assert!(share(&letters, Level::Suspicious) >= noticed, "{half}: {missed:#?}");
        }
    }
}

#[test]
fn honest_letters_of_many_languages_stay_where_they_are() {
    let honest = judged("genuine-world");
    assert!(honest.len() > 200);
    let moved: Vec<String> =
        honest.iter().filter(|(_, verdict)| verdict.level == Level::Threat).map(told).collect();
    assert!(moved.is_empty(), "{moved:#?}");
    let noted: Vec<String> =
        honest.iter().filter(|(_, verdict)| verdict.level != Level::Clean).map(told).collect();
    assert!(noted.len() <= 4, "{noted:#?}");
}
