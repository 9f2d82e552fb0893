//! From a place in JSON text to the path of the value there.
//!
//! Tracking the path while reading costs time on every good document and doubles the size of the
//! reader; finding it afterwards costs only those who sent a bad one.

/// The JSON Pointer (RFC 6901) of the innermost value or key that ends at or after `end`.
///
/// The text is valid JSON up to there.
pub(super) fn pointer(text: &[u8], end: usize) -> String {
    let mut scanner = Scanner { text, at: 0, end, path: Vec::new() };
    scanner.value();
    let mut pointer = String::new();
    for segment in &scanner.path {
        pointer.push('/');
        match segment {
            Segment::Index(index) => pointer.push_str(&index.to_string()),
            Segment::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
        }
    }
    pointer
}

enum Segment {
    Index(usize),
    Key(String),
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    end: usize,
    path: Vec<Segment>,
}

/// Whether the scanner has come to the place it looks for.
#[derive(PartialEq)]
enum Scan {
    Found,
    Passed,
}

impl Scanner<'_> {
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.text.get(self.at) {
            if !byte.is_ascii_whitespace() {
                return Some(*byte);
            }
            self.at = self.at.saturating_add(1);
        }
        None
    }

    fn reached(&self) -> Scan {
        if self.at >= self.end { Scan::Found } else { Scan::Passed }
    }

    fn value(&mut self) -> Scan {
        match self.peek() {
            Some(b'{' | b'[') if self.at >= self.end => Scan::Found,
            Some(b'{') => self.members(b'}'),
            Some(b'[') => self.members(b']'),
            Some(b'"') => {
                self.string();
                self.reached()
            }
            Some(_) => {
                let scalar =
                    |byte: &u8| !matches!(byte, b',' | b']' | b'}') && !byte.is_ascii_whitespace();
                while self.text.get(self.at).is_some_and(scalar) {
                    self.at = self.at.saturating_add(1);
                }
                self.reached()
            }
            None => Scan::Found,
        }
    }

    /// The members of an object or array, up to its closing bracket.
    fn members(&mut self, close: u8) -> Scan {
        self.at = self.at.saturating_add(1);
        for index in 0_usize.. {
            match self.peek() {
                None => return Scan::Found,
                Some(byte) if byte == close => break,
                Some(b',') => self.at = self.at.saturating_add(1),
                Some(_) => {}
            }
            if close == b'}' {
                self.peek();
                let key = self.string();
                self.path.push(Segment::Key(key));
                if self.reached() == Scan::Found {
                    return Scan::Found;
                }
                if self.peek() == Some(b':') {
                    self.at = self.at.saturating_add(1);
                }
            } else {
                self.path.push(Segment::Index(index));
            }
            if self.value() == Scan::Found {
                return Scan::Found;
            }
            self.path.pop();
        }
        self.at = self.at.saturating_add(1);
        self.reached()
    }

    /// The string at this place, as it is written (escapes are left alone).
    fn string(&mut self) -> String {
        let start = self.at.saturating_add(1);
        self.at = start;
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'"' => break,
                b'\\' => self.at = self.at.saturating_add(2),
                _ => self.at = self.at.saturating_add(1),
            }
        }
        let inside = self.text.get(start..self.at).unwrap_or_default();
        self.at = self.at.saturating_add(1);
        // The text was found to be UTF-8 before it was read.
        core::str::from_utf8(inside).unwrap_or_default().to_owned()
    }
}
