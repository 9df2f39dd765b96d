meta:
  id: create_user
  title: Create user
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/permissions
    - /common/user_status
    - /v0_9/options/options
    - /v0_9/users/user_details
  encoding: UTF-8
  endian: le
doc: Creates a user.
doc-ref: core/binary_protocol/src/requests/users/create_user.rs
-command:
  name: user.create
  auth: user
  permission:
    rule: create_user
seq:
  - id: len_username
    type: u1
    valid:
      min: 3
      max: 50
      -error: invalid_username
  - id: username
    doc: 3 to 50 bytes, kept as sent.
    type: str
    size: len_username
  - id: len_password
    type: u1
    valid:
      min: 3
      max: 100
      -error: invalid_password
  - id: password
    doc: 3 to 100 bytes.
    type: str
    size: len_password
  - id: status
    type: u1
    enum: user_status::user_status
    valid:
      in-enum: true
  - id: has_permissions
    type: u1
  - id: len_permissions
    type: u4
    if: has_permissions != 0
  - id: permissions
    doc: Absent, the user may do nothing but log in and handle the own account.
    size: len_permissions
    type: permissions
    if: has_permissions != 0
  - id: options
    doc: Users have none so far.
    type: options
    -default: []
types:
  response:
    doc: The created user.
    seq:
      - id: details
        type: user_details
