//! Where the log goes and how much of it. No mail content, address, subject or secret is ever in it.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::systemd;

/// Starts the log on standard error; under systemd in the journal's own form.
///
/// `verbose` counts `-v`. Only komainu's own targets are raised: async-imap prints passwords and whole messages at
/// TRACE, so every other crate is held at WARN, whatever is asked for.
pub(super) fn start(verbose: u8) {
    let own = match verbose {
        0 => Level::INFO,
        1 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let targets = Targets::new().with_default(Level::WARN).with_target("komainu", own);
    let registry = tracing_subscriber::registry().with(targets);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let journal = std::env::var("JOURNAL_STREAM").ok();
    // A second start in one process keeps the first.
    let _ = if systemd::wanted(std::io::stderr(), journal.as_deref()) {
        registry.with(lines.with_ansi(false).event_format(systemd::Format)).try_init()
    } else {
        use std::io::IsTerminal as _;
        registry.with(lines.with_ansi(std::io::stderr().is_terminal()).with_target(false)).try_init()
    };
}
