//! A line from the terminal that is not shown. The terminal is given back as it was, however this ends: also on Ctrl-C, which
//! would otherwise leave the person with a shell that shows nothing.

use std::io::{self, Read as _};

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// Longest password, octets.
const LONGEST: usize = 4096;

/// Restores the terminal when it goes.
struct Quiet(Termios);

impl Quiet {
    fn begin() -> io::Result<Self> {
        let stdin = io::stdin();
        let before = tcgetattr(&stdin)?;
        let mut quiet = before.clone();
        // Not even the line's own editing: Ctrl-C comes as a character, so that this can tidy up first.
        quiet.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&stdin, OptionalActions::Now, &quiet)?;
        Ok(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

/// What was typed up to Enter; none on Ctrl-C, or Ctrl-D at the beginning. The question is put once nothing is shown any
/// more: who answers at once is not seen either.
pub(super) fn read(question: impl FnOnce()) -> io::Result<Option<String>> {
    let quiet = Quiet::begin()?;
    question();
    let mut typed = Typed::default();
    let mut stdin = io::stdin().lock();
    let mut octet = [0];
    let ended = loop {
        if stdin.read(&mut octet)? == 0 {
            break Key::Abort;
        }
        match typed.press(octet[0]) {
            Key::Go => {}
            end => break end,
        }
    };
    drop(quiet);
    Ok((ended == Key::Enter).then(|| String::from_utf8_lossy(&typed.0).into_owned()))
}

#[derive(Debug, PartialEq, Eq)]
enum Key {
    Go,
    Enter,
    Abort,
}

#[derive(Default)]
struct Typed(Vec<u8>);

impl Typed {
    fn press(&mut self, octet: u8) -> Key {
        match octet {
            b'\r' | b'\n' => return Key::Enter,
            0x03 => return Key::Abort,
            0x04 if self.0.is_empty() => return Key::Abort,
            0x04 => {}
            // Backspace, in either of its forms: one character, which may be several octets.
            0x08 | 0x7f => while self.0.pop().is_some_and(|gone| gone & 0xc0 == 0x80) {},
            // Ctrl-U: from the beginning.
            0x15 => self.0.clear(),
            octet if self.0.len() < LONGEST => self.0.push(octet),
            _ => {}
        }
        Key::Go
    }
}

impl Drop for Typed {
    fn drop(&mut self) {
        self.0.fill(0);
        std::hint::black_box(&mut self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Typed};

    fn typed(keys: &[u8]) -> (Vec<u8>, Key) {
        let mut typed = Typed::default();
        for key in keys {
            match typed.press(*key) {
                Key::Go => {}
                end => return (typed.0.clone(), end),
            }
        }
        (typed.0.clone(), Key::Go)
    }

    #[test]
    fn keys_do_what_people_expect_of_them() {
        assert_eq!(typed(b"ab\x7fc\r"), (b"ac".to_vec(), Key::Enter));
        assert_eq!(typed("日本\x7f\n".as_bytes()), ("日".as_bytes().to_vec(), Key::Enter));
        assert_eq!(typed(b"\x7f\x08x\x15y\n"), (b"y".to_vec(), Key::Enter));
        assert_eq!(typed(b"ab\x03").1, Key::Abort);
        assert_eq!(typed(b"\x04").1, Key::Abort);
        assert_eq!(typed(b"a\x04b\n"), (b"ab".to_vec(), Key::Enter));
    }
}
