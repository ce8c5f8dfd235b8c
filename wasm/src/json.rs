//! Writes what can be serialized as JSON, for `JSON.parse` on the other side: an object costs
//! one crossing instead of one for each field, and a tenth of the code. Fields without a value
//! are left out, as TypeScript's `?` has it. Never writes maps, bytes or variants with more than
//! one value: the engine's views have none.

use alloc::string::String;
use core::fmt::{self, Display, Write};
use serde::Serialize;
use serde::ser::{self, Impossible};

/// What cannot happen: writing into a string.
#[derive(Debug)]
pub enum Never {}

impl Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl core::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: Display>(_: T) -> Self {
        unreachable!("a view refused to be written")
    }
}

type Done = Result<(), Never>;

/// The value as JSON.
pub fn written<T: Serialize + ?Sized>(value: &T) -> String {
    let mut out = String::new();
    match value.serialize(Json { out: &mut out }) {
        Ok(()) => out,
        Err(never) => match never {},
    }
}

/// Decimal digits.
#[inline(never)]
fn whole(out: &mut String, number: u64) {
    // Writing into a String cannot fail.
    let _ = write!(out, "{number}");
}

/// In thousandths; what is not a number or too large for that is null.
#[inline(never)]
fn fraction(out: &mut String, number: f64) {
    let thousandths = (number.abs() * 1000.0 + 0.5) as u64;
    if !number.is_finite() || thousandths == u64::MAX {
        return out.push_str("null");
    }
    if number < 0.0 && thousandths > 0 {
        out.push('-');
    }
    whole(out, thousandths / 1000);
    out.push('.');
    let rest = thousandths % 1000;
    for digit in [rest / 100, rest / 10 % 10, rest % 10] {
        out.push(char::from(b'0' + digit as u8));
    }
}

#[inline(never)]
fn text(out: &mut String, value: &str) {
    out.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            // Other control characters are not in any text that parses.
            '\0'..' ' => out.push(' '),
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// The comma between two members.
#[inline(never)]
fn comma(out: &mut String) {
    if !out.ends_with(['[', '{']) {
        out.push(',');
    }
}

/// The name of a member; gives where the text ended before it.
#[inline(never)]
fn name(out: &mut String, key: &str) -> usize {
    let before = out.len();
    comma(out);
    out.push('"');
    out.push_str(key);
    out.push_str("\":");
    before
}

/// A member without a value is as if it had never been begun.
#[inline(never)]
fn leave_out_null(out: &mut String, before: usize, key: &str) {
    // At most a comma, and the quotes and the colon around the key.
    if out.ends_with(":null") && out.len() <= before + key.len() + ",\"\":null".len() {
        out.truncate(before);
    }
}

/// Writes one value.
struct Json<'a> {
    out: &'a mut String,
}

/// Writes the members of a list or an object, then the closing bracket.
struct Members<'a> {
    out: &'a mut String,
    close: char,
}

impl<'a> Json<'a> {
    fn open(self, open: char, close: char) -> Result<Members<'a>, Never> {
        self.out.push(open);
        Ok(Members { out: self.out, close })
    }
}

impl Members<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        comma(self.out);
        value.serialize(Json { out: self.out })
    }

    fn closed(self) -> Done {
        self.out.push(self.close);
        Ok(())
    }
}

impl ser::SerializeSeq for Members<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    fn end(self) -> Done {
        self.closed()
    }
}

impl ser::SerializeTuple for Members<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    fn end(self) -> Done {
        self.closed()
    }
}

impl ser::SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Done {
        let before = name(self.out, key);
        value.serialize(Json { out: self.out })?;
        leave_out_null(self.out, before, key);
        Ok(())
    }

    fn end(self) -> Done {
        self.closed()
    }
}

/// Methods for values that no view has.
macro_rules! never_written {
    ($($name:ident($($kind:ty),*) -> $out:ty;)*) => {
        $(fn $name(self $(, _: $kind)*) -> Result<$out, Never> {
            unreachable!("no view has such a value")
        })*
    };
}

impl<'a> ser::Serializer for Json<'a> {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Members<'a>;
    type SerializeTuple = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeTupleStruct = Impossible<(), Never>;
    type SerializeTupleVariant = Impossible<(), Never>;
    type SerializeMap = Impossible<(), Never>;
    type SerializeStructVariant = Impossible<(), Never>;

    fn serialize_bool(self, value: bool) -> Done {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Done {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Done {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Done {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Done {
        whole(self.out, value);
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Done {
        fraction(self.out, value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Done {
        text(self.out, value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Done {
        text(self.out, value);
        Ok(())
    }

    fn serialize_none(self) -> Done {
        self.out.push_str("null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        text(self.out, variant);
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'a>, Never> {
        self.open('[', ']')
    }

    fn serialize_tuple(self, _: usize) -> Result<Members<'a>, Never> {
        self.open('[', ']')
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'a>, Never> {
        self.open('{', '}')
    }

    fn collect_seq<I>(self, items: I) -> Done
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        let mut members = self.open('[', ']')?;
        for item in items {
            members.element(&item)?;
        }
        members.closed()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        let mut members = self.open('{', '}')?;
        ser::SerializeStruct::serialize_field(&mut members, variant, value)?;
        members.closed()
    }

    never_written! {
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_f32(f32) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Open,
    }

    #[derive(Serialize)]
    struct View {
        text: &'static str,
        none: Option<u64>,
        some: Option<u64>,
        kind: Kind,
        pair: (u16, bool),
        list: Vec<f64>,
        empty: [u8; 0],
    }

    #[test]
    fn every_declaration_can_be_written() {
        for protocol in happens_before::protocols::PROTOCOLS {
            let declaration = written(protocol.declaration);
            assert!(declaration.starts_with("{\"name\":"), "{declaration}");
        }
        #[derive(Serialize)]
        enum Unit {
            Choice(&'static [&'static str]),
        }
        assert_eq!(written(&Unit::Choice(&["off", "on"])), "{\"Choice\":[\"off\",\"on\"]}");
    }

    #[test]
    fn views_are_written_as_json_parse_reads_them() {
        let view = View {
            text: "a \"b\"\n\\ é",
            none: None,
            some: Some(u64::MAX),
            kind: Kind::Open,
            pair: (7, true),
            list: vec![0.0, -0.0001, 1.5, -2.0004, 12.9996],
            empty: [],
        };
        assert_eq!(
            written(&view),
            "{\"text\":\"a \\\"b\\\"\\n\\\\ é\",\"some\":18446744073709551615,\"kind\":\"open\",\
             \"pair\":[7,true],\"list\":[0.000,0.000,1.500,-2.000,13.000],\"empty\":[]}"
        );
    }
}
