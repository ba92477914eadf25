//! Who is judged by weights that never saw him: folds by source, and by campaign.

use std::collections::{BTreeMap, BTreeSet};

use super::corpus::{Class, Sample};

pub(crate) const FOLDS: usize = 6;

/// How messages are held out together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// All of one source at once: the strictest; half of all threats are of one source, and are then judged by weights
    /// that saw none of its kind.
    Source,
    /// Honest mail by source, threats by campaign: what a service meets that has seen the kind, but not the message.
    Campaign,
}

/// The fold of each sample. Largest groups first, each into the fold that has least of its class.
pub(crate) fn assign(samples: &[Sample], by: By) -> Vec<usize> {
    let mut groups: BTreeMap<(Class, String), Vec<usize>> = BTreeMap::new();
    for (index, sample) in samples.iter().enumerate() {
        let group = match (by, sample.class) {
            (By::Campaign, Class::Threat) => format!("campaign {:06}", sample.campaign),
            _ => sample.source.clone(),
        };
        groups.entry((sample.class, group)).or_default().push(index);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
    let mut load: BTreeMap<Class, [usize; FOLDS]> = BTreeMap::new();
    let mut folds = vec![0; samples.len()];
    for ((class, _), members) in groups {
        let load = load.entry(class).or_default();
        let fold = (0..FOLDS).min_by_key(|fold| (load[*fold], *fold)).unwrap_or(0);
        load[fold] += members.len();
        for member in members {
            folds[member] = fold;
        }
    }
    folds
}

/// What may be trained on for a fold: neither its samples nor anything of their campaigns; no advertising.
pub(crate) fn training(samples: &[Sample], folds: &[usize], fold: usize) -> Vec<usize> {
    let held: BTreeSet<usize> =
        samples.iter().zip(folds).filter(|(_, of)| **of == fold).map(|(sample, _)| sample.campaign).collect();
    (0..samples.len())
        .filter(|at| {
            folds[*at] != fold && samples[*at].class != Class::Spam && !held.contains(&samples[*at].campaign)
        })
        .collect()
}
