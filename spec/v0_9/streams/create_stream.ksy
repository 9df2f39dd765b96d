meta:
  id: create_stream
  title: Create stream
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_9/options/options
    - /v0_9/streams/stream
  encoding: UTF-8
  endian: le
doc: Creates a stream. The server picks its id.
doc-ref: core/binary_protocol/src/requests/streams/create_stream.rs
-command:
  name: stream.create
  auth: user
  permission:
    rule: create_stream
seq:
  - id: len_name
    type: u1
    valid:
      min: 1
      -error: invalid_format
  - id: name
    doc: 1 to 255 bytes, kept as sent.
    type: str
    size: len_name
  - id: options
    doc: Streams have none so far.
    type: options
    -default: []
types:
  response:
    doc: The created stream; it has no topics yet.
    seq:
      - id: stream
        type: stream
