meta:
  id: personal_access_token
  title: Personal access token record
  license: Apache-2.0
  ks-version: '0.11'
  encoding: UTF-8
  endian: le
doc: A token without its secret.
doc-ref: server/src/binary/mapper.rs
seq:
  - id: len_name
    type: u1
  - id: name
    type: str
    size: len_name
  - id: expiry_at
    doc: Absent when the token never expires.
    type: u8
    -type: timestamp_micros
    -none: 0
