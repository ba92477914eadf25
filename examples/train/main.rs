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
mod judge;
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
        text: number("TEXT", 15.0),
        shape: number("SHAPE", 1.0),
        indicator: number("INDICATOR", 0.7),
        language: number("LANGUAGE", 3.0),
    };
    if arguments.iter().any(|a| a == "--indicators") {
        report::indicators(&table, &samples);
        return Ok(());
    }
    for by in [By::Campaign, By::Source] {
        let folds = folds::assign(&samples, by);
        let learned = held_out(&samples, &table, &folds, &beliefs);
        report::curve(&format!("by {by:?}"), &samples, &report::raws(&table, &learned, &folds));
        for scale in [0.6, 0.8, 1.0] {
            let sums: Vec<judge::Sum> = report::sums(&table, &learned, &folds, &samples, scale);
            report::operating(&format!("  x{scale}"), &samples, &sums);
        }
    }
    Ok(())
}

/// By fold, what was learned without it.
fn held_out(
    samples: &[corpus::Sample],
    table: &Table,
    folds: &[usize],
    beliefs: &Beliefs,
) -> Vec<model::Learned> {
    let learn = |fold: usize| table.learn(samples, &folds::training(samples, folds, fold), beliefs);
    std::thread::scope(|scope| {
        let learn = &learn;
        // Two cores; each fold is the same whoever computes it.
        let odd = scope.spawn(move || (1..FOLDS).step_by(2).map(learn).collect::<Vec<_>>());
        let even: Vec<_> = (0..FOLDS).step_by(2).map(learn).collect();
        let odd = odd.join().unwrap_or_default();
        even.into_iter().zip(odd).flat_map(|(even, odd)| [even, odd]).collect()
    })
}
