meta:
  id: client_info
  title: Client record
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/transport
  encoding: UTF-8
  endian: le
doc: A connected client.
doc-ref: core/server/src/binary/mapper.rs
seq:
  - id: client_id
    doc: Given by the server to the connection.
    type: u4
  - id: user_id
    doc: Absent until the client logs in.
    type: u4
    -type: id
    -none: 4294967295
  - id: transport
    type: u1
    enum: transport::transport
    valid:
      in-enum: true
  - id: len_address
    type: u4
  - id: address
    doc: Peer address and port, `127.0.0.1:40212`.
    type: str
    size: len_address
  - id: consumer_groups_count
    doc: Consumer groups the client has joined.
    type: u4
