//! Logistic regression with a Gaussian prior on each weight, by limited-memory BFGS. Plain arithmetic in one order, and
//! `exp` and `ln` in software, so that the same mail gives the same weights on every machine.

/// Rows of yes-or-no features, some of them with a common value smaller than one.
pub(crate) struct Rows {
    /// For each row: (columns, value of each of them).
    pub rows: Vec<Vec<(Vec<u32>, f64)>>,
    pub columns: usize,
}

/// What is believed of a weight before the data.
#[derive(Clone, Copy)]
pub(crate) struct Prior {
    pub mean: f64,
    /// Standard deviation; where it is zero, the weight stays as it is.
    pub deviation: f64,
}

impl Rows {
    pub(crate) fn score(&self, row: usize, weights: &[f64]) -> f64 {
        self.rows[row]
            .iter()
            .map(|(columns, value)| {
                value * columns.iter().map(|column| weights[*column as usize]).sum::<f64>()
            })
            .sum()
    }
}

/// The most probable weights. `target` is +1 or -1, `weight` how much a row counts.
pub(crate) fn fit(
    rows: &Rows,
    train: &[usize],
    target: &[f64],
    weight: &[f64],
    priors: &[Prior],
) -> Vec<f64> {
    let objective = |at: &[f64], gradient: &mut [f64]| {
        let mut loss = 0.0;
        for ((slot, value), prior) in gradient.iter_mut().zip(at).zip(priors) {
            if prior.deviation == 0.0 {
                *slot = 0.0;
                continue;
            }
            let off = value - prior.mean;
            let precision = 1.0 / (prior.deviation * prior.deviation);
            loss += 0.5 * off * off * precision;
            *slot = off * precision;
        }
        for &row in train {
            let margin = target[row] * rows.score(row, at);
            // ln(1 + e^-m), without overflow.
            loss += weight[row]
                * if margin > 0.0 {
                    libm::log1p(libm::exp(-margin))
                } else {
                    libm::log1p(libm::exp(margin)) - margin
                };
            let slope = -target[row] * weight[row] / (1.0 + libm::exp(margin));
            for (columns, value) in &rows.rows[row] {
                for column in columns {
                    if priors[*column as usize].deviation > 0.0 {
                        gradient[*column as usize] += slope * value;
                    }
                }
            }
        }
        loss
    };
    let start: Vec<f64> = priors.iter().map(|prior| prior.mean).collect();
    minimise(start, objective)
}

const MEMORY: usize = 8;
const MOST_STEPS: usize = 120;

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn scale_by(vector: &mut [f64], factor: f64) {
    for value in vector {
        *value *= factor;
    }
}

fn minimise(mut at: Vec<f64>, objective: impl Fn(&[f64], &mut [f64]) -> f64) -> Vec<f64> {
    let mut gradient = vec![0.0; at.len()];
    let mut value = objective(&at, &mut gradient);
    let mut history: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    for _ in 0..MOST_STEPS {
        let mut direction = gradient.clone();
        let mut alphas = Vec::new();
        for (step, change, inverse) in history.iter().rev() {
            let alpha = inverse * dot(step, &direction);
            direction.iter_mut().zip(change).for_each(|(d, c)| *d -= alpha * c);
            alphas.push(alpha);
        }
        if let Some((step, change, _)) = history.last() {
            let scale = dot(step, change) / dot(change, change);
            scale_by(&mut direction, scale);
        } else {
            let scale = 1.0 / dot(&direction, &direction).sqrt().max(1e-12);
            scale_by(&mut direction, scale);
        }
        for ((step, change, inverse), alpha) in history.iter().zip(alphas.iter().rev()) {
            let beta = inverse * dot(change, &direction);
            direction.iter_mut().zip(step).for_each(|(d, s)| *d += (alpha - beta) * s);
        }
        let slope = -dot(&gradient, &direction);
        if slope > -1e-9 {
            break;
        }
        let mut length = 1.0;
        let mut next_gradient = vec![0.0; at.len()];
        let (next, next_value) = loop {
            let next: Vec<f64> = at.iter().zip(&direction).map(|(a, d)| a - length * d).collect();
            let next_value = objective(&next, &mut next_gradient);
            if next_value <= value + 1e-4 * length * slope || length < 1e-6 {
                break (next, next_value);
            }
            length *= 0.5;
        };
        let step: Vec<f64> = next.iter().zip(&at).map(|(n, a)| n - a).collect();
        let change: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(n, g)| n - g).collect();
        let curvature = dot(&step, &change);
        if curvature > 1e-12 {
            history.push((step, change, 1.0 / curvature));
            if history.len() > MEMORY {
                history.remove(0);
            }
        }
        let gained = value - next_value;
        (at, gradient, value) = (next, next_gradient, next_value);
        if gained < 1e-6 * value.abs() {
            break;
        }
    }
    at
}
