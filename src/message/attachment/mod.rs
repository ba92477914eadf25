//! Attached files by their octets: what they are, what they carry, what they would do.
//!
//! The path within: `kind` says what a file is, `archive` and its siblings list what lies inside, `office`, `pdf`,
//! `markup`, `calendar` look for what acts. Nothing is run and nothing is resolved. All unpacking and searching draws
//! on one [`Budget`] a message, so that bombs cost milliseconds and are noted.

mod archive;
mod budget;
mod calendar;
mod cfb;
mod iso;
mod kind;
mod lzma;
mod markup;
mod office;
mod ooxml;
mod packed;
mod pdf;
mod search;
mod zip;

use std::collections::BTreeSet;

use budget::{MAX_ARCHIVES, MAX_MEMBERS};

pub(super) use budget::Budget;
pub(super) use kind::is_text;
pub use kind::{Kind, extension};

/// Targets kept of one file.
const MAX_TARGETS: usize = 32;
/// Octets of text kept of one file.
const MAX_TEXT: usize = 256 * 1024;

/// What a file would do, or hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// A VBA project: `vbaProject.bin`, or the storage of [MS-OVBA] §2.2.1.
    Macro,
    /// A macro that says it starts by itself (AutoOpen, Document_Open, Workbook_Open, ...).
    MacroStarts,
    /// An Excel 4.0 macro sheet ([MS-XLS] §2.4.28).
    MacroSheet,
    /// A document that fetches its template, a frame or an object from elsewhere.
    RemoteTemplate,
    /// A field or link that starts a program (DDE, DDEAUTO).
    Dde,
    /// An RTF object that updates or shows itself, or calls the equation editor.
    LiveObject,
    /// A program or shortcut by its octets, inside the file.
    ProgramInside,
    /// A script, inside the file.
    ScriptInside,
    /// PDF: JavaScript.
    PdfScript,
    /// PDF: an action when it is opened.
    PdfOpenAction,
    /// PDF: an action that starts a program or opens a file.
    PdfLaunch,
    /// SVG: a script or an event handler.
    SvgScript,
    /// SVG: HTML inside.
    SvgForeign,
    /// HTML: a field for a password.
    PasswordField,
    /// HTML: a form that is sent to another host.
    FormElsewhere,
    /// HTML: a file is put together in the page and given as a download.
    Smuggling,
    /// HTML: a page whose content is decoded by its own script.
    SelfDecoding,
    /// The listing itself is encrypted or packed away.
    NamesHidden,
    /// A shortcut to a file server or a local program.
    OpensElsewhere,
}

/// What was seen in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Inspection {
    pub(super) kind: Kind,
    pub(super) encrypted: bool,
    pub(super) features: BTreeSet<Feature>,
    pub(super) members: Vec<String>,
    /// Targets of links.
    pub(super) targets: Vec<String>,
    /// Text that a program shows for it, plain.
    pub(super) text: String,
    /// Images that lie in it, as files.
    pub(super) pictures: Vec<Vec<u8>>,
}

impl Inspection {
    fn target(&mut self, target: &str) {
        let target = target.trim();
        let fits = !target.is_empty() && self.targets.len() < MAX_TARGETS;
        if fits && self.targets.iter().all(|known| known != target) {
            self.targets.push(target.to_owned());
        }
    }

    fn member(&mut self, name: String) {
        if self.members.len() < MAX_MEMBERS {
            self.members.push(name);
        }
    }

    /// Adds `text`, bounded.
    fn say(&mut self, text: &str) {
        let left = MAX_TEXT.saturating_sub(self.text.len());
        self.text.push_str(text.get(..text.floor_char_boundary(left)).unwrap_or_default());
    }

    /// What lies in a file lies in the archive around it, too.
    fn take_in(&mut self, name: &str, inner: Inspection) {
        self.features.extend(acts(inner.kind));
        self.encrypted |= inner.encrypted;
        self.features.extend(inner.features);
        for member in inner.members {
            self.member(format!("{name}/{member}"));
        }
        for target in &inner.targets {
            self.target(target);
        }
    }
}

/// The name of what these octets are by themselves; empty where they bear no mark.
pub(super) fn sniff(octets: &[u8]) -> &'static str {
    kind::sniff(octets).name()
}

/// What it means for an archive or document to hold a file of this kind.
fn acts(kind: Kind) -> Option<Feature> {
    if kind.is_program() || kind == Kind::Shortcut {
        return Some(Feature::ProgramInside);
    }
    (kind == Kind::Script).then_some(Feature::ScriptInside)
}

/// Looks at a file. `declared` is the media type that it came with.
pub(super) fn inspect(octets: &[u8], name: &str, declared: &str, budget: &mut Budget) -> Inspection {
    within(octets, name, declared, 0, budget)
}

fn within(octets: &[u8], name: &str, declared: &str, depth: usize, budget: &mut Budget) -> Inspection {
    let mut seen = Inspection { kind: Kind::of(octets, name), ..Inspection::default() };
    match seen.kind {
        kind if kind.is_image() => {}
        Kind::Zip => zip::read(octets, depth, budget, &mut seen),
        Kind::Ole => office::ole(octets, budget, &mut seen),
        Kind::Rtf => office::rtf(octets, budget, &mut seen),
        Kind::OneNote => office::onenote(octets, budget, &mut seen),
        Kind::Pdf => pdf::read(octets, budget, &mut seen),
        Kind::Html | Kind::Hta | Kind::Mht => markup::html(octets, budget, &mut seen),
        Kind::Svg => markup::svg(octets, budget, &mut seen),
        Kind::UrlFile | Kind::Shortcut => markup::shortcut(octets, budget, &mut seen),
        Kind::Ics => calendar::read(octets, budget, &mut seen),
        Kind::DiskImage => iso::read(octets, &mut seen),
        kind if kind.is_archive() => archive::read(octets, name, depth, budget, &mut seen),
        Kind::Unknown if declared == "text/calendar" => calendar::read(octets, budget, &mut seen),
        _ => {}
    }
    seen
}

/// Looks at a file that lies in an archive, if that is not too deep within.
fn inner(octets: &[u8], name: &str, depth: usize, budget: &mut Budget, seen: &mut Inspection) {
    if depth + 1 >= MAX_ARCHIVES {
        budget.cut |= Kind::of(octets, name).is_archive();
        return;
    }
    let found = within(octets, name, "", depth + 1, budget);
    seen.take_in(name, found);
}
