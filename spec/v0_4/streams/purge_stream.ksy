meta:
  id: purge_stream
  title: Purge stream
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Deletes all messages and stored offsets of all topics of a stream. Topics, partitions and groups stay; offsets begin at 0 again.
doc-ref: sdk/src/streams/purge_stream.rs
-command:
  name: stream.purge
  auth: user
  permission:
    rule: purge_stream
    resource: [stream_id]
seq:
  - id: stream_id
    type: identifier
