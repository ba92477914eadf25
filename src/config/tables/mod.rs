//! The person's own tables: phrases, brands, and whose mail is wanted, read from every `*.toml` of a folder, in the order of
//! their names. Each carries its own cases, and a table that fails one of them is a fault like any other.

mod brands;
mod cases;
mod file;
mod phrases;
mod senders;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};

use self::file::TableFile;
use super::diagnostic::{Diagnostic, Faults, Text, Weight};
use super::paths::Base;
use super::section::{At, More as _};
use super::source::Source;
use super::{Config, read};
use crate::indicator::{Additions, Decision, Sender, TableSource, Tables};

/// The folder beside the configuration where `tables-dir` names none.
const DEFAULT: &str = "tables.d";
/// More files than this are another folder.
const FILES_MOST: usize = 200;
/// Octets of all files together. All of them stand in the record's context, and their phrases in one automaton.
const OCTETS_MOST: usize = 4 << 20;

/// Where the person's own tables stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablesDir {
    /// The folder.
    pub path: PathBuf,
    /// Where the configuration names it; where it names none, the folder need not be there.
    written: Option<Range<usize>>,
}

impl TablesDir {
    pub(super) fn new(written: Option<At<PathBuf>>, base: &Base<'_>) -> Self {
        match written {
            Some(at) => Self { path: at.value, written: Some(at.span) },
            None => Self { path: base.expand(DEFAULT), written: None },
        }
    }
}

impl Config {
    /// Reads and checks the person's own tables; all faults of all files at once. With none, the tables are those that are
    /// compiled in.
    ///
    /// # Errors
    /// Where the folder or a file of it cannot be read, is not of the right shape, or fails one of its own cases.
    pub fn tables(&self) -> Result<Tables, Vec<Faults>> {
        let paths = self.table_files().map_err(|fault| vec![self.faults(*fault)])?;
        let mut files = Vec::new();
        let mut unread = Vec::new();
        let mut total: usize = 0;
        for path in &paths {
            let name = path.display().to_string();
            match read::text(path) {
                Ok(text) => {
                    total = total.saturating_add(text.len());
                    let plain = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    files.push(TableFile::read(plain, Source::of_tables(name, text)));
                }
                Err(fault) => unread.push(Faults {
                    list: vec![*fault],
                    unseen: 0,
                    source: Source::of_tables(name, ""),
                    language: self.language,
                }),
            }
        }
        if total > OCTETS_MOST {
            let fault = Diagnostic::error(Text::new(
                "テーブルのファイルが合わせて大きすぎます (4 MiB 超)",
                "the files of tables are too large together (more than 4 MiB)",
            ));
            return Err(vec![self.faults(fault)]);
        }
        twice(&mut files);
        let tables = (unread.is_empty() && files.iter().all(TableFile::is_good)).then(|| merge(&mut files));
        if let Some(Some(tables)) = &tables {
            for file in &mut files {
                cases::run(file, tables);
            }
        }
        let mut faults = unread;
        faults.extend(files.into_iter().filter_map(|file| file.into_faults(self.language)));
        match tables {
            Some(Some(tables)) if faults.is_empty() => Ok(tables),
            _ => Err(faults),
        }
    }

    fn faults(&self, fault: Diagnostic) -> Faults {
        Faults { list: vec![fault], unseen: 0, source: self.source.clone(), language: self.language }
    }

    /// The files of the folder that hold tables, by name. What begins with a dot is an editor's.
    pub(super) fn table_files(&self) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
        let TablesDir { path, written } = &self.tables_dir;
        let at = |fault: Diagnostic| {
            Box::new(match written {
                Some(span) => fault.at(span.clone()),
                None => fault,
            })
        };
        let entries = match std::fs::read_dir(path) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == ErrorKind::NotFound && written.is_none() => return Ok(Vec::new()),
            Err(cause) => return Err(at(cannot_list(path, &cause))),
        };
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.map_err(|cause| at(cannot_list(path, &cause)))?.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if !hidden && path.extension().is_some_and(|extension| extension == "toml") && !path.is_dir() {
                paths.push(path);
            }
        }
        paths.sort();
        if paths.len() > FILES_MOST {
            let mut fault = Diagnostic::error(Text::new(
                format!("{} にファイルが多すぎます ({FILES_MOST} まで)", path.display()),
                format!("there are too many files in {} ({FILES_MOST} at most)", path.display()),
            ));
            fault.with_help("テーブルだけのフォルダーですか?", "is it a folder of tables only?");
            return Err(at(fault));
        }
        Ok(paths)
    }
}

fn cannot_list(path: &Path, cause: &std::io::Error) -> Diagnostic {
    let shown = path.display();
    let mut fault = Diagnostic::error(Text::new(
        format!("テーブルのフォルダー {shown} を読めません: {cause}"),
        format!("cannot read the folder of tables {shown}: {cause}"),
    ));
    fault.with_help(
        "`tables-dir` の場所は正しいですか。システムのサービスなら利用者 komainu が読める必要があります",
        "is `tables-dir` right? a system service reads it as user komainu",
    );
    fault
}

/// The same sender cannot be wanted and not wanted, nor stand there twice.
fn twice(files: &mut [TableFile]) {
    let mut seen: BTreeMap<Sender, (Decision, String)> = BTreeMap::new();
    for file in files {
        for listed in &file.senders {
            let Some((before, place)) = seen.get(&listed.sender) else {
                let line = file.found.source.locate(listed.span.start).line;
                let place = format!("{}:{line}", file.name);
                seen.insert(listed.sender.clone(), (listed.decision, place));
                continue;
            };
            let text = if *before == listed.decision {
                Text::new("この差出人はもう書いてあります", "this sender stands in the list already")
            } else {
                Text::new("この差出人は許可と拒否の両方にあります", "this sender is both allowed and blocked")
            };
            file.found
                .error(listed.span.clone(), text)
                .with_help(format!("もう一つ: {place}"), format!("the other one: {place}"));
        }
    }
}

/// All files as one; the faults that only show then are put where they belong.
fn merge(files: &mut [TableFile]) -> Option<Tables> {
    let mut additions = Additions::default();
    for file in files.iter() {
        additions.phrases.extend(file.phrases.iter().map(|written| written.table.clone()));
        additions.brands.extend(file.brands.iter().cloned());
        for listed in &file.senders {
            additions.senders.insert(listed.sender.clone(), listed.decision);
        }
    }
    let sources = files
        .iter()
        .map(|file| TableSource { name: file.name.clone(), text: file.found.source.text().to_owned() })
        .collect();
    match Tables::with(additions, sources) {
        Ok(tables) => Some(tables),
        Err(cause) => {
            // Each phrase was looked at; what is left is that there are too many of them.
            if let Some(file) = files.first_mut() {
                let title = Text::new(
                    format!("語句をまとめられません: {cause}"),
                    format!("the phrases cannot be compiled: {cause}"),
                );
                file.found.error(0..0, title);
            }
            None
        }
    }
}

impl Faults {
    /// One line a fault: place and title, without the line of the file, which may hold an address.
    pub fn brief(&self, language: super::Language) -> Vec<String> {
        let errors = self.list.iter().filter(|one| one.weight == Weight::Error);
        errors
            .map(|one| {
                let name = &self.source.name;
                let place = one.span.as_ref().map_or_else(
                    || name.clone(),
                    |span| {
                        let place = self.source.locate(span.start);
                        format!("{name}:{}:{}", place.line, place.column)
                    },
                );
                format!("{place}: {}", one.title.get(language))
            })
            .collect()
    }
}
