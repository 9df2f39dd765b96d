meta:
  id: user_status
  title: User status
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Whether a user may log in. Sessions that exist when a user becomes inactive go on.
doc-ref: sdk/src/models/user_status.rs
enums:
  user_status:
    1: active
    2: inactive
