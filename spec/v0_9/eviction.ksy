meta:
  id: eviction
  title: Eviction
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Ends the session of a client, or refuses to begin one. A frame without a body that takes the place of a reply.
doc-ref: core/binary_protocol/src/consensus/header.rs
-view: true
seq:
  - id: checksum
    doc: 0; servers of a cluster fill it among themselves.
    size: 16
    -type: u16
  - id: body_checksum
    -orig-id: checksum_body
    doc: 0, as above.
    size: 16
    -type: u16
  - id: cluster
    doc: 0 when the server is alone.
    size: 16
    -type: u16
  - id: frame_size
    -orig-id: size
    doc: Bytes of this header and the body.
    type: u4
  - id: view
    type: u4
  - id: release
    type: u4
  - id: command
    doc: 13 in an eviction.
    type: u1
  - id: replica
    type: u1
  - id: reserved
    size: 66
  - id: client_id
    -orig-id: client
    doc: As in the request.
    size: 16
    -type: u16
  - id: protocol_version_max
    doc: Newest version of the protocol that the server speaks, when that is the reason; else 0.
    type: u4
  - id: protocol_version_min
    doc: Oldest version, likewise.
    type: u4
  - id: reserved_tail
    size: 103
  - id: reason
    type: u1
