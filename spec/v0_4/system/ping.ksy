meta:
  id: ping
  title: Ping
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Shows that both sides are alive. Counts as a heartbeat of the client.
doc-ref: sdk/src/system/ping.rs
-command:
  name: ping
  auth: none
seq: []
