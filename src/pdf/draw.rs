//! Pages to PDF/A.

use jiff::tz::TimeZone;
use krilla::color::rgb;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, LineCap, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document as Pdf, SerializeSettings};

use super::Error;
use super::face::Face;
use super::line::width;
use super::sheet::{Book, Bookmark, FOOT_CHARS, Figure, Mark, Page};
use super::sign::{Hand, Sign, line, shown};
use super::style::{BOTTOM, FOOT, HAIR, HEIGHT, Ink, LEFT, MEASURE, RIGHT, WIDTH};
use crate::document::Document;

/// Characters of the title in the file's properties: PDF/A takes strings of at most 32,767 octets (ISO 19005-2 §6.1.13).
const TITLE: usize = 400;

/// A stroke around bold signs, in ems.
const BOLD: f32 = 0.028;

/// All pages, and what the file says of itself.
pub(super) fn draw(document: &Document, book: &Book, face: &Face) -> Result<Vec<u8>, Error> {
    let failed = |what: &dyn std::fmt::Debug| Error::Export(format!("{what:?}").chars().take(400).collect());
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_B)
        .finish()
        .map_err(|error| failed(&error))?;
    let settings = SerializeSettings { configuration, enable_tagging: false, ..SerializeSettings::default() };
    let mut pdf = Pdf::new_with(settings);
    for (at, page) in book.pages.iter().enumerate() {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| failed(&"A4"))?;
        let mut sheet = pdf.start_page_with(size);
        let mut pen = Pen { surface: sheet.surface(), face };
        pen.page(page);
        pen.foot(document, page, at + 1, book.pages.len());
    }
    pdf.set_outline(outline(book));
    pdf.set_metadata(metadata(document, face));
    pdf.finish().map_err(|error| failed(&error))
}

fn metadata(document: &Document, face: &Face) -> Metadata {
    let program = concat!("komainu ", env!("CARGO_PKG_VERSION"));
    let made = TimeZone::UTC.to_datetime(document.made);
    let date = DateTime::new(u16::try_from(made.year()).unwrap_or_default())
        .month(made.month().unsigned_abs())
        .day(made.day().unsigned_abs())
        .hour(made.hour().unsigned_abs())
        .minute(made.minute().unsigned_abs())
        .second(made.second().unsigned_abs())
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(shown(&document.title, face).chars().take(TITLE).collect())
        .language(document.language.code().to_owned())
        .creator(program.to_owned())
        .producer(program.to_owned())
        .creation_date(date)
}

/// Headings as bookmarks, in two levels.
fn outline(book: &Book) -> Outline {
    let mut outline = Outline::new();
    let mut section: Option<OutlineNode> = None;
    // A destination on a page that is not there would end the export.
    for mark in book.bookmarks.iter().filter(|mark| mark.page < book.pages.len()) {
        match &mut section {
            Some(section) if mark.level > 1 => section.push_child(node(mark)),
            _ => {
                if let Some(done) = section.replace(node(mark)) {
                    outline.push_child(done);
                }
            }
        }
    }
    if let Some(done) = section {
        outline.push_child(done);
    }
    outline
}

fn node(mark: &Bookmark) -> OutlineNode {
    OutlineNode::new(mark.title.clone(), XyzDestination::new(mark.page, Point::from_xy(LEFT, mark.y)))
        .with_open(true)
}

/// Draws on one page.
struct Pen<'p> {
    surface: Surface<'p>,
    face: &'p Face,
}

impl Pen<'_> {
    fn page(&mut self, page: &Page) {
        for mark in page.ground.iter().chain(&page.ink) {
            match mark {
                Mark::Words { x, y, size, ink, bold, signs } => {
                    self.words((*x, *y), *size, *ink, *bold, signs);
                }
                Mark::Field { x, y, width, height, ink } => {
                    self.fill(rectangle(*x, *y, *width, *height), *ink);
                }
                Mark::Rule { from, to, width, ink, dashed } => self.rule(*from, *to, *width, *ink, *dashed),
                Mark::Figure { figure, x, y, radius, ink } => self.figure(*figure, *x, *y, *radius, *ink),
            }
        }
    }

    /// The case, the page, and below what the page's blocks have put there.
    fn foot(&mut self, document: &Document, page: &Page, number: usize, of: usize) {
        let y = BOTTOM + 18.0;
        self.rule((LEFT, y), (RIGHT, y), 0.5, HAIR, false);
        let base = y + FOOT.leading + 1.0;
        let numbers = line(&format!("{number} / {of}"), Hand::Plain, self.face);
        let length = width(&numbers) * FOOT.size;
        let foot: String = document.foot.chars().take(FOOT_CHARS).collect();
        let foot = line(&foot, Hand::Plain, self.face);
        let left = cut(foot, (MEASURE - length - 20.0) / FOOT.size, self.face);
        self.runs((LEFT, base), FOOT.size, &left);
        self.runs((RIGHT - length, base), FOOT.size, &numbers);
        let small = FOOT.size - 0.5;
        let below = cut(line(&page.foots.join("  "), Hand::Code, self.face), MEASURE / small, self.face);
        self.runs((LEFT, base + FOOT.leading), small, &below);
    }

    fn runs(&mut self, at: (f32, f32), size: f32, signs: &[Sign]) {
        let mut x = at.0;
        for run in signs.chunk_by(Sign::is_like) {
            self.words((x, at.1), size, FOOT.ink, false, run);
            x += width(run) * size;
        }
    }

    /// One run: signs that are like each other.
    fn words(&mut self, at: (f32, f32), size: f32, ink: Ink, bold: bool, signs: &[Sign]) {
        let Some(first) = signs.first() else { return };
        let size = size * first.scale();
        let mut text = String::with_capacity(signs.len() * 3);
        let glyphs: Vec<KrillaGlyph> = signs
            .iter()
            .map(|sign| {
                let from = text.len();
                text.push(sign.ch);
                let id = GlyphId::new(sign.glyph.id.into());
                KrillaGlyph::new(id, sign.own_advance(), 0.0, 0.0, 0.0, from..text.len(), None)
            })
            .collect();
        self.surface.set_fill(Some(fill(ink)));
        self.surface.set_stroke(bold.then(|| stroke(ink, size * BOLD)));
        self.surface.draw_glyphs(Point::from_xy(at.0, at.1), &glyphs, self.face.font(), &text, size, false);
    }

    fn fill(&mut self, path: Option<Path>, ink: Ink) {
        let Some(path) = path else { return };
        self.surface.set_fill(Some(fill(ink)));
        self.surface.set_stroke(None);
        self.surface.draw_path(&path);
    }

    fn rule(&mut self, from: (f32, f32), to: (f32, f32), width: f32, ink: Ink, dashed: bool) {
        let dash = dashed.then(|| StrokeDash { array: vec![0.0, 3.2], offset: 0.0 });
        let line_cap = if dashed { LineCap::Round } else { LineCap::Butt };
        let path = polygon(&[from, to], false);
        self.line(path, Stroke { dash, line_cap, ..stroke(ink, width) });
    }

    fn line(&mut self, path: Option<Path>, stroke: Stroke) {
        let Some(path) = path else { return };
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(stroke));
        self.surface.draw_path(&path);
    }

    fn figure(&mut self, figure: Figure, x: f32, y: f32, r: f32, ink: Ink) {
        match figure {
            Figure::Disc => self.fill(circle(x, y, r), ink),
            Figure::Ring => {
                self.fill(circle(x, y, r), Ink(0xFF, 0xFF, 0xFF));
                self.line(circle(x, y, r - 0.6), stroke(ink, 1.2));
            }
            Figure::Square => {
                let r = r * 0.9;
                self.fill(rectangle(x - r, y - r, 2.0 * r, 2.0 * r), ink);
            }
            Figure::Triangle => {
                let r = r * 1.15;
                let corners = [(x, y - r), (x + r, y + r * 0.75), (x - r, y + r * 0.75)];
                self.fill(polygon(&corners, true), ink);
            }
            Figure::Diamond => {
                let r = r * 1.3;
                self.fill(polygon(&[(x, y - r), (x + r, y), (x, y + r), (x - r, y)], true), ink);
            }
        }
    }
}

/// What fits into a measure of so many ems, and `…` where something does not.
fn cut(mut signs: Vec<Sign>, measure: f32, face: &Face) -> Vec<Sign> {
    if width(&signs) <= measure {
        return signs;
    }
    let dots = line("…", Hand::Plain, face);
    let mut left = measure - width(&dots);
    let fit = signs.iter().take_while(|sign| {
        left -= sign.advance();
        left >= 0.0
    });
    let fit = fit.count();
    signs.truncate(fit);
    signs.extend(dots);
    signs
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: rgb::Color::new(ink.0, ink.1, ink.2).into(), ..Fill::default() }
}

fn stroke(ink: Ink, width: f32) -> Stroke {
    Stroke { paint: rgb::Color::new(ink.0, ink.1, ink.2).into(), width, ..Stroke::default() }
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(x, y, width, height)?);
    path.finish()
}

fn polygon(points: &[(f32, f32)], closed: bool) -> Option<Path> {
    let (first, rest) = points.split_first()?;
    let mut path = PathBuilder::new();
    path.move_to(first.0, first.1);
    for point in rest {
        path.line_to(point.0, point.1);
    }
    if closed {
        path.close();
    }
    path.finish()
}

/// Four curves; the number is that of Bézier's approximation, 4/3 (√2 − 1).
fn circle(x: f32, y: f32, r: f32) -> Option<Path> {
    let k = r * 0.552_285;
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.cubic_to(x + r, y + k, x + k, y + r, x, y + r);
    path.cubic_to(x - k, y + r, x - r, y + k, x - r, y);
    path.cubic_to(x - r, y - k, x - k, y - r, x, y - r);
    path.cubic_to(x + k, y - r, x + r, y - k, x + r, y);
    path.close();
    path.finish()
}
