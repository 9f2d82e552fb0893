//! Values that are carried as the text that they are.

use serde::ser::{Impossible, Serialize, Serializer};

use super::writer::{Unwritable, Writer};

/// Writes the text of a raw value as it is.
pub(super) struct RawWriter<'a, 'b>(pub(super) &'a mut Writer<'b>);

type Never = Impossible<(), Unwritable>;
type Written<T> = Result<T, Unwritable>;

fn not_text<T>() -> Written<T> {
    Err(Unwritable("a raw value that is not text".into()))
}

impl Serializer for RawWriter<'_, '_> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Never;
    type SerializeStructVariant = Never;

    fn serialize_str(self, text: &str) -> Written<()> {
        self.0.bytes.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn serialize_bool(self, _: bool) -> Written<()> {
        not_text()
    }

    fn serialize_i8(self, _: i8) -> Written<()> {
        not_text()
    }

    fn serialize_i16(self, _: i16) -> Written<()> {
        not_text()
    }

    fn serialize_i32(self, _: i32) -> Written<()> {
        not_text()
    }

    fn serialize_i64(self, _: i64) -> Written<()> {
        not_text()
    }

    fn serialize_u8(self, _: u8) -> Written<()> {
        not_text()
    }

    fn serialize_u16(self, _: u16) -> Written<()> {
        not_text()
    }

    fn serialize_u32(self, _: u32) -> Written<()> {
        not_text()
    }

    fn serialize_u64(self, _: u64) -> Written<()> {
        not_text()
    }

    fn serialize_f32(self, _: f32) -> Written<()> {
        not_text()
    }

    fn serialize_f64(self, _: f64) -> Written<()> {
        not_text()
    }

    fn serialize_char(self, _: char) -> Written<()> {
        not_text()
    }

    fn serialize_bytes(self, _: &[u8]) -> Written<()> {
        not_text()
    }

    fn serialize_none(self) -> Written<()> {
        not_text()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Written<()> {
        not_text()
    }

    fn serialize_unit(self) -> Written<()> {
        not_text()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written<()> {
        not_text()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Written<()> {
        not_text()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &str, _: &T) -> Written<()> {
        not_text()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Written<()> {
        not_text()
    }

    fn serialize_seq(self, _: Option<usize>) -> Written<Never> {
        not_text()
    }

    fn serialize_tuple(self, _: usize) -> Written<Never> {
        not_text()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Written<Never> {
        not_text()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Written<Never> {
        not_text()
    }

    fn serialize_map(self, _: Option<usize>) -> Written<Never> {
        not_text()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Written<Never> {
        not_text()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Written<Never> {
        not_text()
    }
}
