meta:
  id: consumer_group_member
  title: Consumer group member record
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: One client that joined a consumer group.
doc-ref: server/src/binary/mapper.rs
seq:
  - id: member_id
    -orig-id: id
    doc: Number of the member in its group; the client id until generation 0.5.
    type: u4
  - id: num_partitions
    -orig-id: partitions_count
    type: u4
  - id: partition_ids
    -orig-id: partitions
    doc: Partitions that this member reads; may be none.
    type: u4
    -type: id
    repeat: expr
    repeat-expr: num_partitions
