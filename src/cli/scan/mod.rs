//! `komainu scan`: judge messages from files, folders, Maildirs, mboxes or standard input. No network; a configuration only
//! where one is named. Without one, and without a time, the judgement is a function of the octets alone.

mod judge;
mod pool;
mod print;
mod walk;

use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use clap::ValueEnum;

use super::text::Lang;
use crate::indicator::Context;
use crate::verdict::{Level, Thresholds};
use judge::{Outcome, judged, told};
use pool::Pool;
use print::{Look, printed};
use walk::{Letter, walk};

/// Messages judged at once where no number is given, however many cores there are: with eight, 5,736 messages took 63 MiB.
const MOST_BY_ITSELF: usize = 8;

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Human,
    /// One JSON object a line, in the order of the input.
    Json,
}

/// What judging depends on beside the message.
#[derive(Debug, Default)]
pub(super) struct Basis {
    pub(super) context: Context,
    pub(super) thresholds: Thresholds,
}

/// As what an input counts.
#[derive(Debug, Clone, Copy)]
enum Count {
    Threat,
    Suspicious,
    Clean,
    Unjudged,
    Failed,
}

#[derive(Default)]
struct Totals {
    threat: u64,
    suspicious: u64,
    clean: u64,
    unjudged: u64,
    failed: u64,
}

/// What is to be read, by how many judges at once, and how it is printed.
pub(super) struct Wanted {
    pub(super) paths: Vec<PathBuf>,
    pub(super) jobs: Option<NonZeroUsize>,
    pub(super) format: Format,
    pub(super) explain: bool,
}

/// Exit status as clamscan's: 0 none found, 1 threat found, 2 something could not be read.
pub(super) fn scan(wanted: &Wanted, basis: &Basis, lang: Lang) -> ExitCode {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut totals = Totals::default();
    let mut written = Ok(());
    let look = Look { format: wanted.format, explain: wanted.explain, lang };
    let work = |name: &str, input: Result<Letter, String>| {
        let outcome = match input {
            Ok(letter) => judged(&letter.octets(), basis),
            Err(error) => Outcome::Failed(error),
        };
        told(&outcome, |outcome| (count(outcome), printed(name, outcome, look)))
    };
    let mut take = |(count, text): (Count, Vec<u8>)| {
        totals.add(count);
        if written.is_ok() {
            written = out.write_all(&text);
        }
    };
    let jobs = wanted.jobs.map_or_else(
        || thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST_BY_ITSELF)),
        NonZeroUsize::get,
    );
    thread::scope(|scope| {
        let mut pool = Pool::new(scope, jobs, &work, &mut take);
        for path in &wanted.paths {
            walk(path, &mut pool);
        }
        pool.finish();
    });
    if wanted.format == Format::Human && written.is_ok() {
        written = totals.print(&mut out, lang);
    }
    // A reader that has seen enough (`| head`) is not an error; a full disk is.
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
        _ if totals.failed > 0 => ExitCode::from(2),
        _ => ExitCode::from(u8::from(totals.threat > 0)),
    }
}

fn count(outcome: &Outcome) -> Count {
    match outcome {
        Outcome::Failed(_) => Count::Failed,
        Outcome::Judged(judged) => match judged.verdict.level {
            Level::Threat => Count::Threat,
            Level::Suspicious => Count::Suspicious,
            Level::Clean if judged.is_no_message() => Count::Unjudged,
            Level::Clean => Count::Clean,
        },
    }
}

impl Totals {
    fn add(&mut self, count: Count) {
        let slot = match count {
            Count::Threat => &mut self.threat,
            Count::Suspicious => &mut self.suspicious,
            Count::Clean => &mut self.clean,
            Count::Unjudged => &mut self.unjudged,
            Count::Failed => &mut self.failed,
        };
        *slot = slot.saturating_add(1);
    }

    fn print(&self, out: &mut impl Write, lang: Lang) -> io::Result<()> {
        let Self { threat, suspicious, clean, unjudged, failed } = self;
        let judged = threat + suspicious + clean;
        match lang {
            Lang::Ja => writeln!(
                out,
                "検査 {judged} 通: 脅威 {threat}、疑わしい {suspicious}、該当なし {clean}。ほかに、判定できなかった {unjudged}、読めなかった {failed}"
            ),
            Lang::En => writeln!(
                out,
                "{judged} judged: {threat} threat, {suspicious} suspicious, {clean} without findings that add up; {unjudged} not judged, {failed} could not be read"
            ),
        }
    }
}
