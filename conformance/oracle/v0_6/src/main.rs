//! Oracle of generation 0.6: bytes as the official crates `iggy_common` and `iggy_binary_protocol` 0.8.0 make and read
//! them. The crate `iggy` of that release has no codec of its own.
#![allow(deprecated)]

#[macro_use]
#[path = "../../sdk/values.rs"]
mod values;
mod cluster;
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
#[path = "../../sdk/without_ids.rs"]
mod without_ids;

fn main() {
    let mut table = json_lines::Table::default();
    commands::register(&mut table, 5);
    responses::register(&mut table);
    indexed_messages::register(&mut table);
    cluster::register(&mut table);
    table.both("user_headers", headers::encode, headers::decode);
    table.changes("user_headers", &["entries: sorted by key"]);
    table.serve();
}
