meta:
  id: get_snapshot
  title: Get snapshot
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/snapshot_compression
    - /common/snapshot_type
  endian: le
doc: Collects facts for troubleshooting into an archive. Any user who is logged in may ask.
doc-ref: sdk/src/system/get_snapshot.rs
-command:
  name: snapshot
  auth: user
seq:
  - id: compression
    type: u1
    enum: snapshot_compression::snapshot_compression
    valid:
      in-enum: true
  - id: num_types
    type: u1
  - id: types
    -orig-id: snapshot_types
    doc: Parts wanted; none gives an empty archive.
    type: u1
    enum: snapshot_type::snapshot_type
    repeat: expr
    repeat-expr: num_types
    valid:
      in-enum: true
types:
  response:
    seq:
      - id: archive
        doc: A ZIP file with one entry per part.
        size-eos: true
