//! What a judgement depended on beside the message, so that it can be computed again: `context/<sha256>.json`, stored
//! once and named by every judgement.

use std::collections::BTreeMap;

use serde_json::json;

use crate::indicator::{CATALOGUE, Context};
use crate::verdict::Thresholds;

/// The context as it is stored. The same settings and the same program give the same octets.
pub fn context(context: &Context, thresholds: &Thresholds) -> Vec<u8> {
    let weights: BTreeMap<&str, i32> =
        CATALOGUE.iter().map(|indicator| (indicator.id, indicator.weight.0)).collect();
    let mut octets = json!({
        "program": env!("CARGO_PKG_VERSION"),
        "thresholds": thresholds,
        "authserv_ids": context.authserv_ids,
        "own_addresses": context.own_addresses,
        "weights_hundredths": weights,
    })
    .to_string()
    .into_bytes();
    octets.push(b'\n');
    octets
}
