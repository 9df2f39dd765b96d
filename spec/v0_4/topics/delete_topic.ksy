meta:
  id: delete_topic
  title: Delete topic
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Deletes a topic with everything in it.
doc-ref: sdk/src/topics/delete_topic.rs
-command:
  name: topic.delete
  auth: user
  permission:
    rule: delete_topic
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
