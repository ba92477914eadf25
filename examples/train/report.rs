//! What the numbers say.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::corpus::{Class, Sample};
use super::judge::{self, Sum};
use super::model::{Learned, Table};

/// Each sample's sum by the weights of the fold that did not see it.
pub(crate) fn sums(
    table: &Table,
    learned: &[Learned],
    folds: &[usize],
    samples: &[Sample],
    scale: f64,
) -> Vec<Sum> {
    let weights: Vec<_> = learned.iter().map(|learned| judge::indicators(table, learned, scale)).collect();
    folds
        .iter()
        .zip(samples)
        .enumerate()
        .map(|(at, (fold, sample))| judge::sum(table, &learned[*fold], &weights[*fold], sample, at, scale))
        .collect()
}

/// The curve: base rates at which so many honest messages are threats, and what is caught then. Gives the base rate for
/// [`super::RATE`].
pub(crate) fn operating(title: &str, samples: &[Sample], sums: &[Sum]) -> i32 {
    let mut base = 0;
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
        if rate == super::RATE {
            base = 500 - cut;
        }
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
    base
}

/// At a base rate: what is caught and what is taken wrongly, by kind of mail.
pub(crate) fn strata(samples: &[Sample], sums: &[Sum], base: i32) {
    let mut groups: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for (sample, sum) in samples.iter().zip(sums) {
        let own = if sample.source.starts_with("own:") { "own " } else { "" };
        let score = sum.score + base;
        let threat = score >= 500 && !sum.gated;
        let noticed = score >= 300;
        let class = match sample.class {
            Class::Honest => "honest",
            Class::Threat => "threat",
            Class::Spam => "advertising",
        };
        let mut keys = vec![format!("{own}{class}"), format!("{own}{class} {}", sample.lang)];
        if own.is_empty() {
            keys.push(format!("{class}: {}", sample.kind));
        } else {
            keys.push(sample.source.clone());
        }
        for key in keys {
            let group = groups.entry(key).or_default();
            group[0] += 1;
            group[1] += usize::from(threat);
            group[2] += usize::from(noticed);
        }
    }
    for (name, [all, threat, noticed]) in groups.iter().filter(|(_, group)| group[0] >= 3) {
        let (low, high) = komainu::indicator::interval((*threat as u32, *all as u32));
        println!(
            "    {name:32} {all:5}  threat {:.3} [{low:.3}, {high:.3}]  noticed {:.3}",
            *threat as f64 / *all as f64,
            *noticed as f64 / *all as f64
        );
    }
}

/// The held-out messages that were misjudged at a base rate, one JSON object a line.
pub(crate) fn wrong(by: &str, samples: &[Sample], sums: &[Sum], base: i32) -> String {
    let mut lines = String::new();
    for (sample, sum) in samples.iter().zip(sums) {
        let score = sum.score + base;
        let honest = sample.class == Class::Honest;
        if (honest && score >= 300) || (sample.class == Class::Threat && (score < 500 || sum.gated)) {
            let line = serde_json::json!({
                "by": by, "path": sample.path, "class": if honest { "ham" } else { "threat" }, "lang": sample.lang,
                "kind": sample.kind, "source": sample.source, "score": score, "gated": sum.gated,
                "text": sum.text, "shape": sum.shape, "findings": sample.findings,
            });
            let _ = writeln!(lines, "{line}");
        }
    }
    lines
}

/// How often each indicator is seen.
pub(crate) fn indicators(table: &Table, samples: &[Sample]) {
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
