//! Completions and manual pages, from the command line's own description.

use std::fs;
use std::io;
use std::path::Path;

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use komainu::config::Language;

/// Headings that clap_mangen writes, and what they are called in Japanese manual pages.
const HEADINGS: [(&str, &str); 6] = [
    ("NAME", "名前"),
    ("SYNOPSIS", "書式"),
    ("DESCRIPTION", "説明"),
    ("OPTIONS", "オプション"),
    ("SUBCOMMANDS", "コマンド"),
    ("VERSION", "版"),
];

/// The completions of one shell.
pub(crate) fn completions(shell: Shell, language: Language) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut komainu::cli::command_line(language), "komainu", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// A page for the program and for each command, `komainu-case-list.1`, written to a folder; how many.
pub(crate) fn pages(out: &Path, language: Language) -> io::Result<usize> {
    fs::create_dir_all(out)?;
    let mut command = komainu::cli::command_line(language);
    // Names the commands below by their whole way.
    command.build();
    let mut written = 0;
    let mut rest = vec![command];
    while let Some(command) = rest.pop() {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
        rest.extend(command.get_subcommands().filter(|one| one.get_name() != "help").cloned());
        fs::write(out.join(format!("{name}.1")), page(command, &name, language)?)?;
        written += 1;
    }
    Ok(written)
}

fn page(command: Command, name: &str, language: Language) -> io::Result<String> {
    let version = concat!("komainu ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command).title(name).source(version).manual("komainu");
    let mut octets = Vec::new();
    man.render(&mut octets)?;
    let mut text = String::from_utf8_lossy(&octets).into_owned();
    if language == Language::Ja {
        for (en, ja) in HEADINGS {
            text = text.replace(&format!(".SH {en}\n"), &format!(".SH {ja}\n"));
        }
        text = text.replace("Possible values:", "使える値:").replace("[default: ", "[既定: ");
    }
    Ok(text)
}
