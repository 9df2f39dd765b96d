meta:
  id: delete_stream
  title: Delete stream
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Deletes a stream with everything in it.
doc-ref: sdk/src/streams/delete_stream.rs
-command:
  name: stream.delete
  auth: user
  permission:
    rule: delete_stream
    resource: [stream_id]
seq:
  - id: stream_id
    type: identifier
