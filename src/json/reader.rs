//! The reader of JSON text: one step at a time.
//!
//! `serde_json` is its oracle in the tests, but it is not used to read:
//! it is made for speed and unrolls its parser into every struct, which made the browser module four
//! times as large. This one keeps one copy of each step, refuses floats by construction (an order
//! engine has no use for them), and stops where the mistake is, so that the path can be told.

use std::borrow::Cow;

use super::fault::{Fault, Stop, joined};

/// Deeper documents are refused; ours are at most a dozen levels deep.
const MAX_DEPTH: u8 = 64;

/// Where reading stands. After an error it stands behind what is wrong.
#[derive(Debug)]
pub struct Reader<'de> {
    pub(super) text: &'de str,
    pub(super) at: usize,
    pub(super) depth: u8,
    /// Why reading stopped, once it has.
    pub(super) fault: Fault,
}

type Result<T> = core::result::Result<T, Stop>;

/// A whole number as it was read.
pub(super) struct Number<'de> {
    pub(super) text: &'de str,
    pub(super) is_negative: bool,
    pub(super) magnitude: u64,
}

/// Whether a byte cannot stand for itself in a string: a quote, a backslash or a control character.
pub(super) fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

impl<'de> Reader<'de> {
    pub(super) fn new(text: &'de str) -> Self {
        Self { text, at: 0, depth: 0, fault: Fault::Syntax("expected a value") }
    }

    /// Nothing but white space may follow.
    pub(super) fn finish(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.syntax("more text after the end of the document")),
        }
    }

    /// The next byte that is not white space.
    pub(super) fn peek(&mut self) -> Option<u8> {
        match self.byte() {
            // Programs write no white space, so this is nearly always all.
            Some(byte) if byte > b' ' => Some(byte),
            _ => self.peek_behind_space(),
        }
    }

    #[inline(never)]
    fn peek_behind_space(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(*byte);
            }
            self.at = self.at.saturating_add(1);
        }
        None
    }

    pub(super) fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn word(&mut self, word: &str) -> Result<()> {
        if self.follows(word) { Ok(()) } else { Err(self.syntax("expected a value")) }
    }

    /// Steps over a word, if it comes next.
    fn follows(&mut self, word: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at..);
        let comes = rest.is_some_and(|rest| rest.starts_with(word.as_bytes()));
        if comes {
            self.at = self.at.saturating_add(word.len());
        }
        comes
    }

    #[inline(never)]
    pub(super) fn string(&mut self) -> Result<Cow<'de, str>> {
        self.step();
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let Some(length) = rest.iter().position(|byte| is_special(*byte)) else {
            self.at = self.text.len();
            return Err(self.syntax("a string without its end"));
        };
        self.at = start.saturating_add(length);
        match rest.get(length) {
            Some(b'"') => {}
            Some(b'\\') => return self.escaped_string(start).map(Cow::Owned),
            _ => return Err(self.syntax("a control character in a string")),
        }
        let inside = self.text.get(start..self.at).unwrap_or_default();
        self.step();
        Ok(Cow::Borrowed(inside))
    }

    #[cold]
    fn escaped_string(&mut self, start: usize) -> Result<String> {
        let mut text = self.text.get(start..self.at).unwrap_or_default().to_owned();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let letter =
                rest.chars().next().ok_or_else(|| self.syntax("a string without its end"))?;
            self.at = self.at.saturating_add(letter.len_utf8());
            match letter {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                '\0'..='\u{1f}' => return Err(self.syntax("a control character in a string")),
                _ => text.push(letter),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let byte = self.byte().ok_or_else(|| self.syntax("a string without its end"))?;
        self.step();
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(self.syntax("an unknown escape in a string")),
        })
    }

    fn unicode_escape(&mut self) -> Result<char> {
        let first = self.hex()?;
        let code = match first {
            0xd800..=0xdbff => {
                if !self.follows("\\u") {
                    return Err(self.lone());
                }
                let second = self.hex()?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(self.lone());
                }
                let high = first.wrapping_sub(0xd800) << 10;
                high.wrapping_add(second.wrapping_sub(0xdc00)).wrapping_add(0x1_0000)
            }
            _ => first,
        };
        char::from_u32(code).ok_or_else(|| self.lone())
    }

    fn lone(&mut self) -> Stop {
        self.syntax("half of a surrogate pair in a string")
    }

    fn hex(&mut self) -> Result<u32> {
        let mut code = 0_u32;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.syntax("an escape that is not four hexadecimal digits"));
            };
            code = code << 4 | digit;
            self.step();
        }
        Ok(code)
    }

    /// Reads a number as the text that it is, and whether it is written as a whole one.
    #[inline(never)]
    pub(super) fn digits(&mut self) -> Result<(&'de str, bool)> {
        let start = self.at;
        self.pass(b"-");
        let leading_zero = self.byte() == Some(b'0');
        let length = self.run();
        let mut well = length == 1 || (length > 1 && !leading_zero);
        let mut is_whole = true;
        if self.pass(b".") {
            is_whole = false;
            well &= self.run() > 0;
        }
        if self.pass(b"eE") {
            is_whole = false;
            self.pass(b"+-");
            well &= self.run() > 0;
        }
        if !well {
            return Err(self.syntax("a malformed number"));
        }
        Ok((self.text.get(start..self.at).unwrap_or_default(), is_whole))
    }

    /// Steps over one of these bytes, if it comes next.
    fn pass(&mut self, bytes: &[u8]) -> bool {
        let comes = self.byte().is_some_and(|byte| bytes.contains(&byte));
        if comes {
            self.step();
        }
        comes
    }

    /// Steps over digits and counts them.
    fn run(&mut self) -> usize {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.step();
        }
        self.at.saturating_sub(start)
    }

    #[inline(never)]
    pub(super) fn number(&mut self, expected: &str) -> Result<Number<'de>> {
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.mismatch(expected));
        }
        let start = self.at;
        let (text, is_whole) = self.digits()?;
        if !is_whole {
            self.at = start;
            return Err(self.mismatch(expected));
        }
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        match digits.parse() {
            Ok(magnitude) => Ok(Number { text, is_negative, magnitude }),
            Err(_) => Err(self.out_of_range(text, expected)),
        }
    }

    #[cold]
    pub(super) fn out_of_range(&mut self, text: &str, expected: &str) -> Stop {
        self.invalid(&joined(&["integer `", text, "`"]), expected)
    }

    /// Goes into an object or array; false if something else stands here.
    #[inline(never)]
    pub(super) fn open(&mut self, bracket: u8) -> Result<bool> {
        if self.peek() != Some(bracket) {
            return Ok(false);
        }
        self.step();
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH { Err(self.syntax("nested too deeply")) } else { Ok(true) }
    }

    /// Comes to the next member; false at the end of the object or array.
    #[inline(never)]
    pub(super) fn member(&mut self, first: &mut bool, bracket: u8) -> Result<bool> {
        match self.peek() {
            Some(byte) if byte == bracket => {
                self.step();
                self.depth = self.depth.saturating_sub(1);
                return Ok(false);
            }
            Some(b',') if !*first => self.step(),
            Some(_) if *first => {}
            _ => return Err(self.syntax("expected a comma or a closing bracket")),
        }
        *first = false;
        match self.peek() {
            Some(b'}' | b']' | b',') | None => Err(self.syntax("expected a value")),
            Some(_) => Ok(true),
        }
    }

    #[inline(never)]
    pub(super) fn key(&mut self) -> Result<Cow<'de, str>> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax("expected a key in quotes"));
        }
        self.string()
    }

    #[inline(never)]
    pub(super) fn colon(&mut self) -> Result<()> {
        if self.peek() != Some(b':') {
            return Err(self.syntax("expected a colon after a key"));
        }
        self.step();
        Ok(())
    }

    /// Reads a value without keeping it.
    pub(super) fn skip(&mut self) -> Result<()> {
        match self.peek() {
            Some(b'"') => self.string().map(|_| ()),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(b'-' | b'0'..=b'9') => self.digits().map(|_| ()),
            Some(open @ (b'{' | b'[')) => {
                let close = if open == b'{' { b'}' } else { b']' };
                self.open(open)?;
                let mut first = true;
                while self.member(&mut first, close)? {
                    if open == b'{' {
                        self.key()?;
                        self.colon()?;
                    }
                    self.skip()?;
                }
                Ok(())
            }
            _ => Err(self.syntax("expected a value")),
        }
    }
}
