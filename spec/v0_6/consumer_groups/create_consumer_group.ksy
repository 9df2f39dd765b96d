meta:
  id: create_consumer_group
  title: Create consumer group
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /v0_4/consumer_groups/consumer_group
  encoding: UTF-8
  endian: le
doc: Creates a consumer group of a topic. The server picks its id.
doc-ref: core/common/src/commands/consumer_groups/create_consumer_group.rs
-command:
  name: consumer_group.create
  auth: user
  permission:
    rule: create_consumer_group
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: len_name
    type: u1
    valid:
      min: 1
      -error: invalid_format
  - id: name
    doc: 1 to 255 bytes, kept as sent.
    type: str
    size: len_name
types:
  response:
    doc: The created group; it has no members yet.
    seq:
      - id: consumer_group
        type: consumer_group
