//! What a judgement depended on beside the message, so that it can be computed again: `context/<sha256>.json`, stored
//! once and named by every judgement.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::{Digest, Lesson};
use crate::indicator::{CATALOGUE, Context, Decision, Tables};
use crate::model;
use crate::verdict::Thresholds;

type Digests = BTreeMap<&'static str, Digest>;

/// Files that are compiled in, tables and what was learned. Half a megabyte: hashed once, not for each account.
static COMPILED_IN: LazyLock<(Digests, Digests)> = LazyLock::new(|| {
    let tables = Tables::compiled_in().into_iter().map(|(name, text)| (name, Digest::of(text.as_bytes())));
    let model = model::files().into_iter().map(|(name, octets)| (name, Digest::of(octets)));
    (tables.collect(), model.collect())
});

/// The context as it is stored. The same settings and the same program give the same octets.
///
/// Tables that are compiled in are named by the digest of their file, because the program has them; those that were added
/// stand there whole, because nobody else has them. What was learned of senders is named by its notes, which can be erased.
pub fn context(context: &Context, thresholds: &Thresholds) -> Vec<u8> {
    let weights: BTreeMap<&str, i32> =
        CATALOGUE.iter().map(|indicator| (indicator.id, indicator.in_force().0)).collect();
    let added: Vec<Value> = context
        .tables
        .sources()
        .iter()
        .map(|source| {
            let sha256 = Digest::of(source.text.as_bytes());
            json!({"name": source.name, "sha256": sha256, "text": source.text})
        })
        .collect();
    let learned: Vec<Value> = context
        .learned
        .lessons()
        .map(|(sha256, says)| {
            let lesson = if says == Decision::Allow { Lesson::Wanted } else { Lesson::Unwanted };
            json!({"sha256": sha256, "lesson": lesson})
        })
        .collect();
    let mut octets = json!({
        "program": env!("CARGO_PKG_VERSION"),
        "thresholds": thresholds,
        "authserv_ids": context.authserv_ids,
        "own_addresses": context.own_addresses,
        "own_names": context.own_names,
        "own_postal": context.own_postal,
        "learned": learned,
        "weights_hundredths": weights,
        "disabled_indicators": context.disabled,
        "tables": {"compiled_in": &COMPILED_IN.0, "added": added},
        "model": &COMPILED_IN.1,
    })
    .to_string()
    .into_bytes();
    octets.push(b'\n');
    octets
}
