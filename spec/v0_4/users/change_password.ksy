meta:
  id: change_password
  title: Change password
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  encoding: UTF-8
  endian: le
doc: Changes the password of a user. Every user may change the own one without a permission.
doc-ref: sdk/src/users/change_password.rs
-command:
  name: user.password
  auth: user
  permission:
    rule: change_password
seq:
  - id: user_id
    type: identifier
  - id: len_current_password
    type: u1
    valid:
      min: 3
      max: 100
      -error: invalid_password
  - id: current_password
    doc: 3 to 100 bytes; must be right whoever asks.
    type: str
    size: len_current_password
  - id: len_new_password
    type: u1
    valid:
      min: 3
      max: 100
      -error: invalid_password
  - id: new_password
    doc: 3 to 100 bytes.
    type: str
    size: len_new_password
