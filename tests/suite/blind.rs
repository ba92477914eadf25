//! Letters whose author had not seen the judging: 60 threats (40 Japanese, 20 English) and 60 honest look-alikes.
//!
//! They were committed before the lexicon was opened. The first judging called 23 of the 60 threats by their name (15 of 40
//! Japanese, 8 of 20 English), noticed 27, and quarantined one honest letter. Then the catalogue was widened, looking at the
//! half whose file name has an even SHA-256. Now it is 55 of 60 (37 of 40, 18 of 20), noticed 59; in the half not looked at,
//! 24 of 28, noticed 27. The one who widened had written both halves and remembered them, so that only the first figures are
//! blind; on strangers' mail it finds less. No honest letter is even suspicious. The floors below leave room for a later
//! change of weights.

use std::fs;
use std::path::{Path, PathBuf};

use komainu::indicator::Context;
use komainu::message::Message;
use komainu::verdict::{self, Level, Thresholds, Verdict};

/// As `scan` judges: nothing is known of the person or of their provider.
fn judged(side: &str) -> Vec<(String, Verdict)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/blind").join(side);
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
fn threats_by_another_hand_are_found() {
    let threats = judged("threat");
    for (language, letters, found_at_least, noticed_at_least) in [("_ja", 40, 34, 37), ("_en", 20, 16, 18)] {
        let own: Vec<_> = threats.iter().filter(|(name, _)| name.ends_with(language)).collect();
        let found = own.iter().filter(|(_, verdict)| verdict.level == Level::Threat).count();
        let noticed = own.iter().filter(|(_, verdict)| verdict.level != Level::Clean).count();
        let missed: Vec<String> = own
            .iter()
            .filter(|(_, verdict)| verdict.level != Level::Threat)
            .map(|letter| told(letter))
            .collect();
        assert_eq!(own.len(), letters);
        assert!(found >= found_at_least, "{found} of {letters}: {missed:#?}");
        assert!(noticed >= noticed_at_least, "{noticed} of {letters}: {missed:#?}");
    }
}

#[test]
fn honest_look_alikes_stay_where_they_are() {
    let honest = judged("benign");
    assert_eq!(honest.len(), 60);
    let moved: Vec<String> =
        honest.iter().filter(|(_, verdict)| verdict.level == Level::Threat).map(told).collect();
    assert!(moved.is_empty(), "{moved:#?}");
    let noted: Vec<String> =
        honest.iter().filter(|(_, verdict)| verdict.level != Level::Clean).map(told).collect();
    assert!(noted.len() <= 2, "{noted:#?}");
}
