//! Writes what was learned as the program reads it: `config/weights.toml` and `config/text-model.bin`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use komainu::indicator::{self, Hundredths};
use komainu::model::text::BUCKETS;

use super::corpus::{Class, Sample};
use super::judge;
use super::model::{Learned, Table};

/// Share of n-grams whose weight one octet holds unclipped.
const HELD: f64 = 0.9998;

pub(crate) fn write(
    root: &Path,
    table: &Table,
    learned: &Learned,
    samples: &[Sample],
    scale: f64,
    base: Hundredths,
) -> Result<(), String> {
    let (octets, unit) = text(table, learned, scale);
    let mut toml = String::from(
        "# Written by `cargo run --release --example train -- CORPUS --write`; see docs/model.md. Not edited by hand.\n\
         # Weights in hundredths of log-odds.\n\n",
    );
    let _ = writeln!(toml, "base-rate = {}\n\n[text]\nunit = {unit:?}\n\n[shape]", base.0);
    for (name, column) in &table.traits {
        let weight = (learned.weights[*column as usize] * scale * 100.0).round() as i32;
        if weight != 0 {
            let _ = writeln!(toml, "{name} = {weight}");
        }
    }
    let weights = judge::indicators(table, learned, scale);
    for indicator in indicator::CATALOGUE.iter().filter(|indicator| judge::is_fitted(table, indicator)) {
        let shown = |class: Class| {
            let of = samples.iter().filter(|sample| sample.class == class);
            (of.clone().filter(|sample| sample.findings.contains(&indicator.id)).count(), of.count())
        };
        let ((threats, all_threats), (honest, all_honest)) = (shown(Class::Threat), shown(Class::Honest));
        let _ = writeln!(
            toml,
            "\n[indicator.{}]\nweight = {}\nthreats = [{threats}, {all_threats}]\nhonest = [{honest}, {all_honest}]\nsources = {}",
            indicator.id,
            weights[indicator.id].0,
            table.sources[indicator.id].len(),
        );
    }
    let put = |name: &str, octets: &[u8]| {
        let path = root.join("config").join(name);
        fs::write(&path, octets).map_err(|error| format!("{}: {error}", path.display()))
    };
    put("weights.toml", toml.as_bytes())?;
    put("text-model.bin", &octets)
}

/// One signed octet a bucket, and how many hundredths one unit of it is.
fn text(table: &Table, learned: &Learned, scale: f64) -> (Vec<u8>, f64) {
    let mut sizes: Vec<f64> =
        table.buckets.values().map(|column| learned.weights[*column as usize].abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let largest = sizes.get((HELD * sizes.len() as f64) as usize).copied().unwrap_or(1.0).max(1e-9);
    let step = largest / 127.0;
    let mut octets = vec![0_u8; BUCKETS];
    for (bucket, column) in &table.buckets {
        let value = (learned.weights[*column as usize] / step).round().clamp(-127.0, 127.0) as i8;
        octets[*bucket as usize] = value.cast_unsigned();
    }
    (octets, step * scale * 100.0)
}
