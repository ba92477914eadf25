//! Pages, as lists of what stands where. Nothing here knows PDF.

use super::face::Face;
use super::line::{trimmed, width};
use super::sign::{Hand, Sign};
use super::style::{ACCENT, BOTTOM, Dress, GREY, Ink, NOTATION, OTHERS, OTHERS_GROUND, TOP};

/// Of a foot, so many characters are kept for each page; fewer fit on its line.
pub(super) const FOOT_CHARS: usize = 400;

/// Of one page, so many.
const FOOTS: usize = 4;

/// What stands on a page. Lengths in points, from the page's upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A run of signs on a base line.
    Words { x: f32, y: f32, size: f32, ink: Ink, bold: bool, signs: Vec<Sign> },
    /// A filled rectangle.
    Field { x: f32, y: f32, width: f32, height: f32, ink: Ink },
    /// A line.
    Rule { from: (f32, f32), to: (f32, f32), width: f32, ink: Ink, dashed: bool },
    /// A sign of the line of time, or a list's point.
    Figure { figure: Figure, x: f32, y: f32, radius: f32, ink: Ink },
}

/// Told apart by form, so that a print in black will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Disc,
    Ring,
    Square,
    Triangle,
    Diamond,
}

/// One page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Beneath the ink: grounds and bars.
    pub(super) ground: Vec<Mark>,
    /// In reading order.
    pub(super) ink: Vec<Mark>,
    /// Beside the document's own foot.
    pub(super) foots: Vec<String>,
}

/// A bookmark.
#[derive(Debug)]
pub(super) struct Bookmark {
    pub(super) level: u8,
    pub(super) title: String,
    /// From 0.
    pub(super) page: usize,
    pub(super) y: f32,
}

/// All pages.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) pages: Vec<Page>,
    pub(super) bookmarks: Vec<Bookmark>,
}

/// Where the next thing goes.
pub(super) struct Sheet<'a> {
    pub(super) face: &'a Face,
    done: Book,
    page: Page,
    foot: Option<String>,
    /// From the upper edge; what is put next begins here.
    pub(super) y: f32,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(face: &'a Face) -> Self {
        Self { face, done: Book::default(), page: Page::default(), foot: None, y: TOP }
    }

    /// What is left of the page.
    pub(super) fn room(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Whether nothing stands on the page yet.
    pub(super) fn is_fresh(&self) -> bool {
        self.y <= TOP
    }

    /// Ends the page.
    pub(super) fn turn(&mut self) {
        let next = Page { foots: self.foot.iter().cloned().collect(), ..Page::default() };
        self.done.pages.push(std::mem::replace(&mut self.page, next));
        self.y = TOP;
    }

    /// Ends the page where less than this is left. A fresh page takes whatever comes.
    pub(super) fn need(&mut self, height: f32) {
        if self.room() < height && !self.is_fresh() {
            self.turn();
        }
    }

    /// Leaves room, but none at the top of a page.
    pub(super) fn space(&mut self, height: f32) {
        if !self.is_fresh() {
            self.y += height;
        }
    }

    /// From here on this stands at the foot, beside what has stood there for the blocks before it; nothing, if it is empty.
    pub(super) fn foot(&mut self, text: &str) {
        if self.is_fresh() {
            self.page.foots.clear();
        }
        let text: String = text.chars().take(FOOT_CHARS).collect();
        self.foot = Some(text).filter(|text| !text.is_empty());
        let new = self.foot.clone().filter(|text| !self.page.foots.contains(text));
        self.page.foots.extend(new.filter(|_| self.page.foots.len() < FOOTS));
    }

    pub(super) fn bookmark(&mut self, level: u8, title: String) {
        self.done.bookmarks.push(Bookmark { level, title, page: self.done.pages.len(), y: self.y });
    }

    pub(super) fn ink(&mut self, mark: Mark) {
        self.page.ink.push(mark);
    }

    pub(super) fn ground(&mut self, mark: Mark) {
        self.page.ground.push(mark);
    }

    /// Below all other grounds of the page.
    pub(super) fn beneath(&mut self, mark: Mark) {
        self.page.ground.insert(0, mark);
    }

    pub(super) fn rule(&mut self, from: (f32, f32), to: (f32, f32), width: f32, ink: Ink) {
        self.page.ink.push(Mark::Rule { from, to, width, ink, dashed: false });
    }

    /// Puts one line at `x`, its upper edge at `y`. `tinted`: others' words are on a ground of their own.
    pub(super) fn line(&mut self, x: f32, y: f32, signs: &[Sign], dress: Dress, tinted: bool) {
        let base = y + dress.ascent();
        let mut x = x;
        for run in trimmed(signs).chunk_by(Sign::is_like) {
            let Some(Sign { hand, .. }) = run.first() else { continue };
            let length = width(run) * dress.size;
            if tinted && matches!(hand, Hand::Quoted | Hand::Shown(true)) {
                let (x, width) = (x - 1.0, length + 2.0);
                // As high as the line, so that those of several lines meet.
                self.ground(Mark::Field { x, y, width, height: dress.leading, ink: OTHERS_GROUND });
            }
            let (ink, bold) = match *hand {
                Hand::Plain => (dress.ink, dress.bold),
                Hand::Strong => (ACCENT, true),
                Hand::Quiet => (GREY, false),
                Hand::Quoted => (OTHERS, dress.bold),
                Hand::Code => (dress.ink, false),
                Hand::Shown(_) => (NOTATION, false),
            };
            self.ink(Mark::Words { x, y: base, size: dress.size, ink, bold, signs: run.to_vec() });
            x += length;
        }
    }

    /// All pages: one at least, and none at the end on which nothing stands.
    pub(super) fn finish(mut self) -> Book {
        if !self.is_fresh() || self.done.pages.is_empty() {
            self.turn();
        }
        self.done
    }
}
