meta:
  id: leave_consumer_group
  title: Leave consumer group
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Ends the membership of the connection; nothing happens when there is none.
doc-ref: sdk/src/consumer_groups/leave_consumer_group.rs
-command:
  name: consumer_group.leave
  auth: user
  permission:
    rule: leave_consumer_group
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: group_id
    type: identifier
