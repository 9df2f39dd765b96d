meta:
  id: request_header
  title: Request header
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Starts every request of the classic generations, 0.4 to 0.8.
doc-ref: core/binary_protocol/src/framing.rs
-view: true
seq:
  - id: length
    doc: Bytes that follow, `code` included.
    type: u4
    valid:
      min: 4
  - id: code
    doc: The command, as in the cases of the generation's `request`.
    type: u4
