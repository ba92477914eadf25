//! From samples to weights: which features get a column, what is believed of them beforehand, and the fit.

use std::collections::{BTreeMap, BTreeSet};

use komainu::indicator;

use super::corpus::{Class, Sample};
use super::fit::{Prior, Rows, fit};
use super::judge;

/// Standard deviations of the priors, in log-odds (of a text n-gram: divided by the root of their number in the text).
pub(crate) struct Beliefs {
    pub text: f64,
    pub shape: f64,
    pub indicator: f64,
    pub language: f64,
}

/// Columns, and the samples as rows over them.
pub(crate) struct Table {
    pub rows: Rows,
    pub buckets: BTreeMap<u32, u32>,
    pub traits: BTreeMap<String, u32>,
    pub indicators: BTreeMap<&'static str, u32>,
    pub languages: BTreeMap<String, u32>,
    pub bias: u32,
    /// Sources that an indicator was seen in.
    pub sources: BTreeMap<&'static str, BTreeSet<String>>,
}

/// What was learned, by column.
pub(crate) struct Learned {
    pub weights: Vec<f64>,
}

/// Messages that an n-gram has to be seen in, of more than one source.
const LEAST_MESSAGES: usize = 3;
/// Sources that a trait has to be seen in.
const LEAST_SOURCES: usize = 3;

impl Table {
    pub(crate) fn new(samples: &[Sample]) -> Self {
        let mut texts: BTreeMap<u32, (usize, usize, bool)> = BTreeMap::new();
        let sources: BTreeMap<&str, usize> = samples
            .iter()
            .map(|sample| sample.source.as_str())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .enumerate()
            .map(|(index, source)| (source, index))
            .collect();
        let mut traits: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for sample in samples.iter().filter(|sample| sample.class != Class::Spam) {
            let source = sources[sample.source.as_str()];
            for bucket in &sample.buckets {
                let seen = texts.entry(*bucket).or_insert((0, source, false));
                seen.0 += 1;
                seen.2 |= seen.1 != source;
            }
            for name in &sample.traits {
                traits.entry(name).or_default().insert(source);
            }
        }
        let mut next = 0_u32;
        let mut column = || {
            next += 1;
            next - 1
        };
        let buckets: BTreeMap<u32, u32> = texts
            .iter()
            .filter(|(_, (messages, _, several))| *messages >= LEAST_MESSAGES && *several)
            .map(|(bucket, _)| (*bucket, column()))
            .collect();
        let traits: BTreeMap<String, u32> = traits
            .iter()
            .filter(|(_, sources)| sources.len() >= LEAST_SOURCES)
            .map(|(name, _)| ((*name).to_owned(), column()))
            .collect();
        let indicators: BTreeMap<&'static str, u32> =
            indicator::CATALOGUE.iter().map(|indicator| (indicator.id, column())).collect();
        let languages: BTreeMap<String, u32> = samples
            .iter()
            .map(language)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|lang| (lang, column()))
            .collect();
        let bias = column();
        let mut seen_in: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
        for sample in samples {
            for id in &sample.findings {
                seen_in.entry(id).or_default().insert(sample.source.clone());
            }
        }
        let mut table = Self {
            sources: seen_in,
            rows: Rows { rows: Vec::new(), columns: next as usize },
            buckets,
            traits,
            indicators,
            languages,
            bias,
        };
        table.rows.rows = samples.iter().map(|sample| table.row(sample)).collect();
        table
    }

    fn row(&self, sample: &Sample) -> Vec<(Vec<u32>, f64)> {
        let text: Vec<u32> =
            sample.buckets.iter().filter_map(|bucket| self.buckets.get(bucket).copied()).collect();
        let shape = sample.traits.iter().filter_map(|name| self.traits.get(name).copied()).collect();
        let mut seen: Vec<u32> = sample.findings.iter().map(|id| self.indicators[id]).collect();
        seen.sort_unstable();
        seen.dedup();
        let length = (sample.buckets.len().max(1) as f64).sqrt();
        vec![
            (text, 1.0 / length),
            (shape, 1.0),
            (seen, 1.0),
            (vec![self.languages[&language(sample)]], 1.0),
            (vec![self.bias], 1.0),
        ]
    }

    pub(crate) fn priors(&self, beliefs: &Beliefs) -> Vec<Prior> {
        let mut priors = vec![Prior { mean: 0.0, deviation: beliefs.text }; self.rows.columns];
        for column in self.traits.values() {
            priors[*column as usize].deviation = beliefs.shape;
        }
        for (id, column) in &self.indicators {
            let mean = indicator::indicator(id).map_or(0.0, |indicator| indicator.weight.as_f64());
            let fitted = indicator::indicator(id).is_some_and(|indicator| judge::is_fitted(self, indicator));
            priors[*column as usize] =
                Prior { mean, deviation: if fitted { beliefs.indicator } else { 0.0 } };
        }
        for column in self.languages.values() {
            priors[*column as usize].deviation = beliefs.language;
        }
        priors[self.bias as usize].deviation = 10.0;
        priors
    }

    /// Threats and honest mail count the same in sum; a campaign counts as the root of its size.
    pub(crate) fn learn(&self, samples: &[Sample], train: &[usize], beliefs: &Beliefs) -> Learned {
        let mut size: BTreeMap<usize, usize> = BTreeMap::new();
        for &at in train {
            *size.entry(samples[at].campaign).or_default() += 1;
        }
        let mut weight: Vec<f64> = samples
            .iter()
            .map(|sample| (1.0 / size.get(&sample.campaign).copied().unwrap_or(1) as f64).sqrt())
            .collect();
        let sum = |class: Class, weight: &[f64]| -> f64 {
            train.iter().filter(|at| samples[**at].class == class).map(|at| weight[*at]).sum()
        };
        let balance = sum(Class::Honest, &weight) / sum(Class::Threat, &weight).max(1.0);
        for &at in train {
            if samples[at].class == Class::Threat {
                weight[at] *= balance;
            }
        }
        let target: Vec<f64> =
            samples.iter().map(|sample| if sample.class == Class::Threat { 1.0 } else { -1.0 }).collect();
        Learned { weights: fit(&self.rows, train, &target, &weight, &self.priors(beliefs)) }
    }
}

/// Languages with enough mail of both classes have an offset of their own while training, which is thrown away: that a
/// language is rare among the honest mail of a corpus is no reason to suspect those who write it.
fn language(sample: &Sample) -> String {
    match sample.lang.as_str() {
        lang @ ("ja" | "en" | "de" | "fr" | "es" | "pt" | "zh" | "nl" | "it") => lang.to_owned(),
        _ => "other".to_owned(),
    }
}
