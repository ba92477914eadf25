//! Where the log goes and how much of it. No mail content, address, subject or secret is ever in it.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::systemd;

/// Starts the log on standard error; under systemd in the journal's own form.
///
/// `verbose` counts `-v`. Only komainu's own targets are raised: async-imap prints passwords and whole messages at
/// TRACE (`imap.md` §1.3), so every other crate is held at WARN, whatever is asked for.
pub(super) fn start(verbose: u8) {
    let own = match verbose {
        0 => Level::INFO,
        1 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let targets = Targets::new().with_default(Level::WARN).with_target("komainu", own);
    let registry = tracing_subscriber::registry().with(targets);
    // A second start in one process (tests) keeps the first.
    let _ = if systemd::in_journal() {
        registry.with(systemd::journal_layer()).try_init()
    } else {
        registry.with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false)).try_init()
    };
}
