//! The names that the shared files use, as this generation's crates have them.

#[path = "../../sdk/command_names.rs"]
mod command_names;

pub use crate::without_ids::{create_consumer_group, create_stream, create_topic};
pub use command_names::*;
pub use iggy_common_v0_6 as common;
pub use iggy_common_v0_6::*;
pub use iggy_protocol_v0_6::*;

pub type PermissionKey = usize;
