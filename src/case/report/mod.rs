//! The report as a [`Document`]: ten sections, in the order in which a desk asks.
//!
//! What was asked for stands in docs/case.md. Facts are stated as what is written or what somebody says; nobody is
//! called the culprit, and no conclusion of law is drawn.

mod body;
mod custody;
mod demands;
mod digests;
mod header;
mod history;
mod limits;
mod reasons;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use demands::demanded;
pub(super) use limits::DESKS;

use super::gather::{Case, Member};
use super::note::Subject;
use super::rendering::Exhibit;
use super::timeline::local;
use crate::document::{Block, Document, Language, Text, Tone};
use crate::evidence::{Digest, EvidenceId, Peer};
use crate::indicator::Hundredths;
use crate::message::Excerpt;

/// Messages of a case that are shown whole; of the others there is a line each, and their .eml.
pub const FULLY_SHOWN: usize = 20;

/// How much goes into a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// Everything.
    Full,
    /// What can be sent by mail: at most 4.5 MB.
    Lite,
}

impl Variant {
    /// As the record has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Lite => "lite",
        }
    }
}

/// What protects the end of the chain, as far as it is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seal {
    /// The log's name.
    pub origin: Option<String>,
    /// The latest signed checkpoint.
    pub checkpoint: Option<String>,
    /// SHA-256 of the first public key's SubjectPublicKeyInfo.
    pub fingerprint: Option<Digest>,
}

impl Seal {
    /// How many records the checkpoint covers: its second line.
    pub fn size(&self) -> Option<u64> {
        self.checkpoint.as_ref()?.lines().nth(1)?.parse().ok()
    }
}

/// What a verdict was held against, out of `context/<sha256>.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Basis {
    /// From which score on a message is suspicious, and a threat.
    pub thresholds: Option<(Hundredths, Hundredths)>,
    /// Whose Authentication-Results count.
    pub authserv_ids: Vec<String>,
    /// Version of the program.
    pub program: String,
}

impl Basis {
    /// Reads the file's octets; what is not there is none.
    pub fn from_octets(octets: &[u8]) -> Self {
        let value: serde_json::Value = serde_json::from_slice(octets).unwrap_or_default();
        let number = |path: &str| {
            let number = value.pointer(path)?.as_i64()?;
            i32::try_from(number).ok().map(Hundredths)
        };
        let ids = value.get("authserv_ids").cloned().unwrap_or_default();
        Self {
            thresholds: number("/thresholds/suspicious").zip(number("/thresholds/threat")),
            authserv_ids: serde_json::from_value(ids).unwrap_or_default(),
            program: value.get("program").and_then(|v| v.as_str()).unwrap_or_default().to_owned(),
        }
    }
}

/// What a report is made of.
#[derive(Debug, Clone)]
pub struct Handover<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its messages that are shown whole.
    pub exhibits: &'a BTreeMap<EvidenceId, Exhibit>,
    /// By what they were judged.
    pub bases: &'a BTreeMap<Digest, Basis>,
    /// Which servers gave them.
    pub peers: &'a BTreeMap<Digest, Peer>,
    /// In which local time is told.
    pub zone: &'a TimeZone,
    /// When it is made.
    pub made: Timestamp,
    /// How much is in the bundle.
    pub variant: Variant,
    /// Octets that are not in the bundle, and why.
    pub absent: &'a BTreeMap<Digest, Absent>,
    /// What protects the chain's end.
    pub seal: &'a Seal,
}

/// Why a message's octets are not in a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// They were erased, as the record says.
    Erased,
    /// They do not fit into the small bundle.
    TooLarge,
    /// They are not there, and no record says that they were erased.
    Missing,
    /// They are not those that were recorded.
    Changed,
}

impl Absent {
    /// In words.
    pub fn word(self, lang: Language) -> &'static str {
        match self {
            Self::Erased => lang.pick("消去済み（記録あり）", "erased, as recorded"),
            Self::TooLarge => lang.pick("容量のため同梱せず", "left out for its size"),
            Self::Missing => {
                lang.pick("ファイルが見つからない（消去の記録なし）", "missing, though no record says erased")
            }
            Self::Changed => lang.pick(
                "記録時の SHA-256 と一致しないため同梱せず",
                "left out: not the octets that were recorded",
            ),
        }
    }
}

impl Case {
    /// Which messages are shown whole: the first and the last, then the most severe; in order of time.
    pub fn shown(&self) -> Vec<&Member> {
        let ends = self.members.first().into_iter().chain(self.members.last());
        let mut chosen = BTreeSet::new();
        for member in ends.chain(self.by_weight()) {
            if chosen.len() < FULLY_SHOWN {
                chosen.insert(member.id);
            }
        }
        self.members.iter().filter(|member| chosen.contains(&member.id)).collect()
    }

    /// What it is called, for people; bounded and defanged.
    pub fn title(&self, lang: Language) -> String {
        match &self.subject {
            Some(Subject::Named(name)) => Excerpt::new(name).to_string(),
            Some(Subject::Sender(address)) => {
                let address = Excerpt::new(address);
                match lang {
                    Language::Ja => format!("差出人の表示が {address} のメール"),
                    Language::En => format!("mail whose From says {address}"),
                }
            }
            Some(Subject::Account(_)) | None => lang.pick("（名称は消去済み）", "(name erased)").to_owned(),
        }
    }
}

/// The report on a case.
pub fn report(handover: &Handover<'_>, lang: Language) -> Document {
    let case = handover.case;
    let day = |at: Option<Timestamp>| at.map(|at| local(at, handover.zone)).unwrap_or_default();
    let period = format!("{} – {}", day(case.began()), day(case.latest()));
    let mut page = Page { handover, lang, blocks: Vec::new() };
    page.sheet();
    page.demands();
    page.history();
    page.bodies();
    page.headers();
    page.reasons();
    page.custody();
    page.digests();
    page.verification();
    page.limits();
    page.appendix();
    let subtitle = match lang {
        Language::Ja => format!("事案番号 {}　{}\n対象期間 {period}", case.id, case.title(lang)),
        Language::En => format!("Case {}: {}\nPeriod {period}", case.id, case.title(lang)),
    };
    Document {
        language: lang,
        title: lang.pick("不審な電子メールに関する相談資料", "Report on suspicious e-mail").to_owned(),
        subtitle,
        foot: case.id.to_string(),
        made: handover.made,
        blocks: page.blocks,
    }
}

/// The document in the making.
struct Page<'a> {
    handover: &'a Handover<'a>,
    lang: Language,
    blocks: Vec<Block>,
}

impl<'a> Page<'a> {
    /// Exhibits in order of time, with their messages.
    fn exhibits(&self) -> Vec<(&'a Member, &'a Exhibit)> {
        let handover = self.handover;
        let of = |member: &'a Member| Some((member, handover.exhibits.get(&member.id)?));
        handover.case.members.iter().filter_map(of).collect()
    }
}

impl Page<'_> {
    fn section(&mut self, ja: &str, en: &str) {
        self.blocks.push(Block::Heading(1, self.lang.pick(ja, en).to_owned()));
    }

    fn part(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Heading(2, text.into()));
    }

    fn say(&mut self, ja: &str, en: &str) {
        self.blocks.push(Block::Paragraph(self.lang.pick(ja, en).into()));
    }

    fn warn(&mut self, ja: &str, en: &str) {
        self.blocks.push(Block::Notice(Text::of(self.lang.pick(ja, en), Tone::Strong)));
    }

    fn list(&mut self, points: &[(&str, &str)]) {
        let points = points.iter().map(|(ja, en)| self.lang.pick(ja, en).into()).collect();
        self.blocks.push(Block::List(points));
    }

    fn table(&mut self, columns: &[(&str, &str, u16)], rows: Vec<Vec<Text>>) {
        let columns =
            columns.iter().map(|(ja, en, share)| (self.lang.pick(ja, en).to_owned(), *share)).collect();
        self.blocks.push(Block::Table { columns, rows });
    }

    fn pick<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        self.lang.pick(ja, en)
    }

    fn time(&self, at: Timestamp) -> String {
        local(at, self.handover.zone)
    }

    /// A message's number within the case, from 1, in order of time.
    fn number(&self, id: EvidenceId) -> usize {
        self.handover.case.members.iter().position(|member| member.id == id).map_or(0, |at| at + 1)
    }

    fn basis(&self, member: &Member) -> Option<&Basis> {
        self.handover.bases.get(&member.judgement.as_ref()?.context)
    }

    /// `No. 3　2026-11-24 10:15:00 +09:00　subject`
    fn heading_of(&mut self, member: &Member) {
        let number = self.number(member.id);
        let subject = member.letter.as_ref().map(|letter| Excerpt::new(&letter.subject).to_string());
        let subject =
            subject.unwrap_or_else(|| self.pick("（内容は消去済み）", "(content erased)").to_owned());
        let at = self.time(member.came());
        let heading = match self.lang {
            Language::Ja => format!("No. {number}　{at} 受信　件名「{subject}」"),
            Language::En => format!("No. {number}, received {at}, subject “{subject}”"),
        };
        // Which message the page is about.
        self.blocks.push(Block::Foot(format!("No. {number}　SHA-256 {}", short(member.capture.sha256))));
        self.part(heading);
    }
}

/// The first 16 digits: for the foot of pages and for tables; the whole stands in the list of digests.
fn short(sha256: Digest) -> String {
    sha256.to_string().chars().take(16).collect()
}

/// A sender's words.
fn quoted(text: &str) -> Text {
    Text::of(Excerpt::new(text).to_string(), Tone::Quoted)
}

/// What is bounded and defanged already.
fn quote(excerpt: impl std::fmt::Display) -> Text {
    Text::of(excerpt.to_string(), Tone::Quoted)
}

fn code(text: impl Into<String>) -> Text {
    Text::of(text, Tone::Code)
}
