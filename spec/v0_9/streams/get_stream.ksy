meta:
  id: get_stream
  title: Get stream
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /v0_9/streams/stream
    - /v0_9/topics/topic
  endian: le
doc: Reads one stream and its topics.
doc-ref: core/binary_protocol/src/requests/streams/get_stream.rs
-command:
  name: stream.get
  auth: user
  permission:
    rule: get_stream
    resource: [stream_id]
seq:
  - id: stream_id
    type: identifier
types:
  response:
    doc: Empty when there is none, or the user may not see it.
    seq:
      - id: stream
        type: stream
        if: not _io.eof
      - id: topics
        doc: In any order.
        type: topic
        repeat: eos
