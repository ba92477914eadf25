//! What a judgement depended on beside the message, so that it can be computed again: `context/<sha256>.json`, stored
//! once and named by every judgement.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Digest;
use crate::indicator::{CATALOGUE, Context, Tables};
use crate::verdict::Thresholds;

/// The context as it is stored. The same settings and the same program give the same octets.
///
/// Tables that are compiled in are named by the digest of their file, because the program has them; those that were added
/// stand there whole, because nobody else has them.
pub fn context(context: &Context, thresholds: &Thresholds) -> Vec<u8> {
    let weights: BTreeMap<&str, i32> =
        CATALOGUE.iter().map(|indicator| (indicator.id, indicator.in_force().0)).collect();
    let compiled_in: BTreeMap<&str, Digest> =
        Tables::compiled_in().into_iter().map(|(name, text)| (name, Digest::of(text.as_bytes()))).collect();
    let added: Vec<Value> = context
        .tables
        .sources()
        .iter()
        .map(|source| {
            let sha256 = Digest::of(source.text.as_bytes());
            json!({"name": source.name, "sha256": sha256, "text": source.text})
        })
        .collect();
    let mut octets = json!({
        "program": env!("CARGO_PKG_VERSION"),
        "thresholds": thresholds,
        "authserv_ids": context.authserv_ids,
        "own_addresses": context.own_addresses,
        "weights_hundredths": weights,
        "disabled_indicators": context.disabled,
        "tables": {"compiled_in": compiled_in, "added": added},
    })
    .to_string()
    .into_bytes();
    octets.push(b'\n');
    octets
}
