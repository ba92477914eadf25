//! One binary for the tests that need nothing but this repository.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    reason = "tests"
)]

// One line a room; the file stands beside this one.
#[cfg(feature = "demo")]
mod acts;
#[cfg(feature = "demo")]
mod adversity;
mod attachments;
mod blind;
mod case;
mod catalogue;
mod check;
mod child;
mod codes;
mod config;
mod corpus;
#[cfg(feature = "demo")]
mod delivery;
mod demand;
mod digest;
#[cfg(feature = "demo")]
mod embedded;
#[cfg(feature = "demo")]
mod endtoend;
mod forged;
mod generate;
mod hidden_text;
mod hostile;
mod japanese;
mod layers;
mod message;
mod mutants;
mod no_mail_sending;
mod notify;
mod pdf;
#[cfg(feature = "demo")]
mod process;
#[cfg(feature = "demo")]
mod release;
mod sandbox;
mod store;
mod strangers;
mod support;
mod tables;
mod tamper;
mod traps;
mod units;
mod world;
