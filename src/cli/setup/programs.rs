//! How to keep mail programs from telling a sender that a message was opened (`config/programs.toml`).

use serde::Deserialize;

use super::ask::Dialogue;
use crate::cli::text::Lang;

static COMPILED_IN: &str = include_str!("../../../config/programs.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Program {
    /// Japanese, English.
    name: (String, String),
    ja: String,
    en: String,
    #[expect(dead_code, reason = "for whoever keeps the table")]
    source: String,
    date: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    program: Vec<Program>,
}

/// Tells all that are known, with the day they were looked at.
pub(super) fn tell(talk: &Dialogue) {
    // A test reads the file.
    let Ok(Table { program }) = toml::from_str::<Table>(COMPILED_IN) else { return };
    for one in &program {
        talk.say(talk.lang.pick(&format!("・{}", one.name.0), &format!("- {}", one.name.1)));
        for line in crate::cli::text::wrapped(talk.lang.pick(&one.ja, &one.en), 72) {
            println!("    {line}");
        }
    }
    let newest = program.iter().map(|one| one.date.as_str()).max().unwrap_or_default();
    talk.say(&match talk.lang {
        Lang::Ja => format!("（{newest} に確かめたもの。画面の言葉は版で違うことがあります）"),
        Lang::En => format!("(as of {newest}; wording differs between versions)"),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read_and_each_entry_is_dated() {
        let table: Table = toml::from_str(COMPILED_IN).unwrap();
        assert!(table.program.len() >= 6);
        for program in table.program {
            assert!(program.date.parse::<jiff::civil::Date>().is_ok(), "{}", program.name.1);
        }
    }
}
