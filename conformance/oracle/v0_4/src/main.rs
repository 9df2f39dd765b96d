//! Oracle of generation 0.4: bytes as the official crate `iggy` 0.6.40 makes and reads them.
#![allow(deprecated)]

#[macro_use]
#[path = "../../sdk/values.rs"]
mod values;
#[path = "../../sdk/commands.rs"]
mod commands;
#[path = "../../sdk/headers.rs"]
mod headers;
mod messages;
#[path = "../../sdk/permissions.rs"]
mod permissions;
#[path = "../../sdk/primitives.rs"]
mod primitives;
#[path = "../../sdk/replay.rs"]
mod replay;
#[path = "../../sdk/responses.rs"]
mod responses;
mod sdk;
#[path = "../../sdk/with_ids.rs"]
mod with_ids;

use json_lines::{Table, Value};
use sdk::Stats;
use values::{Show, show_fields};

shown!(Stats {
    process_id: "processId",
    cpu_usage: "cpuUsage",
    total_cpu_usage: "totalCpuUsage",
    memory_usage: "memoryUsage",
    total_memory: "totalMemory",
    available_memory: "availableMemory",
    run_time: "runTime",
    start_time: "startTime",
    read_bytes: "readBytes",
    written_bytes: "writtenBytes",
    messages_size_bytes: "messagesSizeBytes",
    streams_count: "streamsCount",
    topics_count: "topicsCount",
    partitions_count: "partitionsCount",
    segments_count: "segmentsCount",
    messages_count: "messagesCount",
    clients_count: "clientsCount",
    consumer_groups_count: "consumerGroupsCount",
    hostname: "hostname",
    os_name: "osName",
    os_version: "osVersion",
    kernel_version: "kernelVersion",
});

fn main() {
    let mut table = Table::default();
    commands::register(&mut table, 4);
    responses::register(&mut table);
    messages::register(&mut table);
    table.both("user_headers", headers::encode, headers::decode);
    table.changes("user_headers", &["entries: sorted by key"]);
    table.changes("get_snapshot", &["types: the crate knows 1 to 5 only"]);
    table.serve();
}
