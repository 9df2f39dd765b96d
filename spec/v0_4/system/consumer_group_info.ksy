meta:
  id: consumer_group_info
  title: Joined consumer group
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: A consumer group that a client has joined.
doc-ref: server/src/binary/mapper.rs
seq:
  - id: stream_id
    type: u4
    -type: id
  - id: topic_id
    type: u4
    -type: id
  - id: group_id
    type: u4
    -type: id
