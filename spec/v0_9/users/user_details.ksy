meta:
  id: user_details
  title: User record with permissions
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/permissions
    - /v0_9/users/user
  endian: le
doc: A user with permissions. A user who has none ends in four zero bytes.
doc-ref: core/binary_protocol/src/responses/users/get_user.rs
seq:
  - id: user
    type: user
  - id: has_permissions
    type: u1
  - id: len_permissions
    type: u4
    if: has_permissions != 0
  - id: permissions
    size: len_permissions
    type: permissions
    if: has_permissions != 0
  - id: reserved
    doc: Fills the absent permissions up to four bytes.
    contents: [0, 0, 0]
    if: has_permissions == 0
