meta:
  id: get_client
  title: Get client
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_6/system/client_details
  endian: le
doc: Reads the record of one connected client.
doc-ref: core/common/src/commands/system/get_client.rs
-command:
  name: client.get
  auth: user
  permission:
    rule: get_client
seq:
  - id: client_id
    type: u4
    valid:
      min: 1
      -error: invalid_client_id
types:
  response:
    doc: Empty when there is none, or the user may not see it.
    seq:
      - id: details
        type: client_details
        if: not _io.eof
