//! The weights in force: `config/weights.toml`, written by the trainer, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Basis, Hundredths, Indicator};

/// As it is compiled in: what a judgement was made with, for the record.
pub const COMPILED_IN: &str = include_str!("../../config/weights.toml");

/// What was learned, beside the n-grams of the text.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Weights {
    /// What every message starts from.
    pub base_rate: Hundredths,
    /// The learned text.
    pub text: TextScale,
    /// The learned shape: a trait's weight by its name.
    pub shape: BTreeMap<String, Hundredths>,
    /// By indicator, where enough mail carries it.
    pub indicator: BTreeMap<String, Fitted>,
}

/// From the sum of an n-gram's octets of weight to a contribution.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TextScale {
    /// Hundredths for one unit of weight, before the division by the root of the number of n-grams.
    pub unit: f64,
}

/// A fitted weight, and the mail that it rests on.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Fitted {
    /// What it adds.
    pub weight: Hundredths,
    /// Threats that showed it, and threats that were looked at.
    pub threats: (u32, u32),
    /// Honest messages that showed it, and honest messages that were looked at.
    pub honest: (u32, u32),
    /// Sources of mail in which it was seen.
    pub sources: u32,
}

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| toml::from_str(COMPILED_IN).unwrap_or_default());

/// The weights that are compiled in. Where they do not parse, which a test rules out, there are none.
pub fn weights() -> &'static Weights {
    &WEIGHTS
}

impl Indicator {
    /// What it adds to the score: fitted where enough mail carries it, else as set by hand.
    pub fn in_force(&self) -> Hundredths {
        self.fitted().map_or(self.weight, |fitted| fitted.weight)
    }

    /// The fitted weight and what it rests on, where there is one.
    pub fn fitted(&self) -> Option<&'static Fitted> {
        WEIGHTS.indicator.get(self.id)
    }

    /// Where the weight in force comes from.
    pub fn basis_in_force(&self) -> Basis {
        self.fitted().map_or(self.basis, |_| Basis::Fitted)
    }
}

/// The 95 % interval of a share (Wilson 1927), lowest and highest.
pub fn interval((seen, of): (u32, u32)) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    if of == 0 {
        return (0.0, 1.0);
    }
    let (seen, of) = (f64::from(seen), f64::from(of));
    let share = seen / of;
    let centre = share + Z * Z / (2.0 * of);
    let spread = Z * (share * (1.0 - share) / of + Z * Z / (4.0 * of * of)).sqrt();
    let scale = 1.0 + Z * Z / of;
    (((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0))
}
