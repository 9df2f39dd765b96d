meta:
  id: request_header
  title: Request header, generation 0.9
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Starts every request of generation 0.9. Its first four bytes are 0, which the length of an older generation's request never is.
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
    doc: 5 in a request.
    type: u1
  - id: replica
    type: u1
  - id: reserved
    size: 66
  - id: client_id
    -orig-id: client
    doc: Picked at random by the client, never 0; another one after every disconnect.
    size: 16
    -type: u16
  - id: request_checksum
    doc: XXH3-64, seed 0, over the body; 0 when the client does not say.
    size: 16
    -type: u16
  - id: timestamp
    type: u8
  - id: request
    doc: Number of the request in its session, from 1; reads repeat the last number.
    type: u8
  - id: operation
    doc: What is asked for; 2 means the command of `code`.
    type: u1
  - id: padding
    size: 7
  - id: session
    doc: As the answer to the login gave it; 0 before.
    type: u8
  - id: user_id
    doc: 0; the server knows it from the login.
    type: u4
  - id: code
    doc: The command, for operation 2 only.
    type: u4
  - id: reserved_tail
    size: 56
