//! `komainu setup`: questions and answers to a configuration that works. Nothing is written before the last answer, and then
//! all of it or nothing.

mod answers;
mod ask;
mod choices;
mod files;
mod finish;
mod hidden;
mod programs;
mod server;
mod signin;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use self::ask::{Dialogue, Stop};
use super::text::Lang;
use super::{EX_USAGE, complain};
use crate::config::Environment;

/// What can be said beforehand; the rest is asked, or, with `--yes`, taken as proposed.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where to write the configuration [default: /etc/komainu/komainu.toml, or the user's own]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The mail address to watch
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// The IMAP server [default: from the table of providers, or from DNS]
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Its port [default: 993 with tls, 143 with starttls]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// How the line is encrypted [default: tls]
    #[arg(long, value_enum, value_name = "tls|starttls")]
    security: Option<Encryption>,
    /// One more root certificate (PEM), for this server only
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// The login name [default: by the provider, else the address]
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// A file that holds the password (mode 0600); it stays there. `-` reads a line of standard input
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// What is done with a hit
    #[arg(long, value_enum, value_name = "observe|quarantine")]
    mode: Option<Handling>,
    /// With quarantine: for so long at first only judge, such as 7d; 0 moves from the beginning
    #[arg(long, value_name = "DURATION")]
    observe_for: Option<String>,
    /// Ask nothing: take what is proposed
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Encryption {
    Tls,
    Starttls,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Handling {
    Observe,
    Quarantine,
}

/// Asks, tries, writes. Exit 0 where what was written passes `check --online`.
pub(super) fn setup(arguments: &Arguments, chosen: Option<Lang>, environment: &Environment) -> ExitCode {
    let lang = chosen.unwrap_or_else(|| environment.language());
    let mut talk = Dialogue::new(arguments.yes, lang);
    match run(&mut talk, arguments, chosen, environment) {
        Ok(well) => {
            if well {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(stop) => {
            let lang = talk.lang;
            let nothing = lang.pick("何も書き込んでいません。", "Nothing was written.");
            let (why, status) = match stop {
                Stop::Aborted => (lang.pick("中止しました。", "Stopped.").to_owned(), 1),
                Stop::Unanswered(flag) => (
                    match lang {
                        Lang::Ja => format!("--yes では {flag} が必要です。"),
                        Lang::En => format!("--yes needs {flag}."),
                    },
                    EX_USAGE,
                ),
                Stop::Failed(why, status) => (why, status),
            };
            complain(&format!("\n{why}\n{nothing}"));
            ExitCode::from(status)
        }
    }
}

fn run(
    talk: &mut Dialogue,
    arguments: &Arguments,
    chosen: Option<Lang>,
    environment: &Environment,
) -> Result<bool, Stop> {
    if chosen.is_none() && talk.asks() {
        talk.say("言語 / Language");
        let proposal = usize::from(talk.lang == Lang::En);
        let picked = talk.choose(&["日本語".to_owned(), "English".to_owned()], proposal)?;
        talk.lang = if picked == 0 { Lang::Ja } else { Lang::En };
    }
    talk.heading("komainu の設定", "Setting up komainu");
    talk.tell(
        "メールの見張りに必要なことを順にお聞きします。[ ] の中はおすすめで、Enter だけでそのまま選べます。\
         最後に確かめるまで何も書き込みません。いつでも Ctrl-C で中止できます。",
        "I will ask what it takes to watch your mail. What stands in [ ] is proposed; Enter alone takes it. \
         Nothing is written before you have confirmed at the end. Ctrl-C stops at any time.",
    );
    let place = finish::place(talk, arguments, environment)?;
    let mut server = server::server(talk, arguments)?;
    let (password, seen) = signin::sign_in(talk, arguments, environment, &mut server)?;
    loop {
        let wanted = choices::choices(talk, arguments, &server, &seen)?;
        if let Some(well) = finish::finish(talk, &place, &server, &password, wanted, environment)? {
            return Ok(well);
        }
    }
}
