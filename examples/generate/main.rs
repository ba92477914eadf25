//! For packagers: completions for shells, and manual pages. Not a command of the program itself, which they would make 270 KB
//! larger for something that is done once, when it is packaged.
//!
//!     cargo run --example generate -- completions bash > komainu.bash
//!     cargo run --example generate -- man --out man/man1
//!     cargo run --example generate -- man --out man/ja/man1 --lang ja
#![allow(clippy::print_stdout, reason = "a program of its own")]

mod make;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use komainu::config::Language;

/// Makes completions and manual pages of komainu.
#[derive(Debug, Parser)]
struct Arguments {
    /// Language of the descriptions
    #[arg(long, global = true, value_enum, default_value = "en")]
    lang: Lang,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Lang {
    Ja,
    En,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Completions for a shell, on standard output
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Manual pages, one a command
    Man {
        /// The folder to write them to; made where missing
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let language = match arguments.lang {
        Lang::Ja => Language::Ja,
        Lang::En => Language::En,
    };
    match arguments.what {
        What::Completions { shell } => print!("{}", make::completions(shell, language)),
        What::Man { out } => match make::pages(&out, language) {
            Ok(count) => println!("{}: {count} pages", out.display()),
            Err(error) => {
                println!("{}: {error}", out.display());
                return ExitCode::FAILURE;
            }
        },
    }
    ExitCode::SUCCESS
}
