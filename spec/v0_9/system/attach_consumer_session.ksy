meta:
  id: attach_consumer_session
  title: Attach consumer session
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_9/system/consumer_session
  endian: le
doc: |
  Lets this connection act in consumer groups as the session of another one does. Clients of a cluster send it to the server that leads a partition.
doc-ref: core/binary_protocol/src/requests/system/attach_consumer_session.rs
-command:
  name: session.attach
  auth: user
seq:
  - id: consumer_session
    type: consumer_session
