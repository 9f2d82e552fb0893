//! The reader of JSON text: one step at a time.
//!
//! `serde_json` is its oracle in the tests, but it is not used to read:
//! it is made for speed and unrolls its parser into every struct, which made the browser module four
//! times as large. This one keeps one copy of each step, refuses floats by construction (an order
//! engine has no use for them), and stops where the mistake is, so that the path can be told.

use std::borrow::Cow;

use serde::de::{self, Expected, Unexpected};

/// Deeper documents are refused; ours are at most a dozen levels deep.
const MAX_DEPTH: u8 = 64;

/// The name by which a value is asked for as raw text.
pub(super) const RAW_NAME: &str = "orderkit::RawValue";

/// Where reading stands. After an error it stands behind what is wrong.
pub(super) struct Reader<'de> {
    pub(super) text: &'de str,
    pub(super) at: usize,
    depth: u8,
}

/// Why reading stopped.
#[derive(Debug)]
pub(super) enum Fault {
    /// The text is not JSON.
    Syntax(&'static str),
    /// The JSON has not the expected form.
    Shape(Box<str>),
}

pub(super) type Result<T> = core::result::Result<T, Fault>;

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Syntax(reason) => f.write_str(reason),
            Self::Shape(reason) => f.write_str(reason),
        }
    }
}

impl core::error::Error for Fault {}

impl de::Error for Fault {
    #[cold]
    fn custom<T: core::fmt::Display>(message: T) -> Self {
        Self::Shape(message.to_string().into_boxed_str())
    }

    // The default texts can also show floats, which would bring the whole of float printing along.
    #[cold]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::mismatch("type", found, expected)
    }

    #[cold]
    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::mismatch("value", found, expected)
    }
}

impl Fault {
    fn mismatch(what: &str, found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Bool(value) => format!("boolean `{value}`"),
            Unexpected::Unsigned(value) => format!("integer `{value}`"),
            Unexpected::Signed(value) => format!("integer `{value}`"),
            Unexpected::Str(text) => format!("string \"{text}\""),
            Unexpected::Map => "object".to_owned(),
            Unexpected::Seq => "array".to_owned(),
            Unexpected::Other(text) => text.to_owned(),
            _ => "something else".to_owned(),
        };
        Self::Shape(format!("invalid {what}: {found}, expected {expected}").into_boxed_str())
    }
}

/// A number as it was read.
pub(super) enum Number {
    Negative(i64),
    Positive(u64),
}

/// Whether a byte cannot stand for itself in a string: a quote, a backslash or a control character.
pub(super) fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

impl<'de> Reader<'de> {
    pub(super) fn new(text: &'de str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// Nothing but white space may follow.
    pub(super) fn finish(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Fault::Syntax("more text after the end of the document")),
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

    pub(super) fn word(&mut self, word: &'static str) -> Result<()> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at = self.at.saturating_add(word.len());
            return Ok(());
        }
        Err(Fault::Syntax("expected a value"))
    }

    #[inline(never)]
    pub(super) fn string(&mut self) -> Result<Cow<'de, str>> {
        self.step();
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let Some(length) = rest.iter().position(|byte| is_special(*byte)) else {
            self.at = self.text.len();
            return Err(Fault::Syntax("a string without its end"));
        };
        self.at = start.saturating_add(length);
        match rest.get(length) {
            Some(b'"') => {}
            Some(b'\\') => return self.escaped_string(start).map(Cow::Owned),
            _ => return Err(Fault::Syntax("a control character in a string")),
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
            let letter = rest.chars().next().ok_or(Fault::Syntax("a string without its end"))?;
            self.at = self.at.saturating_add(letter.len_utf8());
            match letter {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                '\0'..='\u{1f}' => return Err(Fault::Syntax("a control character in a string")),
                _ => text.push(letter),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let byte = self.byte().ok_or(Fault::Syntax("a string without its end"))?;
        self.step();
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(Fault::Syntax("an unknown escape in a string")),
        })
    }

    fn unicode_escape(&mut self) -> Result<char> {
        const LONE: Fault = Fault::Syntax("half of a surrogate pair in a string");
        let first = self.hex()?;
        let code = match first {
            0xd800..=0xdbff => {
                self.word("\\u").map_err(|_| LONE)?;
                let second = self.hex()?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(LONE);
                }
                let high = first.wrapping_sub(0xd800) << 10;
                high.wrapping_add(second.wrapping_sub(0xdc00)).wrapping_add(0x1_0000)
            }
            _ => first,
        };
        char::from_u32(code).ok_or(LONE)
    }

    fn hex(&mut self) -> Result<u32> {
        let end = self.at.saturating_add(4);
        let digits =
            self.text.get(self.at..end).filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()));
        self.at = end;
        digits
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or(Fault::Syntax("an escape that is not four hexadecimal digits"))
    }

    #[inline(never)]
    pub(super) fn number(&mut self, expected: &dyn Expected) -> Result<Number> {
        let start = self.at;
        let negative = self.byte() == Some(b'-');
        if negative {
            self.step();
        }
        let first = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.step();
        }
        let digits = self.text.get(first..self.at).unwrap_or_default();
        if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
            return Err(Fault::Syntax("a malformed number"));
        }
        if matches!(self.byte(), Some(b'.' | b'e' | b'E')) {
            while self.byte().is_some_and(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte))
            {
                self.step();
            }
            let text = self.text.get(start..self.at).unwrap_or_default();
            let found = format!("floating point `{text}`");
            return Err(de::Error::invalid_type(Unexpected::Other(&found), expected));
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let parsed = if negative {
            text.parse().map(Number::Negative)
        } else {
            text.parse().map(Number::Positive)
        };
        parsed.map_err(|_| {
            de::Error::invalid_value(Unexpected::Other("a number beyond 2^63"), expected)
        })
    }

    /// The error for a value of another type than expected; reads the value, to stand behind it.
    #[cold]
    pub(super) fn unexpected(&mut self, expected: &dyn Expected) -> Fault {
        let found = match self.peek() {
            Some(b'"') => self.string().map(|text| text.into_owned()),
            Some(b'-' | b'0'..=b'9') => {
                return match self.number(expected) {
                    Err(fault) => fault,
                    Ok(Number::Positive(value)) => {
                        de::Error::invalid_type(Unexpected::Unsigned(value), expected)
                    }
                    Ok(Number::Negative(value)) => {
                        de::Error::invalid_type(Unexpected::Signed(value), expected)
                    }
                };
            }
            // The place of an object or array is its opening bracket.
            Some(b'{') => return de::Error::invalid_type(Unexpected::Map, expected),
            Some(b'[') => return de::Error::invalid_type(Unexpected::Seq, expected),
            Some(b't') => return self.unexpected_word("true", Unexpected::Bool(true), expected),
            Some(b'f') => return self.unexpected_word("false", Unexpected::Bool(false), expected),
            Some(b'n') => return self.unexpected_word("null", Unexpected::Other("null"), expected),
            _ => return Fault::Syntax("expected a value"),
        };
        match found {
            Ok(text) => de::Error::invalid_type(Unexpected::Str(&text), expected),
            Err(fault) => fault,
        }
    }

    fn unexpected_word(
        &mut self,
        word: &'static str,
        found: Unexpected<'_>,
        expected: &dyn Expected,
    ) -> Fault {
        match self.word(word) {
            Ok(()) => de::Error::invalid_type(found, expected),
            Err(fault) => fault,
        }
    }

    /// Goes into an object or array; false if something else stands here.
    #[inline(never)]
    pub(super) fn open(&mut self, bracket: u8) -> Result<bool> {
        if self.peek() != Some(bracket) {
            return Ok(false);
        }
        self.step();
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH { Err(Fault::Syntax("nested too deeply")) } else { Ok(true) }
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
            _ => return Err(Fault::Syntax("expected a comma or a closing bracket")),
        }
        *first = false;
        match self.peek() {
            Some(b'}' | b']' | b',') | None => Err(Fault::Syntax("expected a value")),
            Some(_) => Ok(true),
        }
    }

    #[inline(never)]
    pub(super) fn key(&mut self) -> Result<Cow<'de, str>> {
        if self.peek() != Some(b'"') {
            return Err(Fault::Syntax("expected a key in quotes"));
        }
        self.string()
    }

    #[inline(never)]
    pub(super) fn colon(&mut self) -> Result<()> {
        if self.peek() != Some(b':') {
            return Err(Fault::Syntax("expected a colon after a key"));
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
            Some(b'-' | b'0'..=b'9') => {
                while self
                    .byte()
                    .is_some_and(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte))
                {
                    self.step();
                }
                Ok(())
            }
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
            _ => Err(Fault::Syntax("expected a value")),
        }
    }
}
