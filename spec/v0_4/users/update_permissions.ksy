meta:
  id: update_permissions
  title: Update permissions
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /common/permissions
  endian: le
doc: Replaces the permissions of a user. Those of the root user cannot be changed. Acts at once on open sessions.
doc-ref: sdk/src/users/update_permissions.rs
-command:
  name: user.permissions
  auth: user
  permission:
    rule: update_permissions
seq:
  - id: user_id
    type: identifier
  - id: has_permissions
    type: u1
  - id: len_permissions
    type: u4
    if: has_permissions != 0
  - id: permissions
    doc: Absent, the user loses all permissions.
    size: len_permissions
    type: permissions
    if: has_permissions != 0
