meta:
  id: get_users
  title: Get users
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_9/users/user
  endian: le
doc: Lists the users.
doc-ref: core/binary_protocol/src/requests/users/get_users.rs
-command:
  name: user.list
  auth: user
  permission:
    rule: get_users
seq: []
types:
  response:
    seq:
      - id: users
        doc: In any order.
        type: user
        repeat: eos
