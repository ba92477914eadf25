//! Learns the weights that komainu ships, and tells how such weights do on mail that they have not seen.
//!
//!     cargo run --release --example train -- CORPUS [--indicators | --write] [--wrong FILE]
//!
//! `--indicators` counts by source where each indicator is seen, and fits nothing. `--wrong` writes the held-out messages that
//! were misjudged, one JSON object a line.
#![allow(
    missing_docs,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a maintainer's tool"
)]

mod corpus;
mod export;
mod fit;
mod folds;
mod judge;
mod model;
mod report;

use std::path::Path;
use std::process::ExitCode;

use folds::{By, FOLDS};
use model::{Beliefs, Table};

/// What all log-odds are multiplied by, so that the shipped thresholds, 3.00 and 5.00, lie where honest mail leaves them to:
/// chosen on held-out scores; see docs/model.md.
const SCALE: f64 = 0.7;
/// Chosen by cross-validation; see docs/model.md.
const BELIEFS: Beliefs = Beliefs { text: 15.0, shape: 1.0, indicator: 0.7, language: 3.0 };
/// Share of held-out honest mail that may be a threat.
const RATE: f64 = 0.003;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("train: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let corpus = arguments.first().ok_or("which corpus? train CORPUS")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let samples = corpus::read(Path::new(corpus), root)?;
    let table = Table::new(&samples);
    eprintln!("{} messages, {} columns", samples.len(), table.rows.columns);
    if arguments.iter().any(|a| a == "--indicators") {
        report::indicators(&table, &samples);
        return Ok(());
    }
    let mut base = i32::MAX;
    let mut wrong = String::new();
    let wrong_path = after(&arguments, "--wrong")?;
    for by in [By::Campaign, By::Source] {
        let folds = folds::assign(&samples, by);
        let learned = held_out(&samples, &table, &folds);
        println!("by {by:?}");
        for scale in [0.6, SCALE, 0.8] {
            let sums: Vec<judge::Sum> = report::sums(&table, &learned, &folds, &samples, scale);
            let at = report::operating(&format!("  x{scale}"), &samples, &sums);
            if scale == SCALE {
                base = base.min(at);
                report::strata(&samples, &sums, at);
                if let Some(path) = wrong_path {
                    wrong += &report::wrong(&format!("{by:?}"), &samples, &sums, at);
                    std::fs::write(path, &wrong).map_err(|error| format!("{path}: {error}"))?;
                }
            }
        }
    }
    println!("base rate {base}");
    if arguments.iter().any(|argument| argument == "--write") {
        let train: Vec<usize> =
            (0..samples.len()).filter(|at| samples[*at].class != corpus::Class::Spam).collect();
        let learned = table.learn(&samples, &train, &BELIEFS);
        export::write(root, &table, &learned, &samples, SCALE, komainu::indicator::Hundredths(base))?;
    }
    Ok(())
}

/// The argument that follows a flag, where the flag is given.
fn after<'a>(arguments: &'a [String], flag: &str) -> Result<Option<&'a str>, String> {
    let Some(at) = arguments.iter().position(|argument| argument == flag) else { return Ok(None) };
    arguments.get(at + 1).map(|value| Some(value.as_str())).ok_or_else(|| format!("{flag}: which file?"))
}

/// By fold, what was learned without it.
fn held_out(samples: &[corpus::Sample], table: &Table, folds: &[usize]) -> Vec<model::Learned> {
    let learn = |fold: usize| table.learn(samples, &folds::training(samples, folds, fold), &BELIEFS);
    std::thread::scope(|scope| {
        let learn = &learn;
        // Two cores; each fold is the same whoever computes it.
        let odd = scope.spawn(move || (1..FOLDS).step_by(2).map(learn).collect::<Vec<_>>());
        let even: Vec<_> = (0..FOLDS).step_by(2).map(learn).collect();
        let odd = odd.join().unwrap_or_default();
        even.into_iter().zip(odd).flat_map(|(even, odd)| [even, odd]).collect()
    })
}
