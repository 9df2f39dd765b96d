meta:
  id: update_user
  title: Update user
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /common/user_status
    - /v0_9/options/options
  encoding: UTF-8
  endian: le
doc: Changes the name or the status of a user. What is absent stays.
doc-ref: core/binary_protocol/src/requests/users/update_user.rs
-command:
  name: user.update
  auth: user
  permission:
    rule: update_user
seq:
  - id: user_id
    type: identifier
  - id: has_username
    type: u1
  - id: len_username
    type: u1
    if: has_username != 0
    valid:
      min: 3
      max: 50
      -error: invalid_username
  - id: username
    doc: 3 to 50 bytes of letters, digits, `_`, `-`, `.` and white space.
    type: str
    size: len_username
    if: has_username != 0
  - id: has_status
    type: u1
  - id: status
    type: u1
    enum: user_status::user_status
    if: has_status != 0
    valid:
      in-enum: true
  - id: options
    doc: Users have none so far.
    type: options
    -default: []
