meta:
  id: consumer_group
  title: Consumer group record
  license: Apache-2.0
  ks-version: '0.11'
  encoding: UTF-8
  endian: le
doc: A consumer group of a topic.
doc-ref: server/src/binary/mapper.rs
seq:
  - id: group_id
    -orig-id: id
    type: u4
    -type: id
  - id: partitions_count
    doc: Partitions of the topic.
    type: u4
  - id: members_count
    type: u4
  - id: len_name
    type: u1
  - id: name
    type: str
    size: len_name
