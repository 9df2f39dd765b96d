meta:
  id: get_user
  title: Get user
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /v0_9/users/user_details
  endian: le
doc: Reads one user. Every user may read the own record without a permission.
doc-ref: core/binary_protocol/src/requests/users/get_user.rs
-command:
  name: user.get
  auth: user
  permission:
    rule: get_user
seq:
  - id: user_id
    type: identifier
types:
  response:
    doc: Empty when there is none, or the user may not see it.
    seq:
      - id: details
        type: user_details
        if: not _io.eof
