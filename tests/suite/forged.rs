//! What a sender writes about its own mail changes no score: forged verdicts of filters, forged results of authentication.

use std::fs;
use std::path::{Path, PathBuf};

use komainu::indicator::Context;
use komainu::message::Message;
use komainu::verdict::{self, Thresholds, Verdict};
use proptest::prelude::*;

fn files(directory: &str, ending: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(directory))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == ending))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{directory}");
    paths
}

fn judge(octets: &[u8]) -> Verdict {
    let context = Context {
        own_addresses: vec!["hanako@example.net".to_owned()],
        authserv_ids: vec!["mx.example.net".to_owned()],
        ..Context::default()
    };
    verdict::judge(&Message::parse(octets), &context, &Thresholds::default())
}

/// A message as lines, and where among them a field may be put in: before each field, and after the last.
struct Letter {
    lines: Vec<String>,
    gaps: Vec<usize>,
    /// The first gap below the first Received field.
    below: usize,
}

fn letter(text: &str) -> Letter {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let end = lines.iter().position(String::is_empty).unwrap();
    let gaps: Vec<usize> =
        (0..=end).filter(|at| *at == end || !lines[*at].starts_with([' ', '\t'])).collect();
    let received =
        lines[..end].iter().position(|line| line.to_ascii_lowercase().starts_with("received:")).unwrap();
    let below = gaps.iter().position(|at| *at > received).unwrap();
    Letter { lines, gaps, below }
}

impl Letter {
    fn with(&self, forgery: &str, gap: usize) -> String {
        let at = self.gaps[gap];
        let mut lines = self.lines.clone();
        lines.splice(at..at, forgery.lines().map(str::to_owned));
        lines.join("\n") + "\n"
    }
}

/// Score and findings, but for the place of a field, which is a name and not a number.
fn told(verdict: &Verdict) -> Vec<(String, i32, String)> {
    verdict
        .findings
        .iter()
        .map(|finding| (finding.indicator.to_owned(), finding.weight.0, finding.excerpt.to_string()))
        .collect()
}

/// Messages of the pairs, of both sides.
fn letters() -> Vec<(PathBuf, Letter)> {
    let mut all = files("tests/corpus/threat", "eml");
    all.extend(files("tests/corpus/benign", "eml"));
    all.into_iter()
        .filter_map(|path| {
            let text = fs::read_to_string(&path).ok()?;
            text.to_ascii_lowercase().contains("received:").then(|| (path, letter(&text)))
        })
        .collect()
}

/// Name and text.
fn forgeries() -> Vec<(String, String)> {
    files("tests/corpus/forged", "txt")
        .into_iter()
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect()
}

fn first_gap(name: &str, letter: &Letter) -> usize {
    if name.starts_with("below_") { letter.below } else { 0 }
}

#[test]
fn no_forgery_changes_the_score_of_any_pair_message() {
    let forgeries = forgeries();
    assert!(forgeries.len() >= 20);
    for (path, letter) in letters() {
        let plain = judge((letter.lines.join("\n") + "\n").as_bytes());
        for (name, text) in &forgeries {
            for gap in [first_gap(name, &letter), letter.below, letter.gaps.len() - 1] {
                let forged = judge(letter.with(text, gap).as_bytes());
                assert_eq!(told(&forged), told(&plain), "{name} at gap {gap} of {}", path.display());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nor_do_several_at_any_place(
        which in any::<prop::sample::Index>(),
        picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6),
        upper in any::<bool>(),
    ) {
        let letters = letters();
        let forgeries = forgeries();
        let (path, first) = &letters[which.index(letters.len())];
        let original = first.lines.join("\n") + "\n";
        let plain = judge(original.as_bytes());
        let mut text = original;
        for (forgery, place) in picks {
            let (name, forged) = &forgeries[forgery.index(forgeries.len())];
            let now = letter(&text);
            let from = first_gap(name, &now);
            let forged = if upper { forged.to_ascii_uppercase() } else { forged.clone() };
            text = now.with(&forged, from + place.index(now.gaps.len() - from));
        }
        prop_assert_eq!(told(&judge(text.as_bytes())), told(&plain), "{}", path.display());
    }
}

/// The same words do count where the provider wrote them: else the tests above would pass for want of reading.
#[test]
fn the_providers_own_field_counts() {
    let text = "Received: from a (a [192.0.2.1]) by mx.example.net; Tue, 24 Nov 2026 08:15:00 +0900\n\
                From: hanako@example.net\nTo: hanako@example.net\n\nhello\n";
    let letter = letter(text);
    let field = "Authentication-Results: mx.example.net; dmarc=pass header.from=example.net\n";
    assert_ne!(told(&judge(letter.with(field, 0).as_bytes())), told(&judge(text.as_bytes())));
}
