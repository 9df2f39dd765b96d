meta:
  id: login_user
  title: Login user
  license: Apache-2.0
  ks-version: '0.11'
  encoding: UTF-8
  endian: le
doc: Logs the connection in; a second login replaces the first.
doc-ref: sdk/src/users/login_user.rs
-command:
  name: user.login
  auth: none
seq:
  - id: len_username
    type: u1
    valid:
      min: 3
      max: 50
      -error: invalid_username
  - id: username
    doc: 3 to 50 bytes, compared with the stored name as it is.
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
  - id: len_version
    type: u4
    if: not _io.eof
  - id: version
    doc: Version of the client; may be empty.
    type: str
    size: len_version
    if: not _io.eof
  - id: len_context
    type: u4
    if: not _io.eof
  - id: context
    doc: Free text of the client; may be empty.
    type: str
    size: len_context
    if: not _io.eof
types:
  response:
    doc: Who is logged in now.
    seq:
      - id: user_id
        type: u4
        -type: id
