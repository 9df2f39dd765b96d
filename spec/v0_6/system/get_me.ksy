meta:
  id: get_me
  title: Get me
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_6/system/client_details
  endian: le
doc: Reads the record of the client that asks.
doc-ref: core/common/src/commands/system/get_me.rs
-command:
  name: me
  auth: user
  permission:
    rule: get_client
seq: []
types:
  response:
    seq:
      - id: details
        type: client_details
