meta:
  id: reply_header
  title: Reply header
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Starts every reply of the classic generations, 0.4 to 0.8.
doc-ref: core/binary_protocol/src/framing.rs
-view: true
seq:
  - id: status
    doc: 0 when the command succeeded, else a status code.
    type: u4
  - id: length
    doc: Bytes that follow. After an error 0, or in 0.4 an `error_message`; never 1 after a success, which clients would not read.
    type: u4
