//! Oracle of generation 0.5: bytes as the official crates `iggy_common` and `iggy_binary_protocol` 0.7.0 make and read
//! them. The crate `iggy` of that release has no codec of its own.
#![allow(deprecated)]

#[macro_use]
#[path = "../../sdk/values.rs"]
mod values;
#[path = "../../sdk/commands.rs"]
mod commands;
#[path = "../../sdk/headers.rs"]
mod headers;
#[path = "../../sdk/indexed_messages.rs"]
mod indexed_messages;
#[path = "../../sdk/permissions.rs"]
mod permissions;
#[path = "../../sdk/primitives.rs"]
mod primitives;
#[path = "../../sdk/replay.rs"]
mod replay;
#[path = "../../sdk/responses.rs"]
mod responses;
mod sdk;
#[path = "../../sdk/stats.rs"]
mod stats;
#[path = "../../sdk/with_ids.rs"]
mod with_ids;

fn main() {
    let mut table = json_lines::Table::default();
    commands::register(&mut table, 4);
    responses::register(&mut table);
    indexed_messages::register(&mut table);
    table.both("user_headers", headers::encode, headers::decode);
    table.changes("user_headers", &["entries: sorted by key"]);
    table.serve();
}
