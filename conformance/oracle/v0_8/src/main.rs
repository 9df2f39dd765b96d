//! Oracle of generation 0.8: bytes as the official crate `iggy_binary_protocol` 0.10.0 makes and reads them, the codec
//! that the crate `iggy` 0.10.0 is built on.

#[macro_use]
#[path = "../../sdk/values.rs"]
mod values;
mod messages;
mod primitives;
mod requests;
mod responses;

use iggy_protocol_v0_8::{WireDecode, WireEncode};
use json_lines::{Answer, Table, Value};
use values::{Read, Show};

pub fn encode<T: Read + WireEncode>(value: &Value) -> Answer<Vec<u8>> {
    Ok(T::read(value)?.to_bytes().to_vec())
}

pub fn decode<T: Show + WireDecode>(payload: Vec<u8>) -> Answer<Value> {
    Ok(T::decode_from(&payload)?.show())
}

/// Adds each type to the table under its name.
macro_rules! add {
    ($table:ident; $($name:literal $kind:ty),* $(,)?) => {
        $($table.both($name, crate::encode::<$kind>, crate::decode::<$kind>);)*
    };
}
pub(crate) use add;

fn main() {
    let mut table = Table::default();
    primitives::register(&mut table);
    requests::register(&mut table);
    responses::register(&mut table);
    messages::register(&mut table);
    table.serve();
}
