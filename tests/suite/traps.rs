//! What IMAP servers do wrong, by accident or on purpose, one test a trap: each ends in a typed error or a recovery.
//! The first part holds the faults measured in async-imap 0.12, which reports success for many of them.

#[path = "support/script.rs"]
mod script;

#[path = "traps/fetch.rs"]
mod fetch;
#[path = "traps/framing.rs"]
mod framing;
#[path = "traps/idle.rs"]
mod idle;
#[path = "traps/memory.rs"]
mod memory;
#[path = "traps/moving.rs"]
mod moving;
#[path = "traps/opening.rs"]
mod opening;
#[path = "traps/sweep.rs"]
mod sweep;
#[path = "traps/tls.rs"]
mod tls;
