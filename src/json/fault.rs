//! Why reading stops, in words.

use super::reader::Reader;

/// Reading cannot go on; the reader knows why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop;

/// Why reading stopped.
#[derive(Debug)]
pub(super) enum Fault {
    /// The text is not JSON.
    Syntax(&'static str),
    /// The JSON has not the expected form.
    Shape(String),
}

impl Reader<'_> {
    /// Stops because the JSON has not the expected form.
    #[cold]
    #[inline(never)]
    pub fn refuse(&mut self, reason: &str) -> Stop {
        self.fault = Fault::Shape(reason.to_owned());
        Stop
    }

    #[cold]
    #[inline(never)]
    pub(super) fn syntax(&mut self, reason: &'static str) -> Stop {
        self.fault = Fault::Syntax(reason);
        Stop
    }

    /// Stops because of a value that has the right type; `found` says which, such as `integer 5`.
    #[cold]
    #[inline(never)]
    pub fn invalid(&mut self, found: &str, expected: &str) -> Stop {
        self.refuse(&joined(&["invalid value: ", found, ", expected ", expected]))
    }

    /// Stops because of a text that is not one of those that are expected.
    #[cold]
    #[inline(never)]
    pub fn invalid_text(&mut self, text: &str, expected: &str) -> Stop {
        self.invalid(&quoted(text), expected)
    }

    /// Stops because the next value is of another type than expected; reads it, to stand behind it.
    #[cold]
    #[inline(never)]
    pub fn mismatch(&mut self, expected: &str) -> Stop {
        match self.found() {
            Ok(found) => self.refuse(&joined(&["invalid type: ", &found, ", expected ", expected])),
            Err(stop) => stop,
        }
    }

    /// The next value in words.
    fn found(&mut self) -> Result<String, Stop> {
        let word = |word: &str| Ok(word.to_owned());
        match self.peek() {
            Some(b'"') => Ok(quoted(&self.string()?)),
            Some(b'-' | b'0'..=b'9') => {
                let (text, is_whole) = self.digits()?;
                let kind = if is_whole { "integer" } else { "floating point" };
                Ok(joined(&[kind, " `", text, "`"]))
            }
            // The place of an object or array is its opening bracket.
            Some(b'{') => word("object"),
            Some(b'[') => word("array"),
            Some(b't') => self.word("true").and_then(|()| word("boolean `true`")),
            Some(b'f') => self.word("false").and_then(|()| word("boolean `false`")),
            Some(b'n') => self.word("null").and_then(|()| word("null")),
            _ => Err(self.syntax("expected a value")),
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn unknown(&mut self, what: &str, name: &str, known: &[&str]) -> Stop {
        let known = match known {
            [] => "there are none".to_owned(),
            _ => joined(&["expected ", &alternatives(known)]),
        };
        self.refuse(&joined(&["unknown ", what, " `", name, "`, ", &known]))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn missing(&mut self, name: &str) -> Stop {
        self.refuse(&joined(&["missing field `", name, "`"]))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn duplicate(&mut self, name: &str) -> Stop {
        self.refuse(&joined(&["duplicate field `", name, "`"]))
    }
}

fn quoted(text: &str) -> String {
    joined(&["string \"", text, "\""])
}

/// A text of parts. The standard `concat` is made for speed and weighs a kilobyte.
pub(super) fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// ``one of `a`, `b` ``; nothing for no names.
pub(super) fn alternatives(names: &[&str]) -> String {
    let mut text = String::new();
    for name in names {
        text.push_str(match (text.is_empty(), names.len()) {
            (true, 1 | 2) => "`",
            (true, _) => "one of `",
            (false, 2) => "` or `",
            (false, _) => "`, `",
        });
        text.push_str(name);
    }
    if !text.is_empty() {
        text.push('`');
    }
    text
}
