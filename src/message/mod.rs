//! Octets to [`Message`]: charset repair, text views, addresses, links, authentication results, attachments.
//!
//! The path within: `header` (fields, encoded-words) and `charset` (octets to text, whatever the label says), `param`,
//! `address`, `authentication` (structured fields), `mime` (parts, transfer encodings), `html`, `style` and `sheet` (what
//! a person sees), `markup` (what HTML does beside), `link`, `attachment`, `image` and `qr` (codes in pictures); `parse`
//! walks the parts and fills in the [`Message`], `gather` what is in one. `normal` and `fold` are the one normaliser ([`Text`], [`normalise`]), `excerpt` the only way out.
//!
//! Parsing is total: whatever octets come, a [`Message`] results; what was broken or cut is a [`Defect`], and defects
//! are themselves observable. Nothing here knows of a clock, a file or a socket.
#![deny(clippy::disallowed_methods)]

mod address;
mod attachment;
mod authentication;
mod charset;
mod excerpt;
mod flowed;
mod fold;
mod gather;
mod header;
mod html;
mod image;
mod jis;
mod link;
mod markup;
mod mime;
mod normal;
mod param;
mod parse;
mod place;
mod qr;
mod rtf;
mod sheet;
mod style;
mod tame;
mod text;
mod tnef;
mod uu;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use attachment::{Feature, Kind, extension};
pub use fold::latin_like;
pub use normal::normalise;
pub use place::PlaceError;

/// Where in a message something was found. Displayed as `subject`, `header/reply-to`, `text/1`, `link/3`,
/// `attachment/2`, `message`; numbers count from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The decoded Subject field.
    Subject,
    /// A header field, by its lower-case name.
    Header(String),
    /// The n-th entry of [`Message::texts`], from 1.
    Text(usize),
    /// The n-th entry of [`Message::links`], from 1.
    Link(usize),
    /// The n-th entry of [`Message::attachments`], from 1.
    Attachment(usize),
    /// The message as a whole.
    Message,
    /// A QR code that stands there: `attachment/2/qr`, `text/1/qr`.
    Code(Box<Place>),
}

/// Untrusted text on its way out of the core: bounded, controls, bidi and zero-width escaped, URLs defanged.
/// There is no other way to print what a sender wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Excerpt(String);

/// A text as it was written and as it is matched, with a map from the second back to the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    original: String,
    normal: String,
    /// (offset in `normal`, offset in `original`), both in octets, ascending; the last pair is the two lengths.
    map: Vec<(u32, u32)>,
}

/// One address of a header field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// The display name, decoded; empty where there is none.
    pub name: Text,
    /// `local@domain` with the domain in lower case, as given otherwise; empty where it could not be read.
    pub addr: String,
    /// The domain, lower case, IDNA labels as written; empty where there is none.
    pub domain: String,
}

/// What one Authentication-Results field (RFC 8601) claims, and where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthenticationResults {
    /// The authserv-id, lower case.
    pub authserv_id: String,
    /// True where the field stands above the first Received field (RFC 8601 §5: only these can be the provider's own).
    pub above_first_received: bool,
    /// Method, result and the property that names a domain or address: `("dkim", "pass", "example.com")`; lower case.
    pub results: Vec<AuthenticationResult>,
}

/// One method of an Authentication-Results field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthenticationResult {
    /// `spf`, `dkim`, `dmarc`, ...
    pub method: String,
    /// `pass`, `fail`, `softfail`, `none`, `temperror`, ...
    pub result: String,
    /// The domain it was checked for (`header.d`, `header.i`, `header.from`, `smtp.mailfrom`), lower case, or empty.
    pub domain: String,
}

/// How a text came to be visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// text/plain (or any other text/* but HTML).
    Plain,
    /// text/html, as a person sees it.
    Html,
    /// Text of an HTML part that a person does not see (display:none, zero font, same colour, ...); stands right
    /// after the visible text of that part.
    Hidden,
    /// From, Subject and text of an attached message/rfc822, and the text of an attached text or HTML file.
    Nested,
    /// What a QR code says: a person points a telephone at it and follows.
    Code,
}

impl TextKind {
    /// Whether the reader takes it for what the message says: its own plain text or HTML, as it is seen.
    pub fn is_shown(self) -> bool {
        matches!(self, Self::Plain | Self::Html)
    }
}

/// One text of the body, in the order of the parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextView {
    /// How it came to be visible.
    pub kind: TextKind,
    /// The text itself.
    pub text: Text,
}

/// A link of the body: an `<a href>` with its visible text, or a bare URL of a text part (then `text` is empty).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// The target as written, entities decoded.
    pub target: String,
    /// `http`, `https`, `mailto`, `tel`, `data`, ...; lower case; empty where there is none.
    pub scheme: String,
    /// The host, lower case, without userinfo and port; empty where there is none.
    pub host: String,
    /// The registrable domain (public suffix list) of `host`; `host` itself where there is none.
    pub domain: String,
    /// What a person reads as the link.
    pub text: Text,
    /// How it is offered.
    pub origin: Origin,
}

/// How a link is offered to a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    /// In the body, to be clicked.
    #[default]
    Body,
    /// In a QR code, to be photographed.
    Code,
}

/// A QR code that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What carries it: an attachment or inline image, or the text that it is embedded in or drawn with.
    pub carrier: Place,
    /// How it is made.
    pub make: Make,
    /// What it says: the n-th entry of [`Message::texts`], from 1.
    pub text: usize,
}

/// What the HTML of the body does beside showing text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markup {
    /// Forms in which something can be typed or that send something.
    pub forms: Vec<Form>,
    /// Where `<meta http-equiv=refresh>` leads; empty where there is none.
    pub refresh: String,
    /// What relative links are taken to start with (`<base href>`), where there are any; empty otherwise.
    pub base: String,
    /// Script elements. Mail programs run none; a browser that opens the file does.
    pub scripts: usize,
    /// The first script that is fetched from elsewhere; empty where there is none.
    pub remote_script: String,
    /// Images that a person sees.
    pub images: usize,
    /// Images that are links.
    pub linked_images: usize,
    /// Octets of visible text that are only descriptions of images.
    pub alt: usize,
    /// Images that are fetched and that nobody sees: the sender learns who opened the mail. At most 16.
    pub pixels: Vec<String>,
    /// A link that lies over all of the text; empty where there is none.
    pub overlay: String,
    /// How often hidden text stands between two letters of one word.
    pub wedges: usize,
    /// Elements in which the letters run backwards (`<bdo dir=rtl>`, `unicode-bidi: bidi-override`).
    pub turned: usize,
    /// Octets of hidden text before the first visible one: what mail programs show beside the subject.
    pub preheader: usize,
}

/// A form in the body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Where it sends what is typed in, as written; empty where it does not say.
    pub action: String,
    /// It sends with POST: a search field of a page does not.
    pub post: bool,
    /// Fields that a person fills in.
    pub fields: usize,
    /// One of them is for a password, a PIN or a card.
    pub secret: bool,
}

/// How a QR code is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Make {
    /// An image file.
    Image,
    /// An image within the text, as a `data:` URI.
    Embedded,
    /// Drawn with characters or table cells: there is no image that could be looked into.
    Drawn,
    /// An image that a service makes of what stands in its address (`…/qr?text=…`). Never fetched; read off the address.
    Ordered,
}

/// An attached or inline file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// File name as a person's mail program shows it, decoded; empty where there is none.
    pub name: Text,
    /// Declared media type, lower case.
    pub declared: String,
    /// What it is by its octets, and by its name where the octets bear no mark.
    pub kind: Kind,
    /// What it would do, or hides.
    pub features: BTreeSet<Feature>,
    /// Decoded size in octets.
    pub size: usize,
    /// True where it is encrypted (zip general purpose bit 0, encrypted Office, PDF /Encrypt).
    pub encrypted: bool,
    /// File names inside, where it is an archive that could be listed (bounded); `archive/file` where one lies in another.
    pub members: Vec<String>,
    /// Targets of links inside (bounded): PDF, Office, SVG, shortcut, calendar. They are among [`Message::links`], too.
    pub targets: Vec<String>,
    /// Its text as the n-th entry of [`Message::texts`], from 1.
    pub text: Option<usize>,
}

/// What was broken, missing or cut while parsing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Defect {
    /// No octets at all.
    Empty,
    /// No header field could be read.
    NoHeader,
    /// The declared charset does not fit the octets, or none was declared and one was guessed.
    Charset,
    /// Nesting deeper than the cap; what lies below was not read.
    DepthCut,
    /// More parts than the cap.
    PartsCut,
    /// A text longer than the cap.
    TextCut,
    /// More links than the cap.
    LinksCut,
    /// NUL octets were present.
    Nul,
    /// A transfer encoding that could not be decoded.
    Encoding,
    /// A multipart body without the boundary that its header names, or without any.
    Boundary,
    /// Images that were not looked into, or not to the end, because of their size or number.
    ImagesCut,
    /// Only the first octets of the message were given to the parser.
    Partial,
    /// An archive or document that was not unpacked or searched to its end.
    ArchiveCut,
    /// The same header field where only one may stand (From, Subject, Date, ...; RFC 5322 §3.6).
    DuplicateField,
}

/// A message as observables. See [`Message::parse`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// Size in octets, as given.
    pub size: usize,
    /// From.
    pub from: Vec<Address>,
    /// Sender.
    pub sender: Vec<Address>,
    /// Reply-To.
    pub reply_to: Vec<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Return-Path, without angle brackets; empty where there is none.
    pub return_path: String,
    /// Subject, decoded.
    pub subject: Text,
    /// Date field as a point in time.
    pub date: Option<Timestamp>,
    /// Message-ID without angle brackets; empty where there is none.
    pub message_id: String,
    /// In-Reply-To and References ids, without angle brackets.
    pub references: Vec<String>,
    /// All Authentication-Results fields, top to bottom; which of them count is decided by the account's authserv-id.
    pub authentication: Vec<AuthenticationResults>,
    /// Every header field, top to bottom: lower-case name, decoded value.
    pub fields: Vec<(String, String)>,
    /// The body's texts.
    pub texts: Vec<TextView>,
    /// The body's links.
    pub links: Vec<Link>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Charset labels of header fields and text parts, as declared: lower case, sorted, each once.
    pub charsets: Vec<String>,
    /// QR codes; what they say is among the texts and links.
    pub codes: Vec<Code>,
    /// What the HTML of the body does beside showing text; attached files and messages are left out.
    pub markup: Markup,
    /// What was broken or cut; sorted, each once.
    pub defects: Vec<Defect>,
    /// What taking it apart cost.
    pub work: Work,
}

/// What taking a message apart cost, counted; the same on every machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Entities read: the message, its parts, and those of messages within.
    pub parts: usize,
    /// Octets that transfer decoding gave.
    pub decoded: usize,
    /// Octets that unpacking archives and documents gave.
    pub inflated: usize,
    /// Octets of archives and documents that were searched.
    pub searched: usize,
    /// Octets of text kept, in UTF-8.
    pub text: usize,
}

/// A QR code drawn with block characters, for the tests of other rooms.
#[cfg(test)]
pub(crate) use qr::drawing;
