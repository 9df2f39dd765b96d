meta:
  id: get_personal_access_tokens
  title: Get personal access tokens
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_4/personal_access_tokens/personal_access_token
  endian: le
doc: Lists the tokens of the user who asks.
doc-ref: sdk/src/personal_access_tokens/get_personal_access_tokens.rs
-command:
  name: personal_access_token.list
  auth: user
seq: []
types:
  response:
    seq:
      - id: tokens
        doc: In any order.
        type: personal_access_token
        repeat: eos
