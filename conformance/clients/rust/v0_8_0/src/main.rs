//! Client program over the official SDK `iggy` 0.8.0.

#[path = "../../batches.rs"]
mod api;
#[path = "../../capabilities.rs"]
mod capabilities;
#[path = "../../without_ids.rs"]
mod creation;
#[path = "../../text_keys.rs"]
mod headers;
#[path = "../../highlevel.rs"]
mod highlevel;
#[path = "../../verbs.rs"]
mod verbs;

use iggy_v0_6 as sdk;
use json_lines::program::{Arguments, finish};

const GENERATION: &str = "v0_6";
/// Its automatic login is, byte for byte, the login of Go 0.8.0, whose messages have another layout: a server cannot tell them apart.
const AUTO_LOGIN: bool = false;

// The SDK's consumer waits for a lock that its background task holds across requests: one thread would wait for itself.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> std::process::ExitCode {
    match Arguments::from_command_line() {
        Ok(arguments) => finish(verbs::run(&arguments).await),
        Err(refusal) => finish(Err(refusal)),
    }
}
