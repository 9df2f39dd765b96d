//! Client program over the official SDK `iggy` 0.10.0.

#[path = "../../batches.rs"]
mod api;
#[path = "../../capabilities.rs"]
mod capabilities;
#[path = "../../without_ids.rs"]
mod creation;
#[path = "../../flow_api.rs"]
mod flow_api;
#[path = "../../group_flow.rs"]
mod group_flow;
#[path = "../../typed_keys.rs"]
mod headers;
#[path = "../../highlevel.rs"]
mod highlevel;
#[path = "../../verbs.rs"]
mod verbs;

use iggy_v0_8 as sdk;
use json_lines::Answer;
use json_lines::program::{Arguments, finish};

const GENERATION: &str = "v0_8";
const AUTO_LOGIN: bool = true;

async fn run(arguments: &Arguments) -> Answer<()> {
    match arguments.verb.as_str() {
        verb @ ("produce" | "member" | "group_offsets") => group_flow::run(verb, arguments).await,
        _ => verbs::run(arguments).await,
    }
}

// The SDK's consumer waits for a lock that its background task holds across requests: one thread would wait for itself.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> std::process::ExitCode {
    match Arguments::from_command_line() {
        Ok(arguments) => finish(run(&arguments).await),
        Err(refusal) => finish(Err(refusal)),
    }
}
