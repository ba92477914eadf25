//! Each indicator has a message that fires it and a look-alike that does not; the demo's samples end where they should.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use komainu::indicator::{Additions, CATALOGUE, Context, Decision, Learned, Sender, Senders, Tables};
use komainu::message::Message;
use komainu::verdict::{self, Level, Mode, Thresholds, Verdict};
use serde::Deserialize;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn messages(directory: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(root().join(directory))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .collect();
    paths.sort();
    paths
}

/// Lists as the person might keep them.
fn tables() -> Tables {
    let mut senders = Senders::default();
    senders.insert(Sender::Domain("partner.example".to_owned()), Decision::Allow);
    senders.insert(Sender::Address("news@blocked.example".to_owned()), Decision::Block);
    Tables::with(Additions { senders, ..Additions::default() }, Vec::new()).unwrap()
}

/// As if the person had released the one and reported the other.
fn learned() -> Learned {
    let lesson = |name: &str, sender: &str, says| (name.to_owned(), sender.to_owned(), says);
    Learned::of([
        lesson("1", "desk@clinic.example", Decision::Allow),
        lesson("2", "offers@autumn.example", Decision::Block),
    ])
}

fn judge(path: &Path) -> Verdict {
    let context = Context {
        own_addresses: vec!["hanako@example.net".to_owned()],
        authserv_ids: vec!["mx.example.net".to_owned()],
        tables: tables(),
        learned: learned(),
        ..Context::default()
    };
    verdict::judge(&Message::parse(&fs::read(path).unwrap()), &context, &Thresholds::default())
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

/// `legal-threat_seizure_ja` is about `legal-threat`.
fn subject(path: &Path) -> String {
    name(path).split_once('_').unwrap().0.to_owned()
}

fn shows(verdict: &Verdict, id: &str) -> bool {
    verdict.findings.iter().any(|finding| finding.indicator == id)
}

fn told(verdict: &Verdict) -> Vec<String> {
    verdict
        .findings
        .iter()
        .map(|f| format!("{} {} {} {}", f.indicator, f.weight, f.place, f.excerpt))
        .collect()
}

/// What speaks for a message is the other way round: it must be seen in the benign one.
fn expected_in(id: &str) -> &'static str {
    let mitigates = CATALOGUE.iter().any(|indicator| indicator.id == id && indicator.weight.0 < 0);
    if mitigates { "benign" } else { "threat" }
}

#[test]
fn every_message_fires_its_indicator_and_its_twin_does_not() {
    let mut faults = Vec::new();
    for side in ["threat", "benign"] {
        for path in messages(&format!("tests/corpus/{side}")) {
            let id = subject(&path);
            let verdict = judge(&path);
            if shows(&verdict, &id) != (expected_in(&id) == side) {
                faults.push(format!("{side}/{}: {:#?}", name(&path), told(&verdict)));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_benign_message_is_quarantined() {
    for path in messages("tests/corpus/benign") {
        let verdict = judge(&path);
        assert_ne!(verdict.level, Level::Threat, "{}: {:#?}", name(&path), told(&verdict));
    }
}

#[test]
fn every_indicator_has_both_messages_and_every_message_an_indicator() {
    let ids: BTreeSet<String> = CATALOGUE.iter().map(|indicator| indicator.id.to_owned()).collect();
    for side in ["threat", "benign"] {
        let subjects: BTreeSet<String> =
            messages(&format!("tests/corpus/{side}")).iter().map(|path| subject(path)).collect();
        assert_eq!(ids, subjects, "{side}");
    }
}

#[test]
fn every_indicator_has_its_file_and_every_file_an_indicator() {
    let helpers = [
        "automaton",
        "plain",
        "brand",
        "hosts",
        "learned",
        "lexicon",
        "matcher",
        "mod",
        "observables",
        "tables",
        "testing",
        "voice",
        "wallet",
        "weights",
        "wording",
    ];
    let files: BTreeSet<String> = fs::read_dir(root().join("src/indicator"))
        .unwrap()
        .map(|entry| name(&entry.unwrap().path()))
        .filter(|file| !helpers.contains(&file.as_str()))
        .map(|file| file.replace('_', "-"))
        .collect();
    let ids: BTreeSet<String> = CATALOGUE.iter().map(|indicator| indicator.id.to_owned()).collect();
    assert_eq!(files, ids);
}

#[test]
fn findings_of_every_message_add_up() {
    for directory in ["tests/corpus/threat", "tests/corpus/benign", "src/demo/samples"] {
        for path in messages(directory) {
            let verdict = judge(&path);
            let sum: i32 = verdict.findings.iter().map(|finding| finding.weight.0).sum();
            assert_eq!(sum, verdict.score.0, "{}", name(&path));
        }
    }
}

#[derive(Debug, Deserialize)]
struct Samples {
    sample: Vec<Sample>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    file: String,
    language: String,
    expected: String,
    category: Option<String>,
    ja: String,
    en: String,
}

fn samples() -> Vec<Sample> {
    let listed = fs::read_to_string(root().join("src/demo/samples/samples.toml")).unwrap();
    toml::from_str::<Samples>(&listed).unwrap().sample
}

#[test]
fn the_samples_end_where_they_should() {
    let mut faults = Vec::new();
    for sample in samples() {
        let verdict = judge(&root().join("src/demo/samples").join(&sample.file));
        let quarantined = verdict::decide(&verdict, Mode::Quarantine) == verdict::Action::Quarantine;
        let category = verdict.category.map(|category| serde_json::to_value(category).unwrap());
        if quarantined != (sample.expected == "quarantine")
            || (quarantined && category != sample.category.clone().map(serde_json::Value::from))
        {
            faults.push(format!("{}: {category:?} {} {:#?}", sample.file, verdict.score, told(&verdict)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_samples_cover_both_languages_and_every_category() {
    let samples = samples();
    let listed: Vec<String> = samples.iter().map(|sample| sample.file.clone()).collect();
    let there: Vec<String> =
        messages("src/demo/samples").iter().map(|path| format!("{}.eml", name(path))).collect();
    assert_eq!(listed, there);
    assert!(samples.iter().filter(|sample| sample.language == "ja").count() >= 10);
    assert!(samples.iter().filter(|sample| sample.language == "en").count() >= 6);
    let categories: BTreeSet<&str> = samples.iter().filter_map(|sample| sample.category.as_deref()).collect();
    assert_eq!(categories.len(), 8, "{categories:?}");
    let ends = |end: &str| samples.iter().filter(|sample| sample.expected == end).count();
    assert!(ends("quarantine") >= 10 && ends("inbox") >= ends("quarantine"));
    assert!(samples.iter().all(|sample| !sample.ja.is_empty() && !sample.en.is_empty()));
}
