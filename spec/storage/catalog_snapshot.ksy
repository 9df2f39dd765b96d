meta:
  id: catalog_snapshot
  title: Snapshot of the catalog
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/compression_algorithm
    - /common/permissions
    - /common/user_status
    - /storage/topic_options
  encoding: UTF-8
  endian: le
doc: All records of the catalog after one entry of its journal, in one frame of a file of its own. What is before it in the journal is not needed any more.
seq:
  - id: applied_index
    doc: Index of that entry.
    type: u8
    -type: number
  - id: num_streams
    type: u4
  - id: streams
    type: stream_snapshot
    repeat: expr
    repeat-expr: num_streams
  - id: num_users
    type: u4
  - id: users
    type: user_snapshot
    repeat: expr
    repeat-expr: num_users
  - id: num_ended_lives
    type: u4
  - id: ended_lives
    doc: Incarnations of partitions that are gone while something of them may be on the disk.
    size: 16
    -type: u16
    repeat: expr
    repeat-expr: num_ended_lives
  - id: optioned_topics
    doc: Topics that were given options. Snapshots of format 1 and 2 end before.
    type: optioned_topic
    repeat: eos
types:
  created_snapshot:
    seq:
      - id: id
        type: u4
      - id: created_index
        type: u8
        -type: number
      - id: created_at
        type: u8
        -type: timestamp_micros
  stream_snapshot:
    seq:
      - id: created
        type: created_snapshot
      - id: len_name
        type: u1
      - id: name
        type: str
        size: len_name
      - id: num_topics
        type: u4
      - id: topics
        type: topic_snapshot
        repeat: expr
        repeat-expr: num_topics
  topic_snapshot:
    seq:
      - id: created
        type: created_snapshot
      - id: settings
        type: settings_snapshot
      - id: num_partitions
        type: u4
      - id: partitions
        type: partition_snapshot
        repeat: expr
        repeat-expr: num_partitions
      - id: num_groups
        type: u4
      - id: groups
        type: group_snapshot
        repeat: expr
        repeat-expr: num_groups
  settings_snapshot:
    seq:
      - id: len_name
        type: u1
      - id: name
        type: str
        size: len_name
      - id: compression_algorithm
        type: u1
        enum: compression_algorithm::compression_algorithm
        valid:
          in-enum: true
      - id: message_expiry
        doc: Microseconds; the largest value means never.
        type: u8
      - id: max_topic_size
        doc: Bytes; the largest value means unlimited.
        type: u8
      - id: replication_factor
        type: u1
  optioned_topic:
    seq:
      - id: stream_id
        type: u4
      - id: topic_id
        type: u4
      - id: len_options
        type: u4
      - id: options
        size: len_options
        type: topic_options
  partition_snapshot:
    seq:
      - id: created
        type: created_snapshot
      - id: incarnation
        size: 16
        -type: u16
  group_snapshot:
    seq:
      - id: created
        type: created_snapshot
      - id: len_name
        type: u1
      - id: name
        type: str
        size: len_name
  user_snapshot:
    seq:
      - id: created
        type: created_snapshot
      - id: len_name
        type: u1
      - id: name
        type: str
        size: len_name
      - id: status
        type: u1
        enum: user_status::user_status
        valid:
          in-enum: true
      - id: len_password_hash
        type: u2
      - id: password_hash
        type: str
        size: len_password_hash
      - id: num_tokens
        type: u4
      - id: tokens
        type: token_snapshot
        repeat: expr
        repeat-expr: num_tokens
      - id: has_permissions
        type: u1
        -type: bool
      - id: permissions
        type: permissions
        if: has_permissions != 0
  token_snapshot:
    seq:
      - id: len_name
        type: u1
      - id: name
        type: str
        size: len_name
      - id: digest
        size: 32
      - id: expires_at
        type: u8
        -type: timestamp_micros
        -none: 0
