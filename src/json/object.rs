//! Objects and variants, each read by one function that walks a table of names.
//!
//! `#[derive(FromJson)]` makes the tables, and the `match` from a position to a field. What is not in the tables is here once, and
//! not in every type: that keeps the modules of the browser small.

use super::{
    fault::{Stop, alternatives},
    reader::Reader,
};

/// The fields of an object, by their positions.
#[derive(Debug)]
pub struct Object {
    /// Their names in the document.
    pub names: &'static [&'static str],
    /// A bit for each field that must not be missing.
    pub required: u64,
    /// A bit for each field that is set by [`Fields::absent`] when it is missing.
    pub defaults: u64,
    /// Whether fields that are not known are refused.
    pub closed: bool,
}

/// A variant of an enum that is more than a name.
#[derive(Debug)]
pub struct Variant {
    /// Its name in the document.
    pub name: &'static str,
    /// What it holds.
    pub content: Content,
}

/// What a variant holds.
#[derive(Debug)]
pub enum Content {
    /// Nothing: the name is all.
    Nothing,
    /// One value.
    Value,
    /// Fields.
    Object(Object),
}

/// A value that is read field by field.
pub trait Fields {
    /// Becomes the blank form of a variant; a struct has none.
    fn choose(&mut self, variant: usize) {
        let _ = variant;
    }

    /// Reads the field of a position.
    ///
    /// # Errors
    ///
    /// [`Stop`] if its value is not what the field takes.
    fn field(&mut self, index: usize, reader: &mut Reader<'_>) -> Result<(), Stop>;

    /// Sets a field that is missing, where its value is not the blank one.
    fn absent(&mut self, index: usize) {
        let _ = index;
    }
}

/// The object of a variant that has no fields of its own beside the tag.
static NO_FIELDS: Object = Object { names: &[], required: 0, defaults: 0, closed: false };

impl Reader<'_> {
    /// Reads an object into a blank value.
    ///
    /// # Errors
    ///
    /// [`Stop`] if it is none, a field is missing, repeated or not known, or its value is wrong.
    pub fn object(&mut self, value: &mut dyn Fields, object: &Object) -> Result<(), Stop> {
        self.members(value, object, None)
    }

    #[inline(never)]
    fn members(
        &mut self,
        value: &mut dyn Fields,
        object: &Object,
        tag: Option<&str>,
    ) -> Result<(), Stop> {
        if !self.open(b'{')? {
            return Err(self.mismatch("an object"));
        }
        let (mut first, mut next) = (true, 0);
        let (mut seen, mut tag_seen) = (0_u64, false);
        while self.member(&mut first, b'}')? {
            let key = self.key()?;
            let Some(index) = position(object.names, next, &key) else {
                if tag == Some(key.as_ref()) {
                    if core::mem::replace(&mut tag_seen, true) {
                        return Err(self.duplicate(&key));
                    }
                } else if object.closed {
                    return Err(self.unknown("field", &key, object.names));
                }
                self.colon()?;
                self.skip()?;
                continue;
            };
            let bit = bit(index);
            if seen & bit != 0 {
                return Err(self.duplicate(&key));
            }
            seen |= bit;
            next = index.saturating_add(1);
            self.colon()?;
            value.field(index, self)?;
        }
        self.complete(value, object, seen)
    }

    /// Refuses or sets what is missing.
    fn complete(&mut self, value: &mut dyn Fields, object: &Object, seen: u64) -> Result<(), Stop> {
        let missing = object.required & !seen;
        if missing != 0 {
            let name = object.names.get(lowest(missing)).copied().unwrap_or_default();
            return Err(self.missing(name));
        }
        let mut defaults = object.defaults & !seen;
        while defaults != 0 {
            value.absent(lowest(defaults));
            defaults &= defaults.wrapping_sub(1);
        }
        Ok(())
    }

    /// Reads the name of a choice: its position.
    ///
    /// # Errors
    ///
    /// [`Stop`] if the value is none of the names.
    #[inline(never)]
    pub fn choice(&mut self, names: &[&str]) -> Result<usize, Stop> {
        if self.peek() != Some(b'"') {
            return Err(self.mismatch(&alternatives(names)));
        }
        let name = self.string()?;
        let found = position(names, 0, &name);
        found.ok_or_else(|| self.unknown("variant", &name, names))
    }

    /// Reads a variant that is named by a field of the same object. It may stand anywhere among them.
    ///
    /// # Errors
    ///
    /// [`Stop`] if there is no such field or variant, and as [`Reader::object`].
    pub fn tagged(
        &mut self,
        value: &mut dyn Fields,
        tag: &str,
        variants: &[Variant],
    ) -> Result<(), Stop> {
        self.peek();
        let (start, depth) = (self.at, self.depth);
        if !self.open(b'{')? {
            return Err(self.mismatch("an object"));
        }
        let mut first = true;
        while self.member(&mut first, b'}')? {
            let key = self.key()?;
            self.colon()?;
            if key != tag {
                self.skip()?;
                continue;
            }
            let (index, variant) = self.named(variants)?;
            value.choose(index);
            (self.at, self.depth) = (start, depth);
            let object = match &variant.content {
                Content::Object(object) => object,
                Content::Nothing | Content::Value => &NO_FIELDS,
            };
            return self.members(value, object, Some(tag));
        }
        Err(self.missing(tag))
    }

    /// Reads a variant that is a name alone, or an object of one member with the name as its key.
    ///
    /// # Errors
    ///
    /// [`Stop`] if there is no such variant, or its content is wrong.
    pub fn variant(&mut self, value: &mut dyn Fields, variants: &[Variant]) -> Result<(), Stop> {
        let in_object = match self.peek() {
            Some(b'"') => false,
            Some(b'{') => {
                self.open(b'{')?;
                if !self.member(&mut true, b'}')? {
                    return Err(self.refuse("an object without the name of a variant"));
                }
                true
            }
            _ => return Err(self.mismatch("a variant")),
        };
        let (index, variant) = self.named(variants)?;
        value.choose(index);
        match (&variant.content, in_object) {
            (Content::Nothing, false) => return Ok(()),
            (Content::Nothing, true) => return Err(self.refuse("this variant has no content")),
            (_, false) => return Err(self.refuse("this variant needs its content")),
            (Content::Value, true) => {
                self.colon()?;
                value.field(0, self)?;
            }
            (Content::Object(object), true) => {
                self.colon()?;
                self.members(value, object, None)?;
            }
        }
        if self.member(&mut false, b'}')? {
            return Err(self.refuse("only one variant can stand here"));
        }
        Ok(())
    }

    /// The variant whose name comes next.
    fn named<'a>(&mut self, variants: &'a [Variant]) -> Result<(usize, &'a Variant), Stop> {
        if self.peek() != Some(b'"') {
            return Err(self.mismatch("the name of a variant"));
        }
        let name = self.string()?;
        let found = variants.iter().enumerate().find(|(_, variant)| variant.name == name);
        found.ok_or_else(|| {
            let names: Vec<&str> = variants.iter().map(|variant| variant.name).collect();
            self.unknown("variant", &name, &names)
        })
    }
}

/// The position of a name. Fields mostly come in their order, so the search starts at the next one.
fn position(names: &[&str], next: usize, name: &str) -> Option<usize> {
    let (before, behind) = names.split_at_checked(next).unwrap_or((names, &[]));
    let is_name = |known: &&str| *known == name;
    match behind.iter().position(is_name) {
        Some(at) => Some(at.saturating_add(next)),
        None => before.iter().position(is_name),
    }
}

fn bit(index: usize) -> u64 {
    // A table has at most 64 names, so nothing is cut off.
    1_u64.wrapping_shl(u32::try_from(index).unwrap_or_default())
}

fn lowest(mask: u64) -> usize {
    usize::try_from(mask.trailing_zeros()).unwrap_or_default()
}
