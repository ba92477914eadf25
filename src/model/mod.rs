//! What was learned from labelled mail: how threatening texts read ([`text`]), and how threatening messages are built
//! ([`shape`]). Two voices among the findings, each held within bounds and one witness: what the words say, and where it
//! comes from and goes to, are looked at by neither in the other's place.
//!
//! Small, deterministic, reproducible: integer weights, made by `cargo run --release --example train`; see docs/model.md
//! for what they were learned from and how they do on mail that they have not seen.
#![deny(clippy::disallowed_methods)]

pub mod shape;
pub mod text;

use crate::indicator::{Finding, Hundredths, Weights, weights};
use crate::message::{Excerpt, Message, Place};

/// Id of the finding of the learned text.
pub const TEXT: &str = "text-model";
/// Id of the finding of the learned shape.
pub const SHAPE: &str = "message-shape";

/// What the text may take away and add, in hundredths. Wider ones below did a little better in cross-validation (a point of
/// recall for -4.00), but a scammer chooses the words, and what reads like honest mail must not outweigh what was seen.
pub const TEXT_BOUNDS: (i32, i32) = (-250, 450);
/// The same of the shape.
pub const SHAPE_BOUNDS: (i32, i32) = (-150, 250);

/// The buckets' weights, one signed octet each.
static OCTETS: &[u8; text::BUCKETS] = include_bytes!("../../config/text-model.bin");

/// What was learned, as it is compiled in: for the record. Name in `config/`, and octets.
pub fn files() -> [(&'static str, &'static [u8]); 2] {
    [("weights.toml", crate::indicator::WEIGHTS.as_bytes()), ("text-model.bin", OCTETS)]
}

/// What the two voices say of a message; silent where it is nothing.
pub fn hear(message: &Message) -> Vec<Finding> {
    [learned_text(message, weights()), learned_shape(message, weights())].into_iter().flatten().collect()
}

fn learned_text(message: &Message, weights: &Weights) -> Option<Finding> {
    let reading = text::Reading::of(message);
    let weighed = reading.weigh(octet);
    let length = (weighed.count.max(1) as f64).sqrt();
    let weight = bounded((weighed.sum as f64 * weights.text.unit / length).round() as i32, TEXT_BOUNDS)?;
    let (place, words) = if weight.0 > 0 {
        telling(message, &reading.by_text(&weighed))?
    } else {
        (Place::Message, "reads like honest mail".to_owned())
    };
    Some(Finding { indicator: TEXT, weight, place, excerpt: Excerpt::new(&words) })
}

fn octet(bucket: u32) -> i8 {
    OCTETS.get(bucket as usize).map_or(0, |octet| octet.cast_signed())
}

fn learned_shape(message: &Message, weights: &Weights) -> Option<Finding> {
    let mut said: Vec<(i32, String)> = shape::traits(message)
        .into_iter()
        .filter_map(|name| weights.shape.get(&name).map(|weight| (weight.0, name)))
        .collect();
    let weight = bounded(said.iter().map(|(weight, _)| *weight).sum(), SHAPE_BOUNDS)?;
    // The traits that say most for it, whichever way it goes.
    said.sort_by_key(|(own, name)| (std::cmp::Reverse(own * weight.0.signum()), name.clone()));
    let words: Vec<&str> = said.iter().take(3).map(|(_, name)| name.as_str()).collect();
    Some(Finding {
        indicator: SHAPE,
        weight,
        place: Place::Message,
        excerpt: Excerpt::new(&words.join(", ")),
    })
}

fn bounded(weight: i32, (least, most): (i32, i32)) -> Option<Hundredths> {
    Some(Hundredths(weight.clamp(least, most))).filter(|weight| weight.0 != 0)
}

/// Characters of text shown as the passage that says most.
const PASSAGE: usize = 90;

/// The passage of the text whose n-grams weigh most.
fn telling(message: &Message, by_text: &[(usize, Vec<(usize, i32)>)]) -> Option<(Place, String)> {
    let best = |(text, grams): &(usize, Vec<(usize, i32)>)| {
        let mut sum = 0;
        let mut best = (i32::MIN, 0..0, *text);
        let mut first = 0;
        for (index, (at, weight)) in grams.iter().enumerate() {
            sum += weight;
            while index - first >= PASSAGE {
                sum -= grams.get(first).map_or(0, |(_, weight)| *weight);
                first += 1;
            }
            if sum > best.0 {
                best = (sum, grams.get(first).map_or(0, |(at, _)| *at)..*at, *text);
            }
        }
        best
    };
    let (_, span, text) = by_text
        .iter()
        .map(best)
        .max_by_key(|(sum, span, text)| (*sum, std::cmp::Reverse((*text, span.start))))?;
    let (place, of) = match text {
        0 => (Place::Subject, &message.subject),
        text => (Place::Text(text), &message.texts.get(text - 1)?.text),
    };
    Some((place, of.quote(span).trim().to_owned()))
}
