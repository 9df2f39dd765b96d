meta:
  id: get_cluster_metadata
  title: Get cluster metadata
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_6/system/cluster_node
  encoding: UTF-8
  endian: le
doc: Lists the servers that work together. Clients ask after a login, and may then move to the leader.
doc-ref: core/common/src/types/cluster/metadata.rs
-command:
  name: cluster.metadata
  auth: user
seq: []
types:
  response:
    seq:
      - id: len_name
        type: u4
      - id: name
        doc: Name of the cluster; `single-node` when the server is alone.
        type: str
        size: len_name
      - id: num_nodes
        -orig-id: nodes_count
        type: u4
      - id: nodes
        doc: A server that is alone lists itself, as a healthy leader.
        type: cluster_node
        repeat: expr
        repeat-expr: num_nodes
