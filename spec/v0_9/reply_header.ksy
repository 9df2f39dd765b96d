meta:
  id: reply_header
  title: Reply header, generation 0.9
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Starts every reply of generation 0.9 but evictions. Repeats what tells the client which request it answers.
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
    doc: 8 in a reply.
    type: u1
  - id: replica
    type: u1
  - id: reserved
    size: 66
  - id: request_checksum
    doc: As in the request.
    size: 16
    -type: u16
  - id: context
    size: 16
    -type: u16
  - id: client_id
    -orig-id: client
    doc: As in the request.
    size: 16
    -type: u16
  - id: op
    doc: Place of the change in the log of the cluster; any number when the server is alone.
    type: u8
  - id: commit
    doc: How far that log is committed.
    type: u8
  - id: timestamp
    doc: As in the request.
    type: u8
  - id: request
    doc: As in the request.
    type: u8
  - id: operation
    doc: As in the request.
    type: u1
  - id: padding
    size: 7
  - id: status
    doc: 0, or the code of the error; the body is then empty.
    type: u4
  - id: reserved_tail
    size: 36
