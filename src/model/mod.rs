//! What was learned from labelled mail: how threatening texts read ([`text`]), and how threatening messages are built
//! ([`shape`]). Two voices among the findings, each held within bounds, so that neither can decide alone.
//!
//! Small, deterministic, reproducible: integer weights, made by `cargo run --release --example train`; see docs/model.md
//! for what they were learned from and how they do on mail that they have not seen.
#![deny(clippy::disallowed_methods)]

pub mod shape;
pub mod text;
