//! komainu watches mailboxes over IMAP, scores each new message for scam and threat indicators, moves hits to a
//! quarantine mailbox without ever replying, and keeps an evidence record that others can check.
//!
//! # The path of one message
//!
//! ```text
//! fetch -> Message::parse -> examine -> Verdict -> Action -> evidence (fsynced) -> move -> evidence of the outcome -> cursor
//! ```
//!
//! One function in [`monitor`] is that path; `komainu scan` shares its first half.
//!
//! # The layers
//!
//! A module imports only what stands above it in this list; `tests/suite/layers.rs` holds that.
//!
//! Core: pure. No clock, file, socket, tokio or tracing; time comes in as an argument.
//!
//! 1. [`message`], [`document`]: octets to [`message::Message`], total, never fails; what is handed to people, as a value.
//! 2. [`indicator`]: the catalogue; observables to findings.
//! 3. [`model`]: the learned voices; features, weights, inference.
//! 4. [`verdict`], [`demand`]: findings to score, level, category, and the action that follows; who claims what, how much,
//!    by when, pay where, contact how.
//! 5. [`evidence`]: the record's values: entry, line, chain, tree, checkpoint, and their verification.
//! 6. [`case`], [`pdf`]: which messages belong together, and the report on them; a document to the octets of a PDF.
//! 7. [`digest`]: a day of records, and how it is told.
//!
//! Shell: all effects. The modules of one number do not import each other.
//!
//! 8. [`store`], [`imap`], [`sandbox`], [`systemd`]: files; the only door to async-imap; locking in; the service manager.
//! 9. [`config`]: as written, to as used, with diagnostics.
//! 10. [`control`]: what commands ask of the running service, through a socket.
//! 11. [`monitor`]: one task an account; core and shell meet here.
//! 12. `demo`: the embedded IMAP server and its sample mail (feature `demo`).
//! 13. [`cli`]: the only place that prints, exits or reads arguments.
//!
//! # Invariants
//!
//! - **Never replies.** No mail-sending code in the dependency tree, no sending credential.
//! - **Never loses a message.** Nothing is deleted, flags stay as they were, `BODY.PEEK[]` only.
//! - **Evidence before action.** Octets and verdict are on disk, fsynced and chained, before a move is sent.
//! - **Exactly once.** Killed anywhere, after the next start each message is in one place and each act recorded once.
//! - **The person is right.** A message that they move out of quarantine is released and never moved again.
//! - **Every verdict explains itself.** The findings listed add up to the score printed.
//! - **What cannot be judged is kept and counted.**
//! - **Hostile input is normal.** No panic, no unbounded memory or time; untrusted text leaves the core only as
//!   [`message::Excerpt`]: bounded, defanged, escaped.
//! - **Private.** Mail content, addresses, subjects and secrets never reach the journal.

pub mod document;
pub mod message;

pub mod indicator;

pub mod model;

pub mod demand;
pub mod verdict;

pub mod evidence;

pub mod case;
pub mod pdf;

pub mod digest;

pub mod imap;
pub mod sandbox;
pub mod store;
pub mod systemd;

pub mod config;

pub mod control;

pub mod monitor;

#[cfg(feature = "demo")]
pub mod demo;

pub mod cli;
