//! Client program over the official SDK `iggy` 0.6.40.
#![allow(deprecated)]

mod api;
mod highlevel;
#[path = "../../verbs.rs"]
mod verbs;

use json_lines::program::{Arguments, finish};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    match Arguments::from_command_line() {
        Ok(arguments) => finish(verbs::run(&arguments).await),
        Err(refusal) => finish(Err(refusal)),
    }
}
