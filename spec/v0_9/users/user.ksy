meta:
  id: user
  title: User, generation 0.9
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/user_status
    - /v0_9/options/options
  encoding: UTF-8
  endian: le
doc: A user without permissions.
doc-ref: core/binary_protocol/src/responses/users/user_response.rs
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
  - id: len_options
    type: u4
  - id: options
    doc: Users have none so far.
    size: len_options
    type: options
    -default: []
