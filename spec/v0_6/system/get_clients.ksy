meta:
  id: get_clients
  title: Get clients
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_6/system/client_info
  endian: le
doc: Lists the connected clients.
doc-ref: core/common/src/commands/system/get_clients.rs
-command:
  name: client.list
  auth: user
  permission:
    rule: get_clients
seq: []
types:
  response:
    seq:
      - id: clients
        doc: In any order.
        type: client_info
        repeat: eos
