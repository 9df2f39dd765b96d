meta:
  id: create_stream
  title: Create stream
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_4/streams/stream
  encoding: UTF-8
  endian: le
doc: Creates a stream.
doc-ref: sdk/src/streams/create_stream.rs
-command:
  name: stream.create
  auth: user
  permission:
    rule: create_stream
seq:
  - id: stream_id
    doc: Wanted by the client; absent, the server picks one.
    type: u4
    -type: id
    -none: 0
  - id: len_name
    type: u1
    valid:
      min: 1
      -error: invalid_stream_name
  - id: name
    doc: 1 to 255 bytes of letters, digits, `_`, `-`, `.` and white space.
    type: str
    size: len_name
types:
  response:
    doc: The created stream; it has no topics yet.
    seq:
      - id: stream
        type: stream
