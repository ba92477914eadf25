//! A document to the octets of a PDF.
//!
//! PDF/A-2b (ISO 19005-2): one font, embedded as a subset; nothing in the file acts or points outside it. The way is
//! text → signs that the font has (`sign`) → lines (`line`) → pages, as lists of what stands where (`sheet`,
//! `block`) → octets (`draw`). All pages are laid out before the first is drawn, because each says how many there are.
//!
//! Whatever a text contains, it renders: PDF/A refuses a character without a glyph, so that one emoji in a subject could
//! else keep a report from being made.

mod block;
mod draw;
mod face;
mod grid;
mod line;
mod sheet;
mod sign;
mod style;
mod timeline;

use crate::document::Document;

/// Why there is no PDF. Neither depends on the document's text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The font that is compiled in could not be unpacked or read.
    #[error("the font of the reports cannot be read")]
    Font,
    /// The PDF could not be written under the rules of PDF/A.
    #[error("the PDF cannot be written: {0}")]
    Export(String),
}

/// Renders a document: A4, upright, PDF/A-2b. The same document gives the same octets.
///
/// Time and memory grow with the document: about 2 ms and 50 KB a page, and 100 ms and 20 MB for the font.
pub fn render(document: &Document) -> Result<Vec<u8>, Error> {
    let face = face::Face::shipped().ok_or(Error::Font)?;
    let book = block::lay_out(document, &face);
    draw::draw(document, &book, &face)
}
