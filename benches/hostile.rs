//! Time and peak memory of mail that is made to cost much: `cargo bench --bench hostile [-- SHAPE…]`.
//!
//! Each shape is judged in a process of its own, from a file, as `komainu scan` does; the peak is what the kernel
//! counted (VmHWM). Prints figures; the exit status is 1 where one goes beyond 2 s or 256 MiB.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, unreachable_pub, reason = "a benchmark")]

#[path = "../tests/suite/hostile/shapes.rs"]
mod shapes;

use std::process::{Command, ExitCode};
use std::time::Instant;

use komainu::indicator::Context;
use komainu::message::Message;
use komainu::verdict::{self, Thresholds};

const MOST_MILLISECONDS: u128 = 2_000;
const MOST_MIB: u64 = 256;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [mode, path] = &arguments[..]
        && mode == "--judge"
    {
        judge(path);
        return ExitCode::SUCCESS;
    }
    let folder = std::env::temp_dir().join(format!("komainu-hostile-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut status = ExitCode::SUCCESS;
    println!("{:32} {:>10} {:>9} {:>9}  defects", "shape", "octets", "ms", "peak MiB");
    for (name, make) in shapes::SHAPES {
        if !arguments.is_empty() && !arguments.iter().any(|wanted| wanted == name) {
            continue;
        }
        let path = folder.join("message.eml");
        let octets = make();
        std::fs::write(&path, &octets).unwrap();
        let own = std::env::current_exe().unwrap();
        let out = Command::new(own).arg("--judge").arg(&path).output().unwrap();
        let told = String::from_utf8_lossy(&out.stdout).into_owned();
        let mut words = told.trim().splitn(3, ' ');
        let milliseconds: u128 = words.next().and_then(|word| word.parse().ok()).unwrap_or(u128::MAX);
        let mib: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(u64::MAX);
        let beyond = milliseconds > MOST_MILLISECONDS || mib > MOST_MIB || !out.status.success();
        if beyond {
            status = ExitCode::FAILURE;
        }
        let mark = if beyond { " BEYOND" } else { "" };
        println!(
            "{name:32} {:>10} {milliseconds:>9} {mib:>9}  {}{mark}",
            octets.len(),
            words.next().unwrap_or_default()
        );
    }
    std::fs::remove_dir_all(&folder).unwrap();
    status
}

/// The message in a file: milliseconds, peak in MiB, defects.
fn judge(path: &str) {
    let octets = std::fs::read(path).unwrap();
    let begun = Instant::now();
    let message = Message::parse(&octets);
    let verdict = verdict::judge(&message, &Context::default(), &Thresholds::default());
    let milliseconds = begun.elapsed().as_millis();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: u64 = peak.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0);
    println!("{milliseconds} {} {:?} {}", kib / 1024, message.defects, verdict.score);
}
