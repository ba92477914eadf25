//! What `komainu demo` and the tests stand on: an IMAP server inside the process, and sample mail.
//!
//! [`server::Server`] listens on the loopback address only and keeps its mail in memory. A person's own mail program can
//! connect to it; a test can deliver, look, and make it fail in any of the ways that real servers have been seen to fail.

pub mod samples;
pub mod server;
