meta:
  id: journal_entry
  title: Journal entry
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/compression_algorithm
    - /common/permissions
    - /common/user_status
    - /storage/topic_options
  encoding: UTF-8
  endian: le
doc: |
  One change of the catalog, in a frame of its journal. Carries what was assigned (ids, incarnations, times, hashes), so that replay computes
  nothing, and never a secret.
seq:
  - id: index
    doc: From 1, without gaps.
    type: u8
    -type: number
  - id: timestamp
    type: u8
    -type: timestamp_micros
  - id: kind
    type: u1
    enum: journal_entry_kind
    valid:
      in-enum: true
  - id: change
    type:
      switch-on: kind
      cases:
        journal_entry_kind::stream_created: stream_named
        journal_entry_kind::stream_updated: stream_named
        journal_entry_kind::stream_deleted: stream_deleted
        journal_entry_kind::stream_purged: stream_purged
        journal_entry_kind::topic_created: topic_created
        journal_entry_kind::topic_updated: topic_updated
        journal_entry_kind::topic_deleted: topic_deleted
        journal_entry_kind::topic_purged: topic_partitions
        journal_entry_kind::partitions_created: topic_partitions
        journal_entry_kind::partitions_deleted: partitions_deleted
        journal_entry_kind::consumer_group_created: consumer_group_created
        journal_entry_kind::consumer_group_deleted: consumer_group_deleted
        journal_entry_kind::user_created: user_created
        journal_entry_kind::user_updated: user_updated
        journal_entry_kind::permissions_changed: permissions_changed
        journal_entry_kind::password_changed: password_changed
        journal_entry_kind::user_deleted: user_deleted
        journal_entry_kind::token_created: token_created
        journal_entry_kind::token_deleted: token_deleted
types:
  stream_named:
    seq:
      - id: stream_id
        type: u4
      - id: len_name
        type: u1
      - id: name
        type: str
        size: len_name
  stream_deleted:
    seq:
      - id: stream_id
        type: u4
  stream_purged:
    seq:
      - id: stream_id
        type: u4
      - id: num_topics
        type: u4
      - id: topics
        type: purged_topic
        repeat: expr
        repeat-expr: num_topics
  purged_topic:
    seq:
      - id: topic_id
        type: u4
      - id: num_incarnations
        type: u4
      - id: incarnations
        size: 16
        -type: u16
        repeat: expr
        repeat-expr: num_incarnations
  topic_created:
    seq:
      - id: stream_id
        type: u4
      - id: topic_id
        type: u4
      - id: settings
        type: topic_settings
      - id: num_incarnations
        type: u4
      - id: incarnations
        doc: Of its partitions, from partition 0.
        size: 16
        -type: u16
        repeat: expr
        repeat-expr: num_incarnations
      - id: options
        doc: Entries of format 1 and 2 end before.
        type: topic_options
  topic_updated:
    seq:
      - id: stream_id
        type: u4
      - id: topic_id
        type: u4
      - id: settings
        type: topic_settings
      - id: options
        doc: All that the topic has from now on. Entries of format 1 and 2 end before.
        type: topic_options
  topic_settings:
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
  topic_deleted:
    seq:
      - id: stream_id
        type: u4
      - id: topic_id
        type: u4
  topic_partitions:
    seq:
      - id: stream_id
        type: u4
      - id: topic_id
        type: u4
      - id: num_incarnations
        type: u4
      - id: incarnations
        doc: The new life of each partition when purged; one per new partition when created.
        size: 16
        -type: u16
        repeat: expr
        repeat-expr: num_incarnations
  partitions_deleted:
    seq:
      - id: stream_id
        type: u4
      - id: topic_id
        type: u4
      - id: partitions_count
        doc: Removed from the end.
        type: u4
  consumer_group_created:
    seq:
      - id: stream_id
        type: u4
      - id: topic_id
        type: u4
      - id: group_id
        type: u4
      - id: len_name
        type: u1
      - id: name
        type: str
        size: len_name
  consumer_group_deleted:
    seq:
      - id: stream_id
        type: u4
      - id: topic_id
        type: u4
      - id: group_id
        type: u4
  user_created:
    seq:
      - id: user_id
        type: u4
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
      - id: has_permissions
        type: u1
        -type: bool
      - id: permissions
        type: permissions
        if: has_permissions != 0
  user_updated:
    seq:
      - id: user_id
        type: u4
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
  permissions_changed:
    seq:
      - id: user_id
        type: u4
      - id: has_permissions
        type: u1
        -type: bool
      - id: permissions
        type: permissions
        if: has_permissions != 0
  password_changed:
    seq:
      - id: user_id
        type: u4
      - id: len_password_hash
        type: u2
      - id: password_hash
        type: str
        size: len_password_hash
  user_deleted:
    seq:
      - id: user_id
        type: u4
  token_created:
    seq:
      - id: user_id
        type: u4
      - id: len_name
        type: u1
      - id: name
        type: str
        size: len_name
      - id: digest
        doc: BLAKE3 of the token's text.
        size: 32
      - id: expires_at
        type: u8
        -type: timestamp_micros
        -none: 0
  token_deleted:
    seq:
      - id: user_id
        type: u4
      - id: len_name
        type: u1
      - id: name
        type: str
        size: len_name
enums:
  journal_entry_kind:
    1: stream_created
    2: stream_updated
    3: stream_deleted
    4: stream_purged
    10: topic_created
    11: topic_updated
    12: topic_deleted
    13: topic_purged
    20: partitions_created
    21: partitions_deleted
    30: consumer_group_created
    31: consumer_group_deleted
    40: user_created
    41: user_updated
    42: permissions_changed
    43: password_changed
    44: user_deleted
    50: token_created
    51: token_deleted
