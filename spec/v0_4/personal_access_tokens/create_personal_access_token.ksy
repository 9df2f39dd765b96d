meta:
  id: create_personal_access_token
  title: Create personal access token
  license: Apache-2.0
  ks-version: '0.11'
  encoding: UTF-8
  endian: le
doc: Makes a token that its user can log in with instead of a password. The secret is shown only here.
doc-ref: sdk/src/personal_access_tokens/create_personal_access_token.rs
-command:
  name: personal_access_token.create
  auth: user
seq:
  - id: len_name
    type: u1
    valid:
      min: 3
      max: 30
      -error: invalid_personal_access_token_name
  - id: name
    doc: 3 to 30 bytes of letters, digits, `_`, `-`, `.` and white space. Unique for the user.
    type: str
    size: len_name
  - id: expiry
    doc: Microseconds from now; 0 and 2^64-1 mean never.
    type: u8
types:
  response:
    seq:
      - id: len_token
        type: u1
      - id: token
        doc: At most 100 bytes; the reference makes 68 characters of base64.
        type: str
        size: len_token
