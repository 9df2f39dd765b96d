//! Client program over the official SDK `iggy` 0.10.0.

mod api;
mod flow_api;
#[path = "../../group_flow.rs"]
mod group_flow;
#[path = "../../verbs.rs"]
mod verbs;

use json_lines::program::{Arguments, finish};

// This SDK's consumer waits for a lock that its background task holds across requests: one thread would wait for itself.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> std::process::ExitCode {
    match Arguments::from_command_line() {
        Ok(arguments) => finish(verbs::run(&arguments).await),
        Err(refusal) => finish(Err(refusal)),
    }
}
