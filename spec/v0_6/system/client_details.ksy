meta:
  id: client_details
  title: Client record with consumer groups
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_6/system/client_info
    - /v0_4/system/consumer_group_info
  endian: le
doc: A connected client and the consumer groups it has joined. Always the end of a payload.
doc-ref: core/server/src/binary/mapper.rs
seq:
  - id: client
    type: client_info
  - id: consumer_groups
    doc: As many as `client.consumer_groups_count` says.
    type: consumer_group_info
    repeat: eos
