//! Values of the official crates as JSON and back. Each oracle includes this file, because a trait of its own is the
//! only kind that Rust lets it implement for a crate's types.

use json_lines::{Answer, Map, Value, error, hex_string, json, number};

/// A type that can be made from JSON.
pub trait Read: Sized {
    fn read(value: &Value) -> Answer<Self>;

    /// A missing field; only optional types have an answer.
    fn absent(name: &str) -> Answer<Self> {
        error(format!("field {name} is missing"))
    }
}

/// A type that can be shown as JSON.
pub trait Show {
    fn show(&self) -> Value;
}

pub fn read_field<T: Read>(value: &Value, name: &str) -> Answer<T> {
    match value.get(name) {
        Some(inner) => T::read(inner),
        None => T::absent(name),
    }
}

pub fn show_fields(fields: &[(&str, Value)]) -> Value {
    Value::Object(fields.iter().map(|(name, value)| ((*name).to_string(), value.clone())).collect::<Map<_, _>>())
}

/// Small integers are JSON numbers, those of 64 bits and more decimal strings.
macro_rules! integers {
    ($shown:expr; $($kind:ty),*) => {$(
        impl Read for $kind {
            fn read(value: &Value) -> Answer<Self> {
                number(value)
            }
        }
        impl Show for $kind {
            fn show(&self) -> Value {
                let shown: fn(&$kind) -> Value = $shown;
                shown(self)
            }
        }
    )*};
}
integers!(|it| json!(it); u8, u16, u32);
integers!(|it| json!(it.to_string()); u64, u128);

impl Read for bool {
    fn read(value: &Value) -> Answer<Self> {
        match value.as_bool() {
            Some(flag) => Ok(flag),
            None => error(format!("not true or false: {value}")),
        }
    }
}

impl Show for bool {
    fn show(&self) -> Value {
        json!(self)
    }
}

impl Read for String {
    fn read(value: &Value) -> Answer<Self> {
        match value.as_str() {
            Some(text) => Ok(text.to_string()),
            None => error(format!("not text: {value}")),
        }
    }
}

impl Show for String {
    fn show(&self) -> Value {
        json!(self)
    }
}

impl Read for f32 {
    fn read(value: &Value) -> Answer<Self> {
        match value.as_f64() {
            Some(float) => Ok(float as f32),
            None => error(format!("not a number: {value}")),
        }
    }
}

impl Show for f32 {
    fn show(&self) -> Value {
        json!(f64::from(*self))
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &Value) -> Answer<Self> {
        if value.is_null() { Ok(None) } else { T::read(value).map(Some) }
    }

    fn absent(_: &str) -> Answer<Self> {
        Ok(None)
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::show)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &Value) -> Answer<Self> {
        match value.as_array() {
            Some(items) => items.iter().map(T::read).collect(),
            None => error(format!("not a list: {value}")),
        }
    }
}

impl<T: Show> Show for Vec<T> {
    fn show(&self) -> Value {
        Value::Array(self.iter().map(T::show).collect())
    }
}

/// A byte string, in JSON lower-case hex.
pub struct Hex(pub Vec<u8>);

impl Read for Hex {
    fn read(value: &Value) -> Answer<Self> {
        hex_string(value).map(Hex)
    }
}

impl Show for Hex {
    fn show(&self) -> Value {
        json!(json_lines::to_hex(&self.0))
    }
}

/// Declares how a struct of a crate is shown.
macro_rules! shown {
    ($kind:ident { $($field:ident: $name:literal),* $(,)? }) => {
        impl Show for $kind {
            fn show(&self) -> Value {
                show_fields(&[$(($name, self.$field.show())),*])
            }
        }
    };
}

/// Declares how a struct of a crate is read and shown.
macro_rules! record {
    ($kind:ident { $($field:ident: $name:literal),* $(,)? }) => {
        impl Read for $kind {
            #[allow(unused_variables)]
            fn read(value: &Value) -> Answer<Self> {
                Ok($kind { $($field: read_field(value, $name)?),* })
            }
        }
        shown!($kind { $($field: $name),* });
    };
}
