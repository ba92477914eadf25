//! Questions to a person at a terminal, or answers from a pipe, one a line, or nobody to ask (`--yes`).

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use unicode_normalization::UnicodeNormalization as _;
use unicode_width::UnicodeWidthStr as _;

use super::hidden;
use crate::cli::text::{Lang, wrapped};

/// Columns, where the terminal tells none; and the most that are used, because longer lines are hard to read.
const WIDTH: usize = 80;
/// Longest answer, octets.
const LONGEST: u64 = 4096;
/// What an answer becomes that is not UTF-8: a terminal of another encoding, or one that takes back half a letter.
const UNREADABLE: &str = "\u{fffd}";

/// Why nothing was set up. Nothing has been written then.
#[derive(Debug)]
pub(super) enum Stop {
    /// The person went away: end of input, or Ctrl-C at the password.
    Aborted,
    /// Nobody is to be asked, and nothing can be proposed; which flag says it.
    Unanswered(&'static str),
    /// It cannot be done; what and why, and the exit status.
    Failed(String, u8),
}

/// Who answers.
enum Source {
    Terminal,
    Lines,
    Nobody,
}

/// The dialogue: everything that setup says and asks.
pub(super) struct Dialogue {
    source: Source,
    pub(super) lang: Lang,
    /// Columns.
    width: usize,
}

/// Columns of the terminal; too narrow ones are left to break lines themselves.
fn width() -> usize {
    let told = rustix::termios::tcgetwinsize(io::stdout()).map_or(0, |size| usize::from(size.ws_col));
    if told == 0 { WIDTH } else { told.clamp(40, WIDTH) }
}

impl Dialogue {
    /// With the person at the terminal, else with what comes through the pipe; with nobody where proposals are to be taken.
    pub(super) fn new(proposals: bool, lang: Lang) -> Self {
        let source = match (proposals, io::stdin().is_terminal()) {
            (true, _) => Source::Nobody,
            (false, true) => Source::Terminal,
            (false, false) => Source::Lines,
        };
        Self { source, lang, width: width() }
    }

    /// Whether somebody can try again.
    pub(super) fn asks(&self) -> bool {
        !matches!(self.source, Source::Nobody)
    }

    /// One of two wordings.
    pub(super) fn pick<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        self.lang.pick(ja, en)
    }

    /// A heading with a rule to the end of the line.
    pub(super) fn heading(&self, ja: &str, en: &str) {
        let title = self.pick(ja, en);
        let rule = "─".repeat(self.width.saturating_sub(title.width() + 6));
        println!("\n── {title} {rule}");
    }

    /// Words, wrapped, with a margin. Lines of the text stay lines, and what is indented stays so.
    pub(super) fn say(&self, text: &str) {
        for line in text.lines() {
            let words = line.trim_start();
            let margin = " ".repeat(2 + line.len() - words.len());
            for piece in wrapped(words, self.width - 2 - margin.len()) {
                println!("{margin}{piece}");
            }
        }
    }

    /// What is answered. A terminal shows it and goes to the next line; a pipe does neither.
    fn answer(&self, question: &str) -> Result<String, Stop> {
        loop {
            let line = line()?;
            if matches!(self.source, Source::Lines) {
                println!();
            }
            if line != UNREADABLE {
                return Ok(line);
            }
            self.tell(
                "UTF-8 の文字として読めませんでした。端末の文字コードを UTF-8 にして、もう一度入力してください。",
                "That was not UTF-8. Set your terminal to UTF-8, and type it again.",
            );
            if matches!(self.source, Source::Lines) {
                return Err(Stop::Failed(
                    self.pick("読めない答えがありました", "an answer could not be read").to_owned(),
                    78,
                ));
            }
            self.prompt(question);
        }
    }

    /// A question; its answer follows on the last of its lines.
    fn prompt(&self, question: &str) {
        let mut lines = wrapped(question, self.width - 10);
        let last = lines.pop().unwrap_or_default();
        for line in lines {
            println!("  {line}");
        }
        print!("  {last}: ");
    }

    /// Words in the language of the dialogue.
    pub(super) fn tell(&self, ja: &str, en: &str) {
        self.say(self.pick(ja, en));
    }

    /// What stands before a question, so that it can be answered; nobody reads it where nobody is asked.
    pub(super) fn explain(&self, ja: &str, en: &str) {
        if self.asks() {
            self.tell(ja, en);
        }
    }

    /// A line of text, without space around it; the proposal where the answer is empty. Full-width letters, digits and `＠`
    /// of an input method become the plain ones (NFKC).
    pub(super) fn ask(
        &mut self,
        label: &str,
        proposal: Option<&str>,
        flag: &'static str,
    ) -> Result<String, Stop> {
        if matches!(self.source, Source::Nobody) {
            return proposal.map(str::to_owned).ok_or(Stop::Unanswered(flag));
        }
        loop {
            let shown = proposal.map(|proposal| format!(" [{proposal}]")).unwrap_or_default();
            let question = format!("{label}{shown}");
            self.prompt(&question);
            let answer: String = self.answer(&question)?.nfkc().collect();
            let answer = answer.trim();
            match (answer.is_empty(), proposal) {
                (false, _) => return Ok(answer.to_owned()),
                (true, Some(proposal)) => return Ok(proposal.to_owned()),
                (true, None) => self.tell("何か入力してください。", "Please type something."),
            }
        }
    }

    /// As [`Dialogue::ask`], where an empty answer is an answer.
    pub(super) fn ask_freely(&mut self, ja: &str, en: &str) -> Result<String, Stop> {
        if matches!(self.source, Source::Nobody) {
            return Ok(String::new());
        }
        self.prompt(self.pick(ja, en));
        let answer: String = self.answer(self.pick(ja, en))?.nfkc().collect();
        Ok(answer.trim().to_owned())
    }

    /// Yes or no.
    pub(super) fn confirm(&mut self, ja: &str, en: &str, proposal: bool) -> Result<bool, Stop> {
        if matches!(self.source, Source::Nobody) {
            return Ok(proposal);
        }
        let label = self.pick(ja, en).to_owned();
        loop {
            let question = format!("{label} [{}]", if proposal { "Y/n" } else { "y/N" });
            self.prompt(&question);
            let answer: String = self.answer(&question)?.nfkc().collect();
            match answer.trim().to_lowercase().as_str() {
                "" => return Ok(proposal),
                "y" | "yes" | "はい" | "ハイ" => return Ok(true),
                "n" | "no" | "いいえ" | "イイエ" => return Ok(false),
                _ => self.tell("y（はい）か n（いいえ）で答えてください。", "Please answer y or n."),
            }
        }
    }

    /// One of several, counted from 0; the proposal where the answer is empty.
    pub(super) fn choose(&mut self, options: &[String], proposal: usize) -> Result<usize, Stop> {
        if matches!(self.source, Source::Nobody) {
            return Ok(proposal);
        }
        for (number, option) in options.iter().enumerate() {
            let mut head = format!("{:>4}) ", number + 1);
            for line in wrapped(option, self.width - 8) {
                println!("{head}{line}");
                head = " ".repeat(6);
            }
        }
        let label = self.pick("番号", "Number").to_owned();
        loop {
            let answer = self.ask(&label, Some(&(proposal + 1).to_string()), "--yes")?;
            match answer.parse::<usize>() {
                Ok(number) if (1..=options.len()).contains(&number) => return Ok(number - 1),
                _ => self.say(&match self.lang {
                    Lang::Ja => format!("1 から {} の番号で答えてください。", options.len()),
                    Lang::En => format!("Please answer with a number from 1 to {}.", options.len()),
                }),
            }
        }
    }

    /// A password: from a terminal without being shown, as it is, spaces at its ends included.
    pub(super) fn secret(&mut self, label: &str) -> Result<String, Stop> {
        match self.source {
            Source::Nobody => Err(Stop::Unanswered("--password-file")),
            Source::Lines => {
                self.prompt(label);
                self.answer(label)
            }
            Source::Terminal => {
                let typed = hidden::read(|| self.prompt(label));
                println!();
                match typed {
                    Ok(Some(typed)) => Ok(typed),
                    Ok(None) => Err(Stop::Aborted),
                    Err(error) => Err(Stop::Failed(error.to_string(), 1)),
                }
            }
        }
    }
}

/// A line without its end.
fn line() -> Result<String, Stop> {
    let mut octets = Vec::new();
    let read = io::stdin().lock().take(LONGEST).read_until(b'\n', &mut octets);
    if read.map_err(|error| Stop::Failed(error.to_string(), 1))? == 0 {
        println!();
        return Err(Stop::Aborted);
    }
    if octets.last() == Some(&b'\n') {
        octets.pop();
    }
    if octets.last() == Some(&b'\r') {
        octets.pop();
    }
    Ok(String::from_utf8(octets).unwrap_or_else(|_| UNREADABLE.to_owned()))
}
