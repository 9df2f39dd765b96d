//! The names that the shared files use, as this generation's crates have them.

#[path = "../../sdk/command_names.rs"]
mod command_names;

pub use crate::with_ids::{create_consumer_group, create_stream, create_topic};
pub use command_names::*;
pub use iggy_common_v0_5 as common;
pub use iggy_common_v0_5::*;
pub use iggy_protocol_v0_5::*;

pub type PermissionKey = u32;
