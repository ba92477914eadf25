//! Learns the weights that komainu ships, and tells how such weights do on mail that they have not seen.
//!
//!     cargo run --release --example train -- CORPUS [--write]
#![allow(
    missing_docs,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a maintainer's tool"
)]

mod corpus;
mod fit;
mod folds;
mod model;
mod report;

use std::path::Path;
use std::process::ExitCode;

use folds::{By, FOLDS};
use model::{Beliefs, Table};

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
    let samples = corpus::read(Path::new(corpus), &root.join("tests/corpus"))?;
    let table = Table::new(&samples);
    eprintln!("{} messages, {} columns", samples.len(), table.rows.columns);
    let number =
        |name: &str, default: f64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let beliefs = Beliefs {
        text: number("TEXT", 5.5),
        shape: number("SHAPE", 0.5),
        indicator: number("INDICATOR", 0.5),
        language: number("LANGUAGE", 3.0),
    };
    for by in [By::Campaign, By::Source] {
        let folds = folds::assign(&samples, by);
        let held = held_out(&samples, &table, &folds, &beliefs);
        report::curve(&format!("by {by:?}"), &samples, &held);
    }
    Ok(())
}

/// Each sample's score by weights that saw neither its source nor its campaign.
fn held_out(samples: &[corpus::Sample], table: &Table, folds: &[usize], beliefs: &Beliefs) -> Vec<f64> {
    let mut scores = vec![0.0; samples.len()];
    let judged: Vec<Vec<(usize, f64)>> = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            scope.spawn(move || {
                (0..FOLDS)
                    .filter(|fold| fold % 2 == half)
                    .map(|fold| {
                        let learned = table.learn(samples, &folds::training(samples, folds, fold), beliefs);
                        (0..samples.len())
                            .filter(|at| folds[*at] == fold)
                            .map(|at| (at, report::raw(table, &learned, at)))
                            .collect::<Vec<_>>()
                    })
                    .collect::<Vec<_>>()
            })
        });
        halves.into_iter().flat_map(|half| half.join().unwrap_or_default()).collect()
    });
    for (at, score) in judged.into_iter().flatten() {
        scores[at] = score;
    }
    scores
}
