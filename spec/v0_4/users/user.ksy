meta:
  id: user
  title: User record
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/user_status
  encoding: UTF-8
  endian: le
doc: A user without permissions.
doc-ref: server/src/binary/mapper.rs
seq:
  - id: user_id
    -orig-id: id
    type: u4
    -type: id
  - id: created_at
    type: u8
    -type: timestamp_micros
  - id: status
    type: u1
    enum: user_status::user_status
    valid:
      in-enum: true
  - id: len_username
    type: u1
  - id: username
    type: str
    size: len_username
