meta:
  id: consumer_offset
  title: Consumer offset record
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: How far a consumer got in one partition.
doc-ref: server/src/binary/mapper.rs
seq:
  - id: partition_id
    type: u4
    -type: id
  - id: current_offset
    doc: Offset of the last message of the partition; 0 also when there is none.
    type: u8
    -type: number
  - id: stored_offset
    doc: Last offset the consumer stored; 0 also when it never stored one.
    type: u8
    -type: number
