meta:
  id: login_with_personal_access_token
  title: Login with personal access token
  license: Apache-2.0
  ks-version: '0.11'
  encoding: UTF-8
  endian: le
doc: Logs the connection in as the owner of the token, with all rights of the owner.
doc-ref: sdk/src/personal_access_tokens/login_with_personal_access_token.rs
-command:
  name: personal_access_token.login
  auth: none
seq:
  - id: len_token
    type: u1
    valid:
      min: 1
      -error: invalid_format
  - id: token
    doc: At least 1 byte; a token of the wrong length is not found.
    type: str
    size: len_token
types:
  response:
    doc: Who is logged in now.
    seq:
      - id: user_id
        type: u4
        -type: id
