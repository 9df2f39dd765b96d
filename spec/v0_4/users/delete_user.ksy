meta:
  id: delete_user
  title: Delete user
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Deletes a user with all tokens. The root user cannot be deleted.
doc-ref: sdk/src/users/delete_user.rs
-command:
  name: user.delete
  auth: user
  permission:
    rule: delete_user
seq:
  - id: user_id
    type: identifier
