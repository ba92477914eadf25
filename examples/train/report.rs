//! What the numbers say.

use super::corpus::{Class, Sample};
use super::judge::{self, Sum};
use super::model::{Learned, Table};

pub fn raws(table: &Table, learned: &[Learned], folds: &[usize]) -> Vec<f64> {
    folds.iter().enumerate().map(|(at, fold)| raw(table, &learned[*fold], at)).collect()
}

pub fn sums(table: &Table, learned: &[Learned], folds: &[usize], samples: &[Sample], scale: f64) -> Vec<Sum> {
    let weights: Vec<_> = learned.iter().map(|learned| judge::indicators(table, learned, scale)).collect();
    folds
        .iter()
        .zip(samples)
        .enumerate()
        .map(|(at, (fold, sample))| judge::sum(table, &learned[*fold], &weights[*fold], sample, at, scale))
        .collect()
}

/// The base rate at which so many honest messages are threats, and what is caught then.
pub fn operating(title: &str, samples: &[Sample], sums: &[Sum]) {
    let dev = |s: &Sample| !s.source.starts_with("own:");
    let honest: Vec<&Sum> = samples
        .iter()
        .zip(sums)
        .filter(|(s, _)| s.class == Class::Honest && dev(s))
        .map(|(_, v)| v)
        .collect();
    let threats: Vec<&Sum> = samples
        .iter()
        .zip(sums)
        .filter(|(s, _)| s.class == Class::Threat && dev(s))
        .map(|(_, v)| v)
        .collect();
    let mut open: Vec<i32> = honest.iter().filter(|v| !v.gated).map(|v| v.score).collect();
    open.sort_by(|a, b| b.cmp(a));
    for rate in [0.001, 0.002, 0.003, 0.005] {
        let cut = open.get((rate * honest.len() as f64) as usize).copied().unwrap_or(0) + 1;
        let threat = |v: &Sum| v.score >= cut && !v.gated;
        let noticed = |v: &Sum| v.score >= cut - 200;
        let share = |of: &[&Sum], is: &dyn Fn(&Sum) -> bool| {
            of.iter().filter(|v| is(v)).count() as f64 / of.len() as f64
        };
        println!(
            "{title} base {:.2}: fpr {:.4} recall {:.3} (gated {:.3}) noticed {:.3} honest suspicious {:.4}",
            f64::from(500 - cut) / 100.0,
            share(&honest, &threat),
            share(&threats, &threat),
            share(&threats, &|v: &Sum| v.gated && v.score >= cut),
            share(&threats, &noticed),
            share(&honest, &noticed),
        );
    }
}

/// The score of a row without what only serves the training.
pub fn raw(table: &Table, learned: &Learned, at: usize) -> f64 {
    let mut weights = 0.0;
    for (index, (columns, value)) in table.rows.rows[at].iter().enumerate() {
        if index != 3 {
            weights += value * columns.iter().map(|column| learned.weights[*column as usize]).sum::<f64>();
        }
    }
    weights
}

/// Recall at rates of honest mail above the cut, over all and by language.
pub fn curve(title: &str, samples: &[Sample], scores: &[f64]) {
    let cut = |keep: &dyn Fn(&Sample) -> bool, rate: f64| {
        let mut honest: Vec<f64> = samples
            .iter()
            .zip(scores)
            .filter(|(s, _)| s.class == Class::Honest && keep(s))
            .map(|(_, v)| *v)
            .collect();
        honest.sort_by(|a, b| b.total_cmp(a));
        honest.get((rate * honest.len() as f64) as usize).copied().unwrap_or(f64::MAX)
    };
    let share = |keep: &dyn Fn(&Sample) -> bool, cut: f64| {
        let of: Vec<f64> = samples
            .iter()
            .zip(scores)
            .filter(|(s, _)| s.class == Class::Threat && keep(s))
            .map(|(_, v)| *v)
            .collect();
        of.iter().filter(|v| **v > cut).count() as f64 / of.len().max(1) as f64
    };
    let all = |_: &Sample| true;
    let dev = |s: &Sample| !s.source.starts_with("own:");
    print!("{title:14} recall at");
    for rate in [0.001, 0.002, 0.005, 0.01, 0.03] {
        print!(" {:.1}%: {:.3}", rate * 100.0, share(&dev, cut(&dev, rate)));
    }
    let c = cut(&dev, 0.005);
    let lang = |l: &'static str| move |s: &Sample| s.lang == l && !s.source.starts_with("own:");
    println!();
    print!(
        "   at .5%: ja {:.2} en {:.2} de {:.2} pt {:.2} pot {:.2}",
        share(&lang("ja"), c),
        share(&lang("en"), c),
        share(&lang("de"), c),
        share(&lang("pt"), c),
        share(&|s: &Sample| s.source == "phishing-pot", c)
    );
    println!(" | ja at 1% of ja {:.3}", share(&lang("ja"), cut(&lang("ja"), 0.01)));
    for source in samples
        .iter()
        .map(|s| s.source.as_str())
        .filter(|s| s.starts_with("own:"))
        .collect::<std::collections::BTreeSet<_>>()
    {
        let above = samples.iter().zip(scores).filter(|(s, v)| s.source == source && **v > c).count();
        println!("   {source}: {above} of {} above", samples.iter().filter(|s| s.source == source).count());
    }
    let mut kinds: std::collections::BTreeMap<&str, usize> = Default::default();
    for (s, v) in samples.iter().zip(scores) {
        if s.class == Class::Honest && *v > c && dev(s) {
            *kinds.entry(&s.source).or_default() += 1;
        }
    }
    println!("   honest above: {kinds:?}; advertising above: {:.2}", {
        let spam: Vec<_> = samples.iter().zip(scores).filter(|(s, _)| s.class == Class::Spam).collect();
        spam.iter().filter(|(_, v)| **v > c).count() as f64 / spam.len().max(1) as f64
    });
    let _ = all;
}

/// How often each indicator is seen.
pub fn indicators(table: &Table, samples: &[Sample]) {
    for indicator in komainu::indicator::CATALOGUE {
        let of = |class| {
            samples.iter().filter(move |s| {
                s.class == class && !s.source.starts_with("own:") && s.findings.contains(&indicator.id)
            })
        };
        let sources =
            |class| of(class).map(|s| s.source.as_str()).collect::<std::collections::BTreeSet<_>>().len();
        println!(
            "{:28} {:>6} {:5} threats {:4} of {:2} sources, honest {:3} of {:2}",
            indicator.id,
            indicator.weight,
            judge::is_fitted(table, indicator),
            of(Class::Threat).count(),
            sources(Class::Threat),
            of(Class::Honest).count(),
            sources(Class::Honest),
        );
    }
}
