//! The text as the model reads it: which character n-grams stand in subject, author's name and body.

use std::ops::Range;

use crate::message::Message;

/// Buckets that n-grams are hashed into: 2^19, one octet of weight each.
pub const BUCKETS: usize = 1 << BITS;
const BITS: u32 = 19;

/// n-grams of 2 to this many characters.
const LONGEST: usize = 4;
/// Characters read of the body, of all its texts together; scams say what they want early.
const BODY: usize = 4000;
const SUBJECT: usize = 200;
const NAME: usize = 60;

/// What stands for any URL, and for any address: which ones they are is for the indicators, and would only teach the
/// model the collection it was trained on.
const URL: char = '\u{24e4}';
const ADDRESS: char = '\u{24d4}';

/// One character as the model reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Glyph {
    ch: char,
    /// Where it starts in the normalised text, in octets.
    at: u32,
}

/// What the model reads of a message.
#[derive(Debug)]
pub(super) struct Reading {
    glyphs: Vec<Glyph>,
    passages: Vec<Passage>,
}

#[derive(Debug)]
struct Passage {
    seed: u64,
    text: Option<usize>,
    glyphs: Range<usize>,
}

/// What a reading weighs.
#[derive(Debug)]
pub(super) struct Weighed {
    /// Of each n-gram once.
    pub(super) sum: i64,
    /// Different n-grams.
    pub(super) count: usize,
    /// By character: of the n-grams that begin with it.
    by_glyph: Vec<i32>,
}

/// The buckets of all n-grams of a message, each once, in the order in which they are first read.
pub fn buckets(message: &Message) -> Vec<u32> {
    Reading::of(message).buckets()
}

impl Reading {
    pub(super) fn of(message: &Message) -> Self {
        let mut reading = Self { glyphs: Vec::with_capacity(BODY + SUBJECT), passages: Vec::new() };
        reading.read(1, Some(0), message.subject.normal(), SUBJECT);
        if let Some(author) = message.from.first() {
            reading.read(2, None, author.name.normal(), NAME);
        }
        let mut left = BODY;
        for (index, view) in message.texts.iter().enumerate() {
            if view.kind.is_shown() && left > 0 {
                left = left.saturating_sub(reading.read(3, Some(index + 1), view.text.normal(), left));
            }
        }
        reading
    }

    fn read(&mut self, seed: u64, text: Option<usize>, normal: &str, most: usize) -> usize {
        let from = self.glyphs.len();
        mask(normal, from + most, &mut self.glyphs);
        let glyphs = from..self.glyphs.len();
        let characters = glyphs.len();
        self.passages.push(Passage { seed, text, glyphs });
        characters
    }

    fn buckets(&self) -> Vec<u32> {
        let mut seen = Seen::new();
        let mut buckets = Vec::with_capacity(self.glyphs.len() * (LONGEST - 1));
        for passage in &self.passages {
            self.each_glyph(passage, |grams| {
                buckets.extend(grams.iter().filter(|bucket| seen.is_new(**bucket)));
            });
        }
        buckets
    }

    /// With this weight for each bucket.
    pub(super) fn weigh(&self, weight: impl Fn(u32) -> i8) -> Weighed {
        let mut all: Vec<u32> = Vec::with_capacity(self.glyphs.len() * (LONGEST - 1));
        let mut ends: Vec<usize> = Vec::with_capacity(self.glyphs.len());
        for passage in &self.passages {
            self.each_glyph(passage, |grams| {
                all.extend(grams);
                ends.push(all.len());
            });
        }
        // A step of its own, and a short one: the table is half a cache, and a processor waits for several places of it at
        // once only where little stands between them.
        let weights: Vec<i8> = all.iter().map(|bucket| weight(*bucket)).collect();
        let mut seen = Seen::new();
        let (mut sum, mut count) = (0, 0);
        for (bucket, weight) in all.iter().zip(&weights) {
            let new = seen.is_new(*bucket);
            sum += if new { i64::from(*weight) } else { 0 };
            count += usize::from(new);
        }
        let mut from = 0;
        let own = |end| {
            let grams = weights.get(std::mem::replace(&mut from, end)..end).unwrap_or_default();
            grams.iter().map(|weight| i32::from(*weight)).sum()
        };
        Weighed { sum, count, by_glyph: ends.into_iter().map(own).collect() }
    }

    /// The buckets of the n-grams that begin with each character of a passage, character by character.
    fn each_glyph(&self, passage: &Passage, mut sink: impl FnMut(&[u32])) {
        let mut rest = self.glyphs.get(passage.glyphs.clone()).unwrap_or_default();
        while let [glyph, behind @ ..] = rest {
            let mut hash = mix(passage.seed, glyph.ch);
            let mut grams = [0; LONGEST - 1];
            let mut long = 0;
            for (gram, next) in grams.iter_mut().zip(behind) {
                hash = mix(hash, next.ch);
                *gram = bucket(hash);
                long += 1;
            }
            sink(grams.get(..long).unwrap_or_default());
            rest = behind;
        }
    }

    /// By text, 0 being the subject and n the n-th text: octet of the normalised text at which n-grams begin, and what they
    /// weigh.
    pub(super) fn by_text(&self, weighed: &Weighed) -> Vec<(usize, Vec<(usize, i32)>)> {
        let of = |passage: &Passage| {
            let text = passage.text?;
            let glyphs = self.glyphs.get(passage.glyphs.clone())?;
            let weights = weighed.by_glyph.get(passage.glyphs.clone())?;
            // With the last character none begins.
            let all = glyphs.iter().zip(weights).take(glyphs.len().checked_sub(1)?);
            let mut grams: Vec<(usize, i32)> = Vec::with_capacity(glyphs.len());
            for (glyph, weight) in all {
                match grams.last_mut() {
                    Some((at, sum)) if *at == glyph.at as usize => *sum += weight,
                    _ => grams.push((glyph.at as usize, *weight)),
                }
            }
            Some((text, grams))
        };
        self.passages.iter().filter_map(of).collect()
    }
}

/// Which buckets were met.
struct Seen(Vec<u64>);

impl Seen {
    fn new() -> Self {
        Self(vec![0; BUCKETS / 64])
    }

    fn is_new(&mut self, bucket: u32) -> bool {
        let bit = 1_u64 << (bucket % 64);
        let Some(word) = self.0.get_mut(bucket as usize / 64) else { return false };
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}

/// One step of a multiplicative hash; the constant is 2^64 over the golden ratio.
fn mix(hash: u64, ch: char) -> u64 {
    (hash ^ u64::from(u32::from(ch))).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
}

fn bucket(hash: u64) -> u32 {
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS)) as u32
}

/// Normalised text, with a space on either side, digits as 0, URLs and addresses as one sign each; up to so many characters
/// in all.
fn mask(normal: &str, most: usize, glyphs: &mut Vec<Glyph>) {
    if normal.is_empty() {
        return;
    }
    glyphs.push(Glyph { ch: ' ', at: 0 });
    let mut at = 0;
    while glyphs.len() <= most {
        let Some(rest) = normal.get(at..) else { break };
        let Some(ch) = rest.chars().next() else { break };
        if !ch.is_ascii() || !in_address(ch as u8) {
            glyphs.push(Glyph { ch, at: at as u32 });
            at += ch.len_utf8();
            continue;
        }
        let run = if is_url(rest) {
            glyphs.push(Glyph { ch: URL, at: at as u32 });
            rest.bytes().take_while(u8::is_ascii_graphic).count()
        } else {
            let run = rest.bytes().take_while(|byte| in_address(*byte)).count();
            let word = rest.get(..run).unwrap_or_default();
            if word.contains('@') {
                glyphs.push(Glyph { ch: ADDRESS, at: at as u32 });
                run
            } else {
                glyphs.push(Glyph { ch: if ch.is_ascii_digit() { '0' } else { ch }, at: at as u32 });
                1
            }
        };
        // The rest of a word that is neither has been looked at: its characters follow one by one.
        at = plain_run(normal, at + run, most, glyphs);
    }
    glyphs.push(Glyph { ch: ' ', at: normal.len() as u32 });
}

/// Takes over what cannot begin a URL or an address because it stands within a word that begins none.
fn plain_run(normal: &str, mut at: usize, most: usize, glyphs: &mut Vec<Glyph>) -> usize {
    let within = |at: usize| at > 0 && normal.as_bytes().get(at - 1).is_some_and(|byte| in_address(*byte));
    while glyphs.len() <= most && within(at) {
        let Some(byte) = normal.as_bytes().get(at).copied() else { break };
        if !in_address(byte) {
            break;
        }
        glyphs.push(Glyph { ch: if byte.is_ascii_digit() { '0' } else { char::from(byte) }, at: at as u32 });
        at += 1;
    }
    at
}

fn is_url(rest: &str) -> bool {
    rest.starts_with(['h', 'w'])
        && ["http://", "https://", "www."].iter().any(|start| rest.starts_with(start))
}

fn in_address(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._%+-@".contains(&byte)
}
