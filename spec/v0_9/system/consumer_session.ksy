meta:
  id: consumer_session
  title: Consumer session
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: A session of another connection, as a second connection names it.
doc-ref: core/binary_protocol/src/requests/system/attach_consumer_session.rs
seq:
  - id: client_id
    doc: As in the header of the requests that belong to it.
    size: 16
    -type: u16
  - id: session
    doc: As the answer to its login gave it.
    type: u8
  - id: metadata_watermark
    doc: The change of the catalog that must have been seen; a server that is alone has seen all.
    type: u8
