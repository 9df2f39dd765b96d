meta:
  id: update_topic
  title: Update topic
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /v0_9/options/options
  encoding: UTF-8
  endian: le
doc: Renames a topic and changes those of its settings that are named. They also apply to messages already stored.
doc-ref: core/binary_protocol/src/requests/topics/update_topic.rs
-command:
  name: topic.update
  auth: user
  permission:
    rule: update_topic
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
  - id: options
    doc: What is absent stays as it is.
    type: options
    -default: []
