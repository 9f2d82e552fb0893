//! Lines of a stream, of bounded length: one endless line must not take all memory.

use std::io::{self, BufRead, Read};

/// One line of input.
#[derive(Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// The bytes without the line end.
    Text(&'a [u8]),
    /// The line was longer than allowed and was passed over; it had this many bytes.
    TooLong(usize),
}

/// Reads line by line into one buffer.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    number: u64,
    maximum_bytes: usize,
}

impl<R: BufRead> Lines<R> {
    /// Lines of at most `maximum_bytes`.
    pub fn new(reader: R, maximum_bytes: usize) -> Self {
        Self { reader, buffer: Vec::new(), number: 0, maximum_bytes }
    }

    /// The line number of the last line, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// What the lines are read from.
    pub fn reader(&self) -> &R {
        &self.reader
    }

    /// The next line, or `None` at the end.
    ///
    /// # Errors
    ///
    /// What the stream says.
    pub fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let room = u64::try_from(self.maximum_bytes).unwrap_or(u64::MAX).saturating_add(1);
        let read = self.reader.by_ref().take(room).read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.buffer.last() == Some(&b'\n') {
            self.buffer.pop();
            if self.buffer.last() == Some(&b'\r') {
                self.buffer.pop();
            }
        } else if read > self.maximum_bytes {
            let rest = self.reader.skip_until(b'\n')?;
            return Ok(Some(Line::TooLong(read + rest)));
        }
        Ok(Some(Line::Text(&self.buffer)))
    }
}

/// Whether a line holds nothing to read.
pub fn is_blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_passed_over_and_counted() {
        let mut lines = Lines::new(&b"ab\r\nabcdefgh\n\nabcd"[..], 4);
        assert_eq!(lines.next_line().unwrap(), Some(Line::Text(b"ab")));
        assert_eq!(lines.next_line().unwrap(), Some(Line::TooLong(9)));
        assert_eq!(lines.next_line().unwrap(), Some(Line::Text(b"")));
        assert_eq!(lines.next_line().unwrap(), Some(Line::Text(b"abcd")));
        assert_eq!(lines.next_line().unwrap(), None);
        assert_eq!(lines.number(), 4);
    }
}
