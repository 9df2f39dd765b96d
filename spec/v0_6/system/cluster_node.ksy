meta:
  id: cluster_node
  title: Cluster node
  license: Apache-2.0
  ks-version: '0.11'
  encoding: UTF-8
  endian: le
doc: One server of a cluster.
doc-ref: core/common/src/types/cluster/node.rs
seq:
  - id: len_name
    type: u4
  - id: name
    type: str
    size: len_name
  - id: len_ip
    type: u4
  - id: ip
    doc: Address without port, as clients reach it.
    type: str
    size: len_ip
  - id: tcp_port
    -orig-id: tcp
    doc: 0, here and below, when the server does not listen for it.
    type: u2
  - id: quic_port
    -orig-id: quic
    type: u2
  - id: http_port
    -orig-id: http
    type: u2
  - id: web_socket_port
    -orig-id: websocket
    type: u2
  - id: role
    type: u1
    enum: node_role
    valid:
      in-enum: true
  - id: status
    type: u1
    enum: node_status
    valid:
      in-enum: true
enums:
  node_role:
    0:
      id: leader
      doc: Takes all writes.
    1:
      id: follower
      doc: Keeps a copy.
  node_status:
    0: healthy
    1: starting
    2: stopping
    3: unreachable
    4: maintenance
