meta:
  id: create_topic
  title: Create topic
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /v0_4/partitions/partition
    - /v0_9/options/options
    - /v0_9/topics/topic
  encoding: UTF-8
  endian: le
doc: Creates a topic in a stream, with its partitions. The server picks its id.
doc-ref: core/binary_protocol/src/requests/topics/create_topic.rs
-command:
  name: topic.create
  auth: user
  permission:
    rule: create_topic
    resource: [stream_id]
seq:
  - id: stream_id
    type: identifier
  - id: partitions_count
    doc: 0 to 1000.
    type: u4
    valid:
      max: 1000
      -error: too_many_partitions
  - id: len_name
    type: u1
    valid:
      min: 1
      -error: invalid_format
  - id: name
    doc: 1 to 255 bytes, kept as sent.
    type: str
    size: len_name
  - id: options
    doc: Settings by name; `describe_options` lists them. What is absent gets its default.
    type: options
    -default: []
types:
  response:
    doc: The created topic.
    seq:
      - id: topic
        type: topic
      - id: partitions
        doc: In any order.
        type: partition
        repeat: eos
