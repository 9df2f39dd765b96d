meta:
  id: get_streams
  title: Get streams
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_9/streams/stream
  endian: le
doc: Lists the streams.
doc-ref: core/binary_protocol/src/requests/streams/get_streams.rs
-command:
  name: stream.list
  auth: user
  permission:
    rule: get_streams
seq: []
types:
  response:
    seq:
      - id: streams
        doc: In any order.
        type: stream
        repeat: eos
