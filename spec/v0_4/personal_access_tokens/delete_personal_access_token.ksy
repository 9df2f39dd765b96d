meta:
  id: delete_personal_access_token
  title: Delete personal access token
  license: Apache-2.0
  ks-version: '0.11'
  encoding: UTF-8
  endian: le
doc: Deletes a token of the user who asks.
doc-ref: sdk/src/personal_access_tokens/delete_personal_access_token.rs
-command:
  name: personal_access_token.delete
  auth: user
seq:
  - id: len_name
    type: u1
    valid:
      min: 3
      max: 30
      -error: invalid_personal_access_token_name
  - id: name
    doc: 3 to 30 bytes.
    type: str
    size: len_name
