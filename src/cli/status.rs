//! `komainu status`: is it watching, since when, what came last, what went wrong.
//!
//! Exit status: 0 every account is watched and may move; 1 not so, or it cannot be told; 3 no service is running.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::{SignedDuration, Timestamp};

use super::complain;
use super::desk::{Desk, Place};
use super::text::{Lang, padded, wrapped};
use crate::case::timeline::minute;
use crate::config::Environment;
use crate::control::status::{Account, Record, State, Status, Witness};
use crate::control::{self, Answer, Request};
use crate::message::Excerpt;
use crate::store::{Layout, free, read};

/// As `systemctl status` has it: the program is not running.
const NOT_RUNNING: u8 = 3;
/// A witness that is older than this is told as a thing to be looked at.
const OLD_WITNESS: SignedDuration = SignedDuration::from_hours(8 * 24);
/// Less room than this is told as a thing to be looked at, octets.
const LITTLE: u64 = 1 << 30;
/// Terminal columns, and those of a label.
const WIDTH: usize = 78;
const LABEL: usize = 18;

/// `komainu status …`
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How to print it
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// One JSON object.
    Json,
    /// The text format of Prometheus.
    Prometheus,
}

/// Asks the service, and prints what it says.
pub(super) fn status(arguments: Arguments, lang: Option<Lang>, environment: &Environment) -> ExitCode {
    let desk = match Desk::at(arguments.place, lang, environment) {
        Ok(desk) => desk,
        Err(status) => return status,
    };
    let status = match control::ask(&desk.dir, &Request::Status) {
        Ok(Some(Answer::Status(status))) => *status,
        Ok(_) => return not_running(&desk, arguments.format),
        Err(error) => {
            complain(&match desk.lang {
                Lang::Ja => format!("サービスに聞けません: {error}"),
                Lang::En => format!("the service cannot be asked: {error}"),
            });
            return ExitCode::FAILURE;
        }
    };
    match arguments.format {
        Format::Human => print!("{}", Page::new(&desk).running(&status)),
        Format::Json => match serde_json::to_string(&status) {
            Ok(json) => println!("{json}"),
            Err(error) => complain(&error.to_string()),
        },
        Format::Prometheus => print!("{}", control::metrics(&status)),
    }
    if is_well(&status) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Every account is watched, and nothing keeps one from moving.
fn is_well(status: &Status) -> bool {
    status.accounts.iter().all(|account| account.state == State::Watching && account.trouble.is_none())
        && !status.accounts.is_empty()
        && status.troubles.is_empty()
}

/// What can be told without it: where the record ends.
fn not_running(desk: &Desk, format: Format) -> ExitCode {
    let mut record = Record { free: free(&desk.dir).unwrap_or(0), ..Record::default() };
    let layout = Layout::new(&desk.dir);
    let read = read::lines(&layout, None, |_, line| {
        if let Ok(line) = crate::evidence::Record::from_line(line) {
            record.last = Some(line.at);
            match line.entry {
                crate::evidence::Entry::Captured { size, .. } => {
                    record.messages += 1;
                    record.octets = record.octets.saturating_add(size);
                }
                crate::evidence::Entry::Witness { kind, size, .. } => {
                    record.witness = Some(Witness { kind, size, at: line.at });
                }
                crate::evidence::Entry::DigestWritten { date, .. } => record.digest = Some(date),
                _ => {}
            }
        }
    });
    match (read, layout.chain().is_dir(), format) {
        (_, false, Format::Human) => println!(
            "{}",
            match desk.lang {
                Lang::Ja => format!(
                    "✗ komainu は動いていません。{} に記録もありません。\n  はじめるには: komainu setup",
                    desk.dir.display()
                ),
                Lang::En => format!(
                    "✗ komainu is not running, and there is no record in {}.\n  To begin: komainu setup",
                    desk.dir.display()
                ),
            }
        ),
        (Err(error), true, _) => complain(&format!("{}: {error}", desk.dir.display())),
        (Ok(head), _, Format::Human) => {
            record.records = head.seq;
            print!("{}", Page::new(desk).stopped(&record));
        }
        (Ok(head), _, Format::Json) => {
            record.records = head.seq;
            println!("{}", serde_json::json!({ "running": false, "record": record }));
        }
        (_, _, Format::Prometheus) => println!("# komainu is not running"),
        (_, false, Format::Json) => println!("{}", serde_json::json!({ "running": false, "record": null })),
    }
    ExitCode::from(NOT_RUNNING)
}

struct Page<'d> {
    desk: &'d Desk,
    color: bool,
    text: String,
}

impl<'d> Page<'d> {
    fn new(desk: &'d Desk) -> Self {
        let color = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { desk, color, text: String::new() }
    }

    fn pick<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        self.desk.lang.pick(ja, en)
    }

    /// A mark says it; the colour only repeats it.
    fn mark(&self, good: bool) -> &'static str {
        match (good, self.color) {
            (true, true) => "\u{1b}[32m✓\u{1b}[0m",
            (true, false) => "✓",
            (false, true) => "\u{1b}[31m✗\u{1b}[0m",
            (false, false) => "✗",
        }
    }

    fn line(&mut self, label: &str, value: &str) {
        let mut label = padded(label, LABEL);
        for line in wrapped(value, WIDTH - LABEL - 2) {
            self.text.push_str("  ");
            self.text.push_str(&label);
            self.text.push_str(&line);
            self.text.push('\n');
            label = " ".repeat(LABEL);
        }
    }

    fn running(mut self, status: &Status) -> String {
        let well = is_well(status);
        let mark = self.mark(well);
        let zone = &self.desk.zone;
        let since = format!("{} ({})", minute(status.started, zone), self.ago(status.started));
        let head = match (self.desk.lang, well) {
            (Lang::Ja, true) => format!("{mark} 見張っています: {since} から"),
            (Lang::Ja, false) => format!("{mark} 動いていますが、気をつけることがあります: {since} から"),
            (Lang::En, true) => format!("{mark} watching since {since}"),
            (Lang::En, false) => format!("{mark} running since {since}, and something needs a look"),
        };
        self.text.push_str(&head);
        self.text.push_str("\n\n");
        for account in &status.accounts {
            self.account(account);
        }
        for trouble in &status.troubles {
            self.line(
                self.desk.lang.pick("うまくいかないこと", "not working"),
                &Excerpt::line(trouble, 300).to_string(),
            );
        }
        let counts = status.counts;
        let counted = match self.desk.lang {
            Lang::Ja => format!(
                "判定 {}・隔離 {}・疑わしい {}・判定できず {}",
                counts.judged, counts.quarantined, counts.suspicious, counts.not_judged
            ),
            Lang::En => format!(
                "{} judged, {} quarantined, {} suspicious, {} could not be judged",
                counts.judged, counts.quarantined, counts.suspicious, counts.not_judged
            ),
        };
        self.line(self.desk.lang.pick("開始から", "since the start"), &counted);
        if let Some(record) = &status.record {
            self.record(record);
        }
        self.line(
            self.desk.lang.pick("プログラム", "program"),
            &format!("komainu {} (PID {})", status.version, status.pid),
        );
        self.text
    }

    fn stopped(mut self, record: &Record) -> String {
        let mark = self.mark(false);
        let head = self.pick(
            "komainu は動いていません。いまは誰も見張っていません。",
            "komainu is not running: nobody is watching now.",
        );
        _ = writeln!(self.text, "{mark} {head}\n");
        if let Some(last) = record.last {
            let at = format!("{} ({})", minute(last, &self.desk.zone), self.ago(last));
            self.line(self.desk.lang.pick("最後の記録", "last record"), &at);
        }
        self.record(record);
        let next = self.pick(
            "始めるには: systemctl --user start komainu（システムのサービスなら systemctl start komainu）",
            "to start it: systemctl --user start komainu (for a system service: systemctl start komainu)",
        );
        self.text.push('\n');
        for line in wrapped(next, WIDTH) {
            _ = writeln!(self.text, "{line}");
        }
        self.text
    }

    fn account(&mut self, account: &Account) {
        let zone = &self.desk.zone;
        let well = account.state == State::Watching && account.trouble.is_none();
        let state = match account.state {
            State::Connecting => self.pick("接続・確認しているところです", "connecting and catching up"),
            State::Watching => self.pick("見張っています", "watching"),
            State::Lost => {
                self.pick("つながっていません。つなぎ直します", "not connected; it is tried again")
            }
            State::Refused => {
                self.pick("サーバーに断られました。試しません", "refused by the server; not tried again")
            }
        };
        let head = format!("{} {}", self.mark(well), Excerpt::line(&account.name, 64));
        let since = minute(account.since, zone);
        let since = match self.desk.lang {
            Lang::Ja => format!("{state} ({since} から)"),
            Lang::En => format!("{state} (since {since})"),
        };
        _ = writeln!(self.text, "{head}");
        self.line(self.desk.lang.pick("状態", "state"), &since);
        if let Some(until) = account.observes_until {
            let what = self.pick(
                "試用中です。判定と記録だけで、動かしません",
                "trial: it judges and records, and moves nothing",
            );
            let until = match self.desk.lang {
                Lang::Ja => format!("{what} ({} まで)", minute(until, zone)),
                Lang::En => format!("{what} (until {})", minute(until, zone)),
            };
            self.line(self.desk.lang.pick("試用", "observing"), &until);
        }
        if let Some(trouble) = &account.trouble {
            let what = self.pick("何も動かせません", "nothing is moved");
            self.line(
                self.desk.lang.pick("気をつけること", "trouble"),
                &format!("{what}: {}", Excerpt::line(trouble, 300)),
            );
        }
        let last = account.last_message.map_or_else(
            || self.pick("開始からまだありません", "none since the start").to_owned(),
            |at| format!("{} ({})", minute(at, zone), self.ago(at)),
        );
        self.line(self.desk.lang.pick("最後の判定", "last message"), &last);
        if let Some(lag) = account.lag_ms {
            let what = self
                .pick("届いたと知ってから、移し終わるまで", "from noticing new mail to the end of the move");
            self.line(self.desk.lang.pick("最後の移動", "last move"), &format!("{lag} ms ({what})"));
        }
        let error = account.last_error.as_ref().map_or_else(
            || self.pick("ありません", "none").to_owned(),
            |(at, what)| format!("{}: {}", minute(*at, zone), Excerpt::line(what, 300)),
        );
        self.line(self.desk.lang.pick("最後の不調", "last error"), &error);
        self.text.push('\n');
    }

    fn record(&mut self, record: &Record) {
        let zone = &self.desk.zone;
        let (octets, free) = (octets(record.octets), octets(record.free));
        let kept = match self.desk.lang {
            Lang::Ja => {
                format!("記録 {} 件、保存したメール {} 通 ({octets})", record.records, record.messages)
            }
            Lang::En => format!("{} records, {} messages kept ({octets})", record.records, record.messages),
        };
        let little =
            if record.free < LITTLE { self.pick("。残りわずかです", ": little is left") } else { "" };
        let free = format!("{free}{little}");
        let witness = record.witness.as_ref().map_or_else(
            || {
                self.pick(
                    "まだありません。digest-mailbox か witness-dir を設定してください",
                    "none yet; set digest-mailbox or witness-dir",
                )
                .to_owned()
            },
            |witness| {
                let place = match witness.kind.as_str() {
                    "append" => self.pick("自分のメールボックス", "your own mailbox"),
                    "directory" => self.pick("別のフォルダー", "another folder"),
                    _ => self.pick("時刻認証局", "a timestamp authority"),
                };
                let old = if self.desk.now.duration_since(witness.at) > OLD_WITNESS {
                    self.pick("。古くなっています", ": it is old")
                } else {
                    ""
                };
                let (at, ago) = (minute(witness.at, zone), self.ago(witness.at));
                match self.desk.lang {
                    Lang::Ja => format!("{at} ({ago})、{place}、記録 {} 件まで{old}", witness.size),
                    Lang::En => format!("{at} ({ago}), {place}, {} records{old}", witness.size),
                }
            },
        );
        let digest = record
            .digest
            .map_or_else(|| self.pick("まだありません", "none yet").to_owned(), |date| date.to_string());
        self.line(self.desk.lang.pick("証拠", "evidence"), &kept);
        self.line(self.desk.lang.pick("ディスクの空き", "free on disk"), &free);
        self.line(self.desk.lang.pick("外の控え", "witness"), &witness);
        self.line(self.desk.lang.pick("最後の日報", "last digest"), &digest);
    }

    /// How long before now, roughly.
    fn ago(&self, at: Timestamp) -> String {
        let minutes = self.desk.now.duration_since(at).as_mins().max(0);
        let (number, ja, en) = match minutes {
            0 => return self.pick("たった今", "just now").to_owned(),
            1..=119 => (minutes, "分前", "min ago"),
            120..=2879 => (minutes / 60, "時間前", "h ago"),
            _ => (minutes / 1440, "日前", "days ago"),
        };
        match self.desk.lang {
            Lang::Ja => format!("{number} {ja}"),
            Lang::En => format!("{number} {en}"),
        }
    }
}

/// In the largest unit that leaves a number above one.
fn octets(n: u64) -> String {
    match n {
        n if n >= 1 << 30 => format!("{} GiB", n >> 30),
        n if n >= 1 << 20 => format!("{} MiB", n >> 20),
        n if n >= 1 << 10 => format!("{} KiB", n >> 10),
        n => format!("{n} B"),
    }
}
