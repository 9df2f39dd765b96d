//! The cluster description, new in this generation.

use crate::commands::add;
use crate::sdk::get_cluster_metadata::GetClusterMetadata;
use crate::sdk::*;
use crate::values::{Read, Show, read_field, show_fields};
use json_lines::{Answer, Table, Value};

record!(GetClusterMetadata {});
record!(ClusterMetadata { name: "name", nodes: "nodes" });

impl Read for ClusterNode {
    fn read(value: &Value) -> Answer<Self> {
        Ok(ClusterNode {
            name: read_field(value, "name")?,
            ip: read_field(value, "ip")?,
            endpoints: TransportEndpoints::new(
                read_field(value, "tcpPort")?,
                read_field(value, "quicPort")?,
                read_field(value, "httpPort")?,
                read_field(value, "webSocketPort")?,
            ),
            role: read_field::<u8>(value, "role")?.try_into()?,
            status: read_field::<u8>(value, "status")?.try_into()?,
        })
    }
}

impl Show for ClusterNode {
    fn show(&self) -> Value {
        show_fields(&[
            ("name", self.name.show()),
            ("ip", self.ip.show()),
            ("tcpPort", self.endpoints.tcp.show()),
            ("quicPort", self.endpoints.quic.show()),
            ("httpPort", self.endpoints.http.show()),
            ("webSocketPort", self.endpoints.websocket.show()),
            ("role", (self.role.clone() as u8).show()),
            ("status", (self.status.clone() as u8).show()),
        ])
    }
}

pub fn register(table: &mut Table) {
    add!(table; "get_cluster_metadata" GetClusterMetadata, "get_cluster_metadata_response" ClusterMetadata);
}
