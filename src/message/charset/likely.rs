//! How likely it is that octets were meant as a charset.

use std::sync::LazyLock;

use encoding_rs::{CoderResult, EUC_JP, Encoding, WINDOWS_1252};

/// How much of a text is looked at to tell charsets apart.
pub(super) const SAMPLE: usize = 8 * 1024;

/// How well octets read in an encoding.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Candidate {
    /// Characters, and those beyond ASCII.
    pub(super) all: usize,
    pub(super) beyond: usize,
    pub(super) errors: usize,
    pub(super) score: i64,
    pub(super) kana: bool,
}

/// Reads all octets and keeps nothing of them: three readings of a long text would stand in memory side by side.
pub(super) fn candidate(octets: &[u8], encoding: &'static Encoding) -> Candidate {
    let mut seen = Candidate::default();
    let mut sample = String::with_capacity(SAMPLE.min(octets.len() * 3));
    let mut last = None;
    pieces(octets, encoding, &mut |piece| {
        for ch in piece.chars().filter(|ch| !ch.is_ascii()) {
            seen.beyond += 1;
            seen.errors += usize::from(ch == '\u{FFFD}');
        }
        seen.all += piece.chars().count();
        last = piece.chars().next_back().or(last);
        let room = SAMPLE - sample.len().min(SAMPLE);
        sample.push_str(piece.get(..piece.ceil_char_boundary(room)).unwrap_or(piece));
    });
    // A character cut off at the end is no sign of a wrong charset.
    seen.errors -= usize::from(last == Some('\u{FFFD}'));
    let (score, kana) = japanese(&sample);
    seen.score = score - 20 * i64::try_from(seen.errors).unwrap_or(i64::MAX / 32);
    Candidate { kana, ..seen }
}

/// Decodes octets piece by piece.
fn pieces(octets: &[u8], encoding: &'static Encoding, take: &mut dyn FnMut(&str)) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut room = [0u8; 4096];
    let mut rest = octets;
    loop {
        let (result, read, written, _) = decoder.decode_to_utf8(rest, &mut room, true);
        let piece = room.get(..written).and_then(|octets| std::str::from_utf8(octets).ok());
        take(piece.unwrap_or_default());
        rest = rest.get(read..).unwrap_or_default();
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

/// True where there are more errors than characters beyond ASCII: then it is some other superset of ASCII.
pub(super) fn mostly_broken(given: Candidate) -> bool {
    given.errors * 2 > given.beyond
}

/// True where the guess is so much better than what was declared that the label must be wrong.
pub(super) fn overrules(guess: Candidate, given: Candidate, named: &'static Encoding) -> bool {
    if guess.errors > 0 {
        return given.errors > guess.errors * 4 + 4 && guess.score > 0;
    }
    if guess.score <= 0 {
        return false;
    }
    if given.errors > 0 {
        return true;
    }
    if named.is_single_byte() {
        // Western text is hardly ever valid and plausible Japanese; text in other scripts is, so there kana must show.
        return guess.kana || named == WINDOWS_1252;
    }
    guess.kana && guess.score > 2 * given.score.max(0) + 4
}

/// The kanji of JIS level 1 (rows 16 to 47), as a set over U+4E00 to U+9FFF.
static LEVEL_1: LazyLock<[u64; 328]> = LazyLock::new(|| {
    let mut set = [0; 328];
    let pairs: Vec<u8> =
        (0xB0..=0xCF).flat_map(|row| (0xA1..=0xFE).flat_map(move |cell| [row, cell])).collect();
    let (text, _) = EUC_JP.decode_without_bom_handling(&pairs);
    for ch in text.chars() {
        let at = u32::from(ch).wrapping_sub(0x4E00) as usize;
        if let Some(word) = set.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }
    set
});

fn is_level_1(ch: char) -> bool {
    let at = u32::from(ch).wrapping_sub(0x4E00) as usize;
    LEVEL_1.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

/// How much a text looks like Japanese, and whether kana are a fair part of it. JIS level 1 holds the kanji in use,
/// and misread text falls outside it and into half-width kana.
pub(super) fn japanese(text: &str) -> (i64, bool) {
    let (mut score, mut kana, mut all) = (0i64, 0usize, 0usize);
    let sample = text.get(..text.floor_char_boundary(SAMPLE)).unwrap_or_default();
    for ch in sample.chars().filter(|ch| !ch.is_ascii()) {
        all += 1;
        score += match u32::from(ch) {
            0x3041..=0x3096 => 4,
            0x30A1..=0x30FE => 3,
            0x3000..=0x303F | 0xFF01..=0xFF60 => 1,
            0x4E00..=0x9FFF if is_level_1(ch) => 2,
            // Private use and C1 controls are what wrong tables give.
            0x80..=0x9F | 0xE000..=0xF8FF => -5,
            0x2000..=0x33FF => 0,
            _ => -1,
        };
        kana += usize::from(matches!(u32::from(ch), 0x3041..=0x3096 | 0x30A1..=0x30FE));
    }
    (score, kana * 8 >= all && kana > 0)
}

/// Letters of any language less what text does not hold.
pub(super) fn plausible(text: &str) -> i64 {
    let sample = text.get(..text.floor_char_boundary(SAMPLE)).unwrap_or_default();
    sample
        .chars()
        .map(|c| match u32::from(c) {
            0x0A | 0x0D | 0x20..=0x7E | 0x3000..=0x30FF | 0x4E00..=0x9FFF | 0xFF00..=0xFFEF => 1,
            0xFFFD | 0xE000..=0xF8FF | 0..=0x1F => -10,
            _ => -1,
        })
        .sum()
}
