//! `komainu check --online`: signs in to each account once, looks at this machine, and says in words what is there, what will
//! be done, and what is to be put right. Nothing is written, on the wire or on disk.

mod account;
mod kept;
mod machine;

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::server::{Seen, look, refused};
use super::text::{Lang, wrapped};
use crate::config::{Account, Config, Environment};
use crate::imap::Endpoint;

/// Columns of a terminal that is not told to be wider.
const WIDTH: usize = 78;
/// Columns of a label.
const LABEL: usize = 14;

/// Prints what each account's server and this machine show; false where something is to be put right.
pub(super) fn check(config: &Config, environment: &Environment, lang: Lang) -> bool {
    let mut faults = 0;
    let mut warnings = 0;
    let mut print = |page: Page| {
        println!("\n{}", page.text.trim_end());
        faults += page.faults;
        warnings += page.warnings;
    };
    for account in &config.accounts {
        print(signed_in(account, config, environment, lang));
    }
    print(machine::page(config, environment, lang));
    println!("\n{}", result(faults, warnings, lang));
    faults == 0
}

fn signed_in(account: &Account, config: &Config, environment: &Environment, lang: Lang) -> Page {
    let mut page = Page::new(&account.name, lang);
    match account.secret(environment).and_then(|secret| account.endpoint(secret)) {
        Ok(endpoint) => match seen(&endpoint, account) {
            Ok(seen) => account::tell(&mut page, account, &seen),
            Err(why) => page.bad(("サインイン", "sign-in"), &refused_text(why, lang)),
        },
        Err(fault) => page.bad(("サインイン", "sign-in"), fault.render(&config.source, lang).trim_end()),
    }
    page
}

/// Why a look came to nothing.
enum Blind {
    Imap(crate::imap::Error),
    Io(std::io::Error),
}

fn refused_text(why: Blind, lang: Lang) -> String {
    match why {
        Blind::Imap(error) => refused(&error, lang),
        Blind::Io(error) => error.to_string(),
    }
}

fn seen(endpoint: &Endpoint, account: &Account) -> Result<Seen, Blind> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Blind::Io)?;
    let inbox = account.mailboxes.first().map_or("INBOX", String::as_str);
    runtime.block_on(look(endpoint, inbox, &account::wanted(account))).map_err(Blind::Imap)
}

fn result(faults: usize, warnings: usize, lang: Lang) -> String {
    match (faults, warnings, lang) {
        (0, 0, Lang::Ja) => "✓ 実際に確かめて、直すところはありませんでした".to_owned(),
        (0, 0, Lang::En) => "✓ looked at, and nothing is to be put right".to_owned(),
        (0, _, Lang::Ja) => format!("✓ このまま動きます。気をつけること {warnings} 件（! の行）"),
        (0, _, Lang::En) => format!("✓ it will work like this; {warnings} to be aware of (marked !)"),
        (_, _, Lang::Ja) => format!("✗ 直すところが {faults} 件あります（✗ の行）"),
        (_, _, Lang::En) => format!("✗ {faults} to be put right (marked ✗)"),
    }
}

/// What was found about one thing, a line each, with a mark: ✓ good, ! to be aware of, ✗ to be put right, ・ as it is.
struct Page {
    text: String,
    lang: Lang,
    faults: usize,
    warnings: usize,
}

impl Page {
    fn new(heading: &str, lang: Lang) -> Self {
        Self { text: format!("{heading}\n"), lang, faults: 0, warnings: 0 }
    }

    fn good(&mut self, label: (&str, &str), value: &str) {
        self.line("✓", label, value);
    }

    fn note(&mut self, label: (&str, &str), value: &str) {
        self.line("-", label, value);
    }

    fn warn(&mut self, label: (&str, &str), value: &str) {
        self.warnings += 1;
        self.line("!", label, value);
    }

    fn bad(&mut self, label: (&str, &str), value: &str) {
        self.faults += 1;
        self.line("✗", label, value);
    }

    /// The lines of a value stand below each other, beside the label.
    fn line(&mut self, mark: &str, (ja, en): (&str, &str), value: &str) {
        let label = self.lang.pick(ja, en);
        let pad = LABEL.saturating_sub(label.width());
        let mut head = format!("  {mark} {label}{}", " ".repeat(pad));
        let indent = " ".repeat(LABEL + 4);
        for line in value.lines().flat_map(|line| wrapped(line.trim(), WIDTH - LABEL - 4)) {
            _ = writeln!(self.text, "{head}{line}");
            head.clone_from(&indent);
        }
    }
}
