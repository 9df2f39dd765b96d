//! Types that the protocol crate itself encodes and decodes, and the helpers with which they enter the table.

use crate::protocol::{WireDecode, WireEncode};
use crate::values::{Read, Show};
use json_lines::{Answer, Value, json, unsupported};

pub fn encode<T: Read + WireEncode>(value: &Value) -> Answer<Vec<u8>> {
    Ok(T::read(value)?.to_bytes().to_vec())
}

pub fn decode<T: Show + WireDecode>(payload: Vec<u8>) -> Answer<Value> {
    Ok(T::decode_from(&payload)?.show())
}

/// Adds each type to the table under its name.
macro_rules! add {
    ($table:ident; $($name:literal $kind:ty),* $(,)?) => {
        $($table.both($name, crate::codec::encode::<$kind>, crate::codec::decode::<$kind>);)*
    };
}

/// Adds each response to the table under the name of its command.
macro_rules! add_responses {
    ($table:ident; $($name:literal $kind:ty),* $(,)?) => {
        $($table.both(
            concat!($name, "_response"),
            crate::codec::encode_found::<$kind>,
            crate::codec::decode_found::<$kind>,
        );)*
    };
}

const NOT_FOUND: &str = "the answer 'not found' is empty, which the crate leaves to its callers";

/// Refuses what only our side has a form for: the empty answer of a `get`.
pub fn encode_found<T: Read + WireEncode>(value: &Value) -> Answer<Vec<u8>> {
    match value.as_object().is_some_and(|fields| fields.values().any(Value::is_null)) {
        true => unsupported(NOT_FOUND),
        false => encode::<T>(value),
    }
}

pub fn decode_found<T: Show + WireDecode>(payload: Vec<u8>) -> Answer<Value> {
    if payload.is_empty() { unsupported(NOT_FOUND) } else { decode::<T>(payload) }
}

/// What our spec keeps under one more name than the crate does.
pub trait Named {
    const NAME: &'static str;
}

pub struct Under<T, N>(T, std::marker::PhantomData<N>);

macro_rules! names {
    ($($kind:ident $name:literal),* $(,)?) => {$(
        pub struct $kind;
        impl crate::codec::Named for $kind {
            const NAME: &'static str = $name;
        }
    )*};
}

impl<T: Read, N: Named> Read for Under<T, N> {
    fn read(value: &Value) -> Answer<Self> {
        Ok(Under(crate::values::read_field(value, N::NAME)?, std::marker::PhantomData))
    }
}

impl<T: Show, N: Named> Show for Under<T, N> {
    fn show(&self) -> Value {
        json!({ N::NAME: self.0.show() })
    }
}

impl<T: WireEncode, N> WireEncode for Under<T, N> {
    fn encode(&self, buffer: &mut bytes::BytesMut) {
        self.0.encode(buffer);
    }

    fn encoded_size(&self) -> usize {
        self.0.encoded_size()
    }
}

impl<T: WireDecode, N> WireDecode for Under<T, N> {
    fn decode(buffer: &[u8]) -> Result<(Self, usize), crate::protocol::WireError> {
        let (inner, size) = T::decode(buffer)?;
        Ok((Under(inner, std::marker::PhantomData), size))
    }
}
