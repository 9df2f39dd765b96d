meta:
  id: delete_consumer_group
  title: Delete consumer group
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Deletes a consumer group with its members and stored offsets.
doc-ref: sdk/src/consumer_groups/delete_consumer_group.rs
-command:
  name: consumer_group.delete
  auth: user
  permission:
    rule: delete_consumer_group
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: group_id
    type: identifier
