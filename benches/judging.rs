//! Messages a second, from the parser to the whole process: `cargo bench --bench judging [-- FOLDER]`.
//!
//! Without a folder it takes `tests/corpus`, which is small: letters of a few kilooctets. What runs in this process is
//! counted in processor time of one thread, so that a busy machine does not count; whole processes by the clock, because
//! that is what several processors are for. Everything runs once a round, one after the other, and the median of the rounds
//! is printed: compare figures within a run. Judges nothing; the exit status is 0.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use komainu::demand;
use komainu::indicator::Context;
use komainu::message::Message;
use komainu::verdict::{self, Level, Thresholds};
use mail_parser::MessageParser;

const ROUNDS: usize = 5;
const STARTS: usize = 41;

/// A measurement, and its times of all rounds.
struct Row {
    name: &'static str,
    run: Box<dyn Fn(&Corpus) -> Duration>,
    times: Vec<Duration>,
}

struct Corpus {
    folder: PathBuf,
    letters: Vec<Vec<u8>>,
}

fn main() {
    let folder = std::env::args().skip(1).find(|argument| argument != "--bench");
    let folder =
        folder.map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"), PathBuf::from);
    let mut letters = Vec::new();
    collect(&folder, &mut letters);
    let octets: usize = letters.iter().map(Vec::len).sum();
    println!("{}: {} messages, {} MB", folder.display(), letters.len(), octets / 1_000_000);
    let corpus = Corpus { folder, letters };
    let mut rows = [
        row("mail-parser, text of all parts", |corpus| each(corpus, parsed_elsewhere)),
        row("parse", |corpus| each(corpus, |octets| drop(black_box(Message::parse(octets))))),
        row("parse, judge", |corpus| each(corpus, |octets| drop(black_box(judged(octets))))),
        row("parse, judge, demand", |corpus| each(corpus, with_demand)),
        row("komainu scan --jobs 1", |corpus| scanned(&corpus.folder, "1").0),
        row("komainu scan --jobs 2", |corpus| scanned(&corpus.folder, "2").0),
    ];
    // The tables are made when they are first needed.
    with_demand(b"Subject: first\r\n\r\nfirst\r\n");
    for _ in 0..ROUNDS {
        for row in &mut rows {
            let time = (row.run)(&corpus);
            row.times.push(time);
        }
    }
    println!("{:34} {:>10} {:>14}", "", "messages/s", "us a message");
    let mut medians = Vec::new();
    for row in &mut rows {
        let median = median(&mut row.times);
        let rate = corpus.letters.len() as f64 / median.as_secs_f64();
        println!("{:34} {rate:>10.0} {:>14.1}", row.name, 1e6 / rate);
        medians.push(median.as_secs_f64());
    }
    if let [elsewhere, parse, _, demand, one, two] = medians[..] {
        println!("komainu's parser : mail-parser     {:>10.2}", parse / elsewhere);
        println!("all of komainu : mail-parser       {:>10.2}", demand / elsewhere);
        println!("two judges : one                   {:>10.2}", one / two);
    }
    let small = std::env::temp_dir().join(format!("komainu-judging-{}.eml", std::process::id()));
    std::fs::write(&small, b"From: a@example.com\r\nSubject: one\r\n\r\nA line.\r\n").unwrap();
    let mut starts: Vec<Duration> = (0..STARTS).map(|_| scanned(&small, "1").0).collect();
    println!("one small file, start to end       {:>10.1} ms", median(&mut starts).as_secs_f64() * 1e3);
    for (jobs, path) in [("1", &small), ("1", &corpus.folder), ("2", &corpus.folder)] {
        let what = if *path == small { "one small file" } else { "all" };
        println!("peak, {what}, --jobs {jobs}: {:.1} MiB", scanned(path, jobs).1 as f64 / 1024.0);
    }
    std::fs::remove_file(&small).unwrap();
}

fn row(name: &'static str, run: impl Fn(&Corpus) -> Duration + 'static) -> Row {
    Row { name, run: Box::new(run), times: Vec::new() }
}

fn collect(path: &Path, into: &mut Vec<Vec<u8>>) {
    if !path.is_dir() {
        into.push(std::fs::read(path).unwrap());
        return;
    }
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        collect(&entry, into);
    }
}

/// Processor time of doing something with each message.
fn each(corpus: &Corpus, work: impl Fn(&[u8])) -> Duration {
    let begun = (Instant::now(), processor_time());
    for octets in &corpus.letters {
        work(octets);
    }
    match (begun.1, processor_time()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => begun.0.elapsed(),
    }
}

/// Time that this thread has been on a processor; none where the kernel does not say.
fn processor_time() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(told.split(' ').next()?.parse().ok()?))
}

fn parsed_elsewhere(octets: &[u8]) {
    let Some(message) = MessageParser::default().parse(octets) else { return };
    for at in 0..message.text_body.len() {
        black_box(message.body_text(at));
    }
    for at in 0..message.html_body.len() {
        black_box(message.body_html(at));
    }
}

fn judged(octets: &[u8]) -> verdict::Verdict {
    verdict::judge(&Message::parse(octets), &Context::default(), &Thresholds::default())
}

fn with_demand(octets: &[u8]) {
    let message = Message::parse(octets);
    let context = Context::default();
    let verdict = verdict::judge(&message, &context, &Thresholds::default());
    let demand = demand::extract(&message, &context, verdict.level != Level::Clean);
    let _ = black_box((verdict, demand));
}

/// A whole process: how long, and its peak in KiB as last seen.
fn scanned(path: &Path, jobs: &str) -> (Duration, u64) {
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_komainu"))
        .args(["scan", "--format", "json", "--jobs", jobs])
        .arg(path)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let watch = std::thread::spawn(move || {
        let mut peak = 0;
        while let Some(now) = peak_in(&status) {
            peak = now;
            std::thread::sleep(Duration::from_millis(2));
        }
        peak
    });
    child.wait().unwrap();
    (begun.elapsed(), watch.join().unwrap())
}

fn peak_in(status: &str) -> Option<u64> {
    let told = std::fs::read_to_string(status).ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
