meta:
  id: update_stream
  title: Update stream
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /v0_9/options/options
  encoding: UTF-8
  endian: le
doc: Renames a stream.
doc-ref: core/binary_protocol/src/requests/streams/update_stream.rs
-command:
  name: stream.update
  auth: user
  permission:
    rule: update_stream
    resource: [stream_id]
seq:
  - id: stream_id
    type: identifier
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
