//! Lines of a stream, with the position and the hash of everything before.

use sha2::{Digest as _, Sha256};
use std::io::{self, BufRead};

/// No line of a reading is longer than this many bytes; of one that is, only the beginning is kept.
pub const LONGEST: usize = 64 * 1024;

/// How far a stream was read.
#[derive(Clone, Debug, Default)]
pub struct Position {
    /// Bytes.
    pub offset: u64,
    /// Lines.
    pub line: u64,
    /// Whether the last line had no line end.
    pub unterminated: bool,
    prefix: Sha256,
}

impl Position {
    /// SHA-256 of all bytes before this position.
    pub fn prefix(&self) -> [u8; 32] {
        self.prefix.clone().finalize().into()
    }

    /// Goes on after `bytes`, which hold no whole line.
    pub(super) fn advance(&mut self, bytes: &[u8]) {
        self.prefix.update(bytes);
        self.offset += bytes.len() as u64;
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its bytes without the line end (`\n` or `\r\n`); of a line longer than [`LONGEST`], the first ones.
    pub bytes: Vec<u8>,
    /// Whether it is longer than [`LONGEST`].
    pub too_long: bool,
    /// Whether it has a line end; only the last line of a stream can lack one.
    pub terminated: bool,
}

/// Reads lines.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    position: Position,
}

impl<R: BufRead> Lines<R> {
    /// From `reader`, which stands at `position` of the stream.
    pub fn at(reader: R, position: Position) -> Self {
        Self { reader, position }
    }

    /// Where the next line begins.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// Counts on from `line`, when what was read last was no line of its own.
    pub(super) fn at_line(&mut self, line: u64) {
        self.position.line = line;
    }

    /// The next line, or `None` at the end of the stream.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut line = Line { bytes: Vec::new(), too_long: false, terminated: false };
        let begin = self.position.offset;
        while !line.terminated {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                break;
            }
            let (taken, terminated) =
                buffer.iter().position(|byte| *byte == b'\n').map_or((buffer.len(), false), |end| (end + 1, true));
            let bytes = buffer.get(..taken).unwrap_or_default();
            // Two bytes more than the longest line, so that its line end does not make it too long.
            let room = (LONGEST + 2).saturating_sub(line.bytes.len()).min(taken);
            line.bytes.extend_from_slice(bytes.get(..room).unwrap_or_default());
            line.too_long |= room < taken;
            line.terminated = terminated;
            self.position.advance(bytes);
            self.reader.consume(taken);
        }
        if self.position.offset == begin {
            return Ok(None);
        }
        if line.terminated && !line.too_long {
            line.bytes.pop();
            if line.bytes.last() == Some(&b'\r') {
                line.bytes.pop();
            }
        }
        if line.bytes.len() > LONGEST {
            line.too_long = true;
            line.bytes.truncate(LONGEST);
        }
        self.position.line += 1;
        self.position.unterminated = !line.terminated;
        Ok(Some(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::BufReader;

    fn all(bytes: &[u8], buffer: usize) -> (Vec<Line>, Position) {
        let mut lines = Lines::at(BufReader::with_capacity(buffer, bytes), Position::default());
        let mut found = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            found.push(line);
        }
        (found, lines.position().clone())
    }

    fn line(bytes: &[u8], terminated: bool) -> Line {
        Line { bytes: bytes.to_vec(), too_long: false, terminated }
    }

    #[test]
    fn line_ends_of_both_kinds_and_none() {
        for buffer in [1, 2, 3, 64] {
            let (lines, position) = all(b"one\r\ntwo\n\nfo\rur\r\nlast", buffer);
            assert_eq!(
                lines,
                [line(b"one", true), line(b"two", true), line(b"", true), line(b"fo\rur", true), line(b"last", false)]
            );
            assert_eq!((position.offset, position.line, position.unterminated), (21, 5, true));
            assert!(all(b"", buffer).0.is_empty());
        }
    }

    #[test]
    fn a_long_line_is_cut_but_counted_whole() {
        let longest = vec![b'x'; LONGEST];
        for end in [&b"\n"[..], b"\r\n", b""] {
            let (lines, _) = all(&[&longest, end].concat(), 4096);
            assert!(!lines[0].too_long);
            assert_eq!(lines[0].bytes.len(), LONGEST);
        }
        let (lines, position) = all(&[&longest[..], b"xyz\nnext\n"].concat(), 4096);
        assert!(lines[0].too_long);
        assert_eq!(lines[0].bytes.len(), LONGEST);
        assert_eq!(lines[1], line(b"next", true));
        assert_eq!(position.offset, LONGEST as u64 + 9);
    }

    proptest! {
        #[test]
        fn positions_add_up_and_the_prefix_is_hashed(bytes in proptest::collection::vec(prop_oneof![
            Just(b'\n'), Just(b'\r'), Just(b'a')
        ], 0..200), buffer in 1..20usize) {
            let (lines, position) = all(&bytes, buffer);
            prop_assert_eq!(position.offset, bytes.len() as u64);
            prop_assert_eq!(position.line, lines.len() as u64);
            prop_assert_eq!(position.prefix(), <[u8; 32]>::from(Sha256::digest(&bytes)));
            let expected: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').map(|line| {
                line.strip_suffix(b"\r\n").or_else(|| line.strip_suffix(b"\n")).unwrap_or(line)
            }).collect();
            prop_assert_eq!(lines.iter().map(|line| line.bytes.as_slice()).collect::<Vec<_>>(), expected);
        }
    }
}
