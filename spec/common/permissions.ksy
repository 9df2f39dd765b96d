meta:
  id: permissions
  title: Permissions
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: What a user may do, everywhere and per stream and topic. Lists are written only when they have an entry.
doc-ref: sdk/src/models/permissions.rs
seq:
  - id: global
    type: global_permissions
  - id: has_streams
    type: u1
    -type: bool
  - id: streams
    type: stream_permissions
    repeat: until
    repeat-until: _.has_next == 0
    if: has_streams != 0
types:
  global_permissions:
    seq:
      - id: manage_servers
        type: u1
        -type: bool
  stream_permissions:
    seq:
      - id: stream_id
        type: u4
        -type: id
      - id: has_topics
        type: u1
        -type: bool
      - id: topics
        type: topic_permissions
        repeat: until
        repeat-until: _.has_next == 0
        if: has_topics != 0
      - id: has_next
        type: u1
        -type: bool
  topic_permissions:
    seq:
      - id: topic_id
        type: u4
        -type: id
      - id: has_next
        type: u1
        -type: bool
