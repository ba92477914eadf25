//! What the numbers say.

use super::corpus::{Class, Sample};
use super::model::{Learned, Table};

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
