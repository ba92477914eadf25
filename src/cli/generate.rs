//! What packagers want: completions for shells, and manual pages, from the command line's own description.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Command, Subcommand};
use clap_complete::Shell;
use clap_mangen::Man;

use super::complain;
use super::text::Lang;

/// What to make.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Completions for a shell, on standard output
    Completions {
        /// Which shell
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
    /// Manual pages, one a command, in the language of --lang
    Man {
        /// The folder to write them to; made where missing
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

/// Headings that clap_mangen writes, and what they are called in Japanese manual pages.
const HEADINGS: [(&str, &str); 6] = [
    ("NAME", "名前"),
    ("SYNOPSIS", "書式"),
    ("DESCRIPTION", "説明"),
    ("OPTIONS", "オプション"),
    ("SUBCOMMANDS", "コマンド"),
    ("VERSION", "版"),
];

/// Makes it; `command` is the whole command line, its help in this language.
pub(super) fn generate(arguments: &Arguments, mut command: Command, lang: Lang) -> ExitCode {
    match &arguments.what {
        What::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut command, "komainu", &mut script);
            print!("{}", String::from_utf8_lossy(&script));
            ExitCode::SUCCESS
        }
        What::Man { out } => match fs::create_dir_all(out).and_then(|()| pages(&mut command, out, lang)) {
            Ok(count) => {
                match lang {
                    Lang::Ja => println!("{}: {count} ページ", out.display()),
                    Lang::En => println!("{}: {count} pages", out.display()),
                }
                ExitCode::SUCCESS
            }
            Err(error) => {
                complain(&format!("{}: {error}", out.display()));
                ExitCode::FAILURE
            }
        },
    }
}

/// A page for the program and for each command, `komainu-case-list.1`; how many.
fn pages(command: &mut Command, out: &Path, lang: Lang) -> io::Result<usize> {
    // What is meant for all commands stands on the first page only.
    command.build();
    let mut written = 0;
    let mut rest = vec![command.clone()];
    while let Some(command) = rest.pop() {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
        let below = command.get_subcommands().filter(|one| one.get_name() != "help" && !one.is_hide_set());
        rest.extend(below.cloned());
        fs::write(out.join(format!("{name}.1")), page(command, &name, lang)?)?;
        written += 1;
    }
    Ok(written)
}

fn page(command: Command, name: &str, lang: Lang) -> io::Result<String> {
    let version = concat!("komainu ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command).title(name).source(version).manual("komainu");
    let mut octets = Vec::new();
    man.render(&mut octets)?;
    let mut text = String::from_utf8_lossy(&octets).into_owned();
    if lang == Lang::Ja {
        for (en, ja) in HEADINGS {
            text = text.replace(&format!(".SH {en}\n"), &format!(".SH {ja}\n"));
        }
    }
    Ok(text)
}
