meta:
  id: partitioning
  title: Partitioning
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: How a producer picks the partition of a batch.
doc-ref: sdk/src/messages/send_messages.rs
seq:
  - id: kind
    type: u1
    enum: partitioning_kind
    valid:
      in-enum: true
  - id: len_value
    type: u1
  - id: value
    size: len_value
    type:
      switch-on: kind
      cases:
        partitioning_kind::balanced: balanced
        partitioning_kind::partition_id: by_partition_id
        partitioning_kind::messages_key: by_messages_key
types:
  balanced:
    doc: The server takes the partitions in turn, one per request.
    seq: []
  by_partition_id:
    doc: The client names the partition.
    seq:
      - id: partition_id
        type: u4
        -type: id
  by_messages_key:
    doc: Batches with equal keys go to one partition, as long as the partition count stays.
    seq:
      - id: key
        doc: Hashed with xxHash32, seed 0; 1 to 255 bytes.
        size-eos: true
enums:
  partitioning_kind:
    1: balanced
    2: partition_id
    3: messages_key
