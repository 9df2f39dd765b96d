//! Oracle of generation 0.9: bytes as the official crate `iggy_binary_protocol` 0.11.0 makes and reads them, the codec
//! that the crate `iggy` 0.11.0 is built on.

#[macro_use]
#[path = "../../sdk/values.rs"]
mod values;
#[macro_use]
#[path = "../../protocol/codec.rs"]
mod codec;
mod frames;
mod messages;
mod options;
mod own;
#[path = "../../protocol/primitives.rs"]
mod primitives;
#[path = "../../protocol/requests.rs"]
mod requests;
#[path = "../../protocol/responses.rs"]
mod responses;

use iggy_protocol_v0_9 as protocol;
use json_lines::Table;

fn main() {
    let mut table = Table::default();
    primitives::register(&mut table);
    options::register(&mut table);
    requests::register(&mut table);
    responses::register(&mut table);
    own::register(&mut table);
    messages::register(&mut table);
    frames::register(&mut table);
    table.serve();
}
