//! Client program over the official SDK `iggy` 0.7.0.

#[path = "../../batches.rs"]
mod api;
#[path = "../../capabilities.rs"]
mod capabilities;
#[path = "../../with_ids.rs"]
mod creation;
#[path = "../../text_keys.rs"]
mod headers;
#[path = "../../highlevel.rs"]
mod highlevel;
#[path = "../../verbs.rs"]
mod verbs;

use iggy_v0_5 as sdk;
use json_lines::program::{Arguments, finish};

const GENERATION: &str = "v0_5";
const AUTO_LOGIN: bool = true;

// The SDK's consumer waits for a lock that its background task holds across requests: one thread would wait for itself.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> std::process::ExitCode {
    match Arguments::from_command_line() {
        Ok(arguments) => finish(verbs::run(&arguments).await),
        Err(refusal) => finish(Err(refusal)),
    }
}
