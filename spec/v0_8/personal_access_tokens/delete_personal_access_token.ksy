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
      min: 1
      -error: invalid_format
  - id: name
    doc: Any name; one that no token can have is not found.
    type: str
    size: len_name
