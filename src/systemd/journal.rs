//! Log lines as journald takes them from standard error: the priority in front (sd-daemon(3)), no time, no colour. The
//! journal has the time by itself, and shows control characters of colour as junk.

use std::fmt;
use std::os::fd::AsFd;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::registry::LookupSpan;

/// True where `stream` goes to the journal: `$JOURNAL_STREAM` names its device and inode (systemd.exec(5)). The variable
/// alone proves nothing, because children and redirected output inherit it.
pub fn wanted(stream: impl AsFd, journal_stream: Option<&str>) -> bool {
    let named = journal_stream.and_then(|value| {
        let (device, inode) = value.split_once(':')?;
        Some((device.parse::<u64>().ok()?, inode.parse::<u64>().ok()?))
    });
    let Some(named) = named else { return false };
    rustix::fs::fstat(stream).is_ok_and(|stat| (stat.st_dev, stat.st_ino) == named)
}

/// `<6>komainu::monitor: connected account=hanako`
#[derive(Debug, Clone, Copy, Default)]
pub struct Format;

impl<S, N> FormatEvent<S, N> for Format
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        context.field_format().format_fields(Writer::new(&mut line), event)?;
        write!(writer, "<{}>{}: ", priority(*event.metadata().level()), event.metadata().target())?;
        for c in line.chars() {
            // The journal begins a record at each line feed; one event is one record, and nobody writes a second.
            writer.write_char(if c.is_control() { ' ' } else { c })?;
        }
        writer.write_char('\n')
    }
}

/// syslog(3) priority.
fn priority(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        Level::DEBUG | Level::TRACE => 7,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::linux::fs::MetadataExt as _;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(octets)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(log: impl FnOnce()) -> String {
        let sink = Sink::default();
        let writer = sink.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .event_format(Format)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        let octets = sink.0.lock().unwrap().clone();
        String::from_utf8(octets).unwrap()
    }

    #[test]
    fn each_level_has_its_priority_and_no_time_stands_before_it() {
        let shown = logged(|| {
            tracing::error!(target: "k", "a");
            tracing::warn!(target: "k", uid = 4, "b");
            tracing::info!(target: "k", account = "hanako", "c");
            tracing::trace!(target: "k", "d");
        });
        assert_eq!(shown, "<3>k: a\n<4>k: b uid=4\n<6>k: c account=\"hanako\"\n<7>k: d\n");
    }

    #[test]
    fn a_line_feed_in_a_field_makes_no_second_record() {
        let hostile = "x\n<0>forged\u{1b}[31m";
        let shown = logged(|| tracing::info!(target: "k", what = %hostile, "m"));
        assert_eq!(shown.lines().count(), 1, "{shown}");
        assert!(!shown.contains('\u{1b}'));
    }

    #[test]
    fn only_the_stream_that_the_variable_names_is_the_journal() {
        let file = tempfile::tempfile().unwrap();
        let meta = file.metadata().unwrap();
        let named = format!("{}:{}", meta.st_dev(), meta.st_ino());
        assert!(wanted(&file, Some(&named)));
        assert!(!wanted(&file, Some("1:2")));
        assert!(!wanted(&file, Some("junk")));
        assert!(!wanted(&file, None));
    }
}
