//! The progress bar of a backlog run, on a terminal only.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};

use crate::monitor::{Event, Observer};

/// An observer that draws how far the backlog is; none where nobody looks at a terminal.
pub(super) fn observer(wanted: bool) -> Observer {
    if !wanted || !std::io::stderr().is_terminal() {
        return Observer::none();
    }
    let (observer, mut events) = Observer::channel();
    tokio::spawn(async move {
        let mut bar: Option<ProgressBar> = None;
        while let Some(event) = events.recv().await {
            let Event::Progress { account, done, total } = event else { continue };
            let bar = bar.get_or_insert_with(|| ProgressBar::new(total).with_style(style()));
            bar.set_message(account);
            bar.set_length(total);
            bar.set_position(done);
            if done == total {
                bar.finish_and_clear();
            }
        }
    });
    observer
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {per_sec} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
