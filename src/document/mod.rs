//! What is handed to people, as a value: language, running text, tables, pictures. How it looks is somebody else's
//! business ([`crate::pdf`]).
//!
//! Text that came with a message is [`Tone::Quoted`] or [`Block::Verbatim`]; whoever draws it shows controls, direction
//! marks and what its font lacks as `[U+XXXX]`, so that nothing in it acts and nothing is lost.

use jiff::Timestamp;

/// The languages the program speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Japanese.
    Ja,
    /// English.
    #[default]
    En,
}

impl Language {
    /// One of two wordings.
    pub fn pick<'t>(self, ja: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Ja => ja,
            Self::En => en,
        }
    }

    /// As written in the configuration and in `--lang`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// `ja` or `en`.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "ja" => Some(Self::Ja),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// A document, from its first page to its last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Of its own words; what is quoted may be in any other.
    pub language: Language,
    /// In the file's properties and on the first page.
    pub title: String,
    /// Below the title: whose case, which number, in which period.
    pub subtitle: String,
    /// Stands at the left of every page's foot, beside the page number: the case.
    pub foot: String,
    /// When it was made: an argument, so that the same document is the same octets.
    pub made: Timestamp,
    /// In reading order.
    pub blocks: Vec<Block>,
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A section's heading: level 1 begins a section, 2 a part of it.
    Heading(u8, String),
    /// Running text.
    Paragraph(Text),
    /// In a frame: what nobody may overlook.
    Notice(Text),
    /// Points, with a mark before each.
    List(Vec<Text>),
    /// Label and value, a line each.
    Fields(Vec<(String, Text)>),
    /// A table; its head is repeated on each page. A row is as long as `columns`.
    Table {
        /// Head and share of the width (any unit) of each column.
        columns: Vec<(String, u16)>,
        /// Cells, left to right.
        rows: Vec<Vec<Text>>,
    },
    /// Lines as they are, broken anywhere: a header, a message's text.
    Verbatim(Vec<String>),
    /// Lines of our own as they are: commands to be typed, a checkpoint.
    Lines(Vec<String>),
    /// Events on a line of time, drawn.
    Timeline(Vec<Event>),
    /// From here on, until the next, this stands at the foot of each page, too: the message's digest.
    Foot(String),
    /// What follows begins on a new page.
    NewPage,
}

/// Running text: spans, one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Span>);

/// A run of text in one tone. A line feed in it is a new line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What it says.
    pub text: String,
    /// How it is said.
    pub tone: Tone,
}

/// Whose words these are, and how much they matter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Our own words.
    #[default]
    Plain,
    /// Our own, not to be overlooked.
    Strong,
    /// Our own, beside the point.
    Quiet,
    /// The sender's, or the server's: shown so that nobody takes them for ours.
    Quoted,
    /// Digests, numbers, names of files: no ligature, every sign apart.
    Code,
}

/// One event of a [`Block::Timeline`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// The same, as people write it: zone included.
    pub when: String,
    /// A few words.
    pub what: String,
    /// Whose act it was.
    pub kind: EventKind,
}

/// Whose act an [`Event`] was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// A message came.
    Message,
    /// komainu did something.
    Act,
    /// The person did something, or says so.
    Person,
    /// Nobody was watching.
    Gap,
    /// A date that was set: until when money was demanded.
    Deadline,
}

impl Text {
    /// One span.
    pub fn of(text: impl Into<String>, tone: Tone) -> Self {
        Self(vec![Span { text: text.into(), tone }])
    }

    /// This, and then more.
    #[must_use]
    pub fn and(mut self, text: impl Into<String>, tone: Tone) -> Self {
        self.0.push(Span { text: text.into(), tone });
        self
    }
}

impl<T: Into<String>> From<T> for Text {
    fn from(text: T) -> Self {
        Self::of(text, Tone::Plain)
    }
}
