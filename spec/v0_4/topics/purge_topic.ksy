meta:
  id: purge_topic
  title: Purge topic
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Deletes all messages and stored offsets of a topic. Partitions and groups stay; offsets begin at 0 again.
doc-ref: sdk/src/topics/purge_topic.rs
-command:
  name: topic.purge
  auth: user
  permission:
    rule: purge_topic
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
